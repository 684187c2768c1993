"""Conversions of text as Snowflake writes them: what Snowflake is lenient about is refused before it reads the text."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.casts import CastLowering
from onefold_snowflake.types import TIME_FORMAT, within_64_bits

__all__ = ["CASTS"]


def _parsed(guard: str, value: str, attempt: str) -> CastLowering:
    """Return the conversion of text that looks as ``guard`` demands.

    Args:
        guard: The condition.
        value: Stops the query at a text that passes the condition, and still has no value.
        attempt: Gives null for one.
    """
    # The last cast never succeeds. It stops the query with the text that was refused.
    return CastLowering(
        f"CASE WHEN {guard} THEN {value} WHEN {{0}} IS NOT NULL THEN "
        "CAST('''' || LEFT({0}, 60) || ''' can not be converted to {type}' AS {type}) END",
        f"CASE WHEN {guard} THEN {attempt} END",
    )


def _matches(pattern: str) -> str:
    return f"REGEXP_LIKE({{0}}, '{pattern.replace('{', '{{').replace('}', '}}')}')"


_NUMERAL = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
_WORD = "LOWER(TRIM({0}, ' '))"
_TRUE = f"{_WORD} IN ('true', 't', 'yes', 'y', '1')"
_LONG = "TRY_CAST({0} AS NUMBER(38, 0))"
# All six decimals are written: the format is read as it is.
_TIME = "RPAD(REPLACE({0}, 'T', ' ') || IFF(LENGTH({0}) = 19, '.', ''), 26, '0')"

CASTS: Mapping[tuple[str, str], CastLowering] = {
    ("string", "int64"): _parsed(
        _matches("[+-]?[0-9]+"),
        within_64_bits("CAST({0} AS NUMBER(38, 0))"),
        f"CASE WHEN {_LONG} BETWEEN {-(2**63)} AND {2**63 - 1} THEN CAST({_LONG} AS {{type}}) END",
    ),
    ("string", "float64"): _parsed(
        _matches(f"{_NUMERAL}([eE][+-]?[0-9]+)?"), "CAST({0} AS {type})", "TRY_CAST({0} AS {type})"
    ),
    ("string", "decimal"): _parsed(_matches(_NUMERAL), "CAST({0} AS {type})", "TRY_CAST({0} AS {type})"),
    ("string", "bool"): _parsed(
        f"{_WORD} IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0')", _TRUE, _TRUE
    ),
    ("string", "date32"): _parsed(
        f"{_matches(_DAY)} AND {{0}} >= '0001'", "TO_DATE({0}, 'YYYY-MM-DD')", "TRY_TO_DATE({0}, 'YYYY-MM-DD')"
    ),
    ("string", "timestamp[us]"): _parsed(
        f"{_matches(f'{_DAY}[ T]{_CLOCK}')} AND {{0}} >= '0001'",
        f"CAST(TO_TIMESTAMP_NTZ({_TIME}, '{TIME_FORMAT}') AS {{type}})",
        f"CAST(TRY_TO_TIMESTAMP_NTZ({_TIME}, '{TIME_FORMAT}') AS {{type}})",
    ),
}
