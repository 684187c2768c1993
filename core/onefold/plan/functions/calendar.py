"""Parts of dates and timestamps, calendar units, and steps in the calendar.

Dates are of the proleptic Gregorian calendar; engines agree from the year 1582 to 9999. An instant (a timestamp in
UTC) is read as its wall clock in UTC; use ``local_time`` first for that of another zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from onefold.errors import PlanError, listed
from onefold.plan.functions.entry import Example, Function, Option
from onefold.plan.functions.signature import sig
from onefold.types import DATE, DataType

__all__ = ["FUNCTIONS"]

_ANY = (
    sig("(date32) -> int64"),
    sig("(timestamp[us]) -> int64"),
    sig("(timestamp[us, UTC]) -> int64"),
)
_CLOCK = _ANY[1:]
_AS_UTC = "An instant is read in UTC."
_DATE_UNITS = ("year", "quarter", "month", "week", "day")
_CLOCK_UNITS = ("hour", "minute", "second", "millisecond")
_DAYS = tuple(map(dt.date.fromisoformat, ("2024-12-30", "2023-01-01", "2024-02-29", "1969-12-31")))
_TIMES = tuple(
    map(
        dt.datetime.fromisoformat,
        ("2024-02-29T13:14:15.123456", "1969-12-31T23:59:59.999999", "1970-01-01T00:00:00"),
    )
)


def _date_part(name: str, description: str, values: tuple[int, int, int, int]) -> Function:
    """Return a part of a date: of the last Monday of 2024, New Year 2023 (a Sunday), a leap day and the day before 1970."""
    return Function(
        name=name,
        family="calendar",
        signatures=_ANY,
        description=f"{description} {_AS_UTC}",
        example=Example((("date32", (*_DAYS, None)),), (*values, None)),
        substrait="extract",
    )


def _clock_part(name: str, description: str, values: tuple[int, int, int]) -> Function:
    return Function(
        name=name,
        family="calendar",
        signatures=_CLOCK,
        description=f"{description} {_AS_UTC}",
        example=Example((("timestamp[us]", (*_TIMES, None)),), (*values, None)),
        substrait="extract",
    )


def _truncated(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    unit = options["unit"]
    if args[0] == DATE and unit in _CLOCK_UNITS:
        raise PlanError(f"A date has no {unit}s to cut. {listed(unit, _DATE_UNITS, what='units of a date')}")
    return args[0]


def _between(name: str, description: str, values: tuple[int, ...]) -> Function:
    """Return a count of boundaries between two dates; the example has month ends, a step back and null."""
    starts = ("2024-01-31", "2024-03-01", "2024-02-28", "2023-12-31", "1969-12-31")
    ends = ("2024-02-01", "2024-02-29", "2024-03-01", "2024-12-31", "1970-01-01")
    return Function(
        name=name,
        family="calendar",
        signatures=(
            sig("(date32, date32) -> int64"),
            sig("(timestamp[us], timestamp[us]) -> int64"),
            sig("(timestamp[us, UTC], timestamp[us, UTC]) -> int64"),
        ),
        description=f"{description} Negative when the second is earlier. {_AS_UTC}",
        example=Example(
            (
                ("date32", (*map(dt.date.fromisoformat, starts), None)),
                ("date32", (*map(dt.date.fromisoformat, ends), dt.date(2024, 1, 1))),
            ),
            (*values, None),
        ),
    )


FUNCTIONS = (
    _date_part("year", "The year.", (2024, 2023, 2024, 1969)),
    _date_part("quarter", "The quarter of the year, 1 to 4.", (4, 1, 1, 4)),
    _date_part("month", "The month, 1 to 12.", (12, 1, 2, 12)),
    _date_part("day", "The day of the month, 1 to 31.", (30, 1, 29, 31)),
    _date_part("day_of_week", "The day of the week as ISO 8601 has it: Monday is 1, Sunday is 7.", (1, 7, 4, 3)),
    _date_part("day_of_year", "The day of the year, 1 to 366.", (365, 1, 60, 365)),
    _date_part(
        "iso_week",
        "The week of ISO 8601, 1 to 53: weeks begin on Monday, week 1 holds the first Thursday.",
        (1, 52, 9, 1),
    ),
    _date_part("iso_year", "The year to which the week of ISO 8601 belongs.", (2025, 2022, 2024, 1970)),
    _clock_part("hour", "The hour, 0 to 23.", (13, 23, 0)),
    _clock_part("minute", "The minute of the hour, 0 to 59.", (14, 59, 0)),
    _clock_part("second", "The whole second of the minute, 0 to 59.", (15, 59, 0)),
    _clock_part("millisecond", "The whole millisecond of the second, 0 to 999.", (123, 999, 0)),
    _clock_part("microsecond", "The microsecond of the second, 0 to 999999.", (123_456, 999_999, 0)),
    Function(
        name="date_trunc",
        family="calendar",
        signatures=(
            sig("(date32) -> date32", _truncated),
            sig("(timestamp[us]) -> timestamp[us]", _truncated),
            sig("(timestamp[us, UTC]) -> timestamp[us, UTC]", _truncated),
        ),
        description=(
            "The beginning of the calendar unit that holds the date or timestamp, of the same type. Weeks begin on "
            f"Monday. Dates have no hours and smaller units. {_AS_UTC}"
        ),
        example=Example(
            (("date32", (*_DAYS, None)),),
            (*map(dt.date.fromisoformat, ("2024-12-30", "2022-12-26", "2024-02-26", "1969-12-29")), None),
            {"unit": "week"},
        ),
        options={"unit": Option(str, "The calendar unit.", choices=(*_DATE_UNITS, *_CLOCK_UNITS))},
    ),
    Function(
        name="last_day",
        family="calendar",
        signatures=(
            sig("(date32) -> date32"),
            sig("(timestamp[us]) -> date32"),
            sig("(timestamp[us, UTC]) -> date32"),
        ),
        description=f"The last day of the month, as a date. {_AS_UTC}",
        example=Example(
            (("date32", (*_DAYS, None)),),
            (*map(dt.date.fromisoformat, ("2024-12-31", "2023-01-31", "2024-02-29", "1969-12-31")), None),
        ),
    ),
    Function(
        name="add_days",
        family="calendar",
        signatures=(
            sig("(date32, int64) -> date32"),
            sig("(timestamp[us], int64) -> timestamp[us]"),
            sig("(timestamp[us, UTC], int64) -> timestamp[us, UTC]"),
        ),
        description=(
            "The date so many days later, or earlier when negative. For timestamps a day is 24 hours. Outside of the years "
            "1 to 9999 engines differ; beyond what a date or timestamp holds it is an error."
        ),
        example=Example(
            (
                ("date32", (*map(dt.date.fromisoformat, ("2024-02-28",) * 4), None)),
                ("int64", (2, -60, 0, None, 1)),
            ),
            (*map(dt.date.fromisoformat, ("2024-03-01", "2023-12-30", "2024-02-28")), None, None),
        ),
    ),
    Function(
        name="add_months",
        family="calendar",
        signatures=(
            sig("(date32, int64) -> date32"),
            sig("(timestamp[us], int64) -> timestamp[us]"),
            sig("(timestamp[us, UTC], int64) -> timestamp[us, UTC]"),
        ),
        description=(
            "The same day so many months later, or earlier when negative; the last day of the month where that day "
            "does not exist. The time of day stays. A month end does not stick: one month after February 29 is "
            "March 29. Outside of the years 1 to 9999 engines differ; beyond what a date or timestamp holds it is an "
            f"error. {_AS_UTC}"
        ),
        example=Example(
            (
                (
                    "date32",
                    (*map(dt.date.fromisoformat, ("2024-01-31", "2024-02-29", "2024-03-31", "2024-01-31")), None),
                ),
                ("int64", (1, 1, -13, None, 1)),
            ),
            (*map(dt.date.fromisoformat, ("2024-02-29", "2024-03-29", "2023-02-28")), None, None),
        ),
    ),
    _between(
        "days_between",
        "How many midnights lie between two dates or timestamps, from the first to the second.",
        (1, -1, 2, 366, 1),
    ),
    _between(
        "months_between",
        "How many first days of a month lie between two dates or timestamps, from the first to the second: years "
        "and months are subtracted, days are ignored.",
        (1, -1, 1, 12, 1),
    ),
    Function(
        name="make_date",
        family="calendar",
        signatures=(sig("(int64, int64, int64) -> date32"),),
        description="The date of a year (1 to 9999), month and day; null when there is no such date.",
        example=Example(
            (
                ("int64", (2024, 2023, 9999, 0, 2024, None)),
                ("int64", (2, 2, 12, 1, 13, 1)),
                ("int64", (29, 29, 31, 1, 1, 1)),
            ),
            (dt.date(2024, 2, 29), None, dt.date(9999, 12, 31), None, None, None),
        ),
        can_be_null=True,
    ),
)
