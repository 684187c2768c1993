"""Every aggregation of the catalogue as the kernel computes it, put together from its families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.kernel import distinct, extremes, frequencies, order, sums
from onefold.kernel.segment import Aggregator

__all__ = ["AGGREGATORS"]

_FAMILIES = (sums, extremes, order, distinct, frequencies)

AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {name: aggregator for family in _FAMILIES for name, aggregator in family.AGGREGATORS.items()}
)
"""Every aggregation by its name in the catalogue."""
