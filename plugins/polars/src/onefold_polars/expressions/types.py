"""The Polars type of each portable type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

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
    List,
    Struct,
)

__all__ = ["polars_dtype"]

_PRIMITIVES: Mapping[DataType, pl.DataType] = MappingProxyType(
    {
        INT64: pl.Int64(),
        FLOAT64: pl.Float64(),
        BOOL: pl.Boolean(),
        STRING: pl.String(),
        BINARY: pl.Binary(),
        DATE: pl.Date(),
        TIMESTAMP: pl.Datetime("us"),
        TIMESTAMP_UTC: pl.Datetime("us", "UTC"),
    }
)


def polars_dtype(dtype: DataType) -> pl.DataType:
    """Return the Polars type that holds the values of a portable type.

    Examples:
        >>> polars_dtype(List(Decimal(10, 2)))
        List(Decimal(precision=10, scale=2))
    """
    if isinstance(dtype, Decimal):
        return pl.Decimal(dtype.precision, dtype.scale)
    if isinstance(dtype, List):
        return pl.List(polars_dtype(dtype.element))
    if isinstance(dtype, Struct):
        return pl.Struct([pl.Field(name, polars_dtype(field)) for name, field in dtype.fields])
    return _PRIMITIVES[dtype]
