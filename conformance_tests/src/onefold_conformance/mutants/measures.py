"""Mutants of what the measures of a trailing aggregate share, count and sum."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from onefold.plan import (
    Expression,
    TrailingAggregate,
    TrailingMeasure,
)
from onefold.types import FLOAT64, INT64
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.nodes import (
    Rows,
    filtered,
    not_null,
    of_each,
    of_node,
    of_result,
)
from onefold_conformance.mutants.time import TRAILING, of_rules
from onefold_conformance.oracle.context import Context
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.relations.temporal import trailing_aggregate
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Row

__all__ = ["MUTANTS"]


def _windows(node: TrailingAggregate, change: Callable[[TrailingMeasure], dict[str, Any]]) -> TrailingAggregate:
    """Return a node whose windows are others."""
    return node.replace(
        measures=tuple(
            measure.model_copy(update={"window": measure.window.model_copy(update=change(measure))})
            for measure in node.measures
        )
    )


def _calls(node: TrailingAggregate, change: Callable[[TrailingMeasure], Any]) -> TrailingAggregate:
    """Return a node whose aggregations are others."""
    return node.replace(measures=tuple(m.model_copy(update={"call": change(m)}) for m in node.measures))


def _before_counting(context: Context, node: TrailingAggregate, predicate: Expression | None, measure: Any) -> Result:
    return trailing_aggregate(context, node if measure.window.last_rows is None else filtered(node, predicate))


def _after_nulls(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    args = measure.call.args if measure.call.options.get("nulls") != "keep" else ()
    return _before_counting(context, node, not_null(args[0]) if args else None, measure)


def _per_secondary_key(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    if measure.call.by is None:
        return trailing_aggregate(context, node)
    key = context.compile(measure.call.by, node.events.output)

    class Wrong(Rules):
        def last_rows(self, events: Sequence[Any], count: int) -> Sequence[Any]:
            keys = [key(event.row) for event in events]
            return [event for place, event in enumerate(events) if keys[place:].count(keys[place]) <= count]

    return trailing_aggregate(dataclasses.replace(context, rules=Wrong(), _known=dict(context._known)), node)


def _by_known_values(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    call = measure.call
    return trailing_aggregate(context, filtered(node, not_null(call.args[0])) if call.by and call.args else node)


def _by_prefixes(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    """Sums as the difference of two sums since the beginning: huge values and NaN that have left are never forgotten."""
    right = trailing_aggregate(context, node)
    window = measure.window
    if measure.call.function not in ("sum", "mean") or measure.call.by or window.size is None or window.last_rows:
        return right
    dtype = node.output[measure.name].dtype
    counted = _calls(node, lambda m: m.call.model_copy(update={"function": "collect", "options": {"limit": 100_000, "nulls": "skip"}}))  # fmt: skip

    def totals(**change: Any) -> list[Any]:
        found = trailing_aggregate(context, _windows(counted, lambda m: {"size": None, **change})).rows
        return [sum(row[measure.name] or ()) for row in found]

    until = totals()
    if any(isinstance(total, Decimal) for total in until):
        return right
    before = totals(offset=window.offset + window.size, closed="left" if window.include_start else "right")
    for total in until:
        if isinstance(total, int) and not -(2**63) <= total < 2**63:
            raise ValueFailure("a running total does not fit in int64")
    mean = measure.call.function == "mean"
    sizes = [len(row[measure.name] or ()) for row in trailing_aggregate(context, counted).rows]
    rows = []
    for row, end, start, size in zip(right.rows, until, before, sizes, strict=True):
        value = end - start
        rows.append({**row, measure.name: None if not size else value / size if mean else value})
    return dataclasses.replace(right, rows=rows) if dtype in (FLOAT64, INT64) else right


def _sharing(same: Callable[[TrailingMeasure], Any]) -> Rows:
    """Measures that are the same in some parts share the value of the first of them."""

    def change(rows: list[Row], node: TrailingAggregate) -> list[Row]:
        first: dict[str, str] = {}
        of = {m.name: first.setdefault(repr(same(m)), m.name) for m in node.measures}
        types = node.output
        return [
            {**row, **{name: row[o] for name, o in of.items() if types[name].dtype == types[o].dtype}} for row in rows
        ]

    return change


def _windows_of_rows(node: TrailingAggregate) -> TrailingAggregate:
    return _windows(node, lambda m: {"size": None, "last_rows": m.window.last_rows or 3} if m.window.size else {})


def _longest(node: TrailingAggregate) -> TrailingAggregate:
    sizes = [measure.window.size for measure in node.measures]
    return _windows(node, lambda m: {"size": None if None in sizes else max(size for size in sizes if size)})


def _first(node: TrailingAggregate) -> TrailingAggregate:
    return node.replace(measures=tuple(m.model_copy(update={"window": node.measures[0].window}) for m in node.measures))


MUTANTS: tuple[Mutant, ...] = (
    # -- what nodes and measures share
    of_node("windows-of-rows", "Takes windows for a number of rows.", _windows_of_rows, TrailingAggregate),
    of_node("windows-share-the-longest", "Computes all measures over the longest window.", _longest, TrailingAggregate),
    of_node("windows-share-the-first", "Computes all measures over the window of the first.", _first, TrailingAggregate),
    of_node("conditions-ignored", "Ignores the conditions of measures.", lambda node: _calls(node, lambda m: m.call.model_copy(update={"where": None})), TrailingAggregate),
    of_node("conditions-shared", "Applies the condition of the first measure to all.", lambda node: _calls(node, lambda m: m.call.model_copy(update={"where": node.measures[0].call.where})), TrailingAggregate),
    of_node("last-rows-without-a-window", "Takes the last rows however old they are.", lambda node: _windows(node, lambda m: {"size": None} if m.window.last_rows else {}), TrailingAggregate),
    of_each("last-rows-after-conditions", "Counts the last rows of those for which the condition holds.", TrailingAggregate, lambda context, node, m: _before_counting(context, node, m.call.where, m)),
    of_each("last-rows-after-nulls", "Counts the last rows of those whose argument is not null.", TrailingAggregate, _after_nulls),
    of_each("last-rows-of-each-secondary-key", "Counts the last rows of each secondary key.", TrailingAggregate, _per_secondary_key),
    of_result("measures-by-window", "Computes measures of one aggregation and window once, whatever their argument and condition.", _sharing(lambda m: (m.call.function, m.window)), TrailingAggregate),
    of_result("measures-by-function", "Computes measures of one aggregation and argument once, whatever their window.", _sharing(lambda m: (m.call.function, m.call.args)), TrailingAggregate),
    of_result("measures-without-options", "Computes measures that differ in their options once.", _sharing(lambda m: (m.call.function, m.call.args, m.call.where, m.call.by, m.window)), TrailingAggregate),
    of_result("windows-without-their-ends", "Computes windows once that differ in their ends only.", _sharing(lambda m: (m.call, m.window.size, m.window.offset, m.window.every, m.window.last_rows)), TrailingAggregate),
    of_each("sums-by-prefixes", "Subtracts two running totals: what has left the window stays in the error.", TrailingAggregate, _by_prefixes),
    # -- secondary keys
    of_each("by-drops-keys-without-values", "Leaves out secondary keys that have no value.", TrailingAggregate, _by_known_values),
    of_rules("by-with-a-null-key", "Takes null for a secondary key.", TRAILING, has_secondary_key=lambda rules, key: True),
    of_rules("by-without-keys-is-empty", "Returns an empty list where there is no secondary key.", TRAILING, no_groups=lambda rules, groups: groups),
    of_each("by-is-ignored-for-counts", "Counts keys without values as if they had one.", TrailingAggregate, lambda context, node, m: trailing_aggregate(context, _calls(node, lambda m: m.call.model_copy(update={"args": ()})) if m.call.function == "count" and m.call.by else node)),
)  # fmt: skip
"""Wrong measures of trailing aggregates."""
