"""Mutants of the rows of spine and events: null times, nothing, duplicates, and broken promises."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from onefold.errors import SourceError
from onefold.plan import (
    AsOfJoin,
    TimeBuckets,
    TrailingAggregate,
)
from onefold.types import FLOAT64, INT64, STRING, DataType, List
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.nodes import (
    RIGHT,
    TEMPORAL,
    Rows,
    different_rows,
    of_events,
    of_node,
    of_result,
    of_spine,
    of_steps,
    ordered,
    with_rows,
)
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.temporal import time_buckets
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS"]

_COUNTS = ("count", "count_distinct", "approx_count_distinct")


def _first_of_key_and_time(rows: list[Row], node: Any) -> list[Row]:
    keys = node.by if isinstance(node, TimeBuckets) else node.event_keys
    return different_rows(reversed(rows), [*keys, node.order.time])[::-1]


def _without_late(rows: list[Row], node: Any) -> list[Row]:
    """Rows that come after one that happened later are late, and lost."""
    keys = node.by if isinstance(node, TimeBuckets) else node.event_keys
    latest: dict[str, int] = {}
    kept = []
    for row in rows:
        key, time = repr([row[name] for name in keys]), row[node.order.time]
        if time is None or time >= latest.get(key, time):
            kept.append(row)
        if time is not None:
            latest[key] = max(time, latest.get(key, time))
    return kept


def _times_filled(value: int) -> Rows:
    return lambda rows, node: [
        {**row, node.order.time: value if row[node.order.time] is None else row[node.order.time]} for row in rows
    ]


def _null_spine_time_is(value: int) -> Callable[[Step], Step]:
    def changed(step: Step) -> Step:
        def wrong(context: Context, node: Any) -> Result:
            rows, name = context.result(node.spine).rows, node.spine_time
            filled = [{**row, name: value if row[name] is None else row[name]} for row in rows]
            found = step(with_rows(context, node.spine, filled), node)
            back = [{**row, name: old[name]} for row, old in zip(found.rows, rows, strict=True)]
            return dataclasses.replace(found, rows=back)

        return wrong

    return changed


def _features(node: Any) -> list[str]:
    return [part.name for part in (node.measures if isinstance(node, TrailingAggregate) else node.columns)]


def _nothing_becomes(value: Callable[[Any, str], Value]) -> Rows:
    """Return what changes the features that are null."""
    return lambda rows, node: [
        {**row, **{name: value(node, name) for name in _features(node) if row[name] is None}} for row in rows
    ]


def _zero(node: Any, name: str) -> Value:
    zeros: dict[DataType, Value] = {FLOAT64: 0.0, INT64: 0}
    return zeros.get(node.output[name].dtype)


def _empty_list(node: Any, name: str) -> Value:
    return [] if isinstance(node.output[name].dtype, List) else None


def _no_count_is_null(rows: list[Row], node: TrailingAggregate) -> list[Row]:
    counts = [m.name for m in node.measures if m.call.function in _COUNTS and m.call.by is None]
    return [{**row, **{name: row[name] or None for name in counts}} for row in rows]


def _carried_over(rows: list[Row], node: Any) -> list[Row]:
    """A row without events gets the features of the row before it."""
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found else row
        found.append({**row, **{name: before[name] for name in _features(node) if row[name] is None}})
    return found


def _only_matched(rows: list[Row], node: Any) -> list[Row]:
    return [row for row in rows if any(row[name] not in (None, 0) for name in _features(node))]


def _from_the_future(step: Step) -> Step:
    """A key without a past takes its earliest event of the future."""

    def wrong(context: Context, node: AsOfJoin) -> Result:
        right = step(context, node)
        schema = node.events.output
        types = [schema[name].dtype for name in node.event_keys]
        rows = []
        for row in right.rows:
            key = [row[name] for name in node.spine_keys]
            mine = [
                event
                for event in context.result(node.events).rows
                if event[node.order.time] is not None
                and RIGHT.keys_match(key, [event[name] for name in node.event_keys], types)
            ]
            at = row[node.spine_time]
            if at is not None and mine and all(event[node.order.time] >= at for event in mine):
                first = min(mine, key=lambda event: event[node.order.time])
                rows.append({**row, **{item.name: first[item.column] for item in node.columns}})
            else:
                rows.append(row)
        return dataclasses.replace(right, rows=rows)

    return wrong


def _unique_by_sequence(step: Step) -> Step:
    """The promise of unique events is checked for key, time and sequence together."""

    def wrong(context: Context, node: Any) -> Result:
        names = [*node.event_keys, node.order.time, *node.order.sequence]
        rows = [row for row in context.result(node.events).rows if None not in (row[name] for name in names)]
        if node.order.unique and len(different_rows(rows, names)) < len(rows):
            raise SourceError("The events are declared unique, but two share key, time and sequence.")
        return step(context, ordered(node, unique=False))

    return wrong


def _unique_rows(step: Step) -> Step:
    """Rows that are equal in everything do not break the promise of unique events."""

    def wrong(context: Context, node: Any) -> Result:
        if not node.order.unique:
            return step(context, node)
        rows = different_rows(context.result(node.events).rows, node.events.output.names)
        return step(with_rows(context, node.events, rows), node)

    return wrong


def _unique_with_nulls(step: Step) -> Step:
    """Null keys and times are held to the promise of unique events as well."""

    def wrong(context: Context, node: Any) -> Result:
        rows, names = context.result(node.events).rows, [*node.event_keys, node.order.time]
        if node.order.unique and len(different_rows(rows, names)) < len(rows):
            raise SourceError("The events are declared unique by key and time, but two share them.")
        return step(context, node)

    return wrong


def _with_null_keys(context: Context, node: TimeBuckets) -> Result:
    rows = context.result(node.events).rows
    blank: dict[DataType, Value] = {INT64: 0, FLOAT64: 0.0, STRING: ""}
    schema = node.events.output
    filled = [
        {**row, **{name: blank.get(schema[name].dtype) if row[name] is None else row[name] for name in node.by}}
        for row in rows
    ]
    return time_buckets(with_rows(context, node.events, filled), node)


def _delayed_values(context: Context, node: TimeBuckets) -> Result:
    rows, name = context.result(node.events).rows, node.order.time
    moved = [{**row, name: None if row[name] is None else row[name] + node.order.delay} for row in rows]
    return time_buckets(with_rows(context, node.events, moved), ordered(node, delay=0))


MUTANTS: tuple[Mutant, ...] = (
    # -- nulls
    of_steps("null-spine-time-is-the-end", "Takes a null time of the spine for the end of time.", _null_spine_time_is(2**61), AsOfJoin, TrailingAggregate),
    of_steps("null-spine-time-is-1970", "Takes a null time of the spine for 1970.", _null_spine_time_is(0), AsOfJoin, TrailingAggregate),
    of_steps("null-spine-time-is-now", "Takes a null time of the spine for now.", _null_spine_time_is(1_800_000_000_000_000), AsOfJoin, TrailingAggregate),
    of_events("null-event-time-is-1970", "Takes a null time of an event for 1970.", _times_filled(0)),
    of_events("null-event-time-is-the-beginning", "Takes a null time of an event for the beginning of time.", _times_filled(-(2**61))),
    Mutant("bucket-keeps-null-keys", "Keeps the events of null keys in tiles.", relations={TimeBuckets: _with_null_keys}),
    Mutant("bucket-delays-values", "Adds the delay to the times that tiles hold.", relations={TimeBuckets: _delayed_values}),
    # -- nothing
    of_result("nothing-is-zero", "Returns zero where there is no event.", _nothing_becomes(_zero)),
    of_result("nothing-is-an-empty-list", "Returns an empty list where there is no event.", _nothing_becomes(_empty_list), TrailingAggregate),
    of_result("no-count-is-null", "Returns null for a count of nothing.", _no_count_is_null, TrailingAggregate),
    of_result("nothing-is-carried-over", "Gives a row without events the features of the row before it.", _carried_over),
    of_result("no-rows-are-one", "Returns a row of nulls where there are no rows.", lambda rows, node: rows or [dict.fromkeys(node.output.names)], *TEMPORAL),
    of_result("rows-without-events-are-lost", "Drops spine rows that meet no event, as an inner join does.", _only_matched),
    # -- rows
    of_spine("spine-deduplicated", "Gives equal spine rows once.", lambda rows, node: different_rows(rows, node.spine.output.names)),
    of_spine("spine-deduplicated-by-key-and-time", "Gives spine rows of one key and time once.", lambda rows, node: different_rows(rows, [*node.spine_keys, node.spine_time])),
    of_spine("spine-sorted", "Gives spine rows in the order of their times.", lambda rows, node: sorted(rows, key=lambda row: RIGHT.ascending(row[node.spine_time], INT64))),
    of_spine("spine-without-nulls", "Drops spine rows with a null key or time.", lambda rows, node: [row for row in rows if None not in [row[name] for name in (*node.spine_keys, node.spine_time)]]),
    of_spine("spine-reversed", "Gives spine rows in the opposite order.", lambda rows, node: rows[::-1]),
    of_events("events-deduplicated", "Counts events that are equal in everything once.", lambda rows, node: different_rows(rows, node.events.output.names)),
    of_events("events-deduplicated-by-key-and-time", "Counts one event of each key and time.", _first_of_key_and_time),
    of_events("late-events-lost", "Loses events that come after one that happened later.", _without_late),
    of_events("earliest-event-lost", "Loses the earliest event of all.", lambda rows, node: sorted(rows, key=lambda row: RIGHT.ascending(row[node.order.time], INT64))[1:]),
    of_events("latest-event-lost", "Loses the latest event of all.", lambda rows, node: sorted(rows, key=lambda row: RIGHT.ascending(row[node.order.time], INT64))[:-1]),
    of_steps("as-of-takes-from-the-future", "Takes the next event where there is none before.", _from_the_future, AsOfJoin),
    of_node("unique-never-checked", "Trusts that events are unique.", lambda node: ordered(node, unique=False)),
    of_steps("unique-by-sequence", "Lets the sequence keep the promise of unique events.", _unique_by_sequence),
    of_steps("unique-rows", "Lets equal rows keep the promise of unique events.", _unique_rows),
    of_steps("unique-with-nulls", "Takes null keys and times for ties.", _unique_with_nulls),
)  # fmt: skip
"""Wrong rows of spine and events."""
