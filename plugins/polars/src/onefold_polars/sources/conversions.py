"""From the types that Parquet files have to the declared ones: what would lose something is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import polars as pl
import pyarrow as pa
from polars.datatypes import DataTypeClass

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
    Field,
    List,
    Schema,
    SchemaNormaliser,
    Struct,
)
from onefold_polars.columns import column
from onefold_polars.expressions import polars_dtype

__all__ = ["converted", "fits", "portable"]

_SAME: Mapping[pl.DataType, DataType] = MappingProxyType(
    {polars_dtype(dtype): dtype for dtype in (INT64, FLOAT64, BOOL, STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_UTC)}
)
"""Types that hold exactly the portable values."""

_DIGITS: Mapping[type[pl.DataType], int] = {
    pl.Int8: 3, pl.Int16: 5, pl.Int32: 10, pl.Int64: 19, pl.UInt8: 3, pl.UInt16: 5, pl.UInt32: 10, pl.UInt64: 20,
}  # fmt: skip
"""How many digits the integers have at most."""

_MILLISECONDS = pl.Datetime("ms")

Fit = Literal["same", "cast", "checked"]
"""Whether values are of a type already, a cast never loses anything, or it depends on the values."""


def portable(found: pl.DataType) -> DataType | None:
    """Return the portable type that values of a type become; None when there is none.

    Examples:
        >>> str(portable(pl.List(pl.Int16())))
        'list<int64>'
    """
    if found in _SAME:
        return _SAME[found]
    if isinstance(found, pl.Decimal):
        return Decimal(found.precision, found.scale) if found.precision <= 38 else None
    if isinstance(found, pl.Datetime):
        return TIMESTAMP if found.time_zone is None else TIMESTAMP_UTC
    if isinstance(found, pl.List | pl.Array):
        element = portable(_instance(found.inner))
        return None if element is None else List(element)
    if isinstance(found, pl.Struct):
        fields = [(field.name, portable(_instance(field.dtype))) for field in found.fields]
        known = tuple((name, dtype) for name, dtype in fields if dtype is not None)
        return Struct(known) if known and len(known) == len(fields) else None
    if found.base_type() in _DIGITS:
        return INT64
    others: Mapping[object, DataType] = {pl.Float32: FLOAT64, pl.Categorical: STRING, pl.Enum: STRING}
    return others.get(found.base_type())


def fits(found: pl.DataType, declared: DataType) -> Fit | None:
    """Return how values of a found type become those of a declared one; None when they are not of that type.

    Examples:
        >>> fits(pl.Int32(), INT64), fits(pl.UInt64(), INT64), fits(pl.String(), INT64)
        ('cast', 'checked', None)
    """
    if found == polars_dtype(declared):
        return "same"
    if isinstance(found, pl.List | pl.Array) and isinstance(declared, List):
        return _inside([fits(_instance(found.inner), declared.element)])
    if isinstance(found, pl.Struct) and isinstance(declared, Struct):
        if [field.name for field in found.fields] != [name for name, _ in declared.fields]:
            return None
        pairs = zip(found.fields, declared.fields, strict=True)
        return _inside([fits(_instance(field.dtype), dtype) for field, (_, dtype) in pairs])
    digits = _DIGITS.get(found.base_type(), 99)
    if isinstance(declared, Decimal):
        whole = declared.precision - declared.scale
        if isinstance(found, pl.Decimal):
            wide = declared.scale >= found.scale and whole >= found.precision - found.scale
        else:
            wide = whole >= digits
        return "cast" if wide else None
    if (declared == INT64 and isinstance(found, pl.Decimal)) or (declared == DATE and found == _MILLISECONDS):
        return "checked"
    if declared == FLOAT64 and digits <= _DIGITS[pl.Int32]:
        return "cast"
    if portable(found) != declared:
        return None
    finer = isinstance(found, pl.Datetime) and found.time_unit == "ns"
    return "checked" if finer or found == pl.UInt64 else "cast"


def converted(name: str, declared: DataType, fit: Fit, where: str) -> pl.Expr:
    """Return a column in its declared type.

    Args:
        name: The column.
        declared: Its declared type.
        fit: What :func:`fits` says.
        where: What it is a column of, for errors.
    """
    target = polars_dtype(declared)
    if fit == "same":
        return column(name)
    if fit == "cast":
        return column(name).cast(target)
    normaliser = SchemaNormaliser(Schema([Field(name, declared)]), where=where, at_source=True)

    def convert(values: pl.Series) -> pl.Series:
        array = values.to_arrow()
        if values.dtype == _MILLISECONDS and declared == DATE:  # how Arrow's dates of milliseconds come out
            array = array.cast(pa.date64())
        batch = normaliser(pa.record_batch([array], names=[name]))
        return pl.Series(name, batch.column(0), dtype=target)

    return column(name).map_batches(convert, return_dtype=target, is_elementwise=True)


def _inside(fitting: list[Fit | None]) -> Fit | None:
    """Return how a list or struct becomes another whose parts do so."""
    if None in fitting:
        return None
    return "checked" if "checked" in fitting else "cast"


def _instance(dtype: pl.DataType | DataTypeClass) -> pl.DataType:
    return dtype if isinstance(dtype, pl.DataType) else dtype()
