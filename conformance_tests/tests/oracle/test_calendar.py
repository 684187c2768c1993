"""The oracle's dates and times, compared with those of Python within their bounds, and beyond."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from conformance_tests.tests.oracle.evaluation import EVALUATOR, applied, call, converted

from onefold.plan import Cast, Column, Expression
from onefold.types import TIMESTAMP, Schema
from onefold_conformance.oracle import civil
from onefold_conformance.oracle.interface import ValueFailure

MIN, MAX = -(2**63), 2**63 - 1


def test_the_calendar_is_that_of_python() -> None:
    for number in [*range(-719_162, 2_932_897, 97), *range(10_000, 12_000), 2_932_896]:
        date = dt.date(1970, 1, 1) + dt.timedelta(days=number)
        assert civil.civil(number) == (date.year, date.month, date.day)
        assert civil.date_number(date.year, date.month, date.day) == number
        assert civil.weekday(number) == date.isoweekday()
        assert civil.iso_week(number) == date.isocalendar()[:2]


def test_the_calendar_has_no_bounds() -> None:
    for number in (-(2**31), -800_000, 3_000_000, 2**31 - 1, -(2**63) // civil.DAY, (2**63 - 1) // civil.DAY):
        year, month, day = civil.civil(number)
        assert civil.date_number(year, month, day) == number
        assert civil.civil(number + civil.FOUR_CENTURIES) == (year + 400, month, day)
        assert civil.weekday(number + civil.FOUR_CENTURIES) == civil.weekday(number)


def test_dates_and_timestamps_that_do_not_fit_fail() -> None:
    schema = Schema.of(day="date32", at="timestamp[us]", n="int64")
    day, at, n = (Column(name=name) for name in ("day", "at", "n"))

    wrong: list[tuple[Expression, dict[str, int]]] = [
        (call("add_days", day, n), {"day": 2**31 - 1, "n": 1}),
        (call("add_months", at, n), {"at": MAX, "n": 1}),
        (call("date_trunc", at, unit="year"), {"at": MIN}),
        (call("time_bucket", at, every=7), {"at": MIN}),
        (call("last_day", day), {"day": 2**31 - 1}),
        (call("add_duration", at, n), {"at": MAX, "n": 1}),
        (Cast(arg=day, to=TIMESTAMP), {"day": 2**31 - 1}),
    ]
    for expression, row in wrong:
        with pytest.raises(ValueFailure):
            EVALUATOR.evaluate(expression, row, schema)


def test_units_of_a_random_timestamp_are_those_of_python() -> None:
    rng = random.Random(5)
    for _ in range(500):
        number = rng.randrange(-62_135_596_800_000_000, 253_402_300_800_000_000)
        at = dt.datetime.fromisoformat("1970-01-01") + dt.timedelta(microseconds=number)
        parts = {
            "hour": at.hour,
            "minute": at.minute,
            "second": at.second,
            "millisecond": at.microsecond // 1000,
            "microsecond": at.microsecond,
            "day_of_year": at.timetuple().tm_yday,
            "quarter": (at.month - 1) // 3 + 1,
        }
        for name, expected in parts.items():
            assert applied(name, ("timestamp[us]",), (at,), {}) == expected
        assert converted(at, "timestamp[us]", "string") == at.isoformat(" ", "microseconds")


def test_zones_go_on_beyond_the_dates_of_python() -> None:
    year = 31_556_952_000_000  # of the average length: four centuries are 400 of them

    def offset(instant: int, zone: str) -> int:
        expression = call("local_time", Column(name="at"), zone=zone)
        return int(EVALUATOR.evaluate(expression, {"at": instant}, Schema.of(at="timestamp[us, UTC]"))) - instant

    july = 1_720_000_000_000_000
    for centuries in (0, 2000, 6000, 8000, 200_000):
        assert offset(july + centuries * year, "America/New_York") == -4 * 3_600_000_000
    # Before standard time the clocks of New York were 4 hours, 56 minutes and 2 seconds behind.
    for instant in (-62_135_596_800_000_000, -62_135_596_800_000_001, -(2**62), july - 400 * year):
        assert offset(instant, "America/New_York") == -17_762_000_000
