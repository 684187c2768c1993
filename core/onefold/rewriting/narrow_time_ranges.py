"""Scans read only the events that the spine's span of time can reach."""

from __future__ import annotations

from collections import defaultdict

from onefold.plan import (
    AsOfJoin,
    Call,
    Column,
    Expression,
    Filter,
    Literal,
    Project,
    Relation,
    Scan,
    TimeRange,
    TrailingAggregate,
)
from onefold.rewriting.mapping import map_relations
from onefold.types import INT64, TIMESTAMP_UTC

__all__ = ["narrow_time_ranges", "reach"]


def reach(node: TrailingAggregate | AsOfJoin, first: int, last: int) -> tuple[int | None, int]:
    """Return the range of event times that can matter for spine rows from ``first`` to ``last``.

    Args:
        node: The temporal relation.
        first: The earliest time of the spine, in microseconds since 1970-01-01T00:00Z.
        last: The latest time of the spine.

    Returns:
        ``(start, end)``: events with ``start <= t < end`` can matter; start is None when there is no bound.
    """
    delay = node.order.delay
    if isinstance(node, AsOfJoin):
        start = None if node.max_age is None else first - node.max_age - delay
        return start, last - delay + int(node.include_exact)
    starts: list[int | None] = []
    ends = []
    for measure in node.measures:
        window = measure.window
        grid = window.every or 1
        starts.append(None if window.size is None else first // grid * grid - window.offset - window.size - delay)
        ends.append(last // grid * grid - window.offset - delay + int(window.include_end))
    known = [start for start in starts if start is not None]
    return (min(known) if len(known) == len(starts) else None), max(ends)


def narrow_time_ranges(root: Relation, *, spine_time: str, first: int, last: int) -> Relation:
    """Return the plan with the events of its temporal relations limited to what the spine can reach.

    Relations that share their events keep sharing them: they get the widest range that one of them needs.

    Args:
        root: The plan.
        spine_time: The time column of the spine whose span is known; other temporal relations are left alone.
        first: The earliest time in the spine, in microseconds since 1970-01-01T00:00Z.
        last: The latest.
    """
    wanted: dict[tuple[str, str], list[tuple[int | None, int]]] = defaultdict(list)
    for node in root.walk():
        if isinstance(node, TrailingAggregate | AsOfJoin) and node.spine_time == spine_time:
            wanted[node.events.fingerprint, node.order.time].append(reach(node, first, last))

    def narrow(node: Relation) -> Relation:
        if not (isinstance(node, TrailingAggregate | AsOfJoin) and node.spine_time == spine_time):
            return node
        ranges = wanted.get((node.events.fingerprint, node.order.time))
        if ranges is None:  # events that hold a narrowed relation themselves
            return node
        starts = [start for start, _ in ranges if start is not None]
        start = min(starts) if len(starts) == len(ranges) else None
        return node.replace(events=_limited(node.events, node.order.time, start, max(end for _, end in ranges)))

    return map_relations(root, narrow)


def _limited(events: Relation, column: str, start: int | None, end: int) -> Relation:
    """Put the range as far down as the column goes unchanged: into the scan when it gets there."""
    if isinstance(events, Filter):
        return events.replace(input=_limited(events.input, column, start, end))
    if isinstance(events, Project):
        source = next(named.expression for named in events.columns if named.name == column)
        if isinstance(source, Column):
            return events.replace(input=_limited(events.input, source.name, start, end))
    if isinstance(events, Scan) and events.table.columns[column].dtype == TIMESTAMP_UTC and events.time_range is None:
        return events.replace(time_range=TimeRange(column=column, start=start, end=end))
    return Filter(input=events, predicate=_within(column, start, end))


def _within(column: str, start: int | None, end: int) -> Expression:
    micros = Call(function="epoch_microseconds", args=(Column(name=column),))
    before = Call(function="lt", args=(micros, Literal(dtype=INT64, value=end)))
    if start is None:
        return before
    after = Call(function="gte", args=(micros, Literal(dtype=INT64, value=start)))
    return Call(function="and", args=(after, before))
