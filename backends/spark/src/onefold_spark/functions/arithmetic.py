"""Arithmetic as Spark writes it, where that is not the shared way. ANSI mode checks integers for overflow."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.functions import FUNCTIONS as SHARED
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import Decimal

__all__ = ["LOWERINGS"]


def _operator(name: str, text: str) -> Lowering:
    """Return the lowering of an operator: plain, but for decimals, whose types are stated in the shared way."""

    def lowering(call: LoweredCall) -> exp.Expression:
        return render(SHARED[name] if isinstance(call.result_type, Decimal) else text, call)

    return lowering


def _of_several(function: str) -> Lowering:
    """Return the lowering of a function that takes two arguments at least."""
    return lambda call: render(f"{function}({{*}})", call) if len(call.args) > 1 else call.args[0]


def _negate(call: LoweredCall) -> exp.Expression:
    """Return the lowering of a change of sign; Spark's own rounds decimals to 34 digits."""
    if isinstance(call.result_type, Decimal):
        return render("CAST(0 AS DECIMAL(1, 0)) - {0}", call)
    return render("-{0}", call)


def _absolute(call: LoweredCall) -> exp.Expression:
    """Return the lowering of the amount of a number; as above."""
    if isinstance(call.result_type, Decimal):
        return render("CASE WHEN {0} < 0 THEN CAST(0 AS DECIMAL(1, 0)) - {0} ELSE {0} END", call)
    return render(SHARED["abs"], call)


LOWERINGS: Mapping[str, Lowering] = {
    "add": _operator("add", "{0} + {1}"),
    "subtract": _operator("subtract", "{0} - {1}"),
    "multiply": _operator("multiply", "{0} * {1}"),
    "int_divide": "{0} DIV NULLIF({1}, 0)",
    # The smallest integer by -1 leaves 0 here, without an overflow.
    "modulo": "{0} % NULLIF({1}, 0)",
    "negate": _negate,
    "abs": _absolute,
    "sign": "CAST(SIGN({0}) AS {type})",
    # Java has NaN for 1 raised to NaN, and for -1 raised to an infinity, which IEEE 754 makes 1. And there is one zero:
    # -0.0, which is kept between two steps, would have another power.
    "power": (
        "CASE WHEN {0} = 1 AND {1} IS NOT NULL THEN 1e0 WHEN {0} = -1 AND ABS({1}) = CAST('Infinity' AS DOUBLE) "
        "THEN 1e0 ELSE POW({0} + 0e0, {1}) END"
    ),
    "greatest": _of_several("GREATEST"),
    "least": _of_several("LEAST"),
}
