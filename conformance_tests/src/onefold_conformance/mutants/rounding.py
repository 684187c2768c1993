"""Mutants of rounding."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable

from onefold.types import Decimal
from onefold_conformance.mutants.habits import add_half, digits_kept, saturated
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.wrong import fail, function, function_but, null_on_error
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_int64, round_half_away
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]

_RIGHT = FUNCTIONS["round"]


def _floats(whole: Callable[[float], float]) -> FunctionRule:
    """Rounding floats to digits with another rounding to whole numbers."""

    def rule(call: Application, value: Value) -> Value:
        if not isinstance(value, float):
            return _RIGHT(call, value)
        digits = call.options["digits"]
        factor = float(10 ** abs(digits))
        return whole(value * factor) / factor if digits >= 0 else whole(value / factor) * factor

    return rule


def _half_even(value: float) -> float:
    return float(round(value)) if math.isfinite(value) else value


def _cut(value: float) -> float:
    return float(math.trunc(value)) if math.isfinite(value) else value


def _by_decimal_text(call: Application, value: Value) -> Value:
    if not isinstance(value, float) or not math.isfinite(value):
        return _RIGHT(call, value)
    return float(digits_kept(decimal.Decimal(repr(value)), call.options["digits"], decimal.ROUND_HALF_UP))


def _by_exact_value(call: Application, value: Value) -> Value:
    if not isinstance(value, float) or not math.isfinite(value):
        return _RIGHT(call, value)
    context = decimal.Context(prec=800, rounding=decimal.ROUND_HALF_UP)
    step = decimal.Decimal(1).scaleb(-call.options["digits"])
    return float(decimal.Decimal(value).quantize(step, context=context))


def _negative_digits_by_fractions(call: Application, value: Value) -> Value:
    digits = call.options["digits"]
    if not isinstance(value, float) or digits >= 0:
        return _RIGHT(call, value)
    return round_half_away(value * 10.0**digits) / 10.0**digits


def _decimals(rounding: str) -> FunctionRule:
    def rule(call: Application, value: Value) -> Value:
        (dtype,) = call.arg_types
        digits = call.options["digits"]
        if not isinstance(dtype, Decimal) or digits >= dtype.scale:
            return _RIGHT(call, value)
        whole = digits_kept(value, digits, rounding)
        assert isinstance(call.result_type, Decimal)
        return digits_kept(whole, call.result_type.scale, rounding)

    return rule


def _integers(rounding: str) -> FunctionRule:
    def rule(call: Application, value: Value) -> Value:
        if not isinstance(value, int) or call.options["digits"] >= 0:
            return _RIGHT(call, value)
        return checked_int64(int(digits_kept(decimal.Decimal(value), call.options["digits"], rounding)))

    return rule


def _negative_digits_ignored(call: Application, value: Value) -> Value:
    if call.options["digits"] >= 0:
        return _RIGHT(call, value)
    if isinstance(value, int):
        return value
    options = {**call.options, "digits": 0}
    return _RIGHT(Application(call.name, call.arg_types, call.result_type, options), value)


def _integers_in_float(call: Application, value: Value) -> Value:
    digits = call.options["digits"]
    if not isinstance(value, int) or digits >= 0:
        return _RIGHT(call, value)
    return saturated(int(round_half_away(value / 10.0**-digits) * 10.0**-digits))


def _digits_ignored(call: Application, value: Value) -> Value:
    options = {**call.options, "digits": min(0, call.options["digits"])}
    return _RIGHT(Application(call.name, call.arg_types, call.result_type, options), value)


def _beyond_int64(value: float) -> bool:
    return abs(value) >= 2.0**63


def _through_int64(value: float) -> float:
    return 0.0 if math.isnan(value) else math.copysign(2.0**63, value)


_WHOLE = ("round_half_even", "floor", "ceil", "trunc")


def _integers_scaled(call: Application, value: Value) -> Value:
    digits = call.options["digits"]
    if not isinstance(value, int) or digits < 0:
        return _RIGHT(call, value)
    return saturated(int(round_half_away(value * 10.0**digits) / 10.0**digits))


MUTANTS: tuple[Mutant, ...] = (
    function("round", "half-even", "Rounds ties of floats to even.", _floats(_half_even)),
    function("round", "half-up", "Rounds ties of floats up, negative ones towards zero.", _floats(lambda v: round_half_away(v) if v > 0 else -math.ceil(-v - 0.5) + 0.0 if math.isfinite(v) else v)),
    function("round", "adds-half", "Rounds floats by adding a half, which rounds 0.49999999999999994 up.", _floats(lambda v: math.copysign(add_half(abs(v)), v))),
    function("round", "cuts", "Cuts floats off instead of rounding them.", _floats(_cut)),
    function("round", "by-decimal-text", "Rounds the shortest decimal text of a float, so that 1.005 becomes 1.01.", _by_decimal_text),
    function("round", "by-exact-value", "Rounds the exact value of a float, without the steps of the catalogue.", _by_exact_value),
    function("round", "negative-digits-by-fractions", "Multiplies by 0.01 where it should divide by 100.", _negative_digits_by_fractions),
    function("round", "negative-digits-ignored", "Ignores negative digits.", _negative_digits_ignored),
    function("round", "digits-ignored", "Rounds to whole numbers whatever the digits.", _digits_ignored),
    function("round", "decimals-half-even", "Rounds ties of decimals to even.", _decimals(decimal.ROUND_HALF_EVEN)),
    function("round", "decimals-cut", "Cuts decimals off instead of rounding them.", _decimals(decimal.ROUND_DOWN)),
    function("round", "decimals-half-up", "Rounds ties of negative decimals towards zero.", lambda call, v: _decimals(decimal.ROUND_HALF_UP if v > 0 else decimal.ROUND_HALF_DOWN)(call, v)),
    function("round", "integers-half-even", "Rounds ties of integers to even.", _integers(decimal.ROUND_HALF_EVEN)),
    function("round", "integers-cut", "Cuts integers off instead of rounding them.", _integers(decimal.ROUND_DOWN)),
    function("round", "integers-floor", "Rounds integers down.", _integers(decimal.ROUND_FLOOR)),
    function("round", "integers-in-float", "Rounds integers as floats, which loses digits above 2^53.", _integers_in_float),
    null_on_error("round"),
    function("round_half_even", "ties-away", "Rounds ties of round_half_even away from zero.", lambda call, v: round_half_away(v)),
    function("round_half_even", "ties-up", "Rounds ties of round_half_even up.", lambda call, v: add_half(v) if abs(v) < 2**52 else v),
    function("round_half_even", "ties-to-zero", "Rounds ties of round_half_even towards zero.", lambda call, v: math.copysign(math.ceil(abs(v) - 0.5), v) if abs(v) < 2**52 else v),
    function("floor", "cuts", "Cuts negative numbers off instead of rounding them down.", lambda call, v: _cut(v)),
    function_but("floor", "lowers-whole-numbers", "Lowers negative whole numbers by one.", lambda v: -1e15 < v < 0 and v.is_integer(), lambda v: v - 1),
    function("ceil", "cuts", "Cuts positive numbers off instead of rounding them up.", lambda call, v: _cut(v)),
    function_but("ceil", "raises-whole-numbers", "Raises whole numbers by one.", lambda v: 0 < v < 1e15 and v.is_integer(), lambda v: v + 1),
    function("trunc", "floors", "Rounds negative numbers down instead of cutting them off.", lambda call, v: float(math.floor(v)) if math.isfinite(v) else v),
    function("trunc", "rounds", "Rounds instead of cutting off.", lambda call, v: round_half_away(v)),
    *(function_but(name, "through-int64", f"Ends {name} at 64 bits.", _beyond_int64, _through_int64) for name in _WHOLE),
    *(function_but(name, "nan-is-null", f"Returns null from {name} for NaN.", math.isnan) for name in _WHOLE),
    *(function_but(name, "infinity-fails", f"Fails in {name} for infinities.", math.isinf, fail) for name in _WHOLE),
    *(function_but(name, "nan-is-null", f"Returns null from {name} for NaN.", lambda v: isinstance(v, float) and math.isnan(v)) for name in ("round",)),
    function("round", "integers-scaled", "Multiplies integers by the power of ten of digits after the point in floats.", _integers_scaled),
)  # fmt: skip
"""Wrong rounding."""
