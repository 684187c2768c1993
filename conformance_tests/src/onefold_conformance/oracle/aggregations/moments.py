"""Variances, higher moments and the moments of pairs, from exact central sums, rounded once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from onefold_conformance.oracle.aggregations.exact import as_float, root, rounded, signed_root
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value

__all__ = ["RULES", "central", "is_finite", "powers"]


def is_finite(entries: Sequence[Entry]) -> bool:
    """Return whether all arguments of all entries are finite."""
    return all(math.isfinite(value) for entry in entries for value in entry.args)


def central(entries: Sequence[Entry], argument: int = 0) -> list[Fraction]:
    """Return the exact distances of an argument's values, as floats, from their mean."""
    values = [Fraction(as_float(entry.args[argument])) for entry in entries]
    mean = sum(values, Fraction(0)) / len(values)
    return [value - mean for value in values]


def powers(distances: Sequence[Fraction], power: int) -> Fraction:
    """Return the sum of powers of distances."""
    return sum((distance**power for distance in distances), Fraction(0))


def _spread(lost: int, finish: Callable[[Fraction], float]) -> AggregationRule:
    """Return the rule of a variance that divides by the number of values less those lost."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        if len(entries) <= lost:
            return None
        if not is_finite(entries):
            return math.nan
        return finish(powers(central(entries), 2) / (len(entries) - lost))

    return rule


def skewness(call: Application, entries: Sequence[Entry]) -> Value:
    """Return m3 / m2^1.5, as the root of its square."""
    if not entries:
        return None
    if not is_finite(entries):
        return math.nan
    distances = central(entries)
    second, third = (powers(distances, power) / len(entries) for power in (2, 3))
    if not second:
        return None
    return signed_root(third**2 / second**3, third)


def kurtosis(call: Application, entries: Sequence[Entry]) -> Value:
    """Return m4 / m2^2 - 3."""
    if not entries:
        return None
    if not is_finite(entries):
        return math.nan
    distances = central(entries)
    second, fourth = (powers(distances, power) / len(entries) for power in (2, 4))
    return rounded(fourth / second**2 - 3) if second else None


def _covariance(lost: int) -> AggregationRule:
    """Return the rule of a covariance that divides by the number of pairs less those lost."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        if len(entries) <= lost:
            return None
        if not is_finite(entries):
            return math.nan
        pairs = zip(central(entries, 0), central(entries, 1), strict=True)
        return rounded(sum((x * y for x, y in pairs), Fraction(0)) / (len(entries) - lost))

    return rule


def correlation(call: Application, entries: Sequence[Entry]) -> Value:
    """Return Pearson's correlation, as the root of its square."""
    if len(entries) < 2:
        return None
    if not is_finite(entries):
        return math.nan
    xs, ys = central(entries, 0), central(entries, 1)
    spreads = powers(xs, 2) * powers(ys, 2)
    if not spreads:
        return None
    together = sum((x * y for x, y in zip(xs, ys, strict=True)), Fraction(0))
    return signed_root(together**2 / spreads, together)


RULES: Mapping[str, AggregationRule] = {
    "var_samp": _spread(1, rounded),
    "var_pop": _spread(0, rounded),
    "stddev_samp": _spread(1, root),
    "stddev_pop": _spread(0, root),
    "skewness": skewness,
    "kurtosis": kurtosis,
    "covar_samp": _covariance(1),
    "covar_pop": _covariance(0),
    "corr": correlation,
}
"""The rules of this family, by name."""
