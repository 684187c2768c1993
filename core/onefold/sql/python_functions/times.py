"""Dates and times in Python."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["EPOCHS", "TIMES"]

_UNITS = ("year", "month", "day", "hour", "minute", "second")


def _months_later(t: dt.datetime, months: int) -> dt.datetime:
    year, month = divmod(t.year * 12 + t.month - 1 + months, 12)
    return t.replace(year=year, month=month + 1, day=min(t.day, monthrange(year, month + 1)[1]))


def _truncated(t: dt.datetime, unit: str) -> dt.datetime:
    if unit == "millisecond":
        return t.replace(microsecond=t.microsecond // 1000 * 1000)
    day = t.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        return day - dt.timedelta(days=t.weekday())
    if unit == "quarter":
        return day.replace(month=(t.month - 1) // 3 * 3 + 1, day=1)
    kept = _UNITS.index(unit) + 1
    return dt.datetime(*t.timetuple()[:kept], *(1,) * (3 - kept))  # type: ignore[arg-type]  # noqa: DTZ001 - wall clocks in UTC


def _formatted(t: dt.datetime, format: str) -> str:
    return t.strftime(format.replace("%Y", f"{t.year:04}"))  # the platform may leave out the zeros


def _parsed(text: str, format: str) -> dt.datetime | None:
    found = _or_null(lambda: dt.datetime.strptime(text, format))  # noqa: DTZ007 - as above
    return found if found and _formatted(found, format) == text else None


def _or_null(value: Callable[[], Any]) -> Any:
    try:
        return value()
    except (ArithmeticError, ValueError):
        return None


EPOCHS: Mapping[str, Callable[..., Any]] = {
    "make_date": lambda *args: _or_null(lambda: dt.datetime(*args)),  # noqa: DTZ001 - as above
    "add_duration": lambda a, b: a + b,
    "duration_between": lambda a, b: b - a,
    "epoch_seconds": lambda a: a // 1_000_000,
    "epoch_milliseconds": lambda a: a // 1_000,
    "from_epoch_seconds": lambda a: a * 1_000_000,
    "from_epoch_milliseconds": lambda a: a * 1_000,
    "time_bucket": lambda a, every: a // every * every,
}
"""Functions of times as numbers."""

TIMES: Mapping[str, Callable[..., Any]] = {
    **{name: lambda t, name=name: getattr(t, name) for name in (*_UNITS, "microsecond")},
    "quarter": lambda t: (t.month + 2) // 3,
    "day_of_week": lambda t: t.isoweekday(),
    "day_of_year": lambda t: t.timetuple().tm_yday,
    "iso_week": lambda t: t.isocalendar().week,
    "iso_year": lambda t: t.isocalendar().year,
    "millisecond": lambda t: t.microsecond // 1000,
    "date_trunc": _truncated,
    "last_day": lambda t: t.replace(day=monthrange(t.year, t.month)[1]),
    "add_days": lambda t, days: t + dt.timedelta(days=days),
    "add_months": _months_later,
    "days_between": lambda a, b: (b.date() - a.date()).days,
    "months_between": lambda a, b: (b.year - a.year) * 12 + b.month - a.month,
    "local_time": lambda t, zone: t.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None),
    "strftime": _formatted,
    "to_date": _parsed,
    "to_timestamp": _parsed,
}
"""Functions of dates and timestamps as ``datetime``."""
