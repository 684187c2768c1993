"""Rounding: ties go away from zero, unless a function says otherwise."""

from __future__ import annotations

import decimal
import math
from collections.abc import Mapping

from onefold.types import Decimal
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_decimal, checked_int64, round_half_away
from onefold_conformance.oracle.values import EXACT, Value

__all__ = ["RULES"]


def round_to_digits(call: Application, value: Value) -> Value:
    """Return the number with so many digits after the point, or so many zeros before it."""
    digits: int = call.options["digits"]
    if isinstance(value, float):
        return _rounded_float(value, digits)
    (dtype,) = call.arg_types
    scale = dtype.scale if isinstance(dtype, Decimal) else 0
    if digits >= scale:
        return value
    rounded = decimal.Decimal(value).quantize(decimal.Decimal(1).scaleb(-digits), context=EXACT)
    if isinstance(call.result_type, Decimal):
        return checked_decimal(rounded, call.result_type)
    return checked_int64(int(rounded))


def _rounded_float(value: float, digits: int) -> float:
    if digits > 0 and abs(value) >= 2.0**52:  # it is whole, and the product could be too large for a float
        return value
    factor = float(10 ** abs(digits))  # exact: digits are at most 15
    if digits >= 0:
        return round_half_away(value * factor) / factor
    return round_half_away(value / factor) * factor


def round_half_even(call: Application, value: float) -> float:
    """Return the nearest whole number, the even one when two are as near."""
    return float(round(value)) if math.isfinite(value) else value


def floor(call: Application, value: float) -> float:
    """Return the greatest whole number that is not greater."""
    return float(math.floor(value)) if math.isfinite(value) else value


def ceil(call: Application, value: float) -> float:
    """Return the least whole number that is not less."""
    return float(math.ceil(value)) if math.isfinite(value) else value


def trunc(call: Application, value: float) -> float:
    """Return the number without its fraction."""
    return float(math.trunc(value)) if math.isfinite(value) else value


RULES: Mapping[str, FunctionRule] = {
    "round": round_to_digits,
    "round_half_even": round_half_even,
    "floor": floor,
    "ceil": ceil,
    "trunc": trunc,
}
