"""DuckDB's Arrow as Snowflake puts it on the wire.

A number is sent as the narrowest integer that holds all values of its chunk, scaled by its scale, and as decimal128
only beyond 64 bits; a timestamp with more than six digits of a second as a struct of seconds and nanoseconds. The
width of a column therefore differs between the chunks of one result, which clients must cope with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold_snowflake_emulator.results.columns import Column

_WIDTHS: Final = ((pa.int8(), 7), (pa.int16(), 15), (pa.int32(), 31))
_MICROSECONDS: Final = 1_000_000
_SECONDS_SCALE: Final = 6
"""Timestamps up to this scale are one integer, with a finer one they are a struct."""
_UTC_OFFSET: Final = 1440


def encode(batch: pa.RecordBatch | pa.Table, columns: Sequence[Column], indent: int) -> pa.Table:
    """Return rows as Snowflake sends them.

    Args:
        batch: The rows as DuckDB made them.
        columns: The columns of the result.
        indent: How far variants are indented, 0 for one line.

    Returns:
        The rows, each field with Snowflake's metadata.
    """
    arrays = [_encode(_one(array), column, indent) for array, column in zip(batch.columns, columns, strict=True)]
    fields = [
        pa.field(column.name, array.type, metadata=column.metadata())
        for array, column in zip(arrays, columns, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def to_bytes(table: pa.Table) -> pa.Buffer:
    """Return a table as an Arrow stream.

    Args:
        table: The table.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _one(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    plain = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if isinstance(plain, pa.ChunkedArray):  # no rows, and so no chunk
        plain = pa.array([], array.type)
    return plain.storage if isinstance(plain, pa.ExtensionArray) else plain


def _encode(array: pa.Array, column: Column, indent: int) -> pa.Array:
    match column.kind:
        case "fixed":
            return _fixed(array, column)
        case "real":
            return array.cast(pa.float64())
        case "time":
            return _time(array, column)
        case "timestamp_ntz" | "timestamp_ltz":
            return _timestamp(array, column)
        case "timestamp_tz":
            return _timestamp_tz(array)
        case "variant" | "object" | "array":
            return _json(array, indent)
        case "text":
            return array.cast(pa.string())
        case _:
            return array


def _fixed(array: pa.Array, column: Column) -> pa.Array:
    if pa.types.is_decimal(array.type):
        scaled = _unscaled(array)
        return _narrowed(scaled) if scaled is not None else array.cast(pa.decimal128(38, array.type.scale))
    if pa.types.is_uint64(array.type):
        scaled = _unscaled(array.cast(pa.decimal128(38, 0)))
        return _narrowed(scaled) if scaled is not None else array.cast(pa.decimal128(38, 0))
    return _narrowed(array.cast(pa.int64()))


def _unscaled(array: pa.Array) -> pa.Array | None:
    """Return the digits of decimals as integers of 64 bits, None if one of them needs more."""
    wide = array.cast(pa.decimal128(38, array.type.scale))
    words = np.frombuffer(wide.buffers()[1], dtype=np.int64)[2 * wide.offset : 2 * (wide.offset + len(wide))]
    low, high = words[0::2], words[1::2]
    valid = None if wide.null_count == 0 else np.asarray(wide.is_valid().to_numpy(zero_copy_only=False))
    fits = (low >> 63) == high
    if not bool(np.all(fits if valid is None else fits | ~valid)):
        return None
    return pa.array(low, pa.int64(), mask=None if valid is None else ~valid)


def _narrowed(array: pa.Array) -> pa.Array:
    bounds = pc.min_max(array)
    lowest, highest = bounds["min"].as_py(), bounds["max"].as_py()
    if lowest is None:
        return array.cast(pa.int8())
    for width, bits in _WIDTHS:
        if -(1 << bits) <= lowest and highest < (1 << bits):
            return array.cast(width)
    return array


def _time(array: pa.Array, column: Column) -> pa.Array:
    microseconds = array.cast(pa.time64("us")).cast(pa.int64())
    scale = column.scale if column.scale is not None else 9
    scaled = _rescaled(microseconds, scale)
    return scaled if scale > 4 else scaled.cast(pa.int32())


def _rescaled(microseconds: pa.Array, scale: int) -> pa.Array:
    """Return microseconds as units of a scale, cut off towards the past."""
    if scale >= _SECONDS_SCALE:
        return pc.multiply(microseconds, 10 ** (scale - _SECONDS_SCALE))
    return _floored(microseconds, 10 ** (_SECONDS_SCALE - scale))[0]


def _floored(array: pa.Array, divisor: int) -> tuple[pa.Array, pa.Array]:
    """Return the quotient rounded down and the remainder, which is never negative."""
    quotient = pc.divide(array, divisor)
    remainder = pc.subtract(array, pc.multiply(quotient, divisor))
    below = pc.less(remainder, 0)
    return (
        pc.if_else(below, pc.subtract(quotient, 1), quotient),
        pc.if_else(below, pc.add(remainder, divisor), remainder),
    )


def _microseconds(array: pa.Array) -> pa.Array:
    unit = pa.timestamp("us", array.type.tz)
    return (array if array.type == unit else array.cast(unit, safe=False)).cast(pa.int64())


def _timestamp(array: pa.Array, column: Column) -> pa.Array:
    microseconds = _microseconds(array)
    scale = 9 if column.scale is None else column.scale
    if scale <= _SECONDS_SCALE:
        return _rescaled(microseconds, scale)
    return _struct(microseconds)


def _timestamp_tz(array: pa.Array) -> pa.Array:
    return _struct(_microseconds(array), zone=True)


def _struct(microseconds: pa.Array, *, zone: bool = False) -> pa.Array:
    seconds, rest = _floored(pc.fill_null(microseconds, 0), _MICROSECONDS)
    parts = [seconds, pc.multiply(rest, 1000).cast(pa.int32())]
    fields = [pa.field("epoch", pa.int64()), pa.field("fraction", pa.int32())]
    if zone:
        parts.append(pa.array(np.full(len(seconds), _UTC_OFFSET, np.int32)))
        fields.append(pa.field("timezone", pa.int32()))
    # Without the mask a NULL would arrive as 1970.
    return pa.StructArray.from_arrays(parts, fields=fields, mask=microseconds.is_null())


def _json(array: pa.Array, indent: int) -> pa.Array:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        values = [None if text is None else json.loads(text) for text in array.to_pylist()]
    else:
        values = [_plain(value) for value in array.to_pylist()]
    texts = [_text(value, indent, array[number].is_valid) for number, value in enumerate(values)]
    return pa.array(texts, pa.string())


def _text(value: Any, indent: int, valid: bool) -> str | None:
    if not valid:
        return None
    if indent == 0:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    return json.dumps(value, indent=indent, ensure_ascii=False, default=str)


def _plain(value: Any) -> Any:
    """Return a nested value of DuckDB as JSON has it; a map comes as pairs."""
    if isinstance(value, list) and value and all(isinstance(pair, tuple) for pair in value):
        return {key: _plain(item) for key, item in value}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
