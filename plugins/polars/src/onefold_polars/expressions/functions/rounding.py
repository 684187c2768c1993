"""Rounding: half away from zero, where Polars rounds half to even."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from onefold.types import FLOAT64, Decimal
from onefold_polars.expressions.lowering import LoweredCall, Lowering, kernel, quotient
from onefold_polars.expressions.numbers import divided_half_away, from_units, narrowed, units

__all__ = ["LOWERINGS", "half_away"]


def half_away(value: pl.Expr) -> pl.Expr:
    """Return floats rounded to whole numbers, half away from zero."""
    return value.round(0, mode="half_away_from_zero")


def _round_integer(value: pl.Expr, digits: int) -> pl.Expr:
    step = 10**-digits

    def compute(column: pl.Series) -> pl.Series:
        wide = column.cast(pl.Int128).to_frame("value")
        rounded = wide.select(divided_half_away(pl.col("value"), -digits) * pl.lit(step, dtype=pl.Int128))
        return narrowed(rounded.to_series())

    return kernel(compute, [value], pl.Int64())


def _round_float(value: pl.Expr, digits: int) -> pl.Expr:
    factor = pl.lit(float(10 ** abs(digits)))
    if digits < 0:
        return half_away(quotient(value, factor)) * factor
    if digits == 0:
        return half_away(value)
    # From 2**52 on a float is whole, and the product might be too large for one.
    return pl.when(value.abs() >= 2.0**52).then(value).otherwise(quotient(half_away(value * factor), factor))


def _round(call: LoweredCall) -> pl.Expr:
    (value,), (dtype,), digits = call.args, call.arg_types, call.options["digits"]
    if dtype == FLOAT64:
        return _round_float(value, digits)
    if digits >= (dtype.scale if isinstance(dtype, Decimal) else 0):
        return value
    if not isinstance(dtype, Decimal):
        return _round_integer(value, digits)
    assert isinstance(call.result_type, Decimal)
    rounded = divided_half_away(units(value), dtype.scale - digits)
    return from_units(rounded * pl.lit(10 ** max(0, -digits), dtype=pl.Int128), call.result_type)


def _can_fail(call: LoweredCall) -> bool:
    return call.arg_types[0] != FLOAT64 and call.options["digits"] < 0


def _round_half_even(call: LoweredCall) -> pl.Expr:
    return call.args[0].round(0, mode="half_to_even")


def _floor(call: LoweredCall) -> pl.Expr:
    return call.args[0].floor()


def _ceil(call: LoweredCall) -> pl.Expr:
    return call.args[0].ceil()


def _trunc(call: LoweredCall) -> pl.Expr:
    return call.args[0].truncate()


LOWERINGS: Mapping[str, Lowering] = {
    "round": Lowering(_round, can_fail=_can_fail),
    "round_half_even": Lowering(_round_half_even),
    "floor": Lowering(_floor),
    "ceil": Lowering(_ceil),
    "trunc": Lowering(_trunc),
}
