"""The portable types as Spark's own, in which rows enter and leave it."""

from __future__ import annotations

from pyspark.sql import types as spark

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
    Schema,
    Struct,
)

__all__ = ["spark_schema", "spark_type", "type_text"]

_PLAIN: dict[DataType, spark.DataType] = {
    INT64: spark.LongType(),
    FLOAT64: spark.DoubleType(),
    BOOL: spark.BooleanType(),
    STRING: spark.StringType(),
    BINARY: spark.BinaryType(),
    DATE: spark.DateType(),
    TIMESTAMP: spark.TimestampNTZType(),
    TIMESTAMP_UTC: spark.TimestampType(),
}


def spark_type(dtype: DataType) -> spark.DataType:
    """Return the Spark type that holds exactly the values of a portable type."""
    if isinstance(dtype, Decimal):
        return spark.DecimalType(dtype.precision, dtype.scale)
    if isinstance(dtype, List):
        return spark.ArrayType(spark_type(dtype.element))
    if isinstance(dtype, Struct):
        return spark.StructType([spark.StructField(name, spark_type(field)) for name, field in dtype.fields])
    return _PLAIN[dtype]


def spark_schema(schema: Schema) -> spark.StructType:
    """Return the Spark schema of a portable schema; every field is nullable."""
    return spark.StructType([spark.StructField(field.name, spark_type(field.dtype)) for field in schema])


def type_text(dtype: DataType) -> str:
    """Return a portable type as Spark's SQL writes it; there a bare ``TIMESTAMP`` is a wall clock in our sessions.

    Examples:
        >>> from onefold.types import parse_type
        >>> type_text(parse_type("list<timestamp[us, UTC]>"))
        'array<timestamp_ltz>'
    """
    if isinstance(dtype, List):
        return f"array<{type_text(dtype.element)}>"
    if isinstance(dtype, Struct):
        fields = (f"`{name.replace('`', '``')}`: {type_text(field)}" for name, field in dtype.fields)
        return f"struct<{', '.join(fields)}>"
    return "timestamp_ltz" if dtype == TIMESTAMP_UTC else spark_type(dtype).simpleString()
