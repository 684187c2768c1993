"""Values that are read from text: each becomes exactly what is written there, or stops the query."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from onefold.errors import SourceError
from onefold.types import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
)
from onefold_polars.expressions import polars_dtype

__all__ = ["from_text", "refused"]

_NUMBER = re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = (
    rf"^ *(?P<day>{_DAY})(?:[T ](?P<hour>[0-9]{{2}}):(?P<minute>[0-9]{{2}})"
    r"(?::(?P<second>[0-9]{2})(?:[.](?P<digits>[0-9]+))?)?)? *(?P<zone>[Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)? *$"
)
_FINE = (
    ", which is finer than microseconds. Round it where the data is made, or read the nanoseconds as another column."
)


def refused(what: str, value: object, advice: str) -> SourceError:
    """Return the error about a value that has no form in the declared type.

    Args:
        what: The column, such as ``"'x' of the source 'events'"``.
        value: The value.
        advice: The rest of the sentence, from its comma on.
    """
    return SourceError(f"The column {what} holds {value}{advice}")


def from_text(texts: pl.Series, dtype: DataType, what: str) -> pl.Series:
    """Return texts as values of a type; null stays null.

    Args:
        texts: The texts.
        dtype: The type; no list or struct.
        what: The column, for errors.

    Raises:
        SourceError: If a text is no value of the type, or has digits that the type can not hold.

    Examples:
        >>> from_text(pl.Series(["1", "-2.0"]), INT64, "'n'").to_list()
        [1, -2]
        >>> try:
        ...     from_text(pl.Series(["2.5"]), INT64, "'n'")
        ... except SourceError as error:
        ...     print(error)
        The column 'n' holds 2.5, which is no int64.
    """
    values = _decimals(texts, dtype, what) if isinstance(dtype, Decimal) else _READERS[dtype](texts, what)
    return values.alias(texts.name)


def _checked(
    texts: pl.Series, values: pl.Series, dtype: DataType, what: str, exact: Callable[[str], object] | None = None
) -> pl.Series:
    """Return values, those that are missing read one by one.

    Args:
        texts: The texts.
        values: The values of most texts; null where it takes a closer look.
        dtype: Their type.
        what: The column, for errors.
        exact: Reads one text; raises ValueError if it is none. None: no further text is a value.
    """
    left = values.is_null() & texts.is_not_null()
    if not left.any():
        return values
    read: list[object] = []
    for text in texts.filter(left):
        try:
            if exact is None:
                raise ValueError(text)
            read.append(exact(text))
        except (ValueError, decimal.DecimalException):
            raise refused(what, text, f", which is no {dtype}.") from None
    return values.scatter(left.arg_true(), pl.Series(read, dtype=values.dtype))


def _integers(texts: pl.Series, what: str) -> pl.Series:
    return _checked(texts, texts.cast(pl.Int64, strict=False), INT64, what, _whole)


def _whole(text: str) -> int:
    value = _number(text)
    if value != value.to_integral_value() or not -(2**63) <= value < 2**63:
        raise ValueError(text)
    return int(value)


def _number(text: str) -> decimal.Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return decimal.Decimal(text)


def _floats(texts: pl.Series, what: str) -> pl.Series:
    return _checked(texts, texts.cast(pl.Float64, strict=False), FLOAT64, what, lambda text: float(_number(text)))


def _decimals(texts: pl.Series, dtype: Decimal, what: str) -> pl.Series:
    """Return decimals; Polars itself would round digits beyond the last one away."""
    whole, scale = dtype.precision - dtype.scale, dtype.scale
    plain = texts.str.contains(rf"^[+-]?[0-9]{{1,{whole}}}([.][0-9]{{0,{scale}}})?$") if whole else False
    values = pl.select(pl.when(plain).then(texts)).to_series().cast(polars_dtype(dtype), strict=False)

    def exact(text: str) -> decimal.Decimal:
        value = _number(text)
        with decimal.localcontext(decimal.Context(dtype.precision, traps=[decimal.Inexact, decimal.InvalidOperation])):
            return value.quantize(decimal.Decimal(1).scaleb(-scale))

    return _checked(texts, values, dtype, what, exact)


_TRUTHS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


def _bools(texts: pl.Series, what: str) -> pl.Series:
    values = texts.str.to_lowercase().replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
    return _checked(texts, values, BOOL, what)


def _dates(texts: pl.Series, what: str) -> pl.Series:
    return _checked(texts, _days(texts), DATE, what)


def _days(texts: pl.Series) -> pl.Series:
    """Return dates from 0001-01-01 on; null for any other text."""
    days = texts.str.to_date("%Y-%m-%d", strict=False)
    return (
        days.to_frame("day")
        .select(pl.when(texts.str.contains(f"^{_DAY}$") & ~texts.str.starts_with("0000")).then("day"))
        .to_series()
    )


def _clock(texts: pl.Series, dtype: DataType, what: str) -> pl.Series:
    """Return timestamps. Text without a zone is a wall clock, which is that of UTC where an instant is declared."""
    parts = texts.str.extract_groups(_TIME).struct.unnest()
    day, zone = _days(parts["day"]), parts["zone"]
    number = {name: parts[name].cast(pl.Int64).fill_null(0) for name in ("hour", "minute", "second")}
    good = day.is_not_null() & (number["hour"] < 24) & (number["minute"] < 60) & (number["second"] < 60)
    left = texts.is_not_null() & ~good
    if left.any():
        raise refused(what, texts.filter(left)[0], ", which is no timestamp.")
    digits = parts["digits"].fill_null("")
    fine = digits.str.contains("^[0-9]{6}[0-9]*[1-9]")
    if fine.any():
        raise refused(what, texts.filter(fine)[0], _FINE)
    if dtype == TIMESTAMP and zone.is_not_null().any():
        advice = ", an instant with a time zone. Declare the column as timestamp[us, UTC]."
        raise refused(what, texts.filter(zone.is_not_null())[0], advice)
    micros = (digits + "000000").str.head(6).cast(pl.Int64)
    seconds = (number["hour"] * 60 + number["minute"]) * 60 + number["second"] - _offset(zone)
    total = (day.cast(pl.Int64) * 86_400 + seconds) * 1_000_000 + micros
    return total.cast(polars_dtype(dtype))


def _offset(zone: pl.Series) -> pl.Series:
    """Return how many seconds a zone is ahead of UTC."""
    signed = zone.str.replace(":", "", literal=True)
    hours = signed.str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0)
    minutes = signed.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    size = hours * 3600 + minutes * 60
    return pl.select(pl.when(zone.str.starts_with("-")).then(-size).otherwise(size)).to_series()


_READERS: Mapping[DataType, Callable[[pl.Series, str], pl.Series]] = MappingProxyType(
    {
        INT64: _integers,
        FLOAT64: _floats,
        BOOL: _bools,
        STRING: lambda texts, what: texts,
        BINARY: lambda texts, what: texts.cast(pl.Binary),
        DATE: _dates,
        TIMESTAMP: lambda texts, what: _clock(texts, TIMESTAMP, what),
        TIMESTAMP_UTC: lambda texts, what: _clock(texts, TIMESTAMP_UTC, what),
    }
)
