"""Mutants of parts of dates, of calendar units, and of steps in the calendar."""

from __future__ import annotations

import math
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from onefold.plan import Call, Literal
from onefold.types import DATE, TIMESTAMP_UTC
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import call_becomes
from onefold_conformance.mutants.wrong import fail, function, function_but, null_on_error
from onefold_conformance.oracle.civil import (
    DAY,
    checked_date,
    civil,
    date_number,
    days_in_month,
    iso_week,
    split,
    weekday,
)
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_int64

__all__ = ["MUTANTS"]

_DATE_PARTS = ("year", "quarter", "month", "day", "day_of_week", "day_of_year", "iso_week", "iso_year")
_CLOCK_PARTS = ("hour", "minute", "second", "millisecond", "microsecond")

_KATHMANDU = zoneinfo.ZoneInfo("Asia/Kathmandu")
"""A zone that is 5:45 ahead, so that minutes differ too."""


def _local(value: int) -> int:
    """Return what a session in a local zone takes an instant for."""
    if not -(2**55) < value < 2**55:  # years that Python has
        return value
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    offset = moment.astimezone(_KATHMANDU).utcoffset()
    assert offset is not None
    return value + offset // timedelta(microseconds=1)


def _in_local_zone(of: str) -> FunctionRule:
    right = FUNCTIONS[of]

    def rule(call: Application, value: int, *more: int) -> int:
        changed = _local(value) if call.arg_types[0] == TIMESTAMP_UTC else value
        return right(call, changed, *more)  # type: ignore[no-any-return]

    return rule


