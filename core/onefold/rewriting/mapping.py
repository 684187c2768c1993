"""Rebuilding plans: the one way in which rules change a node's relations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from onefold.plan import Expression, Node, Relation
from onefold.plan.node import Part

__all__ = ["map_relations", "parents_first", "replace_parts", "replace_relations"]

_N = TypeVar("_N", bound=Node)


def replace_relations(relation: Relation, change: Callable[[Relation], Relation]) -> Relation:
    """Return a relation with each relation directly below it changed; the same object when nothing changes."""
    fields = {name: relation.__dict__[name] for name in type(relation).model_fields}
    changed = {name: _replaced(value, change) for name, value in fields.items()}
    if all(changed[name] is value for name, value in fields.items()):
        return relation
    return type(relation)(**changed)


def map_relations(root: Relation, change: Callable[[Relation], Relation]) -> Relation:
    """Return a plan rebuilt from the leaves up: ``change`` sees each distinct relation once, its inputs changed already.

    Args:
        root: The plan.
        change: Returns what stands in a relation's place (itself to keep it).

    Examples:
        >>> from onefold.plan import Filter, Input, Literal
        >>> from onefold.types import BOOL, Schema
        >>> rows = Input(name="rows", columns=Schema.of(k="string"))
        >>> always = Filter(input=rows, predicate=Literal(dtype=BOOL, value=True))
        >>> map_relations(always, lambda node: node.input if isinstance(node, Filter) else node) == rows
        True
    """
    done: dict[str, Relation] = {}
    for relation in reversed(list(parents_first(root))):
        done[relation.fingerprint] = change(replace_relations(relation, lambda child: done[child.fingerprint]))
    return done[root.fingerprint]


def parents_first(root: Relation) -> Iterator[Relation]:
    """Yield each distinct relation of a plan once, after all relations that read it."""
    finished: list[Relation] = []
    seen: set[str] = set()
    stack: list[tuple[Relation, bool]] = [(root, False)]
    while stack:
        relation, below_done = stack.pop()
        if below_done:
            finished.append(relation)
        elif relation.fingerprint not in seen:
            seen.add(relation.fingerprint)
            stack.append((relation, True))
            stack.extend((child, False) for child in relation.inputs)
    return reversed(finished)


def replace_parts(node: _N, change: Callable[[Relation | Expression], Relation | Expression]) -> _N:
    """Return a node with each relation and expression directly below it changed, also those of its aggregations."""
    return type(node)(**{name: _replaced(node.__dict__[name], change, within=True) for name in type(node).model_fields})


def _replaced(value: Any, change: Callable[[Any], Any], *, within: bool = False) -> Any:
    """Return a field of a node with the relations in it changed; ``within``: also its expressions."""
    if isinstance(value, Relation) or (within and isinstance(value, Expression)):
        return change(value)
    if isinstance(value, Node):
        return replace_parts(value, change) if within else value  # calls of aggregations hold no relations
    if isinstance(value, Part):
        fields = dict(value.__dict__)
        changed = {name: _replaced(item, change, within=within) for name, item in fields.items()}
        same = all(changed[name] is item for name, item in fields.items())
        return value if same else type(value)(**changed)
    if isinstance(value, tuple):
        items = tuple(_replaced(item, change, within=within) for item in value)
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value
