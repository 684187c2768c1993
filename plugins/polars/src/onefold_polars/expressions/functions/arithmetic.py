"""Arithmetic: Polars wraps integers around, rounds products of decimals and multiplies by reciprocals."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping

import polars as pl

from onefold.types import FLOAT64, INT64, Decimal
from onefold_polars.expressions.lowering import LoweredCall, Lowering, frame, kernel, one_zero, quotient
from onefold_polars.expressions.numbers import INT64_MIN, checked, from_units, narrowed, units

__all__ = ["LOWERINGS"]


def _of_integers(call: LoweredCall) -> bool:
    return call.arg_types[0] == INT64


def _not_of_floats(call: LoweredCall) -> bool:
    return call.arg_types[0] != FLOAT64


def _sum(operation: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Lowering:
    def build(call: LoweredCall) -> pl.Expr:
        if call.result_type == INT64:
            return checked(operation, *call.args)
        if isinstance(call.result_type, Decimal):
            # The result has a digit to spare, so in its type nothing overflows and nothing is rounded.
            left, right = (arg.cast(call.dtype) for arg in call.args)
            return operation(left, right).cast(call.dtype)
        return operation(*call.args)

    return Lowering(build, can_fail=_of_integers)


def _multiply(call: LoweredCall) -> pl.Expr:
    if call.result_type == INT64:
        return checked(operator.mul, *call.args)
    if isinstance(call.result_type, Decimal):
        # As whole numbers: otherwise the product is rounded to the larger scale of the two.
        left, right = (units(arg).cast(pl.Decimal(38, 0)) for arg in call.args)
        return from_units((left * right).to_physical(), call.result_type)
    left, right = call.args
    return left * right


def _divide(call: LoweredCall) -> pl.Expr:
    dividend, divisor = call.args
    return quotient(dividend, pl.when(divisor != 0.0).then(divisor))


def _truncated(dividend: pl.Series, divisor: pl.Series) -> pl.Series:
    """Return the quotients without their fractions; null by zero."""
    return frame([dividend, divisor]).select(pl.col("0").truncdiv(pl.col("1"))).to_series()


def _int_divide(call: LoweredCall) -> pl.Expr:
    def compute(dividend: pl.Series, divisor: pl.Series) -> pl.Series:
        if dividend.min() == INT64_MIN and (divisor == -1).any():  # the one quotient that may not fit
            return narrowed(_truncated(dividend.cast(pl.Int128), divisor.cast(pl.Int128)))
        return _truncated(dividend, divisor)

    return kernel(compute, call.args, call.dtype)


def _modulo(call: LoweredCall) -> pl.Expr:
    dividend, divisor = call.args
    # Where the quotient wraps around, so does its product, to the right remainder. Polars' own remainder rounds down.
    return dividend - divisor * dividend.truncdiv(divisor)


def _negate(call: LoweredCall) -> pl.Expr:
    (value,) = call.args
    return checked(operator.sub, pl.lit(0, dtype=pl.Int64), value) if call.result_type == INT64 else -value


def _absolute(call: LoweredCall) -> pl.Expr:
    (value,) = call.args
    return checked(abs, value) if call.result_type == INT64 else value.abs()


def _sign(call: LoweredCall) -> pl.Expr:
    (value,) = call.args
    return (units(value) if isinstance(call.arg_types[0], Decimal) else value).sign().cast(call.dtype)


def _power(call: LoweredCall) -> pl.Expr:
    base, exponent = call.args
    # For an exponent of 0.5 Polars may take the square root, and that of negative infinity is NaN. There is one zero:
    # -0.0 would have another power.
    base = pl.when((base == -math.inf) & (exponent == 0.5)).then(math.inf).otherwise(one_zero(base))
    return base.pow(exponent)


def _sqrt(call: LoweredCall) -> pl.Expr:
    (value,) = call.args
    return pl.when(value >= 0.0).then(value.sqrt())


def _greatest(call: LoweredCall) -> pl.Expr:
    greatest = pl.max_horizontal(call.args)
    if call.result_type != FLOAT64:
        return greatest
    nan = pl.any_horizontal([arg.is_nan() for arg in call.args])  # which max_horizontal skips
    return pl.when(nan).then(float("nan")).otherwise(greatest)


def _least(call: LoweredCall) -> pl.Expr:
    return pl.min_horizontal(call.args)


LOWERINGS: Mapping[str, Lowering] = {
    "add": _sum(operator.add),
    "subtract": _sum(operator.sub),
    "multiply": Lowering(_multiply, can_fail=_not_of_floats),
    "divide": Lowering(_divide),
    "int_divide": Lowering(_int_divide, can_fail=_of_integers),
    "modulo": Lowering(_modulo),
    "negate": Lowering(_negate, can_fail=_of_integers),
    "abs": Lowering(_absolute, can_fail=_of_integers),
    "sign": Lowering(_sign),
    "power": Lowering(_power),
    "sqrt": Lowering(_sqrt),
    "greatest": Lowering(_greatest),
    "least": Lowering(_least),
}
