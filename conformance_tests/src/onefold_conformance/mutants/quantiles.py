"""Mutants of quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from onefold.types import FLOAT64, INT64, STRING
from onefold_conformance.mutants.habits import is_nan, single
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes, zero_for_null
from onefold_conformance.mutants.wrong import aggregation, aggregation_but, values_of
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.aggregations.exact import as_float
from onefold_conformance.oracle.aggregations.extremes import ascending
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]

_CONTINUOUS = ("median", "quantile")
_ALL = (*_CONTINUOUS, "quantile_disc", "approx_quantile")

_Heights = Callable[[float, int], float]


def _q(call: Application) -> float:
    return 0.5 if call.name == "median" else float(call.options["q"])


def _by_height(height: _Heights) -> AggregationRule:
    """Linear interpolation at another place: the other definitions of Hyndman and Fan."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        values = [as_float(value) for value in ascending(call, entries)]
        if not values or not all(map(math.isfinite, values)):
            return AGGREGATIONS[call.name](call, entries)
        at = min(max(height(_q(call), len(values)), 1.0), float(len(values)))
        place = min(math.floor(at), len(values) - 1) if len(values) > 1 else 1
        low, high = values[place - 1], values[min(place, len(values) - 1)]
        return low + (at - place) * (high - low)

    return rule


