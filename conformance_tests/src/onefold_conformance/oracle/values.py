"""Values as the oracle holds them, and their way from and to Arrow.

==================  ==================================================
type                in Python
==================  ==================================================
int64               int
float64             float, with one zero and one NaN
bool                bool
string, binary      str, bytes
date32              int, days since 1970-01-01
timestamps          int, microseconds since 1970-01-01T00:00 (UTC)
decimal128(p, s)    decimal.Decimal with exactly s digits after the point
list<T>             list
struct<...>         dict, its fields in order
null                None
==================  ==================================================
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Iterable
from typing import Any, TypeAlias

import pyarrow as pa

from onefold.types import BINARY, DATE, FLOAT64, STRING, DataType, Decimal, List, Schema, Struct, to_arrow

__all__ = ["EXACT", "Row", "Value", "canonical", "from_arrow", "from_python", "order_key", "to_table"]

Value: TypeAlias = Any
"""A value of a portable type; None is null."""

Row: TypeAlias = dict[str, Value]
"""The values of one row, by column, in the order of the columns."""

EXACT = decimal.Context(prec=200, rounding=decimal.ROUND_HALF_UP, Emin=-10_000, Emax=10_000)
"""Decimal arithmetic that never rounds a value of at most 38 digits."""


def canonical(value: Value) -> Value:
    """Return a value with one zero and one NaN, its elements and fields too; every other value as it is.

    Examples:
        >>> canonical(-0.0)
        0.0
        >>> canonical([decimal.Decimal("-0.00"), None])
        [Decimal('0.00'), None]
    """
    if isinstance(value, float):
        return math.nan if math.isnan(value) else value + 0.0
    if isinstance(value, decimal.Decimal):
        return value or value.copy_abs()
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        return {name: canonical(item) for name, item in value.items()}
    return value


def order_key(value: Value, dtype: DataType) -> Any:
    """Return what a value that is not null is compared by: NaN is above all numbers, text is ordered by its bytes.

    Equal keys are equal values: NaN equals NaN.

    Examples:
        >>> from onefold.types import FLOAT64
        >>> order_key(float("nan"), FLOAT64) > order_key(float("inf"), FLOAT64)
        True
    """
    if dtype == FLOAT64:
        return (1, 0.0) if math.isnan(value) else (0, value)
    if dtype == STRING:
        return value.encode("utf-8", "surrogatepass")
    return value


def from_python(value: Any, dtype: DataType) -> Value:
    """Return what a value of Python's own types is here: that of a literal, of an example in the catalogue.

    Args:
        value: The value; a date, a datetime (naive: a wall clock; aware: an instant) or anything that is held as it is.
        dtype: Its type.

    Examples:
        >>> from_python([dt.date(1970, 1, 2), None], List(DATE))
        [1, None]
    """
    if value is None:
        return None
    if isinstance(dtype, List):
        return [from_python(item, dtype.element) for item in value]
    if isinstance(dtype, Struct):
        return {name: from_python(value[name], field) for name, field in dtype.fields}
    if dtype == DATE:
        return value.toordinal() - dt.date(1970, 1, 1).toordinal()
    if dtype.is_time:
        epoch = dt.datetime(1970, 1, 1, tzinfo=value.tzinfo and dt.UTC)
        return (value - epoch) // dt.timedelta(microseconds=1)
    return canonical(value)


def from_arrow(table: pa.Table, schema: Schema, *, raw: bool = False) -> list[Row]:
    """Return the rows of a table whose columns are in the portable Arrow types of a schema.

    Args:
        table: The table.
        schema: Its columns.
        raw: Whether −0.0 stays what it is, as it does before it reaches an engine.
    """
    columns = [
        [_read(value, field.dtype, raw) for value in _plain(table.column(field.name), field.dtype)] for field in schema
    ]
    return [dict(zip(schema.names, values, strict=True)) for values in zip(*columns, strict=True)]


def to_table(rows: Iterable[Row], schema: Schema, *, raw: bool = False) -> pa.Table:
    """Return rows as a table in the portable Arrow types of a schema.

    Args:
        rows: The rows.
        schema: Their columns.
        raw: Whether −0.0 stays what it is, as it does before it reaches an engine.
    """
    rows = list(rows)
    arrays = [_array([row[field.name] for row in rows], field.dtype, raw) for field in schema]
    return pa.Table.from_arrays(arrays, names=list(schema.names))


def _plain(column: pa.ChunkedArray, dtype: DataType) -> list[Any]:
    """Return Python values, those of dates and timestamps as numbers: not every one is a datetime."""
    values: list[Any] = column.cast(_storage(dtype)).to_pylist()
    return values


def _storage(dtype: DataType) -> pa.DataType:
    if dtype == DATE:
        return pa.int32()
    if dtype.is_time:
        return pa.int64()
    if isinstance(dtype, List):
        return pa.list_(pa.field("element", _storage(dtype.element)))
    if isinstance(dtype, Struct):
        return pa.struct([pa.field(name, _storage(field)) for name, field in dtype.fields])
    return to_arrow(dtype)


def _read(value: Any, dtype: DataType, raw: bool) -> Value:
    if value is None:
        return None
    if isinstance(dtype, List):
        return [_read(item, dtype.element, raw) for item in value]
    if isinstance(dtype, Struct):
        return {name: _read(value[name], field, raw) for name, field in dtype.fields}
    return value if raw else canonical(value)


def _written(value: Value, dtype: DataType, raw: bool) -> Any:
    if value is None:
        return None
    if isinstance(dtype, List):
        return [_written(item, dtype.element, raw) for item in value]
    if isinstance(dtype, Struct):
        return {name: _written(value[name], field, raw) for name, field in dtype.fields}
    if isinstance(dtype, Decimal):
        return value.quantize(decimal.Decimal(1).scaleb(-dtype.scale), context=EXACT)
    if dtype == BINARY:
        return bytes(value)
    return value if raw else canonical(value)


def _array(values: list[Value], dtype: DataType, raw: bool) -> pa.Array:
    plain = pa.array([_written(value, dtype, raw) for value in values], _storage(dtype))
    return plain.cast(to_arrow(dtype))
