"""Conversions of text as Spark writes them: what Spark is lenient about is refused before it reads the text."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.casts import CastLowering

__all__ = ["CASTS"]


def _parsed(guard: str, value: str = "TRY_CAST({0} AS {type})") -> CastLowering:
    """Return the conversion of text that looks as ``guard`` demands."""
    null = f"CASE WHEN {guard} THEN {value} END"
    # The outer CASE reports the text that was refused; a plain cast would accept too much.
    return CastLowering(
        f"CASE WHEN {{0}} IS NULL THEN NULL ELSE COALESCE({null}, "
        r"CAST(RAISE_ERROR('\'' || LEFT({0}, 60) || '\' can not be converted to {type}') AS {type})) END",
        null,
    )


def _matches(pattern: str) -> str:
    return rf"REGEXP_LIKE({{0}}, '^{pattern.replace('{', '{{').replace('}', '}}')}\\z')"


_NUMERAL = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
_WORD = "LOWER(BTRIM({0}, ' '))"

CASTS: Mapping[tuple[str, str], CastLowering] = {
    ("string", "int64"): _parsed(_matches("[+-]?[0-9]+")),
    ("string", "float64"): _parsed(_matches(f"{_NUMERAL}([eE][+-]?[0-9]+)?")),
    ("string", "decimal"): _parsed(_matches(_NUMERAL)),
    ("string", "bool"): _parsed(
        f"{_WORD} IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0')",
        f"{_WORD} IN ('true', 't', 'yes', 'y', '1')",
    ),
    ("string", "date32"): _parsed(f"{_matches(_DAY)} AND {{0}} >= '0001'"),
    ("string", "timestamp[us]"): _parsed(f"{_matches(f'{_DAY}[ T]{_CLOCK}')} AND {{0}} >= '0001'"),
}
