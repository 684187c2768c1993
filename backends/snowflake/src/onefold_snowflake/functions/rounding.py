"""Rounding as Snowflake writes it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import INT64, Decimal
from onefold_snowflake.types import within_64_bits

__all__ = ["LOWERINGS"]


def _round(call: LoweredCall) -> exp.Expression:
    digits = call.options["digits"]
    (given,) = call.arg_types
    if isinstance(given, Decimal):
        if digits >= given.scale:
            return call.args[0]
        # One digit more before rounding: 9.99 becomes 10.0.
        wide = f"NUMBER({min(38, given.precision + 1)}, {given.scale})"
        return render(f"CAST(ROUND(CAST({{0}} AS {wide}), {{digits}}) AS {{type}})", call)
    if given == INT64:
        return call.args[0] if digits >= 0 else render(within_64_bits("ROUND({0}, {digits})"), call)
    if digits == 0:
        return render("ROUND({0})", call)
    if digits < 0:
        return render(f"ROUND({{0}} / {10**-digits}) * {10**-digits}", call)
    # From 2**52 on every float is whole, and the product could become infinite.
    return render(
        f"CASE WHEN ABS({{0}}) < {2**52} THEN ROUND({{0}} * {10**digits}) / {10**digits} ELSE {{0}} END", call
    )


LOWERINGS: Mapping[str, Lowering] = {
    "round": _round,
    # Snowflake rounds only decimals to the even neighbour. Half of a number between two even ones is no tie.
    "round_half_even": (
        "CASE WHEN ABS({0} - TRUNC({0})) = CAST('0.5' AS FLOAT) THEN ROUND({0} / 2) * 2 ELSE ROUND({0}) END"
    ),
    "floor": "FLOOR({0})",
    "ceil": "CEIL({0})",
    "trunc": "TRUNC({0})",
}
