"""How far a right engine may be from the exact value of an aggregation, found from the entries of a group.

``u`` is the unit roundoff of float64, 2^-53. All bounds hold for the plain formulas, evaluated in any order; they are
doubled, so that what is left out (terms of a higher order in u) is covered too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from onefold.types import FLOAT64
from onefold_conformance.oracle.aggregations.decay import WIDE, weight
from onefold_conformance.oracle.aggregations.exact import as_float, rounded
from onefold_conformance.oracle.aggregations.extremes import ascending
from onefold_conformance.oracle.aggregations.moments import central, is_finite, powers
from onefold_conformance.oracle.interface import Application, Entry
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Value

__all__ = ["BOUNDS", "Bound", "bound_of"]

U = 2.0**-53

LEAST_NORMAL = 2.0**-1022
"""What is smaller loses bits, or all of them."""

Bound: TypeAlias = Callable[[Application, Sequence[Entry], Value], Tolerance]
"""``bound(call, entries, value) -> Tolerance`` for entries that are finite and at least one."""


def bound_of(call: Application, entries: Sequence[Entry], value: Value, *, exact_sums: bool) -> Tolerance:
    """Return how far the value of one group may be off.

    Args:
        call: The aggregation.
        entries: The rows that take part.
        value: The exact value.
        exact_sums: Whether sums of floats are exact and rounded once, as in trailing windows.
    """
    if value is None or not entries or call.name not in BOUNDS or (exact_sums and call.name in ("sum", "mean")):
        return Tolerance()
    counts = call.name in ("approx_count_distinct", "decayed_count")
    if not counts and not is_finite(entries):
        return Tolerance()
    try:
        return BOUNDS[call.name](call, entries, value)
    except OverflowError:  # a step of the plain formulas is beyond all floats: the value may be an infinity
        return Tolerance(absolute=math.inf)
    except (ZeroDivisionError, ValueError):  # a value where none is due, as only a mutant gives: too few entries
        return Tolerance()


def _size(entries: Sequence[Entry]) -> Fraction:
    """Return the sum of the absolute values."""
    return sum((abs(Fraction(entry.args[0])) for entry in entries), Fraction(0))


def _sum(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    if call.arg_types[0] != FLOAT64:
        return Tolerance()
    return Tolerance(absolute=rounded(2 * len(entries) * Fraction(U) * _size(entries)) if len(entries) > 1 else 0.0)


def _mean(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    if call.arg_types[0] != FLOAT64 or len(entries) == 1:
        return Tolerance()
    # A sum that overflows on the way is an infinity, and so is its mean.
    size = rounded(_size(entries))
    return Tolerance(absolute=math.inf if math.isinf(size) else 2 * U * size)


class _Moments:
    """The central moments of an argument in floats, and how far the two-pass formulas may be from them.

    The bound on the second is that of Chan, Golub and LeVeque, "Algorithms for computing the sample variance" (The
    American Statistician 37, 1983): relative to the variance, n u + n^2 u^2 (1 + mean^2 / variance). Its second part
    is the square of the error of the mean; the same error, called ``shift`` here, is what the other moments are
    expanded in.
    """

    def __init__(self, entries: Sequence[Entry], argument: int = 0) -> None:
        values = [Fraction(as_float(entry.args[argument])) for entry in entries]
        distances = central(entries, argument)
        self.count = len(values)
        self.equal = len(set(values)) == 1
        mean_size = rounded(sum(map(abs, values), Fraction(0)) / self.count)
        self.shift = self.count * U * mean_size
        self.distances = [abs(rounded(distance)) for distance in distances]
        self.second, self.fourth = (rounded(powers(distances, power) / self.count) for power in (2, 4))
        third = rounded(powers([abs(distance) for distance in distances], 3) / self.count)
        n, shift = self.count, self.shift
        self.second_error = 2 * ((n + 3) * U * self.second + shift**2)
        self.third_error = 2 * ((n + 5) * U * third + 3 * self.second * shift + shift**3)
        self.fourth_error = 2 * ((n + 6) * U * self.fourth + 4 * third * shift + 6 * self.second * shift**2 + shift**4)

    @property
    def share(self) -> float:
        """The error of the second moment, relative to it."""
        return self.second_error / self.second if self.second else math.inf


def _variance(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    moments = _Moments(entries)
    if moments.equal:
        return Tolerance()
    lost = 1 if call.name.endswith("_samp") else 0
    error = moments.second_error * moments.count / (moments.count - lost)
    if call.name.startswith("var"):
        return Tolerance(absolute=error, ulps=2)
    # The error of the root is greatest below it: sqrt(v) - sqrt(v - e).
    return Tolerance(absolute=value - math.sqrt(max(0.0, value * value - error)), ulps=2)


def _skewness(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    moments = _Moments(entries)
    if not moments.share < 0.5:
        return Tolerance.unknown()
    error = moments.third_error / (moments.second * math.sqrt(moments.second))
    return Tolerance(absolute=error + abs(value) * (2 * moments.share + 8 * U))


def _kurtosis(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    moments = _Moments(entries)
    if not moments.share < 0.5:
        return Tolerance.unknown()
    error = moments.fourth_error / moments.second**2
    return Tolerance(absolute=error + (abs(value) + 3) * (3 * moments.share + 8 * U))


def _together(xs: _Moments, ys: _Moments) -> float:
    """Return the error of the mean product of distances."""
    products = math.fsum((x + xs.shift) * (y + ys.shift) for x, y in zip(xs.distances, ys.distances, strict=True))
    return 2 * ((xs.count + 4) * U * products / xs.count + xs.shift * ys.shift)


def _covariance(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    xs, ys = _Moments(entries, 0), _Moments(entries, 1)
    lost = 1 if call.name == "covar_samp" else 0
    return Tolerance(absolute=_together(xs, ys) * xs.count / (xs.count - lost))


def _correlation(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    xs, ys = _Moments(entries, 0), _Moments(entries, 1)
    if not (xs.share < 0.5 and ys.share < 0.5):
        return Tolerance.unknown()
    error = _together(xs, ys) / (math.sqrt(xs.second) * math.sqrt(ys.second))
    return Tolerance(absolute=error + abs(value) * (xs.share + ys.share + 8 * U))


def _quantile(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    # Where the difference of two values overflows, the formula is evaluated in another way.
    values = [as_float(entry.args[0]) for entry in entries]
    return Tolerance(ulps=4) if math.isinf(max(values) - min(values)) else Tolerance()


def _approximate_quantile(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    """Return the way to the nearest values whose share is off by 0.02; below 1,000 values any value may come out."""
    values = [as_float(item) for item in ascending(call, entries)]
    count, q = len(values), call.options["q"]
    low, high = values[0], values[-1]
    if count >= 1000:
        low = values[max(0, math.ceil(count * (q - 0.02)) - 1)]
        high = values[min(count - 1, math.floor(count * (q + 0.02)))]
    return Tolerance(absolute=max(value - low, high - value))


def _approximate_count(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    return Tolerance(absolute=2.0) if value <= 20 else Tolerance(relative=0.1)


def _decayed(call: Application, entries: Sequence[Entry], value: Value) -> Tolerance:
    size, lost, count = (WIDE.create_decimal(0) for _ in range(3))
    for entry in entries:
        share = weight(call, entry)
        number = abs(WIDE.create_decimal(entry.args[0])) if call.name != "decayed_count" else WIDE.create_decimal(1)
        term = WIDE.multiply(number, share)
        size, count = WIDE.add(size, term), WIDE.add(count, share)
        if float(share) < LEAST_NORMAL:
            lost = WIDE.add(lost, term)
    if call.name == "decayed_mean":
        return Tolerance(absolute=1e-9 * float(WIDE.divide(size, count)))
    return Tolerance(absolute=1e-9 * float(size) + float(lost) + len(entries) * LEAST_NORMAL)


BOUNDS: Mapping[str, Bound] = {
    "sum": _sum,
    "mean": _mean,
    **dict.fromkeys(("var_samp", "var_pop", "stddev_samp", "stddev_pop"), _variance),
    "skewness": _skewness,
    "kurtosis": _kurtosis,
    **dict.fromkeys(("covar_samp", "covar_pop"), _covariance),
    "corr": _correlation,
    **dict.fromkeys(("median", "quantile"), _quantile),
    "approx_quantile": _approximate_quantile,
    "approx_count_distinct": _approximate_count,
    **dict.fromkeys(("decayed_sum", "decayed_count", "decayed_mean"), _decayed),
}
"""The bounds of the aggregations that are not exact, by name."""
