"""Arithmetic as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import FLOAT64, INT64, Decimal

__all__ = ["LOWERINGS"]


def _sum(operator: str) -> Lowering:
    def lowering(call: LoweredCall) -> exp.Expression:
        if isinstance(call.result_type, Decimal):
            # Both sides are widened first: engines check for overflow in the type of the operands.
            return render(f"CAST(CAST({{0}} AS {{type}}) {operator} CAST({{1}} AS {{type}}) AS {{type}})", call)
        return _kept(render(f"{{0}} {operator} {{1}}", call), call)

    return lowering


def _kept(value: exp.Expression, call: LoweredCall) -> exp.Expression:
    """Return integer arithmetic in a form in which it is computed where it stands.

    Engines rewrite ``a + 1 > 0`` to ``a > -1``, here or after pushing a filter down, and an overflow is then no error.
    """
    with_constant = any(isinstance(arg, exp.Cast) and not arg.find(exp.Column) for arg in call.args)
    if call.result_type != INT64 or not with_constant:
        return value
    return exp.Anonymous(this="XOR", expressions=[value, exp.Literal.number(0)])


def _multiply(call: LoweredCall) -> exp.Expression:
    left = call.arg_types[0]
    if isinstance(left, Decimal):
        return render(f"CAST(CAST({{0}} AS DECIMAL(38, {left.scale})) * {{1}} AS {{type}})", call)
    return _kept(render("{0} * {1}", call), call)


def _sign(call: LoweredCall) -> exp.Expression:
    if call.arg_types[0] == FLOAT64:
        return render(
            "CASE WHEN {0} > 0 AND NOT ISNAN({0}) THEN 1e0 WHEN {0} < 0 THEN -1e0 WHEN {0} = 0 THEN 0e0 ELSE {0} END",
            call,
        )
    return render("CAST(SIGN({0}) AS {type})", call)


def _absolute(call: LoweredCall) -> exp.Expression:
    return render("CAST(ABS({0}) AS {type})" if isinstance(call.result_type, Decimal) else "ABS({0})", call)


def _negate(call: LoweredCall) -> exp.Expression:
    # 0 - x would give 0.0 for 0.0 where -x gives -0.0, but for integers it is checked for overflow everywhere. XOR: as
    # in _kept, because 0 is a constant.
    return render("XOR(0 - {0}, 0)" if call.result_type == INT64 else "-{0}", call)


LOWERINGS: Mapping[str, Lowering] = {
    "add": _sum("+"),
    "subtract": _sum("-"),
    "multiply": _multiply,
    "divide": "{0} / NULLIF({1}, 0)",
    "int_divide": "{0} // NULLIF({1}, 0)",
    # By 1 instead of -1: the same remainder, without the overflow of the smallest integer by -1.
    "modulo": "{0} % NULLIF(CASE WHEN {1} = -1 THEN 1 ELSE {1} END, 0)",
    "negate": _negate,
    "abs": _absolute,
    "sign": _sign,
    # There is one zero: -0.0, which engines keep between two steps, would have another power.
    "power": "POW({0} + 0e0, {1})",
    "sqrt": "CASE WHEN {0} >= 0 THEN SQRT({0}) END",
    "greatest": "GREATEST({*})",
    "least": "LEAST({*})",
}
