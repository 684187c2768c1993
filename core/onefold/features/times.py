"""Methods for dates and timestamps: ``col("departed_at").dt.hour()``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from onefold.errors import DefinitionError, listed
from onefold.features.deferred import Convert, Invoke
from onefold.plan import get_function
from onefold.types import DATE, Duration, parse_duration

if TYPE_CHECKING:
    from onefold.features.expressions import Expr

__all__ = ["TimeMethods", "signed_duration"]

_EPOCH_UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds"}


def signed_duration(value: Duration) -> int:
    """Return a duration that may point into the past, in microseconds.

    Args:
        value: Text such as ``"1d"`` or ``"-90m"``, or a ``timedelta``.

    Raises:
        DefinitionError: If it is no duration.

    Examples:
        >>> signed_duration("-1h")
        -3600000000
    """
    if isinstance(value, dt.timedelta):
        return value // dt.timedelta(microseconds=1)
    text = str(value).strip()
    if text.startswith("-"):
        return -parse_duration(text[1:], what="length of time", zero=True)
    return parse_duration(value, what="length of time", zero=True)


class TimeMethods:
    """What ``expr.dt`` offers. Null gives null; instants are read in UTC, use :meth:`local_time` for other zones."""

    __slots__ = ("_expr",)

    def __init__(self, expr: Expr) -> None:
        self._expr = expr

    def year(self) -> Expr:
        """Return the year as int64."""
        return self._expr.apply("year")

    def quarter(self) -> Expr:
        """Return the quarter, 1 to 4."""
        return self._expr.apply("quarter")

    def month(self) -> Expr:
        """Return the month, 1 to 12."""
        return self._expr.apply("month")

    def day(self) -> Expr:
        """Return the day of the month, 1 to 31."""
        return self._expr.apply("day")

    def weekday(self) -> Expr:
        """Return the day of the week: Monday is 1, Sunday is 7."""
        return self._expr.apply("day_of_week")

    def ordinal_day(self) -> Expr:
        """Return the day of the year, from 1."""
        return self._expr.apply("day_of_year")

    def week(self) -> Expr:
        """Return the ISO week of the ISO year, 1 to 53."""
        return self._expr.apply("iso_week")

    def iso_year(self) -> Expr:
        """Return the ISO year, to which the ISO week belongs."""
        return self._expr.apply("iso_year")

    def hour(self) -> Expr:
        """Return the hour, 0 to 23."""
        return self._expr.apply("hour")

    def minute(self) -> Expr:
        """Return the minute, 0 to 59."""
        return self._expr.apply("minute")

    def second(self) -> Expr:
        """Return the whole second, 0 to 59."""
        return self._expr.apply("second")

    def millisecond(self) -> Expr:
        """Return what :func:`onefold.features.call` of ``"millisecond"`` gives; see the catalogue."""
        return self._expr.apply("millisecond")

    def microsecond(self) -> Expr:
        """Return what :func:`onefold.features.call` of ``"microsecond"`` gives; see the catalogue."""
        return self._expr.apply("microsecond")

    def date(self) -> Expr:
        """Return the date."""
        return self._expr.wrapped(Convert(self._expr.node, DATE, "error"))

    def truncate(self, unit: Duration) -> Expr:
        """Return the beginning of the calendar unit or bucket that holds the time.

        Args:
            unit: A calendar unit (``"year"``, ``"quarter"``, ``"month"``, ``"week"`` from Monday, ``"day"``,
                ``"hour"``, ``"minute"``, ``"second"``, ``"millisecond"``), or the length of buckets that are aligned
                to 1970-01-01T00:00Z, such as ``"15m"``.

        Examples:
            >>> from onefold.features import col
            >>> col("at").dt.truncate("month"), col("at").dt.truncate("15m")
            (date_trunc(col('at'), unit='month'), time_bucket(col('at'), every=900000000))
        """
        units = get_function("date_trunc").options["unit"].choices or ()
        if unit in units:
            return self._expr.apply("date_trunc", unit=unit)
        return self._expr.apply("time_bucket", every=parse_duration(unit, what="unit or length of a bucket"))

    def month_end(self) -> Expr:
        """Return the last day of the month, as a date."""
        return self._expr.apply("last_day")

    def offset_by(self, by: Duration) -> Expr:
        """Return the time shifted by a length, such as ``"1d"`` or ``"-90m"``; a day is 24 hours."""
        return self._expr.apply("add_duration", signed_duration(by))

    def add_days(self, days: Any) -> Expr:
        """Return the date so many days later; for timestamps a day is 24 hours."""
        return self._expr.apply("add_days", days)

    def add_months(self, months: Any) -> Expr:
        """Return the same day so many months later, or the last day of a month that has no such day."""
        return self._expr.apply("add_months", months)

    def microseconds_since(self, earlier: Any) -> Expr:
        """Return the microseconds that have passed since another timestamp; negative when that is later.

        Args:
            earlier: A timestamp of the same type.

        Examples:
            >>> from onefold.features import col
            >>> col("landed").dt.microseconds_since(col("departed"))
            duration_between(col('departed'), col('landed'))
        """
        return self._since("duration_between", earlier)

    def days_since(self, earlier: Any) -> Expr:
        """Return how many midnights lie between another date or timestamp and this one."""
        return self._since("days_between", earlier)

    def months_since(self, earlier: Any) -> Expr:
        """Return how many first days of a month lie between another date or timestamp and this one."""
        return self._since("months_between", earlier)

    def _since(self, function: str, earlier: Any) -> Expr:
        return self._expr.wrapped(Invoke(function, (self._expr.operand(earlier), self._expr.node)))

    def local_time(self, zone: str) -> Expr:
        """Return the wall clock of a time zone at an instant, for hours of the day and local dates.

        Args:
            zone: An IANA name such as ``"America/New_York"``.
        """
        return self._expr.apply("local_time", zone=zone)

    def strftime(self, format: str) -> Expr:
        """Return the time as text, such as ``"%Y-%m-%d %H:%M:%S"``; only formats of digits are portable."""
        return self._expr.apply("strftime", format=format)

    def epoch(self, unit: Literal["s", "ms", "us"] = "us") -> Expr:
        """Return the number of whole units since 1970-01-01T00:00Z.

        Args:
            unit: ``"s"``, ``"ms"`` or ``"us"``.
        """
        return self._expr.apply(f"epoch_{epoch_unit(unit)}")


def epoch_unit(unit: str) -> str:
    """Return the catalogue's word for a unit of time since 1970.

    Raises:
        DefinitionError: If there is no such unit.
    """
    if unit not in _EPOCH_UNITS:
        raise DefinitionError(f"There is no epoch unit {unit!r}. {listed(str(unit), _EPOCH_UNITS, what='units')}")
    return _EPOCH_UNITS[unit]
