"""Conversions of numbers and booleans as Snowflake writes them. It rounds where a fraction is cut elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqlglot import expressions as exp

from onefold.sql.casts import CastLowering, as_double
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import Decimal
from onefold_snowflake.types import within_64_bits

__all__ = ["CASTS"]

_PLAIN = CastLowering("CAST({0} AS {type})")
# Through text: there is no other attempt that gives null.
_ATTEMPT = "TRY_CAST(CAST({0} AS VARCHAR) AS {type})"
_FLOAT_FITS = f"{{value}} >= CAST('-{2**63}' AS FLOAT) AND {{value}} < CAST('{2**63}' AS FLOAT)"
_DECIMAL_FITS = f"{{value}} BETWEEN {-(2**63)} AND {2**63 - 1}"


def _whole(value: str) -> str:
    """Return the template of a value without a fraction as a whole number."""
    return f"CAST({value} AS NUMBER(19, 0))"


def _whole_or_null(value: str, fits: str) -> str:
    """Return the same, with null for what does not fit: it never reaches the cast, which could be tried for all rows."""
    return _whole(f"CASE WHEN {fits} THEN {{value}} END").replace("{value}", value)


def _fixed_point(on_failure: Literal["error", "null"]) -> Lowering:
    """Return float64 to decimal: rounded half away from zero at the target's scale, through a 64-bit integer."""

    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call.result_type, Decimal)
        scale = call.result_type.scale
        rounded = f"ROUND({{0}} * CAST('1e{scale}' AS FLOAT))" if scale else "ROUND({0})"
        unit = f" * CAST('0.{'0' * (scale - 1)}1' AS NUMBER({min(38, scale + 1)}, {scale}))" if scale else ""
        if on_failure == "error":
            return render(f"CAST({within_64_bits(_whole(rounded))}{unit} AS {{type}})", call)
        return render(_ATTEMPT.replace("{0}", f"{_whole_or_null(rounded, _FLOAT_FITS)}{unit}"), call)

    return lowering


_CUT = within_64_bits(_whole("TRUNC({0})"))

CASTS: Mapping[tuple[str, str], CastLowering] = {
    ("int64", "float64"): _PLAIN,
    ("int64", "decimal"): CastLowering("CAST({0} AS {type})", _ATTEMPT),
    ("int64", "string"): _PLAIN,
    ("int64", "bool"): CastLowering("{0} <> 0"),
    ("float64", "int64"): CastLowering(_CUT, _whole_or_null("TRUNC({0})", _FLOAT_FITS)),
    ("float64", "decimal"): CastLowering(_fixed_point("error"), _fixed_point("null")),
    ("decimal", "int64"): CastLowering(_CUT, _whole_or_null("TRUNC({0})", _DECIMAL_FITS)),
    ("decimal", "float64"): CastLowering(lambda call: render(as_double(call.arg_types[0]), call)),
    ("decimal", "decimal"): CastLowering("CAST({0} AS {type})", _ATTEMPT),
    ("decimal", "string"): _PLAIN,
    ("bool", "int64"): _PLAIN,
    ("bool", "string"): _PLAIN,
}
