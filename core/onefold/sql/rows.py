"""Rows of Python values, as drivers give and take them, from and to Arrow.

Dates are days and timestamps microseconds since 1970-01-01; NaN is whatever the engine holds in its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

__all__ = ["batches_of", "rows_of"]


def rows_of(batch: pa.RecordBatch, *, nan: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a batch.

    Args:
        batch: The batch; no decimals, lists and structs.
        nan: What stands for NaN.
    """
    yield from zip(*(_values(column, nan) for column in batch.columns), strict=True)


def _values(column: pa.Array, nan: Any) -> list[Any]:
    if pa.types.is_date32(column.type):
        column = column.view(pa.int32())
    elif pa.types.is_timestamp(column.type):
        column = column.view(pa.int64())
    values: list[Any] = column.to_pylist()
    if pa.types.is_floating(column.type):
        return [nan if value is not None and math.isnan(value) else value for value in values]
    return values


def batches_of(
    fetch: Callable[[], Sequence[Sequence[Any]]], schema: pa.Schema, *, nan: Any
) -> Iterator[pa.RecordBatch]:
    """Yield rows as batches until there are no more.

    Args:
        fetch: Returns some rows, and none at the end.
        schema: Their columns.
        nan: What stands for NaN.
    """
    while rows := fetch():
        columns = zip(*rows, strict=True)
        arrays = [_array(values, field.type, nan) for values, field in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], dtype: pa.DataType, nan: Any) -> pa.Array:
    if pa.types.is_floating(dtype):
        values = [math.nan if value == nan else value for value in values]
    elif pa.types.is_boolean(dtype):
        values = [value if value is None else bool(value) for value in values]
    return pa.array(values, dtype)
