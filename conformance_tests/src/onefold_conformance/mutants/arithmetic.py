"""Mutants of arithmetic."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable

from onefold.types import INT64, DataType, Decimal
from onefold_conformance.mutants.habits import (
    case_blind,
    digits_kept,
    is_nan,
    key_with,
    saturated,
    single,
    utf16,
    wrapped,
)
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.wrong import fail, function, function_but, null_on_error
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule, ValueFailure
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]

_EXACTLY: dict[str, Callable[..., int]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "negate": lambda a: -a,
    "abs": abs,
}


def _of_integers(name: str, change: Callable[[int], int]) -> FunctionRule:
    exactly, right = _EXACTLY[name], FUNCTIONS[name]
    return lambda call, *args: change(exactly(*args)) if call.result_type == INT64 else right(call, *args)


def _in_float(name: str, *, decimals: bool) -> FunctionRule:
    """The rule in floats for integers or for decimals: above 2^53 digits are lost."""
    exactly, right = _EXACTLY[name], FUNCTIONS[name]

    def rule(call: Application, *args: Value) -> Value:
        if decimals and isinstance(call.result_type, Decimal):
            exact = right(call, *args)  # fails where the right rule does
            number = decimal.Decimal(exactly(*(float(arg) for arg in args)))
            value = digits_kept(number, call.result_type.scale, decimal.ROUND_HALF_EVEN)
            if abs(value).adjusted() < call.result_type.precision - call.result_type.scale:
                return value
            return decimal.Context(prec=16, rounding=decimal.ROUND_DOWN).plus(exact)  # the nearest floats do not fit
        if not decimals and call.result_type == INT64:
            return saturated(int(exactly(*(float(arg) for arg in args))))
        return right(call, *args)

    return rule


def _scale_of_the_first(name: str) -> FunctionRule:
    right = FUNCTIONS[name]

    def rule(call: Application, left: Value, other: Value) -> Value:
        value = right(call, left, other)
        dtype = call.arg_types[0]
        if not isinstance(dtype, Decimal):
            return value
        return digits_kept(value, dtype.scale, decimal.ROUND_HALF_UP)

    return rule


def _float_overflow_fails(name: str) -> FunctionRule:
    right = FUNCTIONS[name]

    def rule(call: Application, *args: Value) -> Value:
        value = right(call, *args)
        if isinstance(value, float) and math.isinf(value) and all(math.isfinite(arg) for arg in args):
            raise ValueFailure("the result is out of range")
        return value

    return rule


def _in_eighteen_digits(call: Application, left: Value, right: Value) -> Value:
    value = FUNCTIONS["multiply"](call, left, right)
    if isinstance(value, decimal.Decimal) and abs(value.scaleb(-value.as_tuple().exponent)) >= 10**18:  # type: ignore[operator]
        raise ValueFailure(f"{value} has more than 18 digits")
    return value


def _scale_kept(call: Application, left: Value, right: Value) -> Value:
    value = FUNCTIONS["multiply"](call, left, right)
    if not isinstance(value, decimal.Decimal):
        return value
    scale = max(dtype.scale for dtype in call.arg_types if isinstance(dtype, Decimal))
    return digits_kept(value, scale, decimal.ROUND_HALF_EVEN)


def _extreme(name: str, pick: Callable[..., Value], key: Callable[..., object]) -> FunctionRule:
    def rule(call: Application, *values: Value) -> Value:
        known = [value for value in values if value is not None]
        return pick(known, key=lambda value: key(value, call.result_type), default=None)

    return rule


def _without_nan(name: str) -> FunctionRule:
    right = FUNCTIONS[name]

    def rule(call: Application, *values: Value) -> Value:
        numbers = [value for value in values if not is_nan(value)]
        return right(call, *(numbers if any(value is not None for value in numbers) else values))

    return rule


def _of_extremes(name: str, pick: Callable[..., Value]) -> list[Mutant]:
    def nan_first(value: Value, dtype: DataType) -> object:
        return (-math.inf if is_nan(value) else value) if isinstance(value, float) else order_key(value, dtype)

    return [
        function_but(name, "null-with-a-null", f"Returns null from {name} as soon as one argument is null.", lambda *vs: None in vs),
        function(name, "nan-below-numbers", f"Orders NaN below all numbers in {name}.", _extreme(name, pick, nan_first)),
        function(name, "text-ignores-case", f"Compares text in {name} without regard to case.", _extreme(name, pick, key_with(case_blind))),
        function(name, "text-by-utf16", f"Orders text in {name} by its 16-bit units.", _extreme(name, pick, key_with(utf16))),
        function(name, "of-two", f"Looks at the first two arguments of {name} only.", lambda call, *vs: FUNCTIONS[name](call, *vs[:2])),
    ]  # fmt: skip


def _floored(left: int, right: int) -> int:
    return left // right


def _remainder_in_float(left: int, right: int) -> int:
    return int(math.fmod(float(left), float(right)))


def _power_by_absolute(base: float, exponent: float) -> float:
    return math.pow(abs(base), exponent)


_OVERFLOWING = ("add", "subtract", "multiply", "negate", "abs")


def _floats_as_decimals(call: Application, left: Value, right: Value) -> Value:
    value = FUNCTIONS["add"](call, left, right)
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    return float(decimal.Decimal(repr(left)) + decimal.Decimal(repr(right)))


def _floats_in_32_bits(name: str) -> FunctionRule:
    right = FUNCTIONS[name]

    def rule(call: Application, *values: Value) -> Value:
        value = right(call, *values)
        return single(value) if isinstance(value, float) and math.isfinite(value) else value

    return rule


MUTANTS: tuple[Mutant, ...] = (
    *(function(name, "wraps", f"Lets {name} wrap around at 64 bits.", _of_integers(name, wrapped)) for name in _OVERFLOWING),
    *(function(name, "saturates", f"Cuts {name} off at the ends of 64 bits.", _of_integers(name, saturated)) for name in _OVERFLOWING),
    *(null_on_error(name) for name in (*_OVERFLOWING, "int_divide")),
    *(function(name, "integers-in-float", f"Computes {name} of integers in floats.", _in_float(name, decimals=False)) for name in ("add", "subtract", "multiply", "negate", "abs")),
    *(function(name, "decimals-in-float", f"Computes {name} of decimals in floats.", _in_float(name, decimals=True)) for name in _OVERFLOWING),
    *(function(name, "scale-of-the-first", f"Gives {name} of decimals the scale of the first.", _scale_of_the_first(name)) for name in ("add", "subtract")),
    *(function(name, "float-overflow-fails", f"Fails where {name} of floats is too large.", _float_overflow_fails(name)) for name in ("add", "subtract", "multiply", "divide", "power")),
    function("subtract", "reversed", "Subtracts the first number from the second.", lambda call, a, b: FUNCTIONS["subtract"](call, b, a)),
    function("multiply", "decimal-in-eighteen-digits", "Fails where a product of decimals has more than 18 digits.", _in_eighteen_digits),
    function("multiply", "decimal-scale-kept", "Rounds a product of decimals to the scale of its factors.", _scale_kept),
    function_but("multiply", "zero-swallows", "Returns 0.0 for zero times infinity or NaN.", lambda a, b: isinstance(a, float) and 0.0 in (a, b), lambda a, b: 0.0),
    function_but("add", "infinities-cancel", "Returns 0.0 for the sum of opposite infinities.", lambda a, b: isinstance(a, float) and math.isinf(a) and a == -b, lambda a, b: 0.0),
    function_but("subtract", "infinities-cancel", "Returns 0.0 for the difference of equal infinities.", lambda a, b: isinstance(a, float) and math.isinf(a) and a == b, lambda a, b: 0.0),
    function_but("divide", "by-zero-is-infinity", "Returns infinity for a number divided by zero, and NaN for zero by zero.", lambda a, b: b == 0, lambda a, b: math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a)),
    function_but("divide", "zero-by-zero-is-nan", "Returns NaN for zero divided by zero alone.", lambda a, b: a == 0 and b == 0, lambda a, b: math.nan),
    function_but("divide", "by-zero-fails", "Fails for a division by zero.", lambda a, b: b == 0, fail),
    function_but("divide", "by-zero-is-zero", "Returns 0.0 for a division by zero.", lambda a, b: b == 0, lambda a, b: 0.0),
    function_but("divide", "whole-numbers", "Cuts off the fraction when both numbers are whole.", lambda a, b: b != 0 and a.is_integer() and b.is_integer(), lambda a, b: float(math.trunc(a / b))),
    function_but("divide", "six-digits", "Keeps six digits after the point.", lambda a, b: b != 0 and math.isfinite(a / b), lambda a, b: round(a / b, 6)),
    function_but("divide", "infinity-by-infinity-is-one", "Returns 1.0 for infinity divided by infinity.", lambda a, b: math.isinf(a) and math.isinf(b), lambda a, b: math.copysign(1.0, a) * math.copysign(1.0, b)),
    function_but("int_divide", "floors", "Rounds the quotient of integers down.", lambda a, b: b not in (0, -1), _floored),
    function_but("int_divide", "rounds", "Rounds the quotient of integers to the nearest.", lambda a, b: b not in (0, -1), lambda a, b: (2 * abs(a) + abs(b)) // (2 * abs(b)) * (1 if (a < 0) == (b < 0) else -1)),
    function_but("int_divide", "by-zero-fails", "Fails for an integer divided by zero.", lambda a, b: b == 0, fail),
    function_but("int_divide", "by-zero-is-zero", "Returns 0 for an integer divided by zero.", lambda a, b: b == 0, lambda a, b: 0),
    function_but("int_divide", "wraps", "Lets the smallest integer divided by -1 stay what it is.", lambda a, b: a == -(2**63) and b == -1, lambda a, b: a),
    function_but("int_divide", "in-float", "Divides integers as floats.", lambda a, b: b not in (0, -1), lambda a, b: saturated(math.trunc(a / b))),
    function_but("modulo", "sign-of-the-divisor", "Gives the remainder the sign of the divisor.", lambda a, b: b != 0, lambda a, b: a % b),
    function_but("modulo", "never-negative", "Gives a remainder that is never negative.", lambda a, b: b != 0, lambda a, b: a % abs(b)),
    function_but("modulo", "by-zero-fails", "Fails for a remainder by zero.", lambda a, b: b == 0, fail),
    function_but("modulo", "by-zero-is-the-dividend", "Returns the dividend for a remainder by zero.", lambda a, b: b == 0, lambda a, b: a),
    function_but("modulo", "smallest-by-minus-one-fails", "Fails for the smallest integer modulo -1.", lambda a, b: a == -(2**63) and b == -1, fail),
    function_but("modulo", "in-float", "Computes remainders in floats.", lambda a, b: b != 0, _remainder_in_float),
    function_but("sign", "of-nan-is-zero", "Returns 0.0 for the sign of NaN.", is_nan, lambda v: 0.0),
    function_but("sign", "of-nan-is-one", "Returns 1.0 for the sign of NaN.", is_nan, lambda v: 1.0),
    function_but("sign", "of-whole-numbers", "Cuts off the fraction before it takes the sign.", lambda v: not is_nan(v) and abs(v) < 1, lambda v: 0.0 if isinstance(v, float) else 0),
    function_but("sign", "zero-is-positive", "Returns 1 for the sign of zero.", lambda v: v == 0, lambda v: 1.0 if isinstance(v, float) else 1),
    function_but("power", "zero-to-zero-is-nan", "Returns NaN for zero raised to zero.", lambda a, b: a == 0 and b == 0, lambda a, b: math.nan),
    function_but("power", "nan-to-zero-is-nan", "Returns NaN for NaN raised to zero.", lambda a, b: math.isnan(a) and b == 0, lambda a, b: math.nan),
    function_but("power", "negative-to-a-fraction-is-null", "Returns null for a negative number raised to a fraction.", lambda a, b: -math.inf < a < 0 and math.isfinite(b) and not b.is_integer()),
    function_but("power", "zero-to-a-negative-is-null", "Returns null for zero raised to a negative number.", lambda a, b: a == 0 and b < 0),
    function_but("power", "zero-to-a-negative-fails", "Fails for zero raised to a negative number.", lambda a, b: a == 0 and b < 0, fail),
    function_but("power", "loses-the-sign", "Takes a negative base for a positive one.", lambda a, b: a < 0 and b in (1.0, 3.0, 5.0), _power_by_absolute),
    function_but("power", "negative-exponents-of-whole-numbers", "Returns 0.0 for whole numbers raised to negative ones.", lambda a, b: a not in (0, 1, -1) and a.is_integer() and b.is_integer() and b < 0, lambda a, b: 0.0),
    function("power", "swapped", "Takes the base for the exponent.", lambda call, a, b: FUNCTIONS["power"](call, b, a)),
    function_but("sqrt", "negative-is-nan", "Returns NaN for the root of a negative number.", lambda v: v < 0, lambda v: math.nan),
    function_but("sqrt", "negative-fails", "Fails for the root of a negative number.", lambda v: v < 0, fail),
    function_but("sqrt", "nan-is-null", "Returns null for the root of NaN.", math.isnan),
    function_but("sqrt", "in-float32", "Computes roots in 32 bits.", lambda v: v > 0 and math.isfinite(v), lambda v: single(math.sqrt(v))),
    *_of_extremes("greatest", max),
    function("greatest", "ignores-nan", "Leaves NaN out of greatest when there are numbers.", _without_nan("greatest")),
    *_of_extremes("least", min),
    function("add", "floats-as-decimals", "Adds the decimal texts of floats, so that 0.1 + 0.2 is 0.3.", _floats_as_decimals),
    *(function(name, "floats-in-32-bits", f"Returns floats from {name} in 32 bits.", _floats_in_32_bits(name)) for name in ("greatest", "least")),
)  # fmt: skip
"""Wrong arithmetic."""
