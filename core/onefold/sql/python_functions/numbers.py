"""Arithmetic, rounding, logarithms and trigonometry in Python; integers are checked for overflow by who calls."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["NUMBERS"]


def _away(x: float) -> float:
    """Return a number rounded to a whole one, halves away from zero."""
    whole = np.floor(abs(x))
    return math.copysign(whole + (abs(x) - whole >= 0.5), x) if math.isfinite(x) else x


def _round(x: Any, digits: int) -> Any:
    scale = 10 ** abs(digits)
    if isinstance(x, int):
        return x if digits >= 0 else (abs(x) + scale // 2) // scale * scale * (-1 if x < 0 else 1)
    if digits > 0:
        return _away(x * scale) / scale if abs(x) < 2**52 else x
    return _away(x / scale) * scale


def _order(value: Any) -> tuple[bool, Any]:
    """Return what sorts NaN above every number."""
    return isinstance(value, float) and math.isnan(value), value


_FLOATS: Mapping[str, str] = {
    **{name: name for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "degrees", "radians")},
    **{name: name for name in ("floor", "ceil", "trunc", "power")},
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "tan2")},
    "round_half_even": "rint",
}
"""The functions that are numpy's, with all rules of IEEE 754, which Python's own turn into errors."""

NUMBERS: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(np, ufunc) for name, ufunc in _FLOATS.items()},
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else None,
    "int_divide": lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1) if b else None,
    "modulo": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1) if b else None,
    "negate": lambda a: -a,
    "abs": abs,
    "sign": lambda a: a if math.isnan(a) else (a > 0) - (a < 0),
    "sqrt": lambda a: None if a < 0 else np.sqrt(a),
    "greatest": lambda *args: max((a for a in args if a is not None), key=_order, default=None),
    "least": lambda *args: min((a for a in args if a is not None), key=_order, default=None),
    "round": _round,
    "ln": lambda a: None if a <= 0 else np.log(a),
    "log10": lambda a: None if a <= 0 else np.log10(a),
    "log2": lambda a: None if a <= 0 else np.log2(a),
    "log": lambda a, base: None if a <= 0 else np.log(a) / np.log(base),
}
"""Functions of numbers as Python has them."""
