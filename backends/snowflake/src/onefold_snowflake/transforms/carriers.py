"""How values go into a function and come out of it: two columns for each, a carrier without nulls and a flag.

Which types of pandas Snowflake gives and takes depends on the precision of numbers and on nulls, and a float where whole
numbers belong would lose some of them. So nothing is left to that: a carrier has no nulls, and what a float does not
hold is text. The flag is 1 for null, and 2 for NaN, which pandas takes for null.
:mod:`onefold_snowflake.transforms.runtime` is the other end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, render
from onefold.types import (
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    Schema,
)
from onefold_snowflake.types import NAN, TYPES

__all__ = ["columns_text", "decoded", "encoded", "is_carried", "types_text"]

_FLAG = "NUMBER(1, 0)"


@dataclass(frozen=True, slots=True)
class _Carrier:
    """How values of a type are carried.

    Args:
        type: The type of the carrier in Snowflake.
        there: The template of the carrier of a value; null for null.
        empty: The carrier of null.
        back: The template of the value of a carrier and its flag.
    """

    type: str
    there: str
    empty: str
    back: str


_DAY_0 = "TO_DATE('1970-01-01', 'YYYY-MM-DD')"
_TIME = _Carrier(
    "VARCHAR",
    "CAST(DATE_PART('EPOCH_MICROSECOND', {0}) AS VARCHAR)",
    "'0'",
    "CAST(TO_TIMESTAMP_NTZ(CAST({0} AS NUMBER(19, 0)), 6) AS {type})",
)
_EXACT = _Carrier("VARCHAR", "CAST({0} AS VARCHAR)", "'0'", "CAST({0} AS {type})")
_CARRIERS: Mapping[DataType, _Carrier] = {
    BOOL: _Carrier("NUMBER(1, 0)", "IFF({0}, 1, 0)", "0", "{0} = 1"),
    INT64: _EXACT,
    FLOAT64: _Carrier("FLOAT", f"NULLIF({{0}}, {NAN})", "CAST('0' AS FLOAT)", f"IFF({{1}} = 2, {NAN}, {{0}})"),
    STRING: _Carrier("VARCHAR", "{0}", "''", "{0}"),
    DATE: _Carrier("NUMBER(9, 0)", f"DATEDIFF('DAY', {_DAY_0}, {{0}})", "0", f"DATEADD('DAY', {{0}}, {_DAY_0})"),
    TIMESTAMP: _TIME,
    TIMESTAMP_UTC: _TIME,
}


def is_carried(dtype: DataType) -> bool:
    """Return whether values of a type can go into a function, and come out of it."""
    return isinstance(dtype, Decimal) or dtype in _CARRIERS


def columns_text(schema: Schema) -> str:
    """Return the declarations of the columns that carry those of a schema.

    Examples:
        >>> columns_text(Schema.of(k="string", x="float64"))
        'C0 VARCHAR, M0 NUMBER(1, 0), C1 FLOAT, M1 NUMBER(1, 0)'
    """
    carriers = [_carrier(field.dtype).type for field in schema]
    return ", ".join(f"C{number} {carrier}, M{number} {_FLAG}" for number, carrier in enumerate(carriers))


def types_text(schema: Schema) -> str:
    """Return the types of the columns that carry those of a schema, by which Snowflake tells functions apart."""
    return ", ".join(f"{_carrier(field.dtype).type}, {_FLAG}" for field in schema)


def encoded(value: exp.Expression, dtype: DataType) -> tuple[exp.Expression, exp.Expression]:
    """Return the carrier and the flag of a value."""
    carrier = _carrier(dtype)
    call = LoweredCall([value], [dtype], dtype, TYPES)
    flag = f"IFF({{0}} = {NAN}, 2, IFF({{0}} IS NULL, 1, 0))" if dtype == FLOAT64 else "IFF({0} IS NULL, 1, 0)"
    return render(f"COALESCE({carrier.there}, {carrier.empty})", call), render(flag, call)


def decoded(carrier: exp.Expression, flag: exp.Expression, dtype: DataType) -> exp.Expression:
    """Return the value of a carrier and a flag."""
    call = LoweredCall([carrier, flag], [dtype, INT64], dtype, TYPES)
    return render(f"IFF({{1}} = 1, NULL, {_carrier(dtype).back})", call)


def _carrier(dtype: DataType) -> _Carrier:
    return _EXACT if isinstance(dtype, Decimal) else _CARRIERS[dtype]
