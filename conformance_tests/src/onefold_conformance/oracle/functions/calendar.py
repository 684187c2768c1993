"""Parts of dates and timestamps, calendar units, and steps in the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from onefold.types import DATE
from onefold_conformance.oracle.civil import (
    DAY,
    checked_date,
    civil,
    civil_date,
    date_number,
    days_in_month,
    iso_week,
    split,
    weekday,
)
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_int64

__all__ = ["RULES"]

_CLOCK_UNITS = {"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000, "millisecond": 1_000}
"""The microseconds of units below the day."""


def _date_part(part: Callable[[int], int]) -> FunctionRule:
    """Return the rule of a part of the date, given the days since 1970-01-01."""

    def rule(call: Application, value: int) -> int:
        days, _ = split(value, call.arg_types[0])
        return part(days)

    return rule


def _clock_part(part: Callable[[int], int]) -> FunctionRule:
    """Return the rule of a part of the time of day, given the microseconds since midnight."""

    def rule(call: Application, value: int) -> int:
        _, time = split(value, call.arg_types[0])
        return part(time)

    return rule


def _quarter(days: int) -> int:
    return (civil(days)[1] + 2) // 3


def _day_of_year(days: int) -> int:
    return days - date_number(civil(days)[0], 1, 1) + 1


def _joined(call: Application, days: int, time: int) -> int:
    """Return a date or timestamp of the type of the result, or fail where it does not fit."""
    return checked_date(days) if call.result_type == DATE else checked_int64(days * DAY + time)


def date_trunc(call: Application, value: int) -> int:
    """Return the beginning of the calendar unit that holds the date or timestamp."""
    days, time = split(value, call.arg_types[0])
    unit = call.options["unit"]
    if unit in _CLOCK_UNITS:
        return _joined(call, days, time - time % _CLOCK_UNITS[unit])
    year, month, _ = civil(days)
    first = {
        "year": date_number(year, 1, 1),
        "quarter": date_number(year, 3 * _quarter(days) - 2, 1),
        "month": date_number(year, month, 1),
        "week": days + 1 - weekday(days),
        "day": days,
    }
    return _joined(call, first[unit], 0)


def last_day(call: Application, value: int) -> int:
    """Return the last day of the month, as a date."""
    year, month, _ = civil(split(value, call.arg_types[0])[0])
    return checked_date(date_number(year, month, days_in_month(year, month)))


def add_days(call: Application, value: int, count: int) -> int:
    """Return the date or timestamp so many times 24 hours later."""
    days, time = split(value, call.arg_types[0])
    return _joined(call, days + count, time)


def add_months(call: Application, value: int, count: int) -> int:
    """Return the same day so many months later, or the last day of the month where it does not exist."""
    days, time = split(value, call.arg_types[0])
    year, month, day = civil(days)
    years, months = divmod(month - 1 + count, 12)
    year, month = year + years, months + 1
    return _joined(call, date_number(year, month, min(day, days_in_month(year, month))), time)


def days_between(call: Application, start: int, end: int) -> int:
    """Return how many midnights lie between two dates or timestamps."""
    (start_type, end_type) = call.arg_types
    return split(end, end_type)[0] - split(start, start_type)[0]


def months_between(call: Application, start: int, end: int) -> int:
    """Return how many first days of a month lie between two dates or timestamps."""
    (start_type, end_type) = call.arg_types
    start_year, start_month, _ = civil(split(start, start_type)[0])
    end_year, end_month, _ = civil(split(end, end_type)[0])
    return 12 * (end_year - start_year) + end_month - start_month


def make_date(call: Application, year: int, month: int, day: int) -> int | None:
    """Return the date of a year, month and day; null when there is none."""
    return civil_date(year, month, day)


RULES: Mapping[str, FunctionRule] = {
    "year": _date_part(lambda days: civil(days)[0]),
    "quarter": _date_part(_quarter),
    "month": _date_part(lambda days: civil(days)[1]),
    "day": _date_part(lambda days: civil(days)[2]),
    "day_of_week": _date_part(weekday),
    "day_of_year": _date_part(_day_of_year),
    "iso_week": _date_part(lambda days: iso_week(days)[1]),
    "iso_year": _date_part(lambda days: iso_week(days)[0]),
    "hour": _clock_part(lambda time: time // 3_600_000_000),
    "minute": _clock_part(lambda time: time // 60_000_000 % 60),
    "second": _clock_part(lambda time: time // 1_000_000 % 60),
    "millisecond": _clock_part(lambda time: time // 1_000 % 1_000),
    "microsecond": _clock_part(lambda time: time % 1_000_000),
    "date_trunc": date_trunc,
    "last_day": last_day,
    "add_days": add_days,
    "add_months": add_months,
    "days_between": days_between,
    "months_between": months_between,
    "make_date": make_date,
}
