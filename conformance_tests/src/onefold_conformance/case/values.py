"""Tables of a case: columns with types, and rows as JSON values.

An int64 is a JSON integer; a float64 a number, or ``"nan"``, ``"inf"``, ``"-inf"``; text is text, binary hexadecimal; dates and
timestamps are ISO 8601, an instant ends in ``Z``; a decimal is text; lists are arrays, structs objects, and null is null.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from onefold.errors import ConfigurationError
from onefold.types import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    Field,
    List,
    Schema,
    Struct,
    parse_type,
    schema_to_arrow,
)
from onefold_conformance.oracle.values import Value, from_arrow, to_table

__all__ = ["read_table", "table_document"]

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock, and all instants are held as those of UTC
_MICROSECOND = dt.timedelta(microseconds=1)


def read_table(document: Mapping[str, Any], *, where: str) -> tuple[pa.Table, Schema]:
    """Return the table that a document ``{"columns": {name: type}, "rows": [[...], ...]}`` stands for, and its schema.

    Args:
        document: The document.
        where: What the table is, for errors.

    Raises:
        ConfigurationError: If a row has another number of values than there are columns, or a value does not fit.
    """
    columns, rows = document["columns"], document["rows"]
    schema = Schema(Field(name, parse_type(text)) for name, text in columns.items())
    read = []
    for number, row in enumerate(rows):
        if len(row) != len(schema):
            raise ConfigurationError(f"{where}: row {number} has {len(row)} values for {len(schema)} columns.")
        try:
            read.append({field.name: _read(value, field.dtype) for field, value in zip(schema, row, strict=True)})
        except (TypeError, ValueError, AttributeError, decimal.DecimalException) as error:
            raise ConfigurationError(f"{where}: row {number} does not fit its columns: {error}") from error
    return to_table(read, schema, raw=True).cast(schema_to_arrow(schema)), schema


def table_document(table: pa.Table, schema: Schema) -> dict[str, Any]:
    """Return a table as the document that :func:`read_table` reads back."""
    rows = [[_written(row[field.name], field.dtype) for field in schema] for row in from_arrow(table, schema, raw=True)]
    return {"columns": {field.name: str(field.dtype) for field in schema}, "rows": rows}


def _read(value: Any, dtype: DataType) -> Value:
    """Return the value that a JSON value stands for, as the oracle holds it."""
    if value is None:
        return None
    if isinstance(dtype, List):
        return [_read(item, dtype.element) for item in _expected(value, list)]
    if isinstance(dtype, Struct):
        given = _expected(value, dict)
        if list(given) != [name for name, _ in dtype.fields]:
            raise ValueError(f"{value!r} has other fields than {dtype}")
        return {name: _read(given[name], field) for name, field in dtype.fields}
    if dtype == FLOAT64:
        return float(value) if isinstance(value, str) and value in ("nan", "inf", "-inf") else _number(value)
    if dtype == INT64:
        if isinstance(value, bool) or not -(2**63) <= _expected(value, int) < 2**63:
            raise ValueError(f"{value!r} is no int64")
        return value
    if dtype == BOOL:
        return _expected(value, bool)
    if dtype == BINARY:
        return bytes.fromhex(_expected(value, str))
    if dtype == STRING:
        return _expected(value, str)
    if dtype == DATE:
        return dt.date.fromisoformat(_expected(value, str)).toordinal() - _EPOCH.toordinal()
    if isinstance(dtype, Decimal):
        return decimal.Decimal(_expected(value, str))
    if value.endswith("Z") != (dtype == TIMESTAMP_UTC):
        raise ValueError(f"{value!r} is no {dtype}: an instant, and only an instant, ends in Z")
    return (dt.datetime.fromisoformat(value.removesuffix("Z")) - _EPOCH) // _MICROSECOND


def _expected(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _written(value: Value, dtype: DataType) -> Any:
    if value is None:
        return None
    if isinstance(dtype, List):
        return [_written(item, dtype.element) for item in value]
    if isinstance(dtype, Struct):
        return {name: _written(value[name], field) for name, field in dtype.fields}
    if dtype == FLOAT64:
        return value if math.isfinite(value) else repr(value)
    if dtype == BINARY:
        return bytes(value).hex()
    if dtype == DATE:
        return dt.date.fromordinal(value + _EPOCH.toordinal()).isoformat()
    if isinstance(dtype, Decimal):
        return format(value, "f")
    if dtype.is_time:
        text = (_EPOCH + value * _MICROSECOND).isoformat()
        return text + "Z" if dtype == TIMESTAMP_UTC else text
    return value
