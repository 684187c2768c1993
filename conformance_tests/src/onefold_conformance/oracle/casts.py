"""Conversions between types, each by the text of :class:`onefold.plan.Cast`."""

from __future__ import annotations

import decimal
import math
import re
from collections.abc import Mapping
from types import MappingProxyType

from onefold.types import DataType, Decimal
from onefold_conformance.oracle.civil import DAY, civil_date, split, time_number
from onefold_conformance.oracle.functions.clock import formatted
from onefold_conformance.oracle.interface import CastRule, ValueFailure
from onefold_conformance.oracle.numbers import checked_decimal, checked_int64, round_half_away
from onefold_conformance.oracle.values import Value

__all__ = ["CASTS", "cast_kind"]

_NUMERAL = r"[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"
_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.]([0-9]{1,6}))?"
_TRUE, _FALSE = {"true", "t", "yes", "y", "1"}, {"false", "f", "no", "n", "0"}


def cast_kind(dtype: DataType) -> str:
    """Return the name of a type in the table of casts, where all decimals are one.

    Examples:
        >>> cast_kind(Decimal(10, 2))
        'decimal'
    """
    return "decimal" if isinstance(dtype, Decimal) else str(dtype)


def _match(pattern: str, text: str, target: DataType) -> re.Match[str]:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueFailure(f"{text!r:.80} is not the text of a {target}")
    return found


# -- to numbers


def int_to_float(value: int, source: DataType, target: DataType) -> float:
    """Return the nearest float64."""
    return float(value)


def float_to_int(value: float, source: DataType, target: DataType) -> int:
    """Return the number without its fraction."""
    if not math.isfinite(value):
        raise ValueFailure(f"{value} is not a whole number")
    return checked_int64(math.trunc(value))


def float_to_decimal(value: float, source: DataType, target: DataType) -> decimal.Decimal:
    """Return ``value * 10**scale`` rounded to a 64-bit integer, as that many units of the last digit."""
    assert isinstance(target, Decimal)
    units = float_to_int(round_half_away(value * float(10**target.scale)), source, target)
    return checked_decimal(decimal.Decimal(units).scaleb(-target.scale), target)


def int_to_decimal(value: int, source: DataType, target: DataType) -> decimal.Decimal:
    """Return the same number with the digits of the decimal."""
    assert isinstance(target, Decimal)
    return checked_decimal(decimal.Decimal(value), target)


def decimal_to_decimal(value: decimal.Decimal, source: DataType, target: DataType) -> decimal.Decimal:
    """Return the number rounded to the scale of the other decimal, half away from zero."""
    assert isinstance(target, Decimal)
    return checked_decimal(value, target)


def decimal_to_int(value: decimal.Decimal, source: DataType, target: DataType) -> int:
    """Return the number without its fraction."""
    return checked_int64(int(value))


def decimal_to_float(value: decimal.Decimal, source: DataType, target: DataType) -> float:
    """Return the nearest float64."""
    return float(value)


def bool_to_int(value: bool, source: DataType, target: DataType) -> int:
    """Return 1 for true and 0 for false."""
    return int(value)


def text_to_int(text: str, source: DataType, target: DataType) -> int:
    """Return the number of a sign and digits."""
    digits = _match("[+-]?[0-9]+", text, target).group()
    number = decimal.Decimal(digits)  # Python reads no integer of thousands of digits
    if number.adjusted() > 18:  # the power of ten of the first digit
        raise ValueFailure(f"{text:.80} does not fit in int64")
    return checked_int64(int(number))


def text_to_float(text: str, source: DataType, target: DataType) -> float:
    """Return the nearest float64 to the number, infinity when it is too large."""
    return float(_match(_NUMERAL + "(?:[eE][+-]?[0-9]+)?", text, target).group())


def text_to_decimal(text: str, source: DataType, target: DataType) -> decimal.Decimal:
    """Return the number rounded to the scale, half away from zero."""
    assert isinstance(target, Decimal)
    return checked_decimal(decimal.Decimal(_match(_NUMERAL, text, target).group()), target)


# -- to truth values


def int_to_bool(value: int, source: DataType, target: DataType) -> bool:
    """Return false for zero, true for every other number."""
    return value != 0


