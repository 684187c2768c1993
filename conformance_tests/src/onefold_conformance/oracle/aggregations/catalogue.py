"""The rules of all aggregations, put together from their families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold_conformance.oracle.aggregations import (
    decay,
    distinct,
    extremes,
    frequencies,
    moments,
    order,
    quantiles,
    sums,
)
from onefold_conformance.oracle.interface import AggregationRule

__all__ = ["AGGREGATIONS"]

_FAMILIES = (sums, extremes, moments, order, distinct, quantiles, frequencies, decay)

AGGREGATIONS: Mapping[str, AggregationRule] = MappingProxyType(
    {name: rule for family in _FAMILIES for name, rule in family.RULES.items()}
)
"""The rule of every aggregation, by name."""
