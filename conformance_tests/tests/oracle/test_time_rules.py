"""The tables of docs/explanation/time.md, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from conformance_tests.tests.oracle.plans import HOUR, Given, agg, column_of, run

from onefold.errors import SourceError
from onefold.plan import (
    AsOfColumn,
    AsOfJoin,
    EventOrder,
    Measure,
    TimeBuckets,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MINUTE = 60_000_000
NOON = (dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC) - EPOCH) // dt.timedelta(microseconds=1)
EVENTS = {"k": "string", "t": "timestamp[us, UTC]", "s": "int64", "v": "int64"}
SPINE = {"user": "string", "at": "timestamp[us, UTC]"}


def instant(day: int, clock: str) -> int:
    """Return a moment of March 2025."""
    hours, minutes = clock.split(":")
    moment = dt.datetime(2025, 3, day, int(hours), int(minutes), tzinfo=dt.UTC)
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


def seen(events: list[tuple[Any, ...]], at: Sequence[int | None], function: str = "collect", **more: Any) -> list[Any]:
    """Return an aggregation for a spine of one key."""
    delay, sequence = more.pop("delay", 0), more.pop("sequence", ())
    window = TrailingWindow(**{name: more.pop(name) for name in list(more) if name in TrailingWindow.model_fields})
    spine, given = Given("spine", SPINE, [("ann", time) for time in at]), Given("events", EVENTS, events)
    plan = TrailingAggregate(
        spine=spine.relation,
        events=given.relation,
        spine_keys=("user",),
        event_keys=("k",),
        spine_time="at",
        order=EventOrder(time="t", delay=delay, sequence=sequence),
        measures=(TrailingMeasure(name="seen", call=agg(function, "v", **more), window=window),),
    )
    return column_of("seen", plan, spine, given)


def latest(events: list[tuple[Any, ...]], at: Sequence[int | None], **more: Any) -> list[Any]:
    """Return the value of the latest event for a spine of one key."""
    order = EventOrder(time="t", **{name: more.pop(name) for name in list(more) if name in EventOrder.model_fields})
    spine, given = Given("spine", SPINE, [("ann", time) for time in at]), Given("events", EVENTS, events)
    plan = AsOfJoin(
        spine=spine.relation,
        events=given.relation,
        spine_keys=("user",),
        event_keys=("k",),
        spine_time="at",
        order=order,
        columns=(AsOfColumn(column="v", name="latest"),),
        **more,
    )
    return column_of("latest", plan, spine, given)


@pytest.mark.parametrize(("delay", "known"), [(0, True), (29 * MINUTE, True), (30 * MINUTE, False), (HOUR, False)])
def test_the_clock(delay: int, known: bool) -> None:
    event = ("ann", NOON - 30 * MINUTE, 0, 1)
    assert seen([event], [NOON], delay=delay) == [[1] if known else None]
    assert latest([event], [NOON], delay=delay) == [1 if known else None]


@pytest.mark.parametrize(
    ("time", "left", "right"),
    [
        (NOON - HOUR - 1, False, False),
        (NOON - HOUR, True, False),
        (NOON - HOUR + 1, True, True),
        (NOON - 1, True, True),
        (NOON, False, True),
        (NOON + 1, False, False),
    ],
)
def test_ends_of_windows(time: int, left: bool, right: bool) -> None:
    event = ("ann", time, 0, 1)
    found = {
        closed: seen([event], [NOON], size=HOUR, closed=closed) == [[1]]
        for closed in ("left", "right", "both", "neither")
    }
    assert found == {"left": left, "right": right, "both": left or right, "neither": left and right}


@pytest.mark.parametrize(
    ("at", "window", "first", "end"),
    [
        ((5, "14:20"), {"size": 24 * HOUR}, (4, "14:20"), (5, "14:20")),
        ((5, "14:20"), {"size": 24 * HOUR, "offset": 24 * HOUR}, (3, "14:20"), (4, "14:20")),
        ((5, "14:20"), {"size": 24 * HOUR, "every": 24 * HOUR}, (4, "00:00"), (5, "00:00")),
        ((5, "14:20"), {"size": 24 * HOUR, "every": HOUR, "offset": 2 * HOUR}, (4, "12:00"), (5, "12:00")),
        ((5, "00:00"), {"size": 24 * HOUR, "every": 24 * HOUR}, (4, "00:00"), (5, "00:00")),
    ],
)
def test_offset_and_grid(at: Any, window: Any, first: Any, end: Any) -> None:
    start, stop = instant(*first), instant(*end)
    events = [("ann", start - 1, 0, 1), ("ann", start, 0, 2), ("ann", stop - 1, 0, 3), ("ann", stop, 0, 4)]
    assert seen(events, [instant(*at)], **window) == [[2, 3]]


def test_the_grid_is_a_floor_before_1970() -> None:
    # As of 1 s before 1970, the last whole hour ended an hour before 1970.
    events = [("ann", -HOUR - 1, 0, 1), ("ann", -HOUR, 0, 2)]
    assert seen(events, [-1_000_000], every=HOUR) == [[1]]


def test_last_rows_count_before_conditions_and_nulls() -> None:
    events = [("ann", NOON - 3, 0, 1), ("ann", NOON - 2, 0, None), ("ann", NOON - 1, 0, 3)]
    assert seen(events, [NOON], last_rows=2) == [[3]]
    assert seen(events, [NOON], "count", last_rows=3) == [2]
    # At a tie the value decides who is last: nulls first, so the null is left out.
    tied = [("ann", NOON - 1, 0, value) for value in (5, None, 7)]
    assert seen(tied, [NOON], last_rows=2, options={"nulls": "keep"}) == [[5, 7]]


def test_empty_windows() -> None:
    assert [seen([], [NOON], name) for name in ("count", "count_distinct", "approx_count_distinct")] == [[0]] * 3
    assert [seen([], [NOON], name) for name in ("sum", "collect", "last", "histogram")] == [[None]] * 4


def test_null_keys_and_times() -> None:
    events = [(None, NOON - 1, 0, 1), ("ann", None, 0, 2), ("bob", NOON - 1, 0, 3)]
    assert seen(events, [NOON, None]) == [None, None]
    assert seen(events, [None], "count") == [0]
    assert latest(events, [NOON, None]) == [None, None]


@pytest.mark.parametrize(
    ("known_at", "max_age", "exact", "taken"),
    [
        (NOON - HOUR, None, False, True),
        (NOON - HOUR, HOUR, False, True),
        (NOON - HOUR, 59 * MINUTE, False, False),
        (NOON - HOUR, HOUR - 1, False, False),
        (NOON, None, False, False),
        (NOON, None, True, True),
        (NOON, 0, True, True),
    ],
)
def test_the_latest_row(known_at: int, max_age: int | None, exact: bool, taken: bool) -> None:
    event = ("ann", known_at, 0, 1)
    assert latest([event], [NOON], max_age=max_age, include_exact=exact) == [1 if taken else None]


def test_age_is_counted_from_when_an_event_became_known() -> None:
    event = ("ann", NOON - 90 * MINUTE, 0, 1)
    assert latest([event], [NOON], delay=30 * MINUTE, max_age=HOUR) == [1]
    assert latest([event], [NOON], delay=29 * MINUTE, max_age=HOUR) == [None]


def test_the_latest_row_is_taken_whole() -> None:
    # The latest is too old: an older one is not used instead, and a null in it is not filled.
    assert latest([("ann", NOON - 2, 0, 1), ("ann", NOON - 1, 0, None)], [NOON]) == [None]


def test_ties() -> None:
    tied = [("ann", NOON, 2, 7), ("ann", NOON, 1, 9), ("ann", NOON, 2, 8)]
    later = [NOON + HOUR]
    assert seen(tied, later, "first", sequence=("s",)) == [9]
    assert seen(tied, later, "last", sequence=("s",)) == [8]
    assert seen(tied, later, sequence=("s",)) == [[9, 7, 8]]
    assert seen(tied, later) == [[7, 8, 9]]
    assert latest(tied, later, sequence=("s",)) == [8]
    assert latest(tied, later) == [9]
    # A null in the sequence comes first, and never wins against a number.
    assert latest([("ann", NOON, None, 9), ("ann", NOON, 0, 1)], later, sequence=("s",)) == [1]


def test_a_tie_among_events_that_are_declared_unique_is_an_error() -> None:
    with pytest.raises(SourceError):
        latest([("ann", NOON, 0, 1), ("ann", NOON, 1, 1)], [NOON + 1], unique=True)


def test_sums_in_trailing_windows_are_exact() -> None:
    spine = Given("spine", SPINE, [("ann", NOON)])
    events = Given(
        "events",
        {"k": "string", "t": "timestamp[us, UTC]", "v": "float64"},
        [("ann", NOON - 3, 1e16), ("ann", NOON - 2, 1.0), ("ann", NOON - 1, -1e16)],
    )
    plan = TrailingAggregate(
        spine=spine.relation,
        events=events.relation,
        spine_keys=("user",),
        event_keys=("k",),
        spine_time="at",
        order=EventOrder(time="t"),
        measures=(
            TrailingMeasure(name="total", call=agg("sum", "v"), window=TrailingWindow()),
            TrailingMeasure(
                name="decayed",
                call=agg("decayed_count", "v", options={"half_life": 1}),
                window=TrailingWindow(offset=1),
            ),
        ),
    )
    result = run(plan, spine, events)
    # Ages count from the end of the window, NOON - 1: the events of NOON - 3 and NOON - 2 are 2 and 1 old.
    assert result.rows[0]["total"] == 1.0
    assert result.rows[0]["decayed"] == 0.25 + 0.5
    assert result.tolerances["total"].is_exact
    assert result.tolerances["decayed"].absolute == pytest.approx(0.75e-9)


def test_tiles() -> None:
    events = Given(
        "events",
        {"k": "string", "t": "timestamp[us, UTC]", "v": "int64"},
        [("a", -1, 1), ("a", 0, 2), ("a", HOUR - 1, None), (None, 0, 4), ("a", None, 5), ("b", HOUR, 6)],
    )
    plan = TimeBuckets(
        events=events.relation,
        by=("k",),
        order=EventOrder(time="t"),
        every=HOUR,
        measures=(Measure(name="m", call=agg("mean", "v")), Measure(name="l", call=agg("last", "v"))),
    )
    found = sorted(tuple(row.values()) for row in run(plan, events).rows)
    # The time of `last` is that of the last value that is not null.
    assert found == [("a", -HOUR, 1, 1, 1, -1), ("a", 0, 2, 1, 2, 0), ("b", HOUR, 6, 1, 6, HOUR)]
    assert plan.output.names == ("k", "bucket_start", "m__sum", "m__count", "l__last", "l__time")
