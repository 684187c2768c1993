"""Exact arithmetic on the values of a group, and the one rounding at its end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from onefold_conformance.oracle.values import Value

__all__ = ["as_float", "exact_sum", "not_finite", "root", "rounded", "signed_root"]


def rounded(exact: Fraction) -> float:
    """Return the float nearest to an exact number, halves to even; an infinity beyond the greatest.

    Examples:
        >>> rounded(Fraction(1, 3)), rounded(Fraction(-(10**400)))
        (0.3333333333333333, -inf)
    """
    try:
        return exact.numerator / exact.denominator + 0.0
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def root(square: Fraction) -> float:
    """Return the float nearest to the square root of an exact number that is not negative.

    Examples:
        >>> root(Fraction(2)), root(Fraction(1, 9)), root(Fraction(10**600))
        (1.4142135623730951, 0.3333333333333333, 1e+300)
    """
    shift = max(0, 66 + (square.denominator.bit_length() - square.numerator.bit_length()) // 2)
    scaled = square.numerator << 2 * shift
    whole = math.isqrt(scaled // square.denominator)
    # 66 bits and one more, which is set when anything is left: enough to be rounded like the root itself.
    left = whole * whole * square.denominator != scaled
    return rounded(Fraction(2 * whole + left, 2 << shift))


def signed_root(square: Fraction, sign: Fraction) -> float:
    """Return the root of a square with the sign of another number."""
    return root(square) if sign >= 0 else -root(square) + 0.0


def as_float(value: Value) -> float:
    """Return a number as the nearest float."""
    return value if isinstance(value, float) else rounded(Fraction(value))


def not_finite(values: Iterable[Value]) -> float | None:
    """Return what a sum of these values is when they are not all finite, else None.

    Examples:
        >>> not_finite([1.0, float("inf")]), not_finite([float("inf"), float("-inf")]), not_finite([1, 2])
        (inf, nan, None)
    """
    special = [value for value in values if isinstance(value, float) and not math.isfinite(value)]
    return sum(special) + 0.0 if special else None


def exact_sum(values: Sequence[Value]) -> Fraction:
    """Return the exact sum of finite numbers."""
    return sum((Fraction(value) for value in values), Fraction(0))
