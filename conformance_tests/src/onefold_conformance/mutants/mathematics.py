"""Mutants of exponentials, logarithms and trigonometry."""

from __future__ import annotations

import math
from collections.abc import Callable

from onefold_conformance.mutants.habits import single
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.wrong import fail, function, function_but
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]


def _in_32_bits(name: str) -> FunctionRule:
    right = FUNCTIONS[name]

    def rule(call: Application, *args: Value) -> Value:
        value = right(call, *args)
        return value if value is None or not math.isfinite(value) else single(value)

    return rule


def _without_base(call: Application, value: float) -> float | None:
    return FUNCTIONS["ln"](call, value)  # type: ignore[no-any-return]


def _base_and_number_swapped(call: Application, value: float) -> float | None:
    if not 0 < value < math.inf or value == 1:
        return FUNCTIONS["log"](call, value)  # type: ignore[no-any-return]
    return math.log(call.options["base"]) / math.log(value)


def _outside(value: float) -> bool:
    return abs(value) > 1


def _tanh_by_formula(call: Application, value: float) -> float:
    try:
        up, down = math.exp(value), math.exp(-value)
    except OverflowError:
        return math.nan
    return (up - down) / (up + down)


def _sinh_by_formula(call: Application, value: float) -> float:
    try:
        return (math.exp(value) - math.exp(-value)) / 2
    except OverflowError:
        return FUNCTIONS["sinh"](call, value)  # type: ignore[no-any-return]


def _angle_of_the_quotient(call: Application, y: float, x: float) -> float:
    if x == 0 or math.isinf(x):
        return FUNCTIONS["atan2"](call, y, x)  # type: ignore[no-any-return]
    return math.atan(y / x)


def _in_degrees(name: str) -> FunctionRule:
    right = FUNCTIONS[name]
    return lambda call, value: right(call, math.radians(value))


def _reduced_in_32_bits(name: str) -> Callable[[float], float]:
    right: Callable[[float], float] = getattr(math, name)
    return lambda value: right(single(math.fmod(value, single(2 * math.pi))))


def _clamped(name: str) -> Callable[[float], float]:
    right: Callable[[float], float] = getattr(math, name)
    return lambda value: right(math.copysign(1.0, value))


def _large(limit: float) -> Callable[[float], bool]:
    return lambda value: math.isfinite(value) and abs(value) > limit


_LOGARITHMS = ("ln", "log10", "log2", "log")
_CIRCULAR = ("sin", "cos", "tan")
_INEXACT = (
    "exp", "ln", "log10", "log2", "log", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh",
    "degrees", "radians",
)  # fmt: skip

