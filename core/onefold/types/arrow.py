"""The one mapping between portable types and Arrow."""

from __future__ import annotations

import pyarrow as pa

from onefold.errors import DefinitionError, SourceError
from onefold.types.logical import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    MAX_DEPTH,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Struct,
)
from onefold.types.schema import Field, Schema

__all__ = ["from_arrow", "schema_from_arrow", "schema_to_arrow", "to_arrow"]

_TO_ARROW: dict[DataType, pa.DataType] = {
    INT64: pa.int64(),
    FLOAT64: pa.float64(),
    BOOL: pa.bool_(),
    STRING: pa.string(),
    BINARY: pa.binary(),
    DATE: pa.date32(),
    TIMESTAMP: pa.timestamp("us"),
    TIMESTAMP_UTC: pa.timestamp("us", tz="UTC"),
}
_FROM_ARROW = {arrow: portable for portable, arrow in _TO_ARROW.items()}


def to_arrow(dtype: DataType) -> pa.DataType:
    """Return the Arrow type that represents a portable type.

    Examples:
        >>> from onefold.types import parse_type
        >>> to_arrow(parse_type("list<int64>"))
        ListType(list<element: int64>)
    """
    if isinstance(dtype, Decimal):
        return pa.decimal128(dtype.precision, dtype.scale)
    if isinstance(dtype, List):
        return pa.list_(pa.field("element", to_arrow(dtype.element)))
    if isinstance(dtype, Struct):
        return pa.struct([pa.field(name, to_arrow(field)) for name, field in dtype.fields])
    return _TO_ARROW[dtype]


def schema_to_arrow(schema: Schema) -> pa.Schema:
    """Return the Arrow schema of a portable schema; every field is nullable."""
    return pa.schema([pa.field(field.name, to_arrow(field.dtype)) for field in schema])


def from_arrow(arrow: pa.DataType, *, column: str) -> DataType:
    """Return the portable type into which values of an Arrow type are converted at the source.

    Small and unsigned integers become int64, float32 becomes float64, text and binary layouts become the plain
    ones, dictionaries are decoded, other time units become microseconds and other zones UTC. Whether that loses
    nothing is checked on the values, when they are read.

    Args:
        arrow: The Arrow type as found.
        column: The column's name, for the error.

    Raises:
        SourceError: If values of the type can not be represented.
    """
    try:
        return _from_arrow(arrow, column, 0)
    except DefinitionError as error:
        raise SourceError(f"The column {column!r} has an Arrow type that no portable type can hold. {error}") from None


def _from_arrow(arrow: pa.DataType, column: str, depth: int) -> DataType:
    if depth > MAX_DEPTH:
        raise DefinitionError(f"Lists and structs are nested at most {MAX_DEPTH} deep.")
    if arrow in _FROM_ARROW:
        return _FROM_ARROW[arrow]
    if pa.types.is_integer(arrow):
        return INT64
    if pa.types.is_float32(arrow):
        return FLOAT64
    if pa.types.is_large_string(arrow) or pa.types.is_string_view(arrow):
        return STRING
    if pa.types.is_large_binary(arrow) or pa.types.is_binary_view(arrow) or pa.types.is_fixed_size_binary(arrow):
        return BINARY
    if pa.types.is_timestamp(arrow):
        return TIMESTAMP if arrow.tz is None else TIMESTAMP_UTC
    if pa.types.is_date64(arrow):
        return DATE
    if pa.types.is_decimal(arrow) and arrow.precision <= 38 and 0 <= arrow.scale <= arrow.precision:
        return Decimal(arrow.precision, arrow.scale)
    if pa.types.is_dictionary(arrow):
        return _from_arrow(arrow.value_type, column, depth)
    if (
        pa.types.is_list(arrow)
        or pa.types.is_large_list(arrow)
        or pa.types.is_fixed_size_list(arrow)
        or pa.types.is_list_view(arrow)
        or pa.types.is_large_list_view(arrow)
    ):
        return List(_from_arrow(arrow.value_type, f"{column}[]", depth + 1))
    if pa.types.is_struct(arrow):
        return Struct(tuple((f.name, _from_arrow(f.type, f"{column}.{f.name}", depth + 1)) for f in arrow))
    raise SourceError(
        f"The column {column!r} has the Arrow type {arrow}, which no portable type can hold. "
        f"{_ADVICE.get(_family(arrow), 'Cast it to a portable type, or leave the column out.')}"
    )


def schema_from_arrow(schema: pa.Schema) -> Schema:
    """Return the portable schema into which an Arrow schema is converted at the source.

    Raises:
        SourceError: If a column can not be represented, two columns have one name, or a name is empty.
    """
    if len(set(schema.names)) != len(schema.names):
        twice = next(name for name in schema.names if schema.names.count(name) > 1)
        raise SourceError(f"The data has more than one column named {twice!r}. Rename one of them.")
    fields = [Field(field.name, from_arrow(field.type, column=field.name)) for field in schema]
    try:
        return Schema(fields)
    except DefinitionError as error:
        raise SourceError(f"{error} Rename it where the data is made.") from None


def _family(arrow: pa.DataType) -> str:
    for family, test in (
        ("float16", pa.types.is_float16),
        ("duration", pa.types.is_duration),
        ("time", pa.types.is_time),
        ("interval", pa.types.is_interval),
        ("null", pa.types.is_null),
        ("map", pa.types.is_map),
        ("decimal", pa.types.is_decimal),
    ):
        if test(arrow):
            return family
    return "other"


_ADVICE = {
    "float16": "Cast it to float64.",
    "duration": "Cast it to int64 microseconds.",
    "time": "Cast it to int64 microseconds since midnight, or to string.",
    "interval": "Cast it to int64 microseconds or months.",
    "null": "It holds only nulls and has no type: cast it to the type that is meant.",
    "map": "Turn it into a list of structs with the fields 'key' and 'value'.",
    "decimal": "Decimals have at most 38 digits and a scale from 0 to their precision: cast it, or use float64.",
}
