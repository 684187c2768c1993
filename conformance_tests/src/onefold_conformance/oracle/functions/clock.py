"""Timestamps: exact lengths of time, wall clocks of zones, and their text."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping

from onefold_conformance.oracle.civil import DAY, FOUR_CENTURIES, civil, civil_date, split, time_number
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_int64

__all__ = ["RULES", "formatted"]

_DIGITS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 6}
"""How many digits each directive of a format has."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CYCLE = FOUR_CENTURIES * DAY
_EARLIEST, _LATEST = -4 * _CYCLE, 20 * _CYCLE
"""The beginnings of the years 370 and 9970."""


def add_duration(call: Application, value: int, microseconds: int) -> int:
    """Return the timestamp so many microseconds later."""
    return checked_int64(value + microseconds)


def duration_between(call: Application, start: int, end: int) -> int:
    """Return the microseconds from the first timestamp to the second."""
    return checked_int64(end - start)


def local_time(call: Application, instant: int) -> int:
    """Return the wall clock that a time zone shows at an instant."""
    # Python's dates end with the years 1 and 9999. Beyond, a zone goes on as the calendar does, which repeats itself.
    moment = instant
    if instant < _EARLIEST:
        moment = _EARLIEST + (instant - _EARLIEST) % _CYCLE
    elif instant >= _LATEST:
        moment = _LATEST - _CYCLE + (instant - _LATEST) % _CYCLE
    shown = (_EPOCH + dt.timedelta(microseconds=moment)).astimezone(zoneinfo.ZoneInfo(call.options["zone"]))
    offset = shown.utcoffset()
    assert offset is not None
    return checked_int64(instant + offset // dt.timedelta(microseconds=1))


def formatted(days: int, time: int, form: str) -> str:
    """Return a date and a time of day as text in a format.

    Examples:
        >>> formatted(-1, 1, "%d.%m.%Y %H:%M:%S,%f")
        '31.12.1969 00:00:00,000001'
    """
    year, month, day = civil(days)
    seconds, microsecond = divmod(time, 1_000_000)
    values = {
        "Y": year,
        "m": month,
        "d": day,
        "H": seconds // 3600,
        "M": seconds // 60 % 60,
        "S": seconds % 60,
        "f": microsecond,
    }
    return re.sub("%(.)", lambda found: f"{values[found[1]]:0{_DIGITS[found[1]]}}", form)


def strftime(call: Application, value: int) -> str:
    """Return a date or timestamp as text in a format of digits."""
    days, time = split(value, call.arg_types[0])
    return formatted(days, time, call.options["format"])


def _parsed(text: str, form: str) -> tuple[int, int] | None:
    """Return the date and the time of day that a text in a format means, or None."""
    names = re.findall("%(.)", form)
    pattern = re.sub("%(.)", lambda found: f"([0-9]{{{_DIGITS[found[1]]}}})", re.escape(form))
    found = re.fullmatch(pattern, text)
    if found is None:
        return None
    values = dict.fromkeys("HMSf", 0) | dict(zip(names, map(int, found.groups()), strict=True))
    days = civil_date(values["Y"], values["m"], values["d"])
    time = time_number(values["H"], values["M"], values["S"], values["f"])
    return None if days is None or time is None else (days, time)


def to_date(call: Application, text: str) -> int | None:
    """Return the date that a text in a format means; null when it has another form or there is no such date."""
    found = _parsed(text, call.options["format"])
    return None if found is None else found[0]


def to_timestamp(call: Application, text: str) -> int | None:
    """Return the wall clock that a text in a format means; null when it has another form or there is no such time."""
    found = _parsed(text, call.options["format"])
    return None if found is None else found[0] * DAY + found[1]


RULES: Mapping[str, FunctionRule] = {
    "add_duration": add_duration,
    "duration_between": duration_between,
    "local_time": local_time,
    "strftime": strftime,
    "to_date": to_date,
    "to_timestamp": to_timestamp,
}
