"""DuckDB's types and the portable ones: what is found in files becomes what was declared, or is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
from onefold_rift.failures import SOURCE_MARK

__all__ = ["conversion", "portable", "text_type"]

_SAME: Mapping[str, DataType] = {
    "bigint": INT64, "double": FLOAT64, "boolean": BOOL, "varchar": STRING, "blob": BINARY, "date": DATE,
    "timestamp": TIMESTAMP, "timestamp with time zone": TIMESTAMP_UTC,
}  # fmt: skip
"""Types that hold exactly the portable values."""

_WIDENED: Mapping[str, DataType] = {
    **dict.fromkeys(("tinyint", "smallint", "integer", "utinyint", "usmallint", "uinteger"), INT64), "float": FLOAT64, "timestamp_s": TIMESTAMP, "timestamp_ms": TIMESTAMP, "enum": STRING, "uuid": STRING,
}  # fmt: skip
"""Types whose every value the portable type can hold."""


def _checked(condition: str, value: str, advice: str) -> Callable[[str, str, str], str]:
    def convert(sql: str, target: str, column: str) -> str:
        message = f"{SOURCE_MARK}the column {column} holds ".replace("'", "''")
        return (
            f"CASE WHEN {sql} IS NULL THEN NULL WHEN {condition.format(v=sql)} THEN CAST({value.format(v=sql)} AS {target}) "
            f"ELSE CAST(ERROR('{message}' || CAST({sql} AS VARCHAR) || '{advice}') AS {target}) END"
        )

    return convert


_TOO_LARGE = ", which does not fit in int64. Declare the column as decimal128(20, 0), or leave it out."
_TOO_FINE = (
    ", which is finer than microseconds. Round it where the data is made, or read the nanoseconds as another column."
)

_GUARDED: Mapping[str, tuple[DataType, Callable[[str, str, str], str]]] = {
    "ubigint": (INT64, _checked("{v} <= 9223372036854775807", "{v}", _TOO_LARGE)),
    "hugeint": (INT64, _checked("{v} BETWEEN -9223372036854775808 AND 9223372036854775807", "{v}", _TOO_LARGE)),
    "uhugeint": (INT64, _checked("{v} <= 9223372036854775807", "{v}", _TOO_LARGE)),
    "timestamp_ns": (TIMESTAMP, _checked("EPOCH_NS({v}) % 1000 = 0", "{v}", _TOO_FINE)),
    "timestamptz_ns": (TIMESTAMP_UTC, _checked("EPOCH_NS({v}) % 1000 = 0", "{v}", _TOO_FINE)),
}
"""Types of which only some values have a portable form; the others stop the query."""

_WHOLE = _checked(
    "{v} = TRUNC({v}) AND {v} BETWEEN -9223372036854775808 AND 9223372036854775807",
    "TRUNC({v})",
    ", which is no int64. Declare the column as float64 or a decimal.",
)
"""How a decimal becomes an integer; text is read as a decimal first, because DuckDB would round 2.5 to 3."""

_ZONE = "REGEXP_MATCHES({v}, ':[0-9.]+ *([Zz]|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$')"
_FINE = "REGEXP_MATCHES({v}, '[.][0-9]{{6}}0*[1-9]')"


def _timestamp(sql: str, target: str, column: str, *, zoned: bool) -> str:
    """Return a timestamp from text. DuckDB itself would drop a zone, and digits after the sixth, without a word."""
    message = f"{SOURCE_MARK}the column {column} holds ".replace("'", "''")
    refused = [(_FINE.format(v=sql), _TOO_FINE)]
    if not zoned:
        refused.append(
            (_ZONE.format(v=sql), ", an instant with a time zone. Declare the column as timestamp[us, UTC].")
        )
    branches = "".join(
        f"WHEN {test} THEN CAST(ERROR('{message}' || {sql} || '{advice}') AS {target}) " for test, advice in refused
    )
    unreadable = f"CAST(ERROR('{message}' || {sql} || ', which is no timestamp.') AS {target})"
    return f"CASE WHEN {sql} IS NULL THEN NULL {branches}ELSE COALESCE(TRY_CAST({sql} AS {target}), {unreadable}) END"


def _decimal(sql: str, dtype: Decimal, target: str, column: str) -> str:
    """Return a decimal from text. DuckDB itself would round digits after the last that the type has, without a word."""
    message = f"{SOURCE_MARK}the column {column} holds ".replace("'", "''")
    refused = f"CAST(ERROR('{message}' || {sql} || ', which is no {dtype}. Declare more digits.') AS {target})"
    scale = dtype.scale
    numeral = f"[+-]?([0-9]+([.][0-9]{{0,{scale}}}0*)?|[.][0-9]{{1,{max(scale, 1)}}}0*)"
    exact = f"REGEXP_FULL_MATCH(TRIM({sql}), '{numeral}')"
    return (
        f"CASE WHEN {sql} IS NULL THEN NULL WHEN {exact} THEN COALESCE(TRY_CAST({sql} AS {target}), {refused}) "
        f"ELSE {refused} END"
    )


_DIGITS: Mapping[str, int] = {
    "tinyint": 3, "smallint": 5, "integer": 10, "utinyint": 3, "usmallint": 5, "uinteger": 10, "bigint": 19, "ubigint": 20,
}  # fmt: skip
"""How many digits the integers have at most."""


def portable(found: Any) -> DataType | None:
    """Return the portable type that values of a DuckDB type become; None when there is none.

    Args:
        found: A ``duckdb.sqltypes.DuckDBPyType``.
    """
    name = _name(found)
    if name in _SAME:
        return _SAME[name]
    if name in _WIDENED:
        return _WIDENED[name]
    if name in _GUARDED:
        return _GUARDED[name][0]
    if name == "decimal":
        parts = dict(found.children)
        return Decimal(int(parts["precision"]), int(parts["scale"]))
    if name in ("list", "array"):
        element = portable(found.children[0][1])
        return None if element is None else List(element)
    if name == "struct":
        fields = [(field, portable(child)) for field, child in found.children]
        return (
            Struct(tuple((field, dtype) for field, dtype in fields if dtype is not None))
            if all(dtype is not None for _, dtype in fields)
            else None
        )
    return None


def conversion(
    sql: str, found: Any, declared: DataType, target: Callable[[DataType], str], column: str, *, text: bool = False
) -> str | None:
    """Return SQL that gives a found value in its declared type; the same SQL when it is of that type already.

    Args:
        sql: The value.
        found: Its DuckDB type.
        declared: The declared portable type.
        target: Writes a portable type in DuckDB's dialect.
        column: The column, for messages about values that have no such form.
        text: Whether the value was read from text, in which timestamps come as strings (see :func:`text_type`).

    Returns:
        SQL, or None when values of the found type are not of the declared one.
    """
    name = _name(found)
    natural = portable(found)
    if name in _SAME or name == "decimal":
        if natural == declared:
            return sql
        if name == "decimal" and declared == INT64:
            return _WHOLE(sql, target(declared), column)
        if text and name == "varchar" and declared.is_time:
            return _timestamp(sql, target(declared), column, zoned=declared == TIMESTAMP_UTC)
        if text and name == "varchar" and isinstance(declared, Decimal):
            return _decimal(sql, declared, target(declared), column)
    elif natural == declared and name in _WIDENED:
        return f"CAST({sql} AS {target(declared)})"
    elif natural == declared and name in _GUARDED:
        return _GUARDED[name][1](sql, target(declared), column)
    if _widens(name, natural, declared):
        return f"CAST({sql} AS {target(declared)})"
    if name in ("list", "array") and isinstance(declared, List):
        inner = conversion("v", found.children[0][1], declared.element, target, column, text=text)
        if inner == "v":
            return sql if name == "list" else f"CAST({sql} AS {target(declared)})"
        return None if inner is None else f"LIST_TRANSFORM({sql}, LAMBDA v : {inner})"
    if name == "struct" and isinstance(declared, Struct):
        return _struct(sql, dict(found.children), declared, target, column, text=text)
    return None


def _struct(
    sql: str,
    found: Mapping[str, Any],
    declared: Struct,
    target: Callable[[DataType], str],
    column: str,
    *,
    text: bool,
) -> str | None:
    parts: list[str] = []
    plain = list(found) == [name for name, _ in declared.fields]
    for name, dtype in declared.fields:
        quoted = '"' + name.replace('"', '""') + '"'
        place = f"({sql}).{quoted}"
        inner = conversion(place, found[name], dtype, target, f"{column}.{name}", text=text) if name in found else None
        if inner is None:
            return None
        plain = plain and inner == place
        parts.append(f"{quoted} := {inner}")
    return sql if plain else f"CASE WHEN {sql} IS NOT NULL THEN STRUCT_PACK({', '.join(parts)}) END"


def _widens(name: str, natural: DataType | None, declared: DataType) -> bool:
    """Return whether every value of a type is also one of a declared type of another kind."""
    if declared == FLOAT64:
        return name in ("tinyint", "smallint", "integer", "utinyint", "usmallint", "uinteger")
    if isinstance(declared, Decimal):
        if isinstance(natural, Decimal):
            return declared.scale >= natural.scale and (
                declared.precision - declared.scale >= natural.precision - natural.scale
            )
        return name in _DIGITS and declared.precision - declared.scale >= _DIGITS[name]
    return False


def _name(found: Any) -> str:
    return "json" if str(found) == "JSON" else str(found.id).lower()


def text_type(dtype: DataType, target: Callable[[DataType], str], *, typed_times: bool = False) -> str:
    """Return the DuckDB type as which a declared type is read from text.

    Integers are read as decimals, decimals and timestamps as strings: see :func:`conversion`, which checks them.

    Args:
        dtype: The declared type.
        target: Writes a portable type in DuckDB's dialect.
        typed_times: Whether timestamps are in a format of their own, which only the reader knows.
    """
    if dtype == INT64:
        return "DECIMAL(38, 18)"
    if isinstance(dtype, Decimal) or (dtype.is_time and not typed_times):
        return "VARCHAR"
    if isinstance(dtype, List):
        return f"{text_type(dtype.element, target, typed_times=typed_times)}[]"
    if isinstance(dtype, Struct):
        fields = [
            f'"{name.replace(chr(34), chr(34) * 2)}" {text_type(field, target, typed_times=typed_times)}'
            for name, field in dtype.fields
        ]
        return f"STRUCT({', '.join(fields)})"
    return target(dtype)
