"""Elements of arrays and fields of objects in SQL: how values become variants, and variants values again.

``AS_VARCHAR`` and its like are null for a JSON null, and for nothing else that is put into arrays here. What a cast makes
of it is documented in two ways: null, and the text ``null``.
"""

from __future__ import annotations

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
from onefold_snowflake.types import INFINITY, TIME_FORMAT

__all__ = ["decoded", "encoded", "held"]

_NULL = "PARSE_JSON('null')"
_TIME_TEXT = f"TO_CHAR({{}}, '{TIME_FORMAT}')"
_TIME = f"CAST(TO_TIMESTAMP_NTZ(AS_VARCHAR({{}}), '{TIME_FORMAT}') AS TIMESTAMP_NTZ(6))"

_TEXTS: dict[DataType, str] = {
    # Formats have no way to write NaN and infinities, and plain text has ten digits.
    FLOAT64: f"CASE WHEN ABS({{}}) < {INFINITY} THEN TO_CHAR({{}}, 'TME') ELSE CAST({{}} AS VARCHAR) END",
    BINARY: "TO_CHAR({}, 'HEX')",
    DATE: "TO_CHAR({}, 'YYYY-MM-DD')",
    TIMESTAMP: _TIME_TEXT,
    TIMESTAMP_UTC: _TIME_TEXT,
}
"""How values are written that JSON would not keep."""

_VALUES: dict[DataType, str] = {
    INT64: "CAST(AS_INTEGER({}) AS NUMBER(19, 0))",
    FLOAT64: "CAST(AS_VARCHAR({}) AS FLOAT)",
    BOOL: "AS_BOOLEAN({})",
    STRING: "AS_VARCHAR({})",
    BINARY: "TO_BINARY(AS_VARCHAR({}), 'HEX')",
    DATE: "TO_DATE(AS_VARCHAR({}), 'YYYY-MM-DD')",
    TIMESTAMP: _TIME,
    TIMESTAMP_UTC: _TIME,
}
"""How they are read."""


def held(place: str, dtype: DataType) -> str:
    """Return the template of a value as a variant that arrays hold; null for null.

    Args:
        place: The place of the value in the template, such as ``{0}``.
        dtype: Its type.
    """
    text = "CAST({} AS VARCHAR)" if isinstance(dtype, Decimal) else _TEXTS.get(dtype, "{}")
    return f"TO_VARIANT({text.replace('{}', place)})"


def encoded(place: str, dtype: DataType) -> str:
    """Return the same template with a JSON null for null, which stays where it is put.

    Args:
        place: The place of the value in the template.
        dtype: Its type.
    """
    return f"COALESCE({held(place, dtype)}, {_NULL})"


def decoded(place: str, dtype: DataType) -> str:
    """Return the template of the value that a variant holds; null for a JSON null.

    Args:
        place: The place of the variant in the template.
        dtype: The type of the value.
    """
    match dtype:
        case List():
            text = "AS_ARRAY({})"
        case Struct():
            text = "AS_OBJECT({})"
        case Decimal():
            text = f"CAST(AS_VARCHAR({{}}) AS NUMBER({dtype.precision}, {dtype.scale}))"
        case _:
            text = _VALUES[dtype]
    return text.replace("{}", place)
