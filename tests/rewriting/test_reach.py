"""The time range of events that a spine can reach: no event that counts is cut, and no microsecond more is read."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.examples import agg, as_of, trailing

from onefold.plan import EventOrder, TrailingMeasure, TrailingWindow
from onefold.rewriting import reach

SPAN = range(-14, 15)


def in_window(event: int, spine: int, window: TrailingWindow, delay: int) -> bool:
    """Whether an event counts, straight from the definition of a trailing window."""
    known = event + delay
    end = spine if window.every is None else spine - spine % window.every
    end -= window.offset
    after_start = window.size is None or (
        known >= end - window.size if window.closed in ("left", "both") else known > end - window.size
    )
    return after_start and (known <= end if window.closed in ("right", "both") else known < end)


def is_usable(event: int, spine: int, *, delay: int, exact: bool, max_age: int | None) -> bool:
    """Whether an as-of join may take an event, straight from its definition."""
    known = event + delay
    return (known <= spine if exact else known < spine) and (max_age is None or spine - known <= max_age)


def needed(span: tuple[int, int], counts: Any) -> set[int]:
    return {event for event in range(-60, 60) for spine in range(span[0], span[1] + 1) if counts(event, spine)}


@pytest.mark.parametrize(
    ("closed", "delay", "every"), list(product(["left", "right", "both", "neither"], [0, 2], [None, 1, 3, 7]))
)
def test_trailing_windows(closed: Any, delay: int, every: int | None) -> None:
    for size, offset, first, length in product([None, 1, 5], [0, 4], [-5, 0, 6], [0, 1, 8]):
        window = TrailingWindow(size=size, closed=closed, offset=offset, every=every)
        measure = TrailingMeasure(name="n", call=agg("count"), window=window)
        node = trailing(measure, order=EventOrder(time="t", delay=delay))
        start, end = reach(node, first, first + length)
        wanted = needed((first, first + length), lambda event, spine, w=window: in_window(event, spine, w, delay))
        assert all((start is None or start <= event) and event < end for event in wanted), (window, first, length)
        assert (start is None) == (size is None)
        if wanted:
            assert end == max(wanted) + 1
            if start is not None:
                assert start == min(wanted) - (closed in ("right", "neither"))


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("max_age", [None, 0, 1, 6])
def test_as_of_joins(exact: bool, max_age: int | None) -> None:
    for delay, first, length in product([0, 3], [-5, 0, 6], [0, 4]):
        node = as_of(order=EventOrder(time="t", delay=delay), include_exact=exact, max_age=max_age)
        start, end = reach(node, first, first + length)
        wanted = needed(
            (first, first + length),
            lambda event, spine, delay=delay: is_usable(event, spine, delay=delay, exact=exact, max_age=max_age),
        )
        assert all((start is None or start <= event) and event < end for event in wanted)
        assert (start is None) == (max_age is None)
        if wanted:
            assert end == max(wanted) + 1
            if start is not None:
                assert start == min(wanted)


windows = st.builds(
    TrailingWindow,
    size=st.none() | st.integers(1, 12),
    closed=st.sampled_from(["left", "right", "both", "neither"]),
    offset=st.integers(0, 6),
    every=st.none() | st.integers(1, 9),
    last_rows=st.none() | st.integers(1, 3),
)


@given(st.lists(windows, min_size=1, max_size=4), st.integers(0, 5), st.integers(-9, 9), st.integers(0, 9))
def test_several_windows_share_the_widest_range(
    several: list[TrailingWindow], delay: int, first: int, length: int
) -> None:
    measures = [TrailingMeasure(name=f"m{n}", call=agg("count"), window=window) for n, window in enumerate(several)]
    start, end = reach(trailing(*measures, order=EventOrder(time="t", delay=delay)), first, first + length)
    for window in several:
        for event in needed((first, first + length), lambda e, s, w=window: in_window(e, s, w, delay)):
            assert event < end
            assert start is None or start <= event
