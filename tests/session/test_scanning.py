"""The conditions of a scan: its range of times, as far as that can be written, and its predicate."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.plan.examples import col

from onefold.plan import Call, Literal, Scan, Table, TimeRange
from onefold.session.scanning import scan_conditions
from onefold.types import TIMESTAMP_UTC, Schema

COLUMNS = Schema.of(at="timestamp[us, UTC]", late="bool")
YEAR_10000 = (253_402_300_800) * 1_000_000
"""2932896 days after 1970-01-01."""
YEAR_0 = -62_135_596_800 * 1_000_000 - 1
"""A microsecond before 0001-01-01, which is 719162 days before 1970-01-01."""


def scan(start: int | None = None, end: int | None = None, *, predicate: bool = False) -> Scan:
    times = None if start is end is None else TimeRange(column="at", start=start, end=end)
    table = Table(name="t", format="parquet", paths=("t.parquet",), columns=COLUMNS)
    return Scan(table=table, time_range=times, predicate=col("late") if predicate else None)


def known() -> Call:
    return Call(function="is_not_null", args=(col("at"),))


def test_a_scan_of_everything_has_no_conditions() -> None:
    assert scan_conditions(scan()) == []


def test_the_start_is_included_the_end_is_not_and_the_predicate_comes_last() -> None:
    second, third = (Literal.of(dt.datetime(1970, 1, 1, 0, 0, n, tzinfo=dt.UTC), TIMESTAMP_UTC) for n in (2, 3))
    assert scan_conditions(scan(2_000_000, 3_000_000, predicate=True)) == [
        Call(function="gte", args=(col("at"), second)),
        Call(function="lt", args=(col("at"), third)),
        col("late"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (YEAR_0, None, known()),
        (YEAR_10000, None, Literal.of(False)),
        (None, YEAR_10000, known()),
        (None, YEAR_0, Literal.of(False)),
    ],
    ids=["from before all times", "from after all times", "until after all times", "until before all times"],
)
def test_a_bound_beyond_all_times_holds_for_every_known_time_or_for_none(
    start: int | None, end: int | None, expected: Call | Literal
) -> None:
    assert scan_conditions(scan(start, end)) == [expected]


def test_the_first_and_last_times_are_written_as_they_are() -> None:
    first, last = scan_conditions(scan(YEAR_0 + 1, YEAR_10000 - 1))
    assert isinstance(first, Call)
    assert isinstance(last, Call)
    assert (first.function, last.function) == ("gte", "lt")