def _at(place: Callable[[float, int], int]) -> AggregationRule:
    """One of the values, by its position from 0."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        values = ascending(call, entries)
        if not values:
            return None
        value = values[min(max(place(_q(call), len(values)), 0), len(values) - 1)]
        return value if call.name == "quantile_disc" else as_float(value)

    return rule


def _from_the_top(call: Application, entries: Sequence[Entry]) -> Value:
    options = {**call.options, "q": 1.0 - call.options["q"]}
    return AGGREGATIONS[call.name](Application(call.name, call.arg_types, call.result_type, options), entries)


def _q_ignored(call: Application, entries: Sequence[Entry]) -> Value:
    options = {**call.options, "q": 0.5}
    return AGGREGATIONS[call.name](Application(call.name, call.arg_types, call.result_type, options), entries)


def _without_nan(call: Application, entries: Sequence[Entry]) -> Value:
    kept = [entry for entry in entries if not is_nan(entry.args[0])]
    return AGGREGATIONS[call.name](call, kept or entries)


def _nan_decides(call: Application, entries: Sequence[Entry]) -> Value:
    return math.nan if any(map(is_nan, values_of(entries))) else AGGREGATIONS[call.name](call, entries)


def _of_distinct(call: Application, entries: Sequence[Entry]) -> Value:
    unique = {str(entry.args[0]): entry for entry in entries}
    return AGGREGATIONS[call.name](call, list(unique.values()))


def _whole(call: Application, entries: Sequence[Entry]) -> Value:
    """The quantile of integers is an integer."""
    value = AGGREGATIONS[call.name](call, entries)
    return value if value is None or call.arg_types[0] != INT64 else float(math.trunc(value))


def _unsorted(call: Application, entries: Sequence[Entry]) -> Value:
    """The middle of the rows in the order in which they come."""
    values = [as_float(value) for value in values_of(entries)]
    middle = len(values) // 2
    if not values:
        return None
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _neighbours(call: Application, entries: Sequence[Entry]) -> tuple[float, float, float] | None:
    """The two values around a quantile, and the share of the way between them; None where there is one."""
    values = [as_float(value) for value in ascending(call, entries)]
    height = _q(call) * (len(values) - 1)
    place = math.floor(height)
    if not values or height == place:
        return None
    return values[place], values[place + 1], height - place


def _plain_formula(call: Application, entries: Sequence[Entry]) -> Value:
    """Computes low + share (high - low), also where both are infinite or the difference overflows."""
    found = _neighbours(call, entries)
    if found is None:
        return AGGREGATIONS[call.name](call, entries)
    low, high, share = found
    return low + share * (high - low)


def _weighted(call: Application, entries: Sequence[Entry]) -> Value:
    """Computes low (1 - share) + high share, which between -inf and a finite value is not NaN."""
    found = _neighbours(call, entries)
    if found is None:
        return AGGREGATIONS[call.name](call, entries)
    low, high, share = found
    return low if low == high else low * (1 - share) + high * share


def _always_two(call: Application, entries: Sequence[Entry]) -> Value:
    """Also a value that is met exactly is mixed with the next one, which makes NaN of infinities."""
    values = [as_float(value) for value in ascending(call, entries)]
    if not values:
        return None
    height = _q(call) * (len(values) - 1)
    low, high = values[math.floor(height)], values[min(math.floor(height) + 1, len(values) - 1)]
    return low + (height - math.floor(height)) * (high - low)


def _in_32_bits(call: Application, entries: Sequence[Entry]) -> Value:
    value = AGGREGATIONS[call.name](call, entries)
    return value if value is None or not math.isfinite(value) else single(value)


def _exact_rank(call: Application, entries: Sequence[Entry]) -> Value:
    """The rank from the decimal text of q, without the rounding of floats."""
    values = ascending(call, entries)
    if not values:
        return None
    return values[max(1, math.ceil(Fraction(repr(call.options["q"])) * len(values))) - 1]


def _interpolated(call: Application, entries: Sequence[Entry]) -> Value:
    if call.arg_types[0] != FLOAT64:
        return AGGREGATIONS["quantile_disc"](call, entries)
    return AGGREGATIONS["quantile"](call, entries)


def _text_ignoring_case(call: Application, entries: Sequence[Entry]) -> Value:
    if call.arg_types[0] != STRING:
        return AGGREGATIONS["quantile_disc"](call, entries)
    values = sorted(values_of(entries), key=str.lower)
    return values[max(1, math.ceil(call.options["q"] * len(values))) - 1] if values else None


def _mean(call: Application, entries: Sequence[Entry]) -> Value:
    """The mean, which is not the median."""
    values = [as_float(value) for value in values_of(entries)]
    return sum(values) / len(values) if values else None


_TYPES: dict[str, tuple[str, _Heights]] = {
    "type-4": ("h = q n", lambda q, n: q * n),
    "type-5": ("h = q n + 1/2", lambda q, n: q * n + 0.5),
    "type-6": ("h = q (n + 1)", lambda q, n: q * (n + 1)),
    "type-8": ("h = q (n + 1/3) + 1/3", lambda q, n: q * (n + 1 / 3) + 1 / 3),
}

MUTANTS: tuple[Mutant, ...] = (
    *(aggregation("quantile", name, f"Interpolates quantiles at {how}.", _by_height(height)) for name, (how, height) in _TYPES.items()),
    *(aggregation(name, "lower", f"Returns the lower of the two values around the {name}.", _at(lambda q, n: math.floor(q * (n - 1)))) for name in _CONTINUOUS),
    *(aggregation(name, "upper", f"Returns the higher of the two values around the {name}.", _at(lambda q, n: math.ceil(q * (n - 1)))) for name in _CONTINUOUS),
    aggregation("quantile", "nearest", "Returns the nearest value for the quantile.", _at(lambda q, n: round(q * (n - 1)))),
    *(aggregation(name, "from-the-top", f"Counts {name} from the greatest value.", _from_the_top) for name in ("quantile", "quantile_disc", "approx_quantile")),
    *(aggregation(name, "q-ignored", f"Returns the median for {name}.", _q_ignored) for name in ("quantile", "quantile_disc", "approx_quantile")),
    *(aggregation(name, "ignores-nan", f"Leaves NaN out of {name}.", _without_nan) for name in (*_CONTINUOUS, "quantile_disc")),
    *(aggregation(name, "nan-decides", f"Returns NaN from {name} when there is one.", _nan_decides) for name in _CONTINUOUS),
    *(aggregation(name, "of-distinct", f"Takes equal values once in {name}.", _of_distinct) for name in (*_CONTINUOUS, "quantile_disc")),
    *(aggregation(name, "whole", f"Cuts {name} of integers off.", _whole) for name in _CONTINUOUS),
    *(aggregation(name, "plain-formula", f"Computes {name} by a difference, also of equal infinities and of numbers too far apart.", _plain_formula) for name in _CONTINUOUS),
    *(aggregation(name, "weighted", f"Computes {name} as a weighted mean, also from minus infinity.", _weighted) for name in _CONTINUOUS),
    *(aggregation(name, "always-two", f"Mixes two values in {name}, also where one is met exactly.", _always_two) for name in _CONTINUOUS),
    *(aggregation(name, "in-32-bits", f"Returns {name} in 32 bits.", _in_32_bits) for name in _CONTINUOUS),
    aggregation("median", "unsorted", "Returns the middle of rows that are not sorted.", _unsorted),
    aggregation("median", "is-the-mean", "Returns the mean for the median.", _mean),
    aggregation("approx_quantile", "is-the-mean", "Returns the mean for approximate quantiles.", _mean),
    aggregation("approx_quantile", "far-off", "Returns a value whose share is off by 0.1.", _at(lambda q, n: math.floor((q + 0.1 if q < 0.5 else q - 0.1) * (n - 1)))),
    aggregation("quantile_disc", "one-too-high", "Returns the value above quantile_disc where the share is met exactly.", _at(lambda q, n: math.floor(q * n))),
    aggregation("quantile_disc", "lower", "Returns the greatest value whose share is at most q.", _at(lambda q, n: math.floor(q * n) - 1)),
    aggregation("quantile_disc", "nearest", "Returns the nearest value for quantile_disc.", _at(lambda q, n: math.floor(q * (n - 1) + 0.5))),
    aggregation("quantile_disc", "exact-rank", "Computes the rank of quantile_disc without the rounding of floats.", _exact_rank),
    aggregation("quantile_disc", "interpolates", "Interpolates quantile_disc of floats.", _interpolated),
    aggregation("quantile_disc", "text-ignores-case", "Orders text in quantile_disc without regard to case.", _text_ignoring_case),
    *(aggregation_becomes(name, "null-is-zero", f"Takes null for zero in {name}.", zero_for_null) for name in _ALL),
    *(aggregation_but(name, "nothing-is-nan", f"Returns NaN from {name} of nothing.", lambda es: not es, lambda es: math.nan) for name in ("median", "quantile", "approx_quantile")),
)  # fmt: skip
"""Wrong quantiles."""