def _day_towards_zero(of: str) -> FunctionRule:
    """Days before 1970 are cut towards 1970 instead of rounded down."""
    right = FUNCTIONS[of]

    def rule(call: Application, value: int) -> int:
        if call.arg_types[0] == DATE or value >= 0:
            return right(call, value)  # type: ignore[no-any-return]
        return right(call, -(-value // DAY) * DAY)  # type: ignore[no-any-return]

    return rule


def _time_towards_zero(of: str) -> FunctionRule:
    """The time of day before 1970 is the remainder of a division that cuts, and so not positive."""
    right = FUNCTIONS[of]
    return lambda call, value: right(call, value) if value >= 0 else -right(call, -value)


def _date_part(of: str, name: str, what: str, part: Callable[[int], int]) -> Mutant:
    return function(of, name, what, lambda call, value: part(split(value, call.arg_types[0])[0]))


def _clock_part(of: str, name: str, what: str, part: Callable[[int], int]) -> Mutant:
    return function(of, name, what, lambda call, value: part(split(value, call.arg_types[0])[1]))


def _julian(days: int) -> int:
    """The day of the year where every fourth year is a leap year."""
    year, month, _ = civil(days)
    lost = 1 if year % 100 == 0 and year % 400 and month > 2 else 0
    return days - date_number(year, 1, 1) + 1 + lost


def _day_of_common_year(days: int) -> int:
    year, month, _ = civil(days)
    return days - date_number(year, 1, 1) + 1 - (1 if month > 2 and days_in_month(year, 2) == 29 else 0)


def _plain_week(days: int) -> int:
    return (days - date_number(civil(days)[0], 1, 1)) // 7 + 1


def _week_from_zero(days: int) -> int:
    """The days before the first week of a year are its week 0."""
    year, week = iso_week(days)
    return 0 if year < civil(days)[0] else week


def _without_week_53(days: int) -> int:
    return min(52, iso_week(days)[1])


def _sunday_week(days: int) -> int:
    return iso_week(days + 1)[1]


def _first_january_week(days: int) -> int:
    """Week 1 holds the first of January."""
    first = date_number(civil(days)[0], 1, 1)
    return (days - first + weekday(first) - 1) // 7 + 1


def _iso_year_of_january(days: int) -> int:
    year, month, _ = civil(days)
    return min(iso_week(days)[0], year) if month == 12 else iso_week(days)[0]


def _iso_year_of_december(days: int) -> int:
    year, month, _ = civil(days)
    return max(iso_week(days)[0], year) if month == 1 else iso_week(days)[0]


def _joined(call: Application, days: int, time: int) -> int:
    return checked_date(days) if call.result_type == DATE else checked_int64(days * DAY + time)


def _truncated(unit: str, first: Callable[[int], int]) -> FunctionRule:
    """Truncation with another beginning of one unit."""

    def rule(call: Application, value: int) -> int:
        if call.options["unit"] != unit:
            return FUNCTIONS["date_trunc"](call, value)  # type: ignore[no-any-return]
        return _joined(call, first(split(value, call.arg_types[0])[0]), 0)

    return rule


def _trunc_towards_zero(call: Application, value: int) -> int:
    lengths = {"day": DAY, "hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000, "millisecond": 1_000}
    length = lengths.get(call.options["unit"])
    if length is None or value >= 0 or call.arg_types[0] == DATE:
        return FUNCTIONS["date_trunc"](call, value)  # type: ignore[no-any-return]
    return -(-value // length) * length


def _trunc_keeps_time(call: Application, value: int) -> int:
    truncated: int = FUNCTIONS["date_trunc"](call, value)
    if call.options["unit"] not in ("year", "quarter", "month", "week", "day"):
        return truncated
    return truncated + (0 if call.arg_types[0] == DATE else value % DAY)


def _trunc_milliseconds_are_seconds(call: Application, value: int) -> int:
    return value - value % 1_000_000 if call.options["unit"] == "millisecond" else FUNCTIONS["date_trunc"](call, value)


def _start_of_iso_year(days: int) -> int:
    year, _ = iso_week(days)
    fourth = date_number(year, 1, 4)
    return fourth + 1 - weekday(fourth)


def _start_of_third(days: int) -> int:
    """Quarters of four months."""
    year, month, _ = civil(days)
    return date_number(year, (month - 1) // 4 * 4 + 1, 1)


def _last_day(change: Callable[[int, int, int], int]) -> FunctionRule:
    return lambda call, value: checked_date(change(*civil(split(value, call.arg_types[0])[0])))


def _last_of_next(year: int, month: int, day: int) -> int:
    """The last day of a month belongs to the next one."""
    year, month = _stepped(year, month, 1 if day == days_in_month(year, month) else 0)
    return date_number(year, month, days_in_month(year, month))


def _time_lost(of: str) -> FunctionRule:
    right = FUNCTIONS[of]

    def rule(call: Application, value: int, count: int) -> int:
        changed: int = right(call, value, count)
        return changed if call.result_type == DATE else changed - changed % DAY

    return rule


def _months(change: Callable[[int, int, int, int], tuple[int, int, int]]) -> FunctionRule:
    """Steps of months by another arithmetic of year, month and day."""

    def rule(call: Application, value: int, count: int) -> int:
        days, time = split(value, call.arg_types[0])
        return _joined(call, date_number(*change(*civil(days), count)), time)

    return rule


def _thirty_days(call: Application, value: int, count: int) -> int:
    days, time = split(value, call.arg_types[0])
    return _joined(call, days + 30 * count, time)


def _stepped(year: int, month: int, count: int) -> tuple[int, int]:
    years, months = divmod(month - 1 + count, 12)
    return year + years, months + 1


def _sticky(year: int, month: int, day: int, count: int) -> tuple[int, int, int]:
    """The last day of a month stays the last day."""
    to_year, to_month = _stepped(year, month, count)
    size = days_in_month(to_year, to_month)
    return to_year, to_month, size if day == days_in_month(year, month) else min(day, size)


def _overflowing(year: int, month: int, day: int, count: int) -> tuple[int, int, int]:
    """A day that does not exist is one of the next month."""
    return *_stepped(year, month, count), day


def _leap_forgotten(year: int, month: int, day: int, count: int) -> tuple[int, int, int]:
    """February has 28 days."""
    to_year, to_month = _stepped(year, month, count)
    return to_year, to_month, min(day, 28 if to_month == 2 else days_in_month(to_year, to_month))


def _year_lost(year: int, month: int, day: int, count: int) -> tuple[int, int, int]:
    """Negative months are cut towards the year, not rounded down."""
    months = month - 1 + count
    years = math.trunc(months / 12)
    to_year, to_month = year + years, abs(months - 12 * years) + 1
    return to_year, to_month, min(day, days_in_month(to_year, to_month))


def _whole_days(call: Application, start: int, end: int) -> int:
    """Periods of 24 hours that are over."""
    start, end = (
        value * DAY if dtype == DATE else value for value, dtype in zip((start, end), call.arg_types, strict=True)
    )
    return math.trunc((end - start) // DAY) if end >= start else -((start - end) // DAY)


def _whole_months(call: Application, start: int, end: int) -> int:
    months: int = FUNCTIONS["months_between"](call, start, end)
    first, last = (split(value, dtype) for value, dtype in zip((start, end), call.arg_types, strict=True))
    begin, finish = (civil(first[0])[2], first[1]), (civil(last[0])[2], last[1])
    if months > 0 and finish < begin:
        return months - 1
    return months + 1 if months < 0 and finish > begin else months


def _thirty_day_months(call: Application, start: int, end: int) -> int:
    return int(FUNCTIONS["days_between"](call, start, end) / 30)


def _months_by_years(call: Application, start: int, end: int) -> int:
    """The months alone, the years forgotten."""
    return FUNCTIONS["months_between"](call, start, end) % 12  # type: ignore[no-any-return]


def _ends_in_local_zone(of: str) -> FunctionRule:
    right = FUNCTIONS[of]

    def rule(call: Application, start: int, end: int) -> int:
        ends = zip((start, end), call.arg_types, strict=True)
        return right(call, *(_local(v) if dtype == TIMESTAMP_UTC else v for v, dtype in ends))  # type: ignore[no-any-return]

    return rule


def _absolute(of: str) -> FunctionRule:
    return lambda call, start, end: abs(FUNCTIONS[of](call, start, end))


def _rolled_over(year: int, month: int, day: int) -> int:
    years, months = divmod(month - 1, 12)
    return date_number(year + years, months + 1, 1) + day - 1


def _near(year: int, month: int, day: int) -> bool:
    """Whether a date that does not exist is near to one that does."""
    return 1 <= year <= 9999 and -100 < month < 100 and -1000 < day < 1000


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


_NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def _same_clock(call: Application, value: int, count: int) -> int:
    """A day is as long as the zone says: 23, 24 or 25 hours."""
    later: int = FUNCTIONS["add_days"](call, value, count)
    if call.arg_types[0] != TIMESTAMP_UTC or not 0 < value < 2**52 or not 0 < later < 2**52:
        return later
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    before, after = (
        (epoch + timedelta(microseconds=at)).astimezone(_NEW_YORK).utcoffset() or timedelta() for at in (value, later)
    )
    return later - (after - before) // timedelta(microseconds=1)


def _clipped(year: int, month: int, day: int) -> int:
    return date_number(year, month, min(day, days_in_month(year, month)))


def _date_of_yesterday(call: Application, value: int) -> int:
    return FUNCTIONS["date_trunc"](call, value - 1 if call.arg_types[0] == DATE else value)  # type: ignore[no-any-return]


MUTANTS: tuple[Mutant, ...] = (
    *(function(name, "cut-before-1970", f"Takes days before 1970 for the next one in {name}.", _day_towards_zero(name)) for name in _DATE_PARTS),
    *(function(name, "in-a-local-zone", f"Reads instants in a local zone in {name}.", _in_local_zone(name)) for name in (*_DATE_PARTS, "hour", "minute", "date_trunc", "last_day")),
    *(function(name, "negative-before-1970", f"Returns negative numbers from {name} before 1970.", _time_towards_zero(name)) for name in _CLOCK_PARTS),
    _date_part("year", "of-two-digits", "Returns the last two digits of the year.", lambda days: civil(days)[0] % 100),
    _date_part("year", "by-average", "Computes the year from its average length.", lambda days: 1970 + math.floor(days / 365.25)),
    _date_part("year", "iso", "Returns the ISO year for the year.", lambda days: iso_week(days)[0]),
    _date_part("quarter", "from-zero", "Counts quarters from 0.", lambda days: (civil(days)[1] - 1) // 3),
    _date_part("quarter", "of-four-months", "Takes quarters for four months long.", lambda days: (civil(days)[1] - 1) // 4 + 1),
    _date_part("quarter", "late", "Begins quarters a month late.", lambda days: max(1, civil(days)[1] // 3) if civil(days)[1] < 12 else 4),
    _date_part("month", "from-zero", "Counts months from 0.", lambda days: civil(days)[1] - 1),
    _date_part("month", "december-is-zero", "Counts December as month 0.", lambda days: civil(days)[1] % 12),
    _date_part("day", "from-zero", "Counts days of the month from 0.", lambda days: civil(days)[2] - 1),
    _date_part("day", "no-leap-day", "Takes the 29th of February for the 1st of March.", lambda days: 1 if civil(days)[1:] == (2, 29) else civil(days)[2]),
    _date_part("day_of_week", "sunday-is-zero", "Counts days of the week from Sunday as 0.", lambda days: weekday(days) % 7),
    _date_part("day_of_week", "sunday-is-one", "Counts days of the week from Sunday as 1.", lambda days: weekday(days) % 7 + 1),
    _date_part("day_of_week", "monday-is-zero", "Counts days of the week from Monday as 0.", lambda days: weekday(days) - 1),
    _date_part("day_of_week", "wrong-before-1970", "Takes the remainder of a negative number for the day of the week.", lambda days: int(math.fmod(days + 3, 7)) + 1),
    _date_part("day_of_year", "from-zero", "Counts days of the year from 0.", lambda days: days - date_number(civil(days)[0], 1, 1)),
    _date_part("day_of_year", "without-leap-day", "Forgets the 29th of February.", _day_of_common_year),
    _date_part("day_of_year", "julian", "Takes 1900 for a leap year.", _julian),
    _date_part("iso_week", "from-the-first", "Counts weeks from the first of January.", _plain_week),
    _date_part("iso_week", "sunday", "Begins weeks on Sunday.", _sunday_week),
    _date_part("iso_week", "with-week-zero", "Counts days before the first week as week 0.", _week_from_zero),
    _date_part("iso_week", "without-week-53", "Knows no week 53.", _without_week_53),
    _date_part("iso_week", "first-of-january", "Takes the week of the first of January for week 1.", _first_january_week),
    _date_part("iso_year", "is-the-year", "Returns the year for the ISO year.", lambda days: civil(days)[0]),
    _date_part("iso_year", "december-stays", "Returns the year for the ISO year at its end.", _iso_year_of_january),
    _date_part("iso_year", "january-stays", "Returns the year for the ISO year at its beginning.", _iso_year_of_december),
    _date_part("iso_year", "sunday", "Begins the weeks of the ISO year on Sunday.", lambda days: iso_week(days + 1)[0]),
    _clock_part("hour", "of-twelve", "Counts hours to 12.", lambda time: (time // 3_600_000_000 - 1) % 12 + 1),
    _clock_part("hour", "rounds", "Rounds hours.", lambda time: (time + 1_800_000_000) // 3_600_000_000),
    _clock_part("hour", "midnight-is-24", "Returns 24 for the hour of midnight.", lambda time: time // 3_600_000_000 or 24),
    _clock_part("minute", "rounds", "Rounds minutes.", lambda time: (time + 30_000_000) // 60_000_000 % 60),
    _clock_part("minute", "of-the-day", "Counts minutes of the day.", lambda time: time // 60_000_000),
    _clock_part("second", "rounds", "Rounds seconds.", lambda time: (time + 500_000) // 1_000_000 % 60),
    _clock_part("second", "of-the-hour", "Counts seconds of the hour.", lambda time: time // 1_000_000 % 3600),
    _clock_part("millisecond", "of-the-minute", "Counts milliseconds of the minute.", lambda time: time // 1_000 % 60_000),
    _clock_part("millisecond", "rounds", "Rounds milliseconds.", lambda time: (time + 500) // 1_000 % 1_000),
    _clock_part("microsecond", "of-the-millisecond", "Counts microseconds of the millisecond.", lambda time: time % 1_000),
    _clock_part("microsecond", "of-the-minute", "Counts microseconds of the minute.", lambda time: time % 60_000_000),
    _clock_part("microsecond", "in-milliseconds", "Cuts microseconds to whole milliseconds.", lambda time: time % 1_000_000 // 1_000 * 1_000),
    function("date_trunc", "week-from-sunday", "Begins weeks on Sunday in date_trunc.", _truncated("week", lambda days: days - weekday(days) % 7)),
    function("date_trunc", "week-within-the-year", "Counts weeks from the first of January in date_trunc.", _truncated("week", lambda days: days - (days - date_number(civil(days)[0], 1, 1)) % 7)),
    function("date_trunc", "week-of-the-epoch", "Counts weeks from Thursday, 1970-01-01, in date_trunc.", _truncated("week", lambda days: days - days % 7)),
    function("date_trunc", "quarter-of-four-months", "Takes quarters for four months long in date_trunc.", _truncated("quarter", _start_of_third)),
    function("date_trunc", "quarter-is-month", "Takes quarters for months in date_trunc.", _truncated("quarter", lambda days: date_number(*civil(days)[:2], 1))),
    function("date_trunc", "iso-year", "Begins years with their first ISO week in date_trunc.", _truncated("year", _start_of_iso_year)),
    function("date_trunc", "cut-before-1970", "Cuts times before 1970 up instead of down.", _trunc_towards_zero),
    function("date_trunc", "keeps-the-time", "Leaves the time of day when it truncates the date.", _trunc_keeps_time),
    function("date_trunc", "milliseconds-are-seconds", "Takes milliseconds for seconds in date_trunc.", _trunc_milliseconds_are_seconds),
    function("last_day", "thirty-days", "Takes 30 for the last day of every month but February.", _last_day(lambda y, m, d: date_number(y, m, min(30, days_in_month(y, m))))),
    function("last_day", "no-leap-day", "Takes the 28th for the last day of every February.", _last_day(lambda y, m, d: date_number(y, m, 28 if m == 2 else days_in_month(y, m)))),
    function("last_day", "julian", "Takes 1900 for a leap year in last_day.", _last_day(lambda y, m, d: date_number(y, m, days_in_month(y, m)) + (m == 2 and y % 100 == 0 and y % 400 != 0))),
    function("last_day", "next-month", "Returns the first day of the next month.", _last_day(lambda y, m, d: date_number(y, m, days_in_month(y, m)) + 1)),
    function("last_day", "last-day-is-of-the-next", "Returns the last day of the next month for the last day of a month.", _last_day(_last_of_next)),
    *(function(name, "loses-the-time", f"Loses the time of day in {name}.", _time_lost(name)) for name in ("add_days", "add_months")),
    *(null_on_error(name) for name in ("add_days", "add_months")),
    function("add_days", "ignores-the-sign", "Adds days where it should take them away.", lambda call, value, count: FUNCTIONS["add_days"](call, value, abs(count))),
    function("add_days", "working-days", "Counts the days from Monday to Friday only.", lambda call, value, count: FUNCTIONS["add_days"](call, value, count + 2 * (count // 5))),
    function("add_days", "calendar-days-of-a-zone", "Keeps the wall clock of a local zone when it adds days to an instant.", _same_clock),
    function("add_months", "thirty-days", "Takes a month for 30 days.", _thirty_days),
    function("add_months", "sticky-end", "Takes the last day of a month to the last day of the other.", _months(_sticky)),
    function("add_months", "overflows", "Takes a day that does not exist for one of the next month.", _months(_overflowing)),
    function("add_months", "no-leap-day", "Ends February with the 28th in add_months.", _months(_leap_forgotten)),
    function("add_months", "wrong-below-the-year", "Goes wrong where months cross the beginning of a year backwards.", _months(_year_lost)),
    function("days_between", "whole-days", "Counts periods of 24 hours instead of midnights.", _whole_days),
    function("days_between", "absolute", "Ignores the sign of days_between.", _absolute("days_between")),
    function("days_between", "reversed", "Counts days from the second to the first.", lambda call, start, end: -FUNCTIONS["days_between"](call, start, end)),
    function("days_between", "both-ends", "Counts both days.", lambda call, start, end: FUNCTIONS["days_between"](call, start, end) + 1),
    function("months_between", "whole-months", "Counts months that are over.", _whole_months),
    function("months_between", "thirty-days", "Counts periods of 30 days.", _thirty_day_months),
    function("months_between", "absolute", "Ignores the sign of months_between.", _absolute("months_between")),
    function("months_between", "without-years", "Forgets the years in months_between.", _months_by_years),
    *(function(name, "in-a-local-zone", f"Reads instants in a local zone in {name}.", _ends_in_local_zone(name)) for name in ("days_between", "months_between")),
    function_but("make_date", "rolls-over", "Takes a day or month that does not exist for a later one.", lambda y, m, d: _near(y, m, d) and not _exists(y, m, d), _rolled_over),
    function_but("make_date", "clips", "Takes a day that does not exist for the last of the month.", lambda y, m, d: 1 <= y <= 9999 and 1 <= m <= 12 and d > days_in_month(y, m), _clipped),
    function_but("make_date", "fails", "Fails for a date that does not exist.", lambda y, m, d: not _exists(y, m, d), fail),
    function_but("make_date", "two-digit-years", "Takes years below 100 for those of 1900 or 2000.", lambda y, m, d: 1 <= y < 100 and _exists(y, m, d), lambda y, m, d: date_number(y + (2000 if y < 70 else 1900), m, d)),
    function_but("make_date", "year-zero", "Knows a year 0.", lambda y, m, d: y == 0 and 1 <= m <= 12 and 1 <= d <= 28, date_number),
    function_but("make_date", "year-10000", "Knows years after 9999.", lambda y, m, d: 9999 < y < 20_000 and 1 <= m <= 12 and 1 <= d <= 28, date_number),
    function_but("make_date", "julian", "Takes the 29th of February 1900 for a date.", lambda y, m, d: (m, d) == (2, 29) and y % 100 == 0 and y % 400 != 0 and y > 0, _rolled_over),
    call_becomes("make_date", "null-is-one", "Takes a null month or day for 1.", lambda call: call.replace(args=(call.args[0], *(Call(function="coalesce", args=(arg, Literal.of(1))) for arg in call.args[1:])))),
    function_but("add_days", "none-is-null", "Returns null for no days.", lambda value, count: count == 0),
    function("date_trunc", "dates-in-a-local-zone", "Takes a date for an instant of the day before in a zone, and truncates that.", _date_of_yesterday),
    _date_part("iso_year", "without-week-53", "Counts days of week 53 to the next ISO year.", lambda days: iso_week(days)[0] + (iso_week(days)[1] == 53)),
    function("make_date", "month-and-day-swapped", "Takes the month for the day where it can be one.", lambda call, y, m, d: FUNCTIONS["make_date"](call, y, d, m) if d <= 12 else FUNCTIONS["make_date"](call, y, m, d)),
    function("months_between", "both-ends", "Counts both months.", lambda call, start, end: FUNCTIONS["months_between"](call, start, end) + 1),
)  # fmt: skip
"""Wrong calendars."""
