"""Quantiles, by the catalogue's formulas in floats."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from onefold_conformance.oracle.aggregations.exact import as_float
from onefold_conformance.oracle.aggregations.extremes import ascending
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, canonical

__all__ = ["RULES"]


def _interpolated(call: Application, entries: Sequence[Entry], q: float) -> Value:
    if not entries:
        return None
    values = [as_float(value) for value in ascending(call, entries)]
    height = q * (len(values) - 1)
    place = math.floor(height)
    share = height - place
    if not share:
        return values[place]
    low, high = values[place], values[place + 1]
    if low == high:
        return low
    if math.isinf(high - low) and math.isfinite(low) and math.isfinite(high):
        return low * (1.0 - share) + high * share
    return canonical(low + share * (high - low))


def median(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the middle value, or the mean of the two middle ones."""
    return _interpolated(call, entries, 0.5)


def quantile(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the quantile with linear interpolation."""
    return _interpolated(call, entries, call.options["q"])


def quantile_disc(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the smallest value whose cumulative share is at least q."""
    if not entries:
        return None
    return ascending(call, entries)[max(1, math.ceil(call.options["q"] * len(entries))) - 1]


RULES: Mapping[str, AggregationRule] = {
    "median": median,
    "quantile": quantile,
    "quantile_disc": quantile_disc,
    "approx_quantile": quantile,
}
"""The rules of this family, by name."""
