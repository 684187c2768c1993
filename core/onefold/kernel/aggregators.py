"""Every aggregation of the catalogue as the kernel computes it, put together from its families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.kernel import decay, distinct, extremes, frequencies, moments, order, quantiles, sums
from onefold.kernel.segment import Aggregator

__all__ = ["AGGREGATORS"]

_FAMILIES = (sums, extremes, moments, order, distinct, quantiles, frequencies, decay)

AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {name: aggregator for family in _FAMILIES for name, aggregator in family.AGGREGATORS.items()}
)
"""Every aggregation by its name in the catalogue."""
