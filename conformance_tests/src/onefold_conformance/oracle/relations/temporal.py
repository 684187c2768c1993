"""As-of joins, trailing aggregates and tiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onefold.errors import SourceError
from onefold.plan import AsOfJoin, EventOrder, Relation, TimeBuckets, TrailingAggregate, TrailingMeasure, partial_calls
from onefold.types import TIMESTAMP_UTC, Field, Schema
from onefold_conformance.oracle.calls import AppliedCall, Member
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.combining import grouped
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row

__all__ = ["STEPS"]


@dataclass(frozen=True, slots=True)
class _Event:
    """An event that has a time.

    Args:
        row: Its row.
        known_at: When it became known.
        place: What orders it among the events of its key: its time and its sequence.
    """

    row: Row
    known_at: int
    place: tuple[Any, ...]


def _events(rules: Rules, rows: Sequence[Row], order: EventOrder, schema: Schema) -> list[_Event]:
    return [
        _Event(
            row,
            rules.known_at(row[order.time], order.delay),
            (row[order.time], *(rules.sequence(row[name], schema[name].dtype) for name in order.sequence)),
        )
        for row in rows
        if row[order.time] is not None
    ]


def _of_each_key(
    context: Context, node: AsOfJoin | TrailingAggregate
) -> Iterator[tuple[Row, int | None, Sequence[_Event]]]:
    """Yield each spine row with its time and the events of its key; none where key or time are null.

    Raises:
        SourceError: If events that are declared unique share key and time.
    """
    rules, schema = context.rules, node.events.output
    events = _events(rules, context.result(node.events).rows, node.order, schema)
    types = [schema[name].dtype for name in node.event_keys]
    for row in context.result(node.spine).rows:
        at, key = row[node.spine_time], [row[name] for name in node.spine_keys]
        mine: list[_Event] = []
        if at is not None:
            mine = [e for e in events if rules.keys_match(key, [e.row[name] for name in node.event_keys], types)]
        if node.order.unique and len({event.known_at for event in mine}) < len(mine):
            raise SourceError(f"The events are declared unique by key and {node.order.time!r}, but two share them.")
        yield row, at, mine


def as_of_join(context: Context, node: AsOfJoin) -> Result:
    """Return each spine row with the columns of the latest event that is known as of its time."""
    rules, schema = context.rules, node.events.output
    rows: list[Row] = []
    for row, at, mine in _of_each_key(context, node):
        latest: _Event | None = None
        if at is not None:
            known = [event for event in mine if rules.is_known(event.known_at, at, include_exact=node.include_exact)]
            latest = max(
                known,
                key=lambda event: (
                    event.place,
                    [rules.ascending(event.row[item.column], schema[item.column].dtype) for item in node.columns],
                ),
                default=None,
            )
            if latest is not None and rules.too_old(at - latest.known_at, node.max_age):
                latest = None
        rows.append({**row, **{i.name: None if latest is None else latest.row[i.column] for i in node.columns}})
    spine, events = context.result(node.spine), context.result(node.events)
    exact = _is_exact(node, spine, events) and events.is_exact(item.column for item in node.columns[:-1])
    taken = {i.name: events.tolerances[i.column] if exact else Tolerance.unknown() for i in node.columns}
    return Result(rows, {**spine.tolerances, **taken}, spine.determined and events.determined)


def _is_exact(node: AsOfJoin | TrailingAggregate, spine: Result, events: Result) -> bool:
    """Return whether which event meets which spine row is the same in every right engine."""
    return spine.is_exact([*node.spine_keys, node.spine_time]) and events.is_exact(
        [*node.event_keys, node.order.time, *node.order.sequence]
    )


def trailing_aggregate(context: Context, node: TrailingAggregate) -> Result:
    """Return each spine row with the aggregates over the windows that end at its time."""
    spine, events = context.result(node.spine), context.result(node.events)
    schema = node.events.output
    calls = {
        measure.name: AppliedCall(context, measure.call, schema, events.tolerances, exact_sums=True)
        for measure in node.measures
    }
    rows: list[Row] = []
    for row, at, mine in _of_each_key(context, node):
        values = {
            measure.name: calls[measure.name].value(
                [] if at is None else _window(context.rules, measure, calls[measure.name], mine, at)
            )
            for measure in node.measures
        }
        rows.append({**row, **values})
    exact = _is_exact(node, spine, events)
    found = {name: call.tolerance if exact else Tolerance.unknown() for name, call in calls.items()}
    return Result(rows, {**spine.tolerances, **found}, spine.determined and events.determined)


def _window(
    rules: Rules, measure: TrailingMeasure, call: AppliedCall, events: Sequence[_Event], at: int
) -> list[Member]:
    """Return the events in the window of a measure as of an instant, in their order."""
    window = measure.window
    end = rules.window_end(at, window)
    start = rules.window_start(end, window)
    inside: Sequence[_Event] = [event for event in events if rules.is_inside(event.known_at, start, end, window)]
    if window.last_rows is not None and len(inside) > window.last_rows:
        inside = sorted(inside, key=lambda event: (event.place, call.tie_key(event.row)))
        inside = rules.last_rows(inside, window.last_rows)
    inside = sorted(inside, key=lambda event: event.place)
    members: list[Member] = []
    rank = 0
    for number, event in enumerate(inside):
        rank += number > 0 and event.place != inside[number - 1].place
        members.append(Member(event.row, rank, end - event.known_at))
    return members


def time_buckets(context: Context, node: TimeBuckets) -> Result:
    """Return the partial aggregates of each key and bucket; events with a null key or time are in none."""
    events, rules, schema = context.result(node.events), context.rules, node.events.output
    start = "bucket_start"
    while start in schema:  # a column of the events may have that name
        start += "_"
    rows: list[Row] = [
        {**event.row, start: rules.bucket(event.known_at, node.every)}
        for event in _events(rules, events.rows, node.order, schema)
        if all(event.row[name] is not None for name in node.by)
    ]
    below = Result(rows, {**events.tolerances, start: events.tolerances[node.order.time]}, events.determined)
    wider = Schema([*schema, Field(start, TIMESTAMP_UTC, False)])
    calls = {name: call for measure in node.measures for name, call in partial_calls(measure, node.order)}
    tiles = grouped(context, below, wider, (*node.by, start), calls)
    names = {name: start if name == "bucket_start" else name for name in node.output.names}
    return Result(
        [{out: row[name] for out, name in names.items()} for row in tiles.rows],
        {out: tiles.tolerances[name] for out, name in names.items()},
        tiles.determined,
    )


STEPS: Mapping[type[Relation], Step] = {
    AsOfJoin: as_of_join,
    TrailingAggregate: trailing_aggregate,
    TimeBuckets: time_buckets,
}
"""The interpreters of this family."""
