"""Conditions on columns that are converted, said once more about the values as they lie in the files.

Polars' Parquet reader skips row groups by conditions on plain columns. A column that is widened or checked on the way
is no longer plain, so simple comparisons are repeated in the type that the file has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import polars as pl

from onefold.plan import Call, Column, Expression, Literal
from onefold.types import INT64
from onefold_polars.columns import column
from onefold_polars.sources.conversions import portable

__all__ = ["raw_condition"]

_Compare = Callable[[pl.Expr, pl.Expr], pl.Expr]

_COMPARISONS: Mapping[str, tuple[_Compare, str]] = {
    "equal": (lambda a, b: a == b, "equal"),
    "lt": (lambda a, b: a < b, "gt"),
    "lte": (lambda a, b: a <= b, "gte"),
    "gt": (lambda a, b: a > b, "lt"),
    "gte": (lambda a, b: a >= b, "lte"),
}
"""How each comparison is written, and the name of the one with its sides exchanged."""

_BITS: Mapping[type[pl.DataType], int] = {
    pl.Int8: 8, pl.Int16: 16, pl.Int32: 32, pl.UInt8: 8, pl.UInt16: 16, pl.UInt32: 32, pl.UInt64: 64,
}  # fmt: skip

_NANOSECONDS = 2**63 // 1000
"""So many microseconds before and after 1970 fit in nanoseconds of 64 bits, and no more."""


def raw_condition(condition: Expression, found: Mapping[str, pl.DataType]) -> pl.Expr | None:
    """Return a condition on values as they are in the files, that holds for every row for which another is true.

    Args:
        condition: The condition, over the declared columns.
        found: The types of the columns in the files.

    Returns:
        The condition; None when there is no simple one.
    """
    if not isinstance(condition, Call) or condition.function not in _COMPARISONS:
        return None
    left, right = condition.args
    function = condition.function
    if isinstance(left, Literal) and isinstance(right, Column):
        left, right, function = right, left, _COMPARISONS[function][1]
    if not (isinstance(left, Column) and isinstance(right, Literal)) or right.value is None:
        return None
    value = _value(right, found[left.name])
    return None if value is None else _COMPARISONS[function][0](column(left.name), value)


def _value(constant: Literal, found: pl.DataType) -> pl.Expr | None:
    """Return a constant in the found type; None when it has no such form."""
    bits = _BITS.get(found.base_type())
    if constant.dtype == INT64 and bits is not None:
        value = int(str(constant.value))
        unsigned = found.is_unsigned_integer()
        least, most = (0, 2**bits) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        return pl.lit(value, dtype=found) if least <= value < most else None
    if isinstance(found, pl.Datetime) and found.time_unit != "ms" and portable(found) == constant.dtype:
        instant = dt.datetime.fromisoformat(str(constant.value)).replace(tzinfo=None)
        micros = (instant - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)  # noqa: DTZ001 - of one zone
        if found.time_unit == "ns" and abs(micros) >= _NANOSECONDS:
            return None
        return pl.lit(micros * (1000 if found.time_unit == "ns" else 1), dtype=pl.Int64).cast(found)
    return None
