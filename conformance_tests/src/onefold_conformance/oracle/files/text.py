"""Values in text files, read as their declared types."""

from __future__ import annotations

import datetime as dt
import decimal
import re
from typing import Any

from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP_UTC, DataType, Decimal, List, Struct
from onefold_conformance.oracle.values import EXACT, Value, canonical

__all__ = ["value_of"]

_NUMBER = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d+)?")
_TIME = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})([T ](?P<clock>\d{2}:\d{2}(:\d{2})?)([.](?P<digits>\d+))?)? *"
    r"(?P<zone>[Zz]|UTC|[+-]\d{2}(:?\d{2})?)?"
)
_BOOLS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def value_of(found: Any, dtype: DataType) -> Value:
    """Return a value of CSV, JSON or a directory's name as its declared type.

    Args:
        found: Text, or what JSON made of it (numbers as text or decimals).
        dtype: The declared type.

    Raises:
        ValueError: If it is no value of the type, or would lose something.

    Examples:
        >>> from onefold.types import TIMESTAMP_UTC
        >>> value_of("1970-01-01T01:00:00.000001+01:00", TIMESTAMP_UTC)
        1
    """
    if found is None:
        return None
    if isinstance(dtype, List):
        return [value_of(item, dtype.element) for item in _of_kind(found, list)]
    if isinstance(dtype, Struct):
        fields = _of_kind(found, dict)
        return {name: value_of(fields.get(name), field) for name, field in dtype.fields}
    if dtype == BOOL:
        return found if isinstance(found, bool) else _BOOLS[str(found).lower()]
    if isinstance(found, bool) or not isinstance(found, str | decimal.Decimal):
        raise ValueError(f"{found!r} is no {dtype}")  # noqa: TRY004 - what a file holds, not what a caller gave
    if dtype.is_numeric:
        return _number(str(found), dtype)
    text = str(_of_kind(found, str))
    if dtype == STRING:
        return text
    if dtype == BINARY:
        return text.encode()
    if dtype == DATE:
        return (dt.date.fromisoformat(text) - _EPOCH.date()).days
    return _micros(text, zoned=dtype == TIMESTAMP_UTC)


def _of_kind(found: Any, kind: type) -> Any:
    if not isinstance(found, kind):
        raise ValueError(f"{found!r} is no {kind.__name__}")  # noqa: TRY004 - what a file holds, not what a caller gave
    return found


def _number(text: str, dtype: DataType) -> Value:
    if dtype == FLOAT64:
        return canonical(float(text))
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    number = decimal.Decimal(text)
    scale = dtype.scale if isinstance(dtype, Decimal) else 0
    scaled = EXACT.scaleb(number, scale)
    whole = EXACT.to_integral_value(scaled)
    if whole != scaled:
        raise ValueError(f"{text} has more digits than {dtype} holds")
    if dtype == INT64:
        if not -(2**63) <= int(whole) < 2**63:
            raise ValueError(f"{text} does not fit in int64")
        return int(whole)
    assert isinstance(dtype, Decimal)
    if whole.copy_abs() >= decimal.Decimal(10) ** dtype.precision:
        raise ValueError(f"{text} does not fit in {dtype}")
    return EXACT.scaleb(whole, -scale)


def _micros(text: str, *, zoned: bool) -> int:
    """Return a timestamp in microseconds; text without a zone is a wall clock, of UTC where an instant is declared."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no timestamp")
    digits = (match["digits"] or "").ljust(6, "0")
    if digits[6:].strip("0"):
        raise ValueError(f"{text} is finer than microseconds")
    zone = match["zone"] or ""
    if zone and not zoned:
        raise ValueError(f"{text} is an instant with a time zone")
    moment = dt.datetime.fromisoformat(f"{match['day']}T{match['clock'] or '00:00'}+00:00")
    offset = dt.timedelta(0)
    if zone.startswith(("+", "-")):
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        offset = dt.timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    return (moment - offset - _EPOCH) // dt.timedelta(microseconds=1) + int(digits[:6])
