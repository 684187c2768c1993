"""The proleptic Gregorian calendar in whole numbers: of any year, where Python's dates end at 1 and 9999."""

from __future__ import annotations

from onefold.types import DATE, DataType
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.values import Value

__all__ = [
    "DAY",
    "FOUR_CENTURIES",
    "checked_date",
    "civil",
    "civil_date",
    "date_number",
    "days_in_month",
    "iso_week",
    "split",
    "time_number",
    "weekday",
]

DAY = 86_400_000_000
"""The microseconds of a day."""

FOUR_CENTURIES = 146_097
"""The days after which the calendar repeats itself, days of the week included."""


def is_leap(year: int) -> bool:
    """Return whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month.

    Examples:
        >>> days_in_month(1900, 2), days_in_month(2000, 2)
        (28, 29)
    """
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def new_year(year: int) -> int:
    """Return the first day of a year, in days since 1970-01-01."""
    before = year - 1
    return 365 * before + before // 4 - before // 100 + before // 400 - 719_162


def date_number(year: int, month: int, day: int) -> int:
    """Return a date as days since 1970-01-01.

    Examples:
        >>> date_number(1969, 12, 31), date_number(2000, 3, 1)
        (-1, 11017)
    """
    return new_year(year) + sum(days_in_month(year, earlier) for earlier in range(1, month)) + day - 1


def civil(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a date.

    Examples:
        >>> civil(-1), civil(11017)
        ((1969, 12, 31), (2000, 3, 1))
    """
    year = 1970 + 400 * days // FOUR_CENTURIES  # at most one off, since no year is far from the average one
    while new_year(year) > days:
        year -= 1
    while new_year(year + 1) <= days:
        year += 1
    month, rest = 1, days - new_year(year)
    while rest >= days_in_month(year, month):
        rest -= days_in_month(year, month)
        month += 1
    return year, month, rest + 1


def weekday(days: int) -> int:
    """Return the day of the week of a date: Monday is 1, Sunday is 7.

    Examples:
        >>> weekday(0)  # a Thursday
        4
    """
    return (days + 3) % 7 + 1


def iso_week(days: int) -> tuple[int, int]:
    """Return the year and week of ISO 8601 of a date: those of the Thursday in its week.

    Examples:
        >>> iso_week(date_number(2023, 1, 1))
        (2022, 52)
    """
    thursday = days + 4 - weekday(days)
    year, _, _ = civil(thursday)
    return year, (thursday - new_year(year)) // 7 + 1


def civil_date(year: int, month: int, day: int) -> int | None:
    """Return the date of a year (1 to 9999), month and day as days since 1970-01-01; None when there is none."""
    if 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month):
        return date_number(year, month, day)
    return None


def time_number(hour: int, minute: int, second: int, microsecond: int = 0) -> int | None:
    """Return a time of day as microseconds since midnight; None when there is none."""
    if hour < 24 and minute < 60 and second < 60:
        return ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond
    return None


def split(value: Value, dtype: DataType) -> tuple[int, int]:
    """Return a date or timestamp as days since 1970-01-01 and microseconds since midnight.

    Examples:
        >>> from onefold.types import TIMESTAMP
        >>> split(-1, TIMESTAMP)
        (-1, 86399999999)
    """
    return (value, 0) if dtype == DATE else divmod(value, DAY)


def checked_date(days: int) -> int:
    """Return a date that fits in date32.

    Raises:
        ValueFailure: If it does not fit.
    """
    if not -(2**31) <= days < 2**31:
        raise ValueFailure(f"the date {days} days after 1970-01-01 does not fit in date32")
    return days
