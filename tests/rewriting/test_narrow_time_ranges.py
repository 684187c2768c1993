"""Narrowing: the range lands in the scan, is shared, and reaches only the events of the spine itself."""

from __future__ import annotations

import pytest
from tests.plan.examples import DAY, EVENTS, HOUR, agg, as_of, call, col, events, named, plain, spine, trailing

from onefold.analysis.describe import expression_text
from onefold.plan import (
    AsOfColumn,
    AsOfJoin,
    Cast,
    EventOrder,
    Filter,
    Input,
    Limit,
    Literal,
    MapBatches,
    Project,
    Relation,
    Scan,
    Sort,
    SortKey,
    TimeRange,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)
from onefold.plan.sources import FunctionRef
from onefold.rewriting import narrow_time_ranges
from onefold.types import TIMESTAMP_UTC, Schema

FIRST, LAST = 10 * DAY, 12 * DAY


def narrowed(root: Relation, time: str = "at") -> Relation:
    return narrow_time_ranges(root, spine_time=time, first=FIRST, last=LAST)


def events_of(root: Relation) -> Relation:
    assert isinstance(root, TrailingAggregate | AsOfJoin)
    return root.events


def day(name: str = "n", size: int | None = DAY) -> TrailingMeasure:
    return TrailingMeasure(name=name, call=agg("count"), window=TrailingWindow(size=size))


def test_the_range_goes_into_the_scan() -> None:
    scan = events_of(narrowed(trailing(day(), order=EventOrder(time="t", delay=HOUR))))
    assert scan == events(time_range=TimeRange(column="t", start=FIRST - DAY - HOUR, end=LAST - HOUR))


def test_lifetime_windows_bound_only_the_end() -> None:
    scan = events_of(narrowed(trailing(day(size=None), day("d"))))
    assert scan == events(time_range=TimeRange(column="t", end=LAST))


def test_the_range_goes_through_filters_and_renamed_columns() -> None:
    below = Filter(input=events(), predicate=col("late"))
    renamed = Project(input=below, columns=(named("when", col("t")), *plain("k", "v")))
    found = events_of(narrowed(trailing(day(), events=renamed, order=EventOrder(time="when"))))
    assert found == renamed.replace(
        input=below.replace(input=events(time_range=TimeRange(column="t", start=FIRST - DAY, end=LAST)))
    )


def test_a_computed_time_is_filtered_above_where_it_is_computed() -> None:
    known = named("known", call("coalesce", col("t"), col("t")))
    later = Project(input=events(), columns=(known, *plain("k")))
    found = events_of(narrowed(trailing(day(), events=later, order=EventOrder(time="known"))))
    assert isinstance(found, Filter)
    assert found.input == later
    assert expression_text(found.predicate) == (
        "((known >= '1970-01-10T00:00:00.000000') and (known < '1970-01-13T00:00:00.000000'))"
    )


def test_a_wall_clock_that_is_stated_to_be_utc_is_filtered_on_the_clock() -> None:
    wall = Input(name="walls", columns=Schema.of(k="string", wall="timestamp[us]"))
    stated = Project(input=wall, columns=(named("t", Cast(arg=col("wall"), to=TIMESTAMP_UTC)), *plain("k")))
    found = events_of(narrowed(trailing(day(), events=stated)))
    assert isinstance(found, Project)
    assert isinstance(found.input, Filter)
    assert found.input.input == wall
    assert expression_text(found.input.predicate) == (
        "((wall >= '1970-01-10T00:00:00.000000') and (wall < '1970-01-13T00:00:00.000000'))"
    )


@pytest.mark.parametrize(("moment", "within"), [("1970-01-11T00:00", True), ("2024-01-01T00:00", False)])
def test_rows_without_a_time_of_their_own(moment: str, within: bool) -> None:
    """They are left alone when their one time is in the range, and all of them are left out when it is not."""
    always = Project(input=events(), columns=(named("t", Literal(dtype=TIMESTAMP_UTC, value=moment)), *plain("k")))
    found = events_of(narrowed(trailing(day(), events=always)))
    assert (found == always) is within
    assert within or (isinstance(found, Filter) and found.input == always)


