"""Conversions of numbers as Spark writes them, where that is not the shared way."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.casts import CastLowering

__all__ = ["CASTS"]

_LIMIT = "9223372036854775808e0"
"""2**63, the first float that no int64 holds; Spark takes it for the greatest int64."""

_BEYOND = "9223372036854777856e0"
"""The next float, which Spark refuses."""

CASTS: Mapping[tuple[str, str], CastLowering] = {
    ("float64", "int64"): CastLowering(
        f"CAST(CASE WHEN {{0}} = {_LIMIT} THEN {_BEYOND} ELSE {{0}} END AS {{type}})",
        f"TRY_CAST(NULLIF({{0}}, {_LIMIT}) AS {{type}})",
    ),
    ("decimal", "int64"): CastLowering("CAST({0} AS {type})", "TRY_CAST({0} AS {type})"),
    ("decimal", "float64"): CastLowering("CAST({0} AS {type})"),
    ("decimal", "string"): CastLowering("CAST({0} AS {type})"),
}
