"""What mutants of as-of joins, trailing aggregates and tiles are made of: other nodes, other rows, the right step."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from onefold.plan import (
    AsOfJoin,
    Call,
    Expression,
    Filter,
    Relation,
    TimeBuckets,
    TrailingAggregate,
)
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.temporal import as_of_join, time_buckets, trailing_aggregate
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Row

__all__ = [
    "RIGHT",
    "TEMPORAL",
    "Rows",
    "different_rows",
    "filtered",
    "not_null",
    "of_each",
    "of_events",
    "of_node",
    "of_result",
    "of_spine",
    "of_steps",
    "ordered",
    "with_rows",
]

Rows: TypeAlias = Callable[[list[Row], Any], list[Row]]
"""``change(rows, node)`` returns other rows for those of a node, or of what it reads."""


_STEPS: dict[type[Relation], Step] = {AsOfJoin: as_of_join, TrailingAggregate: trailing_aggregate, TimeBuckets: time_buckets}  # fmt: skip


RIGHT = Rules()


TEMPORAL = (AsOfJoin, TrailingAggregate, TimeBuckets)


def with_rows(context: Context, relation: Relation, rows: list[Row]) -> Context:
    """Return a run in which a relation gives other rows."""
    right = context.result(relation)
    known = {**context._known, relation.fingerprint: dataclasses.replace(right, rows=rows)}
    return dataclasses.replace(context, _known=known)


def of_steps(name: str, what: str, change: Callable[[Step], Step], *kinds: type[Relation]) -> Mutant:
    """Return a mutant that runs temporal relations in another way."""
    return Mutant(name, what, relations={kind: change(_STEPS[kind]) for kind in kinds or (AsOfJoin, TrailingAggregate)})


def of_node(name: str, what: str, change: Callable[[Any], Any], *kinds: type[Relation]) -> Mutant:
    """Return a mutant that runs another node than it was given."""
    return of_steps(name, what, lambda step: lambda context, node: step(context, change(node)), *kinds)


def of_events(name: str, what: str, change: Rows, *kinds: type[Relation]) -> Mutant:
    """Return a mutant that sees other events."""

    def changed(step: Step) -> Step:
        return lambda context, node: step(
            with_rows(context, node.events, change(context.result(node.events).rows, node)), node
        )

    return of_steps(name, what, changed, *kinds or (AsOfJoin, TrailingAggregate, TimeBuckets))


def of_spine(name: str, what: str, change: Rows) -> Mutant:
    """Return a mutant that gives features for other rows of the spine."""

    def changed(step: Step) -> Step:
        return lambda context, node: step(
            with_rows(context, node.spine, change(context.result(node.spine).rows, node)), node
        )

    return of_steps(name, what, changed)


def of_result(name: str, what: str, change: Rows, *kinds: type[Relation]) -> Mutant:
    """Return a mutant that changes the rows that come out."""

    def changed(step: Step) -> Step:
        def wrong(context: Context, node: Any) -> Result:
            right = step(context, node)
            return dataclasses.replace(right, rows=change(right.rows, node))

        return wrong

    return of_steps(name, what, changed, *kinds)


def of_each(name: str, what: str, kind: type[Relation], run: Callable[[Context, Any, Any], Result]) -> Mutant:
    """Return a mutant that computes every feature by itself: ``run(context, node, feature)`` for a node of that one."""

    def changed(step: Step) -> Step:
        def wrong(context: Context, node: Any) -> Result:
            parts = "measures" if kind is TrailingAggregate else "columns"
            results = [run(context, node.replace(**{parts: (part,)}), part) for part in getattr(node, parts)]
            rows = [
                {name: value for row in found for name, value in row.items()}
                for found in zip(*(result.rows for result in results), strict=True)
            ]
            tolerances = {name: bound for result in results for name, bound in result.tolerances.items()}
            return Result(rows, tolerances, results[0].determined)

        return wrong

    return of_steps(name, what, changed, kind)


def ordered(node: Any, **changes: Any) -> Any:
    """Return a node whose order of events is changed."""
    return node.replace(order=node.order.model_copy(update=changes))


def filtered(node: Any, predicate: Expression | None) -> Any:
    """Return a node that sees only the events for which a condition holds; all when there is none."""
    return node if predicate is None else node.replace(events=Filter(input=node.events, predicate=predicate))


def not_null(expression: Expression) -> Expression:
    """Return the condition that an expression is not null."""
    return Call(function="is_not_null", args=(expression,))


def different_rows(rows: Iterable[Row], names: Sequence[str]) -> list[Row]:
    """Return one row, the last, of those that are equal in some columns."""
    found: dict[str, Row] = {}
    for row in rows:
        found[repr([row[name] for name in names])] = row
    return list(found.values())
