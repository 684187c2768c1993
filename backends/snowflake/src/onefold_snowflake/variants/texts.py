"""Lists and structs as JSON text: read when rows leave Snowflake, written when they are loaded."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.json

from onefold.plan import Literal
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
    to_arrow,
)

__all__ = ["constant_text", "nested_values", "text_of", "texts"]

_MOST_BYTES = 2**28
"""How much text is read at once: the reader counts bytes with 32 bits."""

_ROW = "row"


def nested_values(column: pa.Array, dtype: DataType) -> pa.Array:
    """Return the lists or structs that JSON texts hold; nothing passes through a float on the way.

    Args:
        column: The texts, as Snowflake sends them.
        dtype: The type of the values.

    Raises:
        pyarrow.ArrowInvalid: If a text holds something else.
    """
    if not isinstance(column, pa.StringArray):
        column = column.cast(pa.string())
    parts = [_converted(_read(part, _form(dtype)), dtype) for part in _parts(column)]
    return pa.concat_arrays(parts) if parts else pa.array([], to_arrow(dtype))


def _parts(column: pa.StringArray) -> Iterator[pa.StringArray]:
    """Yield the rows in parts that can be read at once."""
    count = max(1, -(-column.nbytes // _MOST_BYTES))
    size = max(1, -(-len(column) // count))
    for start in range(0, len(column), size):
        yield column.slice(start, size)


def _read(column: pa.StringArray, form: pa.DataType) -> pa.Array:
    lines = "\n".join(f'{{"{_ROW}":{text or "null"}}}' for text in column.to_pylist()).encode()
    table = pa.json.read_json(
        io.BytesIO(lines),
        read_options=pa.json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        parse_options=pa.json.ParseOptions(
            explicit_schema=pa.schema([(_ROW, form)]), newlines_in_values=True, unexpected_field_behavior="error"
        ),
    )
    return table[_ROW].combine_chunks()


def _form(dtype: DataType) -> pa.DataType:
    """Return the Arrow type in which values stand in JSON."""
    match dtype:
        case List():
            return pa.list_(pa.field("element", _form(dtype.element)))
        case Struct():
            return pa.struct([(name, _form(field)) for name, field in dtype.fields])
    return to_arrow(dtype) if dtype in (INT64, BOOL, STRING) else pa.string()


def _converted(values: pa.Array, dtype: DataType) -> pa.Array:
    """Return values from the form in which they stand in JSON."""
    mask = values.is_null() if values.null_count else None
    match dtype:
        case List():
            elements = _converted(values.values, dtype.element)
            return pa.ListArray.from_arrays(values.offsets, elements, to_arrow(dtype), mask=mask)
        case Struct():
            # The fields of null structs are null already.
            fields = [_converted(values.field(number), field) for number, (_, field) in enumerate(dtype.fields)]
            return pa.StructArray.from_arrays(fields, fields=list(to_arrow(dtype)), mask=mask)
    if dtype == BINARY:
        return pa.array([None if text is None else bytes.fromhex(text) for text in values.to_pylist()], pa.binary())
    if dtype == TIMESTAMP_UTC:
        return values.cast(pa.timestamp("us")).cast(to_arrow(dtype))
    return values.cast(to_arrow(dtype))


def texts(column: pa.Array, dtype: DataType) -> pa.Array:
    """Return lists or structs as JSON texts.

    Args:
        column: The values.
        dtype: Their type.
    """
    return pa.array([None if value is None else text_of(value, dtype) for value in column.to_pylist()], pa.string())


def text_of(value: Any, dtype: DataType) -> str:
    """Return a list or a struct as JSON text.

    Args:
        value: The value as Python holds it.
        dtype: Its type.
    """
    return json.dumps(_element(value, dtype), ensure_ascii=False, separators=(",", ":"))


def constant_text(value: Any, dtype: DataType) -> str:
    """Return a list as JSON text.

    Args:
        value: The value as documents hold it (see :class:`onefold.plan.Literal`).
        dtype: Its type.
    """
    return text_of(Literal(dtype=dtype, value=value).python_value, dtype)


def _element(value: Any, dtype: DataType) -> Any:
    """Return a value as JSON holds it."""
    if value is None:
        return None
    match dtype:
        case List():
            return [_element(item, dtype.element) for item in value]
        case Struct():
            return {name: _element(value[name], field) for name, field in dtype.fields}
        case Decimal():
            return f"{value:.{dtype.scale}f}"
    write = _WRITERS.get(dtype)
    return value if write is None else write(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return f"{value:.16E}"


def _time(value: dt.datetime) -> str:
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


_WRITERS: dict[DataType, Callable[[Any], str]] = {
    FLOAT64: _float,
    BINARY: lambda value: value.hex().upper(),
    DATE: dt.date.isoformat,
    TIMESTAMP: _time,
    TIMESTAMP_UTC: _time,
}
