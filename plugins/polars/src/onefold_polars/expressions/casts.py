"""Conversions in Polars, with one meaning on every engine."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from onefold.types import DataType, Decimal
from onefold_polars.expressions.functions.calendar import DAY
from onefold_polars.expressions.functions.rounding import half_away
from onefold_polars.expressions.lowering import LoweredCall, Lowering, always, kernel, refused, wall_clock
from onefold_polars.expressions.numbers import checked, divided_half_away, from_units, units

__all__ = ["CASTS", "CastLowering", "cast_kind"]

_NUMERAL = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?"
_TRUE, _FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")


class CastLowering(NamedTuple):
    """How a conversion is written.

    Args:
        error: Stops the query at a value that can not be converted.
        null: Gives null for one.
    """

    error: Lowering
    null: Lowering


def cast_kind(dtype: DataType) -> str:
    """Return the name of a type in :data:`CASTS`, where all decimals are one.

    Examples:
        >>> cast_kind(Decimal(10, 2))
        'decimal'
    """
    return "decimal" if isinstance(dtype, Decimal) else str(dtype)


def _total(build: Callable[[LoweredCall], pl.Expr]) -> CastLowering:
    """Return a conversion that every value has."""
    return CastLowering(Lowering(build), Lowering(build))


def _partial(null: Callable[[LoweredCall], pl.Expr]) -> CastLowering:
    """Return a conversion that some values do not have, from the expression that is null for them."""

    def error(call: LoweredCall) -> pl.Expr:
        inner = LoweredCall([pl.col("value")], call.arg_types, call.result_type)

        def compute(values: pl.Series) -> pl.Series:
            converted = values.to_frame("value").select(null(inner)).to_series()
            if converted.null_count() > values.null_count():
                bad = converted.is_null() & values.is_not_null()
                raise refused(values, bad, f"can not be converted from {call.arg_types[0]} to {call.result_type}")
            return converted

        return kernel(compute, call.args, call.dtype)

    return CastLowering(Lowering(error, can_fail=always), Lowering(null))


def _lenient(call: LoweredCall) -> pl.Expr:
    """Return Polars' own conversion."""
    return call.args[0].cast(call.dtype, strict=False)


# -- numbers


def _is_not_zero(call: LoweredCall) -> pl.Expr:
    return call.args[0] != 0


def _fixed_point(call: LoweredCall) -> pl.Expr:
    assert isinstance(call.result_type, Decimal)
    scaled = call.args[0] * float(10**call.result_type.scale)
    return from_units(half_away(scaled).cast(pl.Int64, strict=False), call.result_type, strict=False)


def _rescaled(call: LoweredCall) -> pl.Expr:
    (value,), (source,), target = call.args, call.arg_types, call.result_type
    assert isinstance(source, Decimal)
    assert isinstance(target, Decimal)
    if source.scale <= target.scale:
        return value.cast(call.dtype, strict=False)
    return from_units(divided_half_away(units(value), source.scale - target.scale), target, strict=False)


def _nearest_float(call: LoweredCall) -> pl.Expr:
    (dtype,) = call.arg_types
    assert isinstance(dtype, Decimal)
    # With more digits than a float has, Polars rounds twice: the digits, then their quotient.
    value = call.args[0]
    return (value.cast(pl.String) if dtype.precision > 15 else value).cast(pl.Float64)


# -- from text


def _matches(call: LoweredCall, pattern: str) -> pl.Expr:
    return call.args[0].str.contains(f"^(?:{pattern})$")


def _text_to_float(call: LoweredCall) -> pl.Expr:
    # Polars reads the names of NaN and infinity as well.
    return pl.when(_matches(call, f"{_NUMERAL}(?:[eE][+-]?[0-9]+)?")).then(_lenient(call))


def _text_to_decimal(call: LoweredCall) -> pl.Expr:
    (text,), target = call.args, call.result_type
    assert isinstance(target, Decimal)
    # Polars rounds half to even. The digits that count are those of the result, and the one behind them.
    fraction = text.str.extract("[.]([0-9]*)").fill_null("").str.pad_end(target.scale + 1, "0")
    whole = text.str.extract("^[+-]?([0-9]*)")
    digits = pl.concat_str(pl.lit("0"), whole, fraction.str.head(target.scale)).cast(pl.Int128, strict=False)
    rounded = digits + (fraction.str.slice(target.scale, 1) >= "5").cast(pl.Int128)
    sign = pl.when(text.str.starts_with("-")).then(pl.lit(-1, dtype=pl.Int128)).otherwise(pl.lit(1, dtype=pl.Int128))
    return pl.when(_matches(call, _NUMERAL)).then(from_units(rounded * sign, target, strict=False))


