"""Rounding as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import INT64, Decimal

__all__ = ["LOWERINGS"]


def _round(call: LoweredCall) -> exp.Expression:
    digits = call.options["digits"]
    (given,) = call.arg_types
    if isinstance(given, Decimal):
        if digits >= given.scale:
            return call.args[0]
        # One digit more before rounding: 9.99 becomes 10.0.
        wide = f"DECIMAL({min(38, given.precision + 1)}, {given.scale})"
        # Rounded to zeros only, a null would become 0.
        return render(
            f"CASE WHEN {{0}} IS NOT NULL THEN CAST(ROUND(CAST({{0}} AS {wide}), {{digits}}) AS {{type}}) END", call
        )
    if given == INT64:
        return call.args[0] if digits >= 0 else render("ROUND({0}, {digits})", call)
    if digits == 0:
        return render("ROUND({0})", call)
    if digits < 0:
        return render(f"ROUND({{0}} / 1e{-digits}) * 1e{-digits}", call)
    # From 2**52 on every float is whole, and the product could become infinite.
    return render(
        f"CASE WHEN ABS({{0}}) < 4503599627370496e0 THEN ROUND({{0}} * 1e{digits}) / 1e{digits} ELSE {{0}} END", call
    )


LOWERINGS: Mapping[str, Lowering] = {
    "round": _round,
    "round_half_even": "ROUND_EVEN({0}, 0)",
    "floor": "FLOOR({0})",
    "ceil": "CEIL({0})",
    "trunc": "TRUNC({0})",
}
