"""Constants as Polars literals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from onefold.plan import Literal
from onefold.types import DATE, DataType, List
from onefold_polars.expressions.types import polars_dtype

__all__ = ["lower_literal"]

_DAY_ZERO = dt.date(1970, 1, 1)
_MICROSECOND = dt.timedelta(microseconds=1)


def lower_literal(literal: Literal) -> pl.Expr:
    """Return a constant as an expression of exactly its type.

    Examples:
        >>> pl.select(lower_literal(Literal.of(dt.date(9999, 12, 31)))).item()
        datetime.date(9999, 12, 31)
    """
    value, dtype = _physical(literal.python_value, literal.dtype), polars_dtype(literal.dtype)
    storage = _storage(literal.dtype)
    return pl.lit(value, dtype=storage) if storage == dtype else pl.lit(value, dtype=storage).cast(dtype)


def _physical(value: Any, dtype: DataType) -> Any:
    """Return a date or timestamp as the number that it is stored as: Polars reads datetimes through a float."""
    if value is None:
        return None
    if isinstance(dtype, List):
        return [_physical(item, dtype.element) for item in value]
    if dtype == DATE:
        return (value - _DAY_ZERO).days
    if dtype.is_time:
        return (value - dt.datetime(1970, 1, 1, tzinfo=value.tzinfo and dt.UTC)) // _MICROSECOND
    return value


def _storage(dtype: DataType) -> pl.DataType:
    if isinstance(dtype, List):
        return pl.List(_storage(dtype.element))
    if dtype == DATE:
        return pl.Int32()
    return pl.Int64() if dtype.is_time else polars_dtype(dtype)
