"""What is found in files and tables becomes what was declared, or is refused: no value is changed on the way."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
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
    Struct,
)
from onefold_spark.failures import SOURCE_MARK
from onefold_spark.names import quoted, text
from onefold_spark.schemas import spark_type, type_text

__all__ = ["in_nanoseconds", "portable", "refused", "stored_value"]

_SAME: Mapping[str, DataType] = {
    "bigint": INT64, "double": FLOAT64, "boolean": BOOL, "string": STRING, "binary": BINARY, "date": DATE,
    "timestamp_ntz": TIMESTAMP, "timestamp": TIMESTAMP_UTC,
}  # fmt: skip
"""Types that hold exactly the portable values."""

_DIGITS: Mapping[str, int] = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}
"""How many digits the integers have at most."""

_TOO_FINE = (
    ", which is finer than microseconds. Round it where the data is made, or read the nanoseconds as another column."
)
_NO_INT = ", which is no int64. Declare the column as float64 or a decimal."


def refused(value: str, column: str, why: str) -> str:
    """Return SQL that stops the query with an error about a value.

    Args:
        value: The value.
        column: The column that holds it, for people.
        why: What is wrong about it, and what to do.
    """
    told = f"concat({text(f'{SOURCE_MARK}the column {column} holds ')}, CAST({value} AS STRING), {text(why)})"
    return f"raise_error({told})"


def in_nanoseconds(found: spark.DataType, arrow: pa.DataType | None) -> bool:
    """Return whether a column of whole numbers holds instants of nanoseconds, for which Spark has no type."""
    return isinstance(found, spark.LongType) and arrow is not None and pa.types.is_timestamp(arrow)


def portable(found: spark.DataType) -> DataType | None:
    """Return the portable type that values of a Spark type become; None when there is none."""
    name = found.simpleString()
    if name in _SAME:
        return _SAME[name]
    if isinstance(found, spark.ByteType | spark.ShortType | spark.IntegerType):
        return INT64
    if isinstance(found, spark.FloatType):
        return FLOAT64
    if isinstance(found, spark.VarcharType | spark.CharType | spark.StringType):
        return STRING
    if isinstance(found, spark.DecimalType):
        return Decimal(found.precision, found.scale)
    if isinstance(found, spark.ArrayType):
        element = portable(found.elementType)
        return None if element is None else List(element)
    if isinstance(found, spark.StructType):
        fields = [(field.name, portable(field.dataType)) for field in found.fields]
        known = tuple((field, dtype) for field, dtype in fields if dtype is not None)
        return Struct(known) if len(known) == len(fields) and fields else None
    return None


def stored_value(
    sql: str, found: spark.DataType, arrow: pa.DataType | None, declared: DataType, column: str
) -> str | None:
    """Return SQL that gives a stored value in its declared type; the same SQL when it is of that type already.

    Args:
        sql: The value.
        found: Its Spark type.
        arrow: Its Arrow type, when that is known: it tells nanoseconds from whole numbers.
        declared: The declared portable type.
        column: The column, for messages about values that have no such form.

    Returns:
        SQL, or None when values of the found type are not of the declared one.
    """
    target = type_text(declared)
    if in_nanoseconds(found, arrow):
        return _from_nanoseconds(sql, arrow, declared, column)
    natural = portable(found)
    if isinstance(declared, List) and isinstance(found, spark.ArrayType):
        inner_arrow = arrow.value_type if arrow is not None and hasattr(arrow, "value_type") else None
        inner = stored_value("v", found.elementType, inner_arrow, declared.element, column)
        if inner is None or inner == "v":
            return sql if inner else None
        return f"transform({sql}, v -> {inner})"
    if isinstance(declared, Struct) and isinstance(found, spark.StructType):
        return _struct(sql, found, arrow, declared, column)
    if natural == declared:
        return sql if found == spark_type(declared) else f"CAST({sql} AS {target})"
    if isinstance(found, spark.DecimalType) and declared == INT64:
        fits = f"{sql} = CAST(CAST({sql} AS DECIMAL(38, 0)) AS DECIMAL({found.precision}, {found.scale}))"
        if found.precision - found.scale > 18:
            fits = f"{sql} BETWEEN -9223372036854775808 AND 9223372036854775807" + (
                f" AND {fits}" if found.scale else ""
            )
        too_large = ", which does not fit in int64. Declare the column as decimal128(20, 0), or leave it out."
        return _checked(sql, fits, f"CAST({sql} AS BIGINT)", column, _NO_INT if found.scale else too_large)
    if _widens(found, natural, declared):
        return f"CAST({sql} AS {target})"
    return None


def _from_nanoseconds(sql: str, arrow: pa.DataType | None, declared: DataType, column: str) -> str | None:
    assert arrow is not None
    if declared != (TIMESTAMP if arrow.tz is None else TIMESTAMP_UTC):
        return None
    # Division toward zero is exact here: what is no whole microsecond was refused.
    instant = f"timestamp_micros({sql} DIV 1000L)"
    return _checked(sql, f"{sql} % 1000L = 0", _as_declared(instant, declared), f"{column} (in nanoseconds)", _TOO_FINE)


def _as_declared(instant: str, declared: DataType) -> str:
    return instant if declared == TIMESTAMP_UTC else f"CAST({instant} AS TIMESTAMP_NTZ)"


def _checked(sql: str, condition: str, value: str, column: str, why: str) -> str:
    return f"CASE WHEN {sql} IS NULL THEN NULL WHEN {condition} THEN {value} ELSE {refused(sql, column, why)} END"


def _struct(sql: str, found: spark.StructType, arrow: pa.DataType | None, declared: Struct, column: str) -> str | None:
    types = {field.name: field.dataType for field in found.fields}
    arrows = {} if arrow is None or not pa.types.is_struct(arrow) else {field.name: field.type for field in arrow}
    parts: list[str] = []
    plain = list(types) == [name for name, _ in declared.fields]
    for name, dtype in declared.fields:
        place = f"{sql}.{quoted(name)}"
        inner = stored_value(place, types[name], arrows.get(name), dtype, f"{column}.{name}") if name in types else None
        if inner is None:
            return None
        plain = plain and inner == place
        parts.append(f"{text(name)}, {inner}")
    return sql if plain else f"CASE WHEN {sql} IS NOT NULL THEN named_struct({', '.join(parts)}) END"


def _widens(found: spark.DataType, natural: DataType | None, declared: DataType) -> bool:
    """Return whether every value of a type is also one of a declared type of another kind."""
    name = found.simpleString()
    if declared == FLOAT64:
        return name in ("tinyint", "smallint", "int")
    if isinstance(declared, Decimal):
        if isinstance(natural, Decimal):
            return declared.scale >= natural.scale and (
                declared.precision - declared.scale >= natural.precision - natural.scale
            )
        return name in _DIGITS and declared.precision - declared.scale >= _DIGITS[name]
    return False