def text_to_bool(text: str, source: DataType, target: DataType) -> bool:
    """Return what one of a few words means, in any case, blanks around it ignored."""
    word = text.strip(" ").lower()
    if word not in _TRUE | _FALSE:
        raise ValueFailure(f"{text!r:.80} is not the text of a bool")
    return word in _TRUE


# -- to text


def number_to_text(value: int | decimal.Decimal, source: DataType, target: DataType) -> str:
    """Return the digits of a number, all of its scale after the point."""
    return f"{value:f}" if isinstance(value, decimal.Decimal) else str(value)


def bool_to_text(value: bool, source: DataType, target: DataType) -> str:
    """Return true or false as a word."""
    return "true" if value else "false"


def date_to_text(value: int, source: DataType, target: DataType) -> str:
    """Return ``YYYY-MM-DD``."""
    return formatted(value, 0, "%Y-%m-%d")


def wall_to_text(value: int, source: DataType, target: DataType) -> str:
    """Return ``YYYY-MM-DD HH:MM:SS.ffffff``."""
    return formatted(*split(value, source), "%Y-%m-%d %H:%M:%S.%f")


def instant_to_text(value: int, source: DataType, target: DataType) -> str:
    """Return ``YYYY-MM-DD HH:MM:SS.ffffff+00:00``."""
    return wall_to_text(value, source, target) + "+00:00"


# -- to dates and timestamps


def _date_of(year: str, month: str, day: str) -> int:
    days = civil_date(int(year), int(month), int(day))
    if days is None:
        raise ValueFailure(f"there is no date {year}-{month}-{day}")
    return days


def text_to_date(text: str, source: DataType, target: DataType) -> int:
    """Return the date of ``YYYY-MM-DD``."""
    return _date_of(*_match(_DATE, text, target).groups())


def text_to_wall(text: str, source: DataType, target: DataType) -> int:
    """Return the wall clock of ``YYYY-MM-DD HH:MM:SS`` with up to six decimals."""
    year, month, day, hour, minute, second, fraction = _match(f"{_DATE}[ T]{_TIME}", text, target).groups()
    time = time_number(int(hour), int(minute), int(second), int((fraction or "").ljust(6, "0")))
    if time is None:
        raise ValueFailure(f"there is no time {hour}:{minute}:{second}")
    return _date_of(year, month, day) * DAY + time


def date_to_timestamp(value: int, source: DataType, target: DataType) -> int:
    """Return the midnight at which the date begins."""
    return checked_int64(value * DAY)


def timestamp_to_date(value: int, source: DataType, target: DataType) -> int:
    """Return the date, that in UTC of an instant."""
    days, _ = split(value, source)
    return days


def between_clocks(value: Value, source: DataType, target: DataType) -> Value:
    """Return the wall clock of UTC at an instant, or the instant at which UTC shows a wall clock: the same number."""
    return value


_WALL, _INSTANT = "timestamp[us]", "timestamp[us, UTC]"

CASTS: Mapping[tuple[str, str], CastRule] = MappingProxyType(
    {
        ("int64", "float64"): int_to_float,
        ("int64", "decimal"): int_to_decimal,
        ("int64", "string"): number_to_text,
        ("int64", "bool"): int_to_bool,
        ("float64", "int64"): float_to_int,
        ("float64", "decimal"): float_to_decimal,
        ("decimal", "decimal"): decimal_to_decimal,
        ("decimal", "int64"): decimal_to_int,
        ("decimal", "float64"): decimal_to_float,
        ("decimal", "string"): number_to_text,
        ("bool", "int64"): bool_to_int,
        ("bool", "string"): bool_to_text,
        ("string", "int64"): text_to_int,
        ("string", "float64"): text_to_float,
        ("string", "decimal"): text_to_decimal,
        ("string", "bool"): text_to_bool,
        ("string", "date32"): text_to_date,
        ("string", _WALL): text_to_wall,
        ("date32", "string"): date_to_text,
        ("date32", _WALL): date_to_timestamp,
        ("date32", _INSTANT): date_to_timestamp,
        (_WALL, "date32"): timestamp_to_date,
        (_WALL, "string"): wall_to_text,
        (_WALL, _INSTANT): between_clocks,
        (_INSTANT, "date32"): timestamp_to_date,
        (_INSTANT, "string"): instant_to_text,
        (_INSTANT, _WALL): between_clocks,
    }
)
"""The rule of each conversion, by the names of the two types (see :func:`cast_kind`)."""
