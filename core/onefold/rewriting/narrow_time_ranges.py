"""Scans read only the events that the spine's span of time can reach."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from onefold.plan import (
    AsOfJoin,
    Call,
    Cast,
    Column,
    Expression,
    Filter,
    Literal,
    Project,
    Relation,
    Scan,
    Sort,
    TimeRange,
    TrailingAggregate,
)
from onefold.types import TIMESTAMP, TIMESTAMP_UTC, DataType

__all__ = ["limit_times", "narrow_time_ranges", "reach"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST = (dt.datetime.min.replace(tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)
_LAST = (dt.datetime.max.replace(tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)


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

    Only the temporal relations on the way from the root down to the spine are narrowed: their spine has exactly the
    times of the root's rows. One that stands inside of the events has a spine of its own, with times of its own,
    whatever its time column is called. Relations that share their events keep sharing them: they get the widest range
    that one of them needs.

    Args:
        root: The plan.
        spine_time: The time column of the root's rows.
        first: The earliest time in it, in microseconds since 1970-01-01T00:00Z.
        last: The latest.
    """
    chain = list(_spines(root, spine_time))
    wanted: dict[tuple[str, str], list[tuple[int | None, int]]] = defaultdict(list)
    for node in chain:
        if isinstance(node, TrailingAggregate | AsOfJoin):
            wanted[node.events.fingerprint, node.order.time].append(reach(node, first, last))
    below: Relation | None = None
    for node in reversed(chain):
        if isinstance(node, TrailingAggregate | AsOfJoin):
            ranges = wanted[node.events.fingerprint, node.order.time]
            starts = [start for start, _ in ranges if start is not None]
            start = min(starts) if len(starts) == len(ranges) else None
            events = limit_times(node.events, node.order.time, start, max(end for _, end in ranges))
            below = node.replace(events=events, spine=below or node.spine)
        elif isinstance(node, Project | Sort):
            below = node.replace(input=below or node.input)
    return below or root


def limit_times(events: Relation, column: str, start: int | None, end: int | None) -> Relation:
    """Return the rows whose time lies in a range.

    The range goes as far down as the column goes unchanged: into the scan when it gets there.

    Args:
        events: The rows.
        column: Their time column.
        start: The first time, in microseconds since 1970-01-01T00:00Z; None: there is no first.
        end: The time before which all lie; None: there is none.
    """
    if start is None and end is None:
        return events
    if isinstance(events, Filter):
        return events.replace(input=limit_times(events.input, column, start, end))
    if isinstance(events, Project):
        source = next(named.expression for named in events.columns if named.name == column)
        if isinstance(source, Column):
            return events.replace(input=limit_times(events.input, source.name, start, end))
        if isinstance(source, Literal) and _holds(source, start, end):
            return events  # rows that hold at all times: none of them is out of range
        if _states_utc(source, events.input):
            # A wall clock that is declared to be UTC: the same range, on the clock.
            assert isinstance(source, Cast)
            assert isinstance(source.arg, Column)
            return events.replace(input=_filtered(events.input, source.arg.name, start, end))
    if isinstance(events, Scan) and events.table.columns[column].dtype == TIMESTAMP_UTC and events.time_range is None:
        return events.replace(time_range=TimeRange(column=column, start=start, end=end))
    return _filtered(events, column, start, end)


def _spines(root: Relation, time: str) -> Iterator[Relation]:
    """Yield the relations from the root down that have the same rows and the same times."""
    node = root
    while True:
        if isinstance(node, TrailingAggregate | AsOfJoin) and node.spine_time == time:
            yield node
            node = node.spine
        elif isinstance(node, Sort) or (
            isinstance(node, Project)
            and any(named.name == time and named.expression == Column(name=time) for named in node.columns)
        ):
            yield node
            node = node.input
        else:
            return


def _holds(constant: Literal, start: int | None, end: int | None) -> bool:
    """Return whether a constant instant lies in a range."""
    if constant.value is None:
        return False
    micros = (constant.python_value - _EPOCH) // dt.timedelta(microseconds=1)
    return (start is None or start <= micros) and (end is None or micros < end)


def _states_utc(expression: Expression, rows: Relation) -> bool:
    return (
        isinstance(expression, Cast)
        and expression.to == TIMESTAMP_UTC
        and isinstance(expression.arg, Column)
        and rows.output[expression.arg.name].dtype == TIMESTAMP
    )


def _filtered(rows: Relation, column: str, start: int | None, end: int | None) -> Relation:
    """Return the rows in a range; a bound beyond the years 1 to 9999, which no literal can hold, is left out."""
    dtype = rows.output[column].dtype
    bounds = [("gte", start), ("lt", end)]
    tests = [
        Call(function=function, args=(Column(name=column), _moment(micros, dtype)))
        for function, micros in bounds
        if micros is not None and _FIRST <= micros <= _LAST
    ]
    if not tests:
        return rows
    return Filter(input=rows, predicate=tests[0] if len(tests) == 1 else Call(function="and", args=tuple(tests)))


def _moment(micros: int, dtype: DataType) -> Literal:
    moment = _EPOCH + dt.timedelta(microseconds=micros)
    return Literal.of(moment if dtype == TIMESTAMP_UTC else moment.replace(tzinfo=None), dtype)
