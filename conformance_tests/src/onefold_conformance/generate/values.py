"""Values of every portable type, drawn from its bounds.

Random values in the middle of a range find next to nothing: what engines do differently happens at bounds, at ties and
at nulls. So all values come from short lists, in which each is there for a reason.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

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

__all__ = [
    "CALM",
    "DECIMALS",
    "LISTS",
    "ORDERED",
    "STRUCT",
    "TEXTS",
    "TYPES",
    "instant",
    "pool",
    "sometimes_null",
    "values",
]

STRUCT = Struct((("key", STRING), ("value", INT64)))
"""The struct that is drawn: what aggregations with a secondary key give, too."""

DECIMALS = (Decimal(5, 2), Decimal(18, 4), Decimal(9, 9), Decimal(38, 0), Decimal(38, 10))
"""The decimals that are drawn: short, long, without whole digits, and as long as there are."""

LISTS = (List(INT64), List(STRING), List(FLOAT64), List(TIMESTAMP_UTC), List(STRUCT))
"""The lists that are drawn."""

ORDERED: tuple[DataType, ...] = (
    INT64,
    FLOAT64,
    BOOL,
    STRING,
    BINARY,
    DATE,
    TIMESTAMP,
    TIMESTAMP_UTC,
    *DECIMALS,
)
"""The types of keys and of everything that is compared."""

TYPES: tuple[DataType, ...] = (*ORDERED, *LISTS, STRUCT)
"""The types of which columns are drawn. Results of functions have others, too."""

TEXTS = (
    "",
    "a",
    "b",
    "aa",
    "AbC",
    " ",
    "  a b ",
    "0",
    "1",
    "-7",
    "007",
    "1.5",
    "-0.0",
    "1e3",
    "true",
    "No",
    "9223372036854775808",
    "2024-02-29",
    "2023-02-29",
    "29/02/2024",
    "1969-12-31 23:59:59.999999",
    "2024-02-29T13:14:15",
    "100%",
    "a_b",
    "a!b",
    "a,b,,c",
    "id=42;id=7",
    "it's",
    'say "hi"',
    "back\\slash",
    "$1",
    "tab\tand\nline\n",
    "é",
    "e\u0301",
    "Straße",
    "日本語",
    "😀",
    "👩‍👧",
    "\uffff",
    "𐐷z",
)
"""Texts: empty and blank ones, numerals and dates, characters that mean something to LIKE, regular expressions and SQL,
combining accents, and pairs that UTF-8 and UTF-16 order differently."""

_at = dt.datetime.fromisoformat
_EXACT = decimal.Context(prec=80)

_INTEGERS = (
    *(0, 1, -1, 2, -2, 3, 7, -7, 10, 12, 60, 1000, -1000),
    *(2**31 - 1, -(2**31), 2**53, 2**53 + 1, -(2**53) - 1),
    *(2**63 - 1, 2**63 - 2, -(2**63), -(2**63) + 1),
)
_FLOATS = (
    *(0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.125, 3.0, 100.75, -1000.0),
    *(-0.0, math.nan, math.inf, -math.inf, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308),
    *(2.0**53 - 1, 2.0**53, -(2.0**53) - 2, 2.0**63, -(2.0**63), 1e16, -1e16, 0.1, 2.675),
)
_BYTES = (b"", b"a", b"b", b"ab", b"\x00", b"a\x00", b"\x7f", b"\x80", b"\xff\xfe", "é".encode())
_DATES = tuple(
    map(
        dt.date.fromisoformat,
        (
            *("1970-01-01", "1969-12-31", "2024-02-29", "2024-02-28", "2023-02-28", "2024-01-31", "2024-12-30"),
            *("2023-01-01", "2000-02-29", "1900-02-28", "2037-12-31", "1600-01-01", "0001-01-01", "9999-12-31"),
        ),
    )
)
_MICROSECOND = dt.timedelta(microseconds=1)
_MOMENTS = tuple(
    map(
        dt.datetime.fromisoformat,
        (
            *("1970-01-01", "2024-02-29T13:14:15.123456", "2024-03-10T07:00", "2024-11-03T06:00", "2024-12-31"),
            *("2000-01-01", "1900-03-01", "2037-12-31T23:59:59.999999", "0001-01-01", "9999-12-31T23:59:59.999999"),
        ),
    )
)
_CLOCKS = (
    *_MOMENTS,
    *(at - _MICROSECOND for at in _MOMENTS if at.year > 1),
    *(at + _MICROSECOND for at in _MOMENTS if at.year < 9999),
)

CALM: Mapping[DataType, tuple[Any, Any]] = {
    INT64: (-1000, 1000),
    FLOAT64: (-1024.0, 1024.0),
    DATE: (dt.date(1970, 1, 1), dt.date(2037, 12, 31)),
    TIMESTAMP: (_at("1970-01-01"), _at("2037-12-31T23:59:59.999999")),
    TIMESTAMP_UTC: (_at("1970-01-01T00:00Z"), _at("2037-12-31T23:59:59.999999Z")),
}
"""For each type whose operations can fail, the values with which none does, a few in a row."""


def instant(micros: int) -> dt.datetime:
    """Return the instant so many microseconds after 1970-01-01T00:00Z."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + micros * _MICROSECOND


def sometimes_null(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy that gives null about every fifth time."""
    return st.integers(0, 4).flatmap(lambda roll: st.none() if roll == 4 else strategy)


@lru_cache(maxsize=256)
def values(dtype: DataType, *, calm: bool = False) -> st.SearchStrategy[Any]:
    """Return a strategy of values of a type, as Python holds them; never null, though parts of them may be.

    Args:
        dtype: The type.
        calm: Only values within :data:`CALM`; of floats, only dyadic fractions, whose sums are exact in any order.
    """
    if isinstance(dtype, List):
        return st.lists(sometimes_null(values(dtype.element, calm=calm)), max_size=3)
    if isinstance(dtype, Struct):
        fields = {name: sometimes_null(values(field, calm=calm)) for name, field in dtype.fields}
        return st.fixed_dictionaries(fields)
    found = pool(dtype)
    if calm and dtype in CALM:
        low, high = CALM[dtype]
        found = tuple(
            value for value in found if low <= value <= high and (dtype != FLOAT64 or (value * 8).is_integer())
        )
    return st.sampled_from(found)


def pool(dtype: DataType) -> tuple[Any, ...]:
    """Return all values of a type without parts that are drawn."""
    if isinstance(dtype, Decimal):
        return _decimals(dtype)
    pools: Mapping[DataType, tuple[Any, ...]] = {
        INT64: _INTEGERS,
        FLOAT64: _FLOATS,
        BOOL: (False, True),
        STRING: TEXTS,
        BINARY: _BYTES,
        DATE: _DATES,
        TIMESTAMP: _CLOCKS,
        TIMESTAMP_UTC: tuple(at.replace(tzinfo=dt.UTC) for at in _CLOCKS),
    }
    return pools[dtype]


def _decimals(dtype: Decimal) -> tuple[decimal.Decimal, ...]:
    """Return zero, one unit in the last place, ties, and all digits nine; the whole numbers 1 and 2 where they fit."""
    most = 10**dtype.precision - 1
    one = 10**dtype.scale
    unscaled = (0, 1, -1, 5, -5, 15, one, -one, 2 * one, one // 2, 3 * one // 2, most, -most, most // 3)
    kept = dict.fromkeys(number for number in unscaled if abs(number) <= most)
    return tuple(decimal.Decimal(number).scaleb(-dtype.scale, context=_EXACT) for number in kept)
