"""Trigonometry, in radians; outside of its domain a function is NaN, and what is too large is infinite."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from onefold_conformance.oracle.interface import Application, FunctionRule

__all__ = ["RULES"]


def _of_one(function: Callable[[float], float]) -> FunctionRule:
    """Return the rule of a function of Python, which raises where IEEE 754 has NaN or infinity."""

    def rule(call: Application, value: float) -> float:
        try:
            return function(value)
        except ValueError:
            return math.nan
        except OverflowError:  # only sinh, which has the sign of its argument, and cosh, which has none
            return function(math.copysign(math.inf, value))

    return rule


def atan2(call: Application, y: float, x: float) -> float:
    """Return the angle of the point (x, y)."""
    return math.atan2(y, x)


RULES: Mapping[str, FunctionRule] = {
    "sin": _of_one(math.sin),
    "cos": _of_one(math.cos),
    "tan": _of_one(math.tan),
    "asin": _of_one(math.asin),
    "acos": _of_one(math.acos),
    "atan": _of_one(math.atan),
    "atan2": atan2,
    "sinh": _of_one(math.sinh),
    "cosh": _of_one(math.cosh),
    "tanh": _of_one(math.tanh),
    "degrees": _of_one(math.degrees),
    "radians": _of_one(math.radians),
}