def test_bounds_that_no_literal_can_hold_are_left_out() -> None:
    far = 400_000_000_000_000_000  # beyond the year 9999
    rows = Input(name="events", columns=EVENTS)
    node = trailing(day(), events=rows)
    late = narrow_time_ranges(node, spine_time="at", first=LAST, last=far)
    assert isinstance(late, TrailingAggregate)
    assert isinstance(late.events, Filter)
    assert expression_text(late.events.predicate) == "(t >= '1970-01-12T00:00:00.000000')"
    everything = narrow_time_ranges(node, spine_time="at", first=-far, last=far)
    assert everything == node
    scanned = narrow_time_ranges(trailing(day()), spine_time="at", first=-far, last=far)
    assert events_of(scanned) == events(time_range=TimeRange(column="t", start=-far - DAY, end=far))


def test_what_depends_on_all_rows_is_filtered_above() -> None:
    for relation in (
        Limit(input=events(), count=5),
        MapBatches(input=events(), function=FunctionRef(module="m", name="f", source_hash="0"), columns=EVENTS),
        Input(name="events", columns=EVENTS),
        events(time_range=TimeRange(column="t", start=0)),
    ):
        found = events_of(narrowed(as_of(events=relation)))
        assert isinstance(found, Filter)
        assert found.input == relation


def test_shared_events_stay_shared_and_get_the_widest_range() -> None:
    both = as_of(spine=trailing(day()), max_age=3 * DAY, include_exact=True)
    root = narrowed(both)
    assert isinstance(root, AsOfJoin)
    assert root.events == events(time_range=TimeRange(column="t", start=FIRST - 3 * DAY, end=LAST + 1))
    assert events_of(root.spine) == root.events


def test_different_events_get_ranges_of_their_own() -> None:
    other = events(predicate=col("late"))
    root = narrowed(as_of(spine=trailing(day(), events=other), max_age=HOUR))
    assert isinstance(root, AsOfJoin)
    assert root.events == events(time_range=TimeRange(column="t", start=FIRST - HOUR, end=LAST))
    assert events_of(root.spine) == other.replace(time_range=TimeRange(column="t", start=FIRST - DAY, end=LAST))


def test_relations_inside_of_the_events_have_a_spine_of_their_own() -> None:
    """Their time column may have the name of the spine's: their events must not be cut to the spine's span."""
    orders = Project(input=events(), columns=(named("at", col("t")), named("user", col("k")), *plain("v")))
    priced = as_of(spine=orders, columns=(AsOfColumn(column="x", name="price"),))
    root = trailing(day(), events=priced, event_keys=("user",), order=EventOrder(time="at"))
    found = events_of(narrowed(root))
    assert isinstance(found, Filter)
    assert found.input == priced


def test_the_way_to_the_spine_goes_through_sorts_and_columns_that_are_kept() -> None:
    inner = trailing(day())
    kept = Project(input=Sort(input=inner, keys=(SortKey(column="n"),)), columns=plain("user", "at", "n"))
    root = narrowed(as_of(spine=kept))
    scans = [node for node in root.walk() if isinstance(node, Scan)]
    assert [scan.time_range is not None for scan in scans] == [True, True]


def test_beyond_a_changed_time_or_dropped_rows_nothing_is_narrowed() -> None:
    inner = trailing(day())
    moved = Project(input=inner, columns=(*plain("user", "n"), named("at", call("coalesce", col("at"), col("at")))))
    fewer = Filter(input=inner, predicate=call("is_null", col("n")))
    for below in (moved, fewer, Limit(input=inner, count=1)):
        root = narrowed(as_of(spine=below))
        assert isinstance(root, AsOfJoin)
        assert root.spine == below
        assert isinstance(root.events, Scan)
        assert root.events.time_range is not None


def test_another_time_column_is_left_alone() -> None:
    root = trailing(day())
    assert narrowed(root, time="other") == root
    assert narrowed(spine()) == spine()


def test_the_output_stays_as_it_is() -> None:
    root = as_of(spine=trailing(day()), max_age=3 * DAY)
    assert narrowed(root).output == root.output
