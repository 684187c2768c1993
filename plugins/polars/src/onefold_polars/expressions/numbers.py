"""Whole numbers that do not wrap around, and decimals as the whole numbers that they are stored as."""

from __future__ import annotations

import decimal
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from onefold.types import Decimal
from onefold_polars.expressions.lowering import kernel, refused
from onefold_polars.expressions.types import polars_dtype

__all__ = ["INT64_MAX", "INT64_MIN", "checked", "divided_half_away", "from_units", "narrowed", "units"]

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
INT64, INT32 = pl.Int64(), pl.Int32()
_RANGES: Mapping[pl.DataType, tuple[int, int]] = {INT64: (INT64_MIN, INT64_MAX), INT32: (-(2**31), 2**31 - 1)}
MOST_DIGITS = 38


def checked(operation: Callable[..., Any], *args: pl.Expr, dtype: pl.DataType = INT64) -> pl.Expr:
    """Return integer arithmetic as an expression that fails where its result does not fit.

    Polars wraps around. Arithmetic on 128 bits takes several times as long, so it is only used where the least and
    the greatest arguments say that it may be needed.

    Args:
        operation: The arithmetic, on integers as well as on series; it takes its extremes at those of its arguments.
        args: What it is applied to, int64.
        dtype: The type of the result: Int64, or Int32 for days.
    """
    least, greatest = _RANGES[dtype]

    def compute(*columns: pl.Series) -> pl.Series:
        extremes = [(column.min(), column.max()) for column in columns]
        if any(first is None for first, _ in extremes):
            return _applied(operation, columns).cast(dtype)  # all null
        results = [operation(*corner) for corner in itertools.product(*extremes)]
        if least <= min(results) and max(results) <= greatest:
            return _applied(operation, columns).cast(dtype)
        return narrowed(_applied(operation, [column.cast(pl.Int128) for column in columns]), dtype)

    return kernel(compute, args, dtype)


def _applied(operation: Callable[..., Any], columns: Sequence[pl.Series]) -> pl.Series:
    result: pl.Series = operation(*columns)
    return result


def narrowed(wide: pl.Series, dtype: pl.DataType = INT64) -> pl.Series:
    """Return 128-bit integers as smaller ones.

    Raises:
        polars.exceptions.ComputeError: If one does not fit; the message names it.
    """
    narrow = wide.cast(dtype, strict=False)
    if narrow.null_count() > wide.null_count():
        raise refused(
            wide, narrow.is_null() & wide.is_not_null(), "does not fit in " + ("int64" if dtype == INT64 else "date32")
        )
    return narrow


def units(value: pl.Expr) -> pl.Expr:
    """Return a decimal in units of its last digit, as a 128-bit integer."""
    return value.to_physical()


def from_units(value: pl.Expr, dtype: Decimal, *, strict: bool = True) -> pl.Expr:
    """Return a number of units of the last digit as a decimal.

    Args:
        value: The number, an integer.
        dtype: The type of the result.
        strict: Whether too many digits are an error; else they give null.
    """
    whole = value.cast(pl.Decimal(MOST_DIGITS, 0), strict=strict)
    if dtype.scale:
        # A product has the larger of the two scales.
        unit = decimal.Decimal(1).scaleb(-dtype.scale)
        whole = whole * pl.lit(unit, dtype=pl.Decimal(MOST_DIGITS, dtype.scale))
    return whole.cast(polars_dtype(dtype), strict=strict)


def divided_half_away(value: pl.Expr, digits: int) -> pl.Expr:
    """Return a 128-bit integer of at most 38 digits without its last digits, rounded half away from zero."""
    if digits > MOST_DIGITS:
        return value * 0
    factor = pl.lit(10**digits, dtype=pl.Int128)
    half = pl.lit(10**digits // 2, dtype=pl.Int128)
    return (value + pl.when(value < 0).then(-half).otherwise(half)).truncdiv(factor)
