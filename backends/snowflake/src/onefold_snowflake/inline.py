"""Small inputs as part of a query: nothing has to be made before it, nor removed after it."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

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
    Schema,
    Struct,
)
from onefold_snowflake.dialect import DIALECT
from onefold_snowflake.names import literal, quoted
from onefold_snowflake.types import TIME_FORMAT
from onefold_snowflake.variants.texts import text_of

__all__ = ["MOST_ROWS", "inlined", "with_tables"]

MOST_ROWS = 1_000
"""The largest number of rows that is looked at: Snowflake takes 16,384, and is slow long before."""


def inlined(batches: Iterable[pa.RecordBatch], schema: Schema, limit: int) -> str | None:
    """Return rows as a query that holds them; None when it would be longer than a limit.

    Values are written as plain constants, and each column is converted once, by a function with a format: what a text
    means does not depend on the session.

    Args:
        batches: The rows, in the schema.
        schema: Their columns, of which there is at least one.
        limit: The greatest length of the text.
    """
    rows: list[str] = []
    length = 0
    writers = [_writer(field.dtype) for field in schema]
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            items = ("NULL" if value is None else write(value) for write, value in zip(writers, values, strict=True))
            rows.append(f"({', '.join(items)})")
            length += len(rows[-1]) + 2
            if length > limit or len(rows) > MOST_ROWS:
                return None
    columns_of_values = [f"c{number}" for number in range(len(schema))]
    items_of_query = [
        f"{_reader(field.dtype)(name, field.dtype)} AS {quoted(field.name)}"
        for name, field in zip(columns_of_values, schema, strict=True)
    ]
    if not rows:
        nothing = [f"CAST(NULL AS {_type(field.dtype)}) AS {quoted(field.name)}" for field in schema]
        return f"SELECT {', '.join(nothing)} WHERE FALSE"
    return f"SELECT {', '.join(items_of_query)} FROM (VALUES {', '.join(rows)}) AS v ({', '.join(columns_of_values)})"


def with_tables(query: str, tables: dict[str, str]) -> str:
    """Return a query that can name small inputs as tables.

    Args:
        query: The query; it begins with ``SELECT`` or ``WITH``.
        tables: The queries that hold the inputs, by name.
    """
    if not tables:
        return query
    named = ", ".join(f"{quoted(name)} AS ({text})" for name, text in tables.items())
    head, _, rest = query.partition(" ")
    if head == "WITH":
        return f"WITH {named}, {rest}"
    assert head == "SELECT", query
    return f"WITH {named} {query}"


def _float(value: float) -> str:
    if math.isnan(value):
        return "'NaN'"
    if math.isinf(value):
        return "'inf'" if value > 0 else "'-inf'"
    return f"'{value!r}'"


def _time(value: dt.datetime) -> str:
    return f"'{value.replace(tzinfo=None).isoformat(' ', 'microseconds')}'"


def _decimal(value: decimal.Decimal) -> str:
    return f"'{value:f}'"


_WRITERS: dict[DataType, Callable[[Any], str]] = {
    INT64: str,
    FLOAT64: _float,
    BOOL: lambda value: "TRUE" if value else "FALSE",
    STRING: literal,
    BINARY: lambda value: f"'{value.hex()}'",
    DATE: lambda value: f"'{value.isoformat()}'",
    TIMESTAMP: _time,
    TIMESTAMP_UTC: _time,
}


def _writer(dtype: DataType) -> Callable[[Any], str]:
    if dtype.is_nested:
        return lambda value: literal(text_of(value, dtype))
    return _WRITERS.get(dtype, _decimal)


def _type(dtype: DataType) -> str:
    return DIALECT.types(dtype).sql("snowflake")


def _cast(name: str, dtype: DataType) -> str:
    return f"CAST({name} AS {_type(dtype)})"


def _read_time(name: str, dtype: DataType) -> str:
    return f"CAST(TO_TIMESTAMP_NTZ({name}, '{TIME_FORMAT}') AS {_type(dtype)})"


_READERS: dict[DataType, Callable[[str, DataType], str]] = {
    BINARY: lambda name, _: f"TO_BINARY({name}, 'HEX')",
    DATE: lambda name, _: f"TO_DATE({name}, 'YYYY-MM-DD')",
    TIMESTAMP: _read_time,
    TIMESTAMP_UTC: _read_time,
}


def _reader(dtype: DataType) -> Callable[[str, DataType], str]:
    if dtype.is_nested:
        return _read_nested
    return _READERS.get(dtype, _cast)


def _read_nested(name: str, dtype: DataType) -> str:
    return f"{'TO_OBJECT' if isinstance(dtype, Struct) else 'TO_ARRAY'}(PARSE_JSON({name}))"
