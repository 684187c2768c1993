"""The types that columns have in Snowflake, and SQL that turns their values into portable ones without a loss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from snowflake.connector.constants import FIELD_ID_TO_NAME
from snowflake.connector.cursor import ResultMetadata

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
)
from onefold_snowflake.failures import SOURCE_MARK
from onefold_snowflake.names import literal
from onefold_snowflake.types import TIME_FORMAT, within_64_bits

__all__ = ["Found", "conversion", "found_columns", "portable_type"]

_PLAIN: dict[DataType, str] = {
    FLOAT64: "REAL",
    BOOL: "BOOLEAN",
    STRING: "TEXT",
    BINARY: "BINARY",
    DATE: "DATE",
}
_ZONED = ("TIMESTAMP_LTZ", "TIMESTAMP_TZ")
_MICROSECONDS = 6
_SURELY_64_BITS = 18
_MOST_DIGITS = 38


@dataclass(frozen=True, slots=True)
class Found:
    """The type of a column in Snowflake.

    Args:
        kind: Its name in the connector: ``FIXED``, ``REAL``, ``TEXT``, ``TIMESTAMP_NTZ``, ...
        precision: The digits of a number; None for other types.
        scale: The digits behind the point of a number, or of the seconds of a time.
    """

    kind: str
    precision: int | None = None
    scale: int | None = None

    def __str__(self) -> str:
        """Return the type as it is written in SQL."""
        if self.kind == "FIXED":
            return f"NUMBER({self.precision}, {self.scale})"
        if self.kind.startswith("TIMESTAMP"):
            return f"{self.kind}({self.scale})"
        return {"REAL": "FLOAT", "TEXT": "VARCHAR"}.get(self.kind, self.kind)


def found_columns(description: Iterable[ResultMetadata]) -> dict[str, Found]:
    """Return the types of the columns of a described query, by their names in Snowflake."""
    return {
        column.name: Found(FIELD_ID_TO_NAME[column.type_code], column.precision, column.scale) for column in description
    }


def portable_type(found: Found) -> DataType | None:
    """Return the portable type for values of a type; None when no type can hold them as they are.

    Whole numbers are int64 whatever their digits: nearly all are declared with 38, and hold few. Whether they fit is
    checked when they are read.
    """
    if found.kind == "FIXED":
        return Decimal(found.precision or _MOST_DIGITS, found.scale) if found.scale else INT64
    if found.kind == "TIMESTAMP_NTZ":
        return TIMESTAMP
    if found.kind in _ZONED:
        return TIMESTAMP_UTC
    return next((dtype for dtype, kind in _PLAIN.items() if kind == found.kind), None)


def conversion(place: str, found: Found, dtype: DataType, what: str) -> str | None:
    """Return SQL for a column as a portable type, an error for values that would change; None when it can not become one.

    Args:
        place: The column, quoted.
        found: The type that it has.
        dtype: The type that it is declared as.
        what: The column, for errors.
    """
    if found.kind == "FIXED":
        return _number(place, found, dtype)
    if dtype == TIMESTAMP and found.kind == "TIMESTAMP_NTZ":
        return _time(place, place, found, what)
    if dtype == TIMESTAMP_UTC and found.kind in _ZONED:
        return _time(f"CONVERT_TIMEZONE('UTC', {place})", place, found, what)
    return place if _PLAIN.get(dtype) == found.kind else None


def _number(place: str, found: Found, dtype: DataType) -> str | None:
    precision, scale = found.precision or _MOST_DIGITS, found.scale or 0
    if dtype == INT64 and scale == 0:
        return f"CAST({place} AS NUMBER(19, 0))" if precision <= _SURELY_64_BITS else within_64_bits(place)
    if isinstance(dtype, Decimal) and scale <= dtype.scale and precision - scale <= dtype.precision - dtype.scale:
        return place if (precision, scale) == (dtype.precision, dtype.scale) else f"CAST({place} AS {_decimal(dtype)})"
    return None


def _decimal(dtype: Decimal) -> str:
    return f"NUMBER({dtype.precision}, {dtype.scale})"


def _time(value: str, place: str, found: Found, what: str) -> str:
    text = f"CAST({value} AS TIMESTAMP_NTZ(6))"
    if found.scale is not None and found.scale <= _MICROSECONDS:
        return text
    # Snowflake has no function that raises: a text that is no time does, and says why. It ends in the value itself, so
    # that it is not looked at before a row needs it.
    told = literal(f"{SOURCE_MARK}the column {what} holds a time with nanoseconds, which microseconds can not hold: ")
    refused = f"TO_TIMESTAMP_NTZ({told} || TO_CHAR({place}), '{TIME_FORMAT}')"
    return f"CASE WHEN MOD(DATE_PART(NANOSECOND, {place}), 1000) <> 0 THEN {refused} ELSE {text} END"
