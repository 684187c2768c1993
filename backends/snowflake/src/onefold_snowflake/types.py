"""How Snowflake holds the portable types, and constants of them.

* An int64 is a ``NUMBER(19, 0)``. Snowflake computes with 38 digits and knows no 64 bits, so whatever could leave them
  goes through :func:`within_64_bits`.
* An instant is a ``TIMESTAMP_NTZ`` that shows UTC, like a wall clock. With ``TIMESTAMP_LTZ`` the parts, the text and the
  truncation of an instant would depend on the session's ``TIMEZONE``, so that one statement could mean two things.
* Text of dates and times is written and read with its format, because the default is a parameter of the session.
* Lists are arrays and structs objects, of variants (see :mod:`onefold_snowflake.variants`).
* Floats are read from text: numerals are decimals to Snowflake, and pass through one on their way to a float.
"""

from __future__ import annotations

import math

from onefold.sql.types import SqlTypes
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC
from onefold_snowflake.names import literal
from onefold_snowflake.variants.texts import constant_text

__all__ = ["INFINITY", "NAN", "TIME_FORMAT", "TYPES", "within_64_bits"]

TIME_FORMAT = "YYYY-MM-DD HH24:MI:SS.FF6"
"""The format in which times are written and read."""

NAN = "CAST('NaN' AS FLOAT)"
INFINITY = "CAST('inf' AS FLOAT)"

_ABOVE = 10**19 - 2**63
_BELOW = 10**19 - 1 - 2**63


def within_64_bits(text: str) -> str:
    """Return the template of a whole number that is an error outside of 64 bits.

    19 digits hold more than 64 bits do. So the number is moved up until the greatest int64 is the greatest number of 19
    digits, and down until the smallest one is the smallest; each time the cast refuses what lies beyond.

    Args:
        text: The template of a whole number, which is read once: it would grow with the depth of an expression.
    """
    above = f"CAST({text} + {_ABOVE} AS NUMBER(19, 0))"
    below = f"CAST({above} - {_ABOVE + _BELOW} AS NUMBER(19, 0))"
    return f"CAST({below} + {_BELOW} AS NUMBER(19, 0))"


def _float(value: float) -> str:
    if math.isnan(value):
        return NAN
    if math.isinf(value):
        return INFINITY if value > 0 else "CAST('-inf' AS FLOAT)"
    return f"CAST('{value!r}' AS FLOAT)"


def _time(value: str) -> str:
    return f"TO_TIMESTAMP_NTZ('{value.replace('T', ' ')}', '{TIME_FORMAT}')"


TYPES = SqlTypes(
    "snowflake",
    {
        INT64: "NUMBER(19, 0)",
        FLOAT64: "FLOAT",
        BOOL: "BOOLEAN",
        STRING: "VARCHAR",
        BINARY: "BINARY",
        DATE: "DATE",
        TIMESTAMP: "TIMESTAMP_NTZ(6)",
        TIMESTAMP_UTC: "TIMESTAMP_NTZ(6)",
    },
    decimal="NUMBER({precision}, {scale})",
    untyped=("ARRAY", "OBJECT"),
    literals={
        FLOAT64: _float,
        BINARY: "TO_BINARY('{}', 'HEX')".format,
        DATE: "TO_DATE('{}', 'YYYY-MM-DD')".format,
        TIMESTAMP: _time,
        TIMESTAMP_UTC: _time,
    },
    list_literal=lambda value, dtype: f"TO_ARRAY(PARSE_JSON({literal(constant_text(value, dtype))}))",
)
"""Snowflake's types."""
