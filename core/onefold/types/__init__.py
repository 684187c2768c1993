"""The portable logical types, schemas, and their one mapping to Arrow."""

from onefold.types.arrow import from_arrow, schema_from_arrow, schema_to_arrow, to_arrow
from onefold.types.duration import MAX_DURATION, Duration, format_duration, parse_duration
from onefold.types.logical import (
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
    Primitive,
    Struct,
    parse_type,
)
from onefold.types.normalise import SchemaNormaliser, normalise_batch, normalise_reader, portable_schema
from onefold.types.schema import Field, Schema

__all__ = [
    "BINARY",
    "BOOL",
    "DATE",
    "FLOAT64",
    "INT64",
    "MAX_DURATION",
    "STRING",
    "TIMESTAMP",
    "TIMESTAMP_UTC",
    "DataType",
    "Decimal",
    "Duration",
    "Field",
    "List",
    "Primitive",
    "Schema",
    "SchemaNormaliser",
    "Struct",
    "format_duration",
    "from_arrow",
    "normalise_batch",
    "normalise_reader",
    "parse_duration",
    "parse_type",
    "portable_schema",
    "schema_from_arrow",
    "schema_to_arrow",
    "to_arrow",
]