MUTANTS: tuple[Mutant, ...] = (
    *(function(name, "in-32-bits", f"Computes {name} in 32 bits.", _in_32_bits(name)) for name in _INEXACT),
    function_but("exp", "overflow-fails", "Fails where exp is too large.", lambda v: 709.79 < v < math.inf, fail),
    function_but("exp", "overflow-is-null", "Returns null where exp is too large.", lambda v: 709.79 < v < math.inf),
    function_but("exp", "underflow-fails", "Fails where exp is too small.", lambda v: -math.inf < v < -745.2, fail),
    function_but("exp", "minus-infinity-is-nan", "Returns NaN for exp of minus infinity.", lambda v: v == -math.inf, lambda v: math.nan),
    *(function_but(name, "zero-is-minus-infinity", f"Returns minus infinity for {name} of zero.", lambda v: v == 0, lambda v: -math.inf) for name in _LOGARITHMS),
    *(function_but(name, "negative-is-nan", f"Returns NaN for {name} of a negative number.", lambda v: v < 0, lambda v: math.nan) for name in _LOGARITHMS),
    *(function_but(name, "zero-fails", f"Fails for {name} of zero.", lambda v: v == 0, fail) for name in _LOGARITHMS),
    *(function_but(name, "nan-is-null", f"Returns null for {name} of NaN.", math.isnan) for name in _LOGARITHMS),
    *(function_but(name, "subnormal-is-zero", f"Takes the smallest numbers for zero in {name}.", lambda v: 0 < v < 2.0**-1022) for name in _LOGARITHMS),
    function("ln", "base-10", "Takes the logarithm to the base 10 for the natural one.", FUNCTIONS["log10"]),
    function("log10", "natural", "Takes the natural logarithm for the one to the base 10.", FUNCTIONS["ln"]),
    function("log2", "natural", "Takes the natural logarithm for the one to the base 2.", FUNCTIONS["ln"]),
    function("log", "natural", "Ignores the base of a logarithm.", _without_base),
    function("log", "swapped", "Takes the base of a logarithm for its argument.", _base_and_number_swapped),
    *(function_but(name, "infinity-is-null", f"Returns null for {name} of infinity.", math.isinf) for name in _CIRCULAR),
    *(function_but(name, "infinity-fails", f"Fails for {name} of infinity.", math.isinf, fail) for name in _CIRCULAR),
    *(function(name, "in-degrees", f"Takes the argument of {name} for degrees.", _in_degrees(name)) for name in _CIRCULAR),
    *(function_but(name, "large-angles-are-lost", f"Reduces large angles in 32 bits in {name}.", _large(1e5), _reduced_in_32_bits(name)) for name in _CIRCULAR),
    *(function_but(name, "outside-is-null", f"Returns null for {name} of a number outside of -1 to 1.", _outside) for name in ("asin", "acos")),
    *(function_but(name, "outside-fails", f"Fails for {name} of a number outside of -1 to 1.", _outside, fail) for name in ("asin", "acos")),
    *(function_but(name, "outside-is-clamped", f"Takes numbers outside of -1 to 1 for the nearest inside in {name}.", _outside, _clamped(name)) for name in ("asin", "acos")),
    function_but("acos", "in-the-other-half", "Returns angles between -pi and 0 for the acos of negative numbers.", lambda v: -1 <= v < 0, lambda v: -math.acos(v)),
    function_but("atan", "infinity-is-nan", "Returns NaN for atan of infinity.", math.isinf, lambda v: math.nan),
    function("atan2", "swapped", "Takes x for y.", lambda call, y, x: math.atan2(x, y)),
    function("atan2", "of-the-quotient", "Takes the angle of y / x, which loses the quadrant.", _angle_of_the_quotient),
    function_but("atan2", "on-the-axis-is-null", "Returns null where x is zero.", lambda y, x: x == 0),
    function_but("atan2", "origin-is-nan", "Returns NaN for the origin.", lambda y, x: y == 0 and x == 0, lambda y, x: math.nan),
    function_but("sinh", "loses-the-sign", "Returns plus infinity where sinh is too small.", lambda v: v < -711, lambda v: math.inf),
    function_but("sinh", "overflow-fails", "Fails where sinh is too large.", _large(711), fail),
    function("sinh", "by-formula", "Computes sinh as a difference of exponentials, which loses digits near zero.", _sinh_by_formula),
    function_but("cosh", "overflow-fails", "Fails where cosh is too large.", _large(711), fail),
    function_but("cosh", "has-a-sign", "Returns minus infinity for cosh of large negative numbers.", lambda v: v < -711, lambda v: -math.inf),
    function("tanh", "by-formula", "Computes tanh as a quotient of exponentials, which is NaN for large numbers.", _tanh_by_formula),
    function_but("tanh", "infinity-is-nan", "Returns NaN for tanh of infinity.", math.isinf, lambda v: math.nan),
    function("degrees", "inverse", "Takes degrees for radians.", lambda call, v: math.radians(v)),
    function_but("degrees", "within-a-turn", "Returns degrees within one turn.", lambda v: abs(v) < 1e300, lambda v: math.fmod(math.degrees(v), 360.0)),
    function("radians", "inverse", "Takes radians for degrees.", lambda call, v: math.degrees(v)),
    function_but("radians", "within-a-turn", "Returns radians within one turn.", math.isfinite, lambda v: math.radians(math.fmod(v, 360.0))),
    *(function_but(name, "infinity-is-nan", f"Returns NaN for {name} of infinity.", math.isinf, lambda v: math.nan) for name in ("degrees", "radians", "sinh", "cosh")),
)  # fmt: skip
"""Wrong mathematics."""