def _text_to_bool(call: LoweredCall) -> pl.Expr:
    word = call.args[0].str.strip_chars(" ").str.to_lowercase()
    words = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    return word.replace_strict(words, default=None, return_dtype=pl.Boolean())


def _after_year_zero(text: pl.Expr) -> pl.Expr:
    return ~text.str.starts_with("0000")


def _text_to_date(call: LoweredCall) -> pl.Expr:
    (text,) = call.args
    formed = pl.when(_matches(call, _DATE) & _after_year_zero(text)).then(text)
    return formed.str.to_date("%Y-%m-%d", strict=False)


def _text_to_wall(call: LoweredCall) -> pl.Expr:
    (text,) = call.args
    formed = pl.when(_matches(call, f"{_DATE}[ T]{_TIME}") & _after_year_zero(text)).then(text)
    return formed.str.replace("T", " ", literal=True).str.to_datetime(
        "%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us"
    )


# -- to text


def _bool_to_text(call: LoweredCall) -> pl.Expr:
    (value,) = call.args
    return pl.when(value).then(pl.lit("true")).when(~value).then(pl.lit("false"))


def _clock_to_text(suffix: str) -> CastLowering:
    def build(call: LoweredCall) -> pl.Expr:
        return wall_clock(call.args[0], call.arg_types[0]).dt.strftime(f"%Y-%m-%d %H:%M:%S.%6f{suffix}")

    return _total(build)


# -- dates and timestamps


def _midnight(call: LoweredCall) -> pl.Expr:
    days = call.args[0].to_physical().cast(pl.Int64)
    return checked(operator.mul, days, pl.lit(DAY, dtype=pl.Int64)).cast(call.dtype)


def _midnight_or_null(call: LoweredCall) -> pl.Expr:
    days = call.args[0].to_physical().cast(pl.Int128) * pl.lit(DAY, dtype=pl.Int128)
    return days.cast(pl.Int64, strict=False).cast(call.dtype)


def _date_of(call: LoweredCall) -> pl.Expr:
    return wall_clock(call.args[0], call.arg_types[0]).dt.date()


_MIDNIGHT = CastLowering(Lowering(_midnight, can_fail=always), Lowering(_midnight_or_null))
_PLAIN = _total(_lenient)
_WALL, _INSTANT = "timestamp[us]", "timestamp[us, UTC]"

CASTS: Mapping[tuple[str, str], CastLowering] = MappingProxyType(
    {
        ("int64", "float64"): _PLAIN,
        ("int64", "decimal"): _partial(_lenient),
        ("int64", "string"): _PLAIN,
        ("int64", "bool"): _total(_is_not_zero),
        ("float64", "int64"): _partial(_lenient),
        ("float64", "decimal"): _partial(_fixed_point),
        ("decimal", "decimal"): _partial(_rescaled),
        ("decimal", "int64"): _partial(_lenient),
        ("decimal", "float64"): _total(_nearest_float),
        ("decimal", "string"): _PLAIN,
        ("bool", "int64"): _PLAIN,
        ("bool", "string"): _total(_bool_to_text),
        ("string", "int64"): _partial(_lenient),
        ("string", "float64"): _partial(_text_to_float),
        ("string", "decimal"): _partial(_text_to_decimal),
        ("string", "bool"): _partial(_text_to_bool),
        ("string", "date32"): _partial(_text_to_date),
        ("string", _WALL): _partial(_text_to_wall),
        ("date32", "string"): _total(lambda call: call.args[0].dt.strftime("%Y-%m-%d")),
        ("date32", _WALL): _MIDNIGHT,
        ("date32", _INSTANT): _MIDNIGHT,
        (_WALL, "date32"): _total(_date_of),
        (_WALL, "string"): _clock_to_text(""),
        (_WALL, _INSTANT): _total(lambda call: call.args[0].dt.replace_time_zone("UTC")),
        (_INSTANT, "date32"): _total(_date_of),
        (_INSTANT, "string"): _clock_to_text("+00:00"),
        (_INSTANT, _WALL): _total(lambda call: call.args[0].dt.replace_time_zone(None)),
    }
)
"""The way to write each conversion, by the names of its two types."""
