"""Plans rebuilt with some of their relations replaced, and tables with some of their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from onefold.plan import Expression, Input, Relation

__all__ = ["expressions_of", "inputs_of", "rebuilt"]


def rebuilt(plan: Relation, change: Callable[[Relation], Relation]) -> Relation:
    """Return a plan in which every relation was changed, those below first; shared ones stay shared.

    Args:
        plan: The plan.
        change: Returns what takes the place of a relation whose own inputs are changed already.
    """
    known: dict[int, Relation] = {}

    def visit(relation: Relation) -> Relation:
        if id(relation) not in known:
            fields = {name: _changed(relation.__dict__[name], visit) for name in type(relation).model_fields}
            known[id(relation)] = change(type(relation)(**fields))
        return known[id(relation)]

    return visit(plan)


def _changed(value: Any, visit: Callable[[Relation], Relation]) -> Any:
    if isinstance(value, Relation):
        return visit(value)
    if isinstance(value, tuple):
        return tuple(_changed(item, visit) for item in value)
    return value


def inputs_of(plan: Relation) -> dict[str, Input]:
    """Return the inputs of a plan, by name."""
    return {relation.name: relation for relation in plan.walk() if isinstance(relation, Input)}


def expressions_of(relation: Relation) -> Iterator[Expression]:
    """Yield the expressions of one relation, those inside of aggregations included."""
    for child in relation.children:
        if isinstance(child, Expression):
            yield child
        elif not isinstance(child, Relation):
            yield from (inner for inner in child.children if isinstance(inner, Expression))
