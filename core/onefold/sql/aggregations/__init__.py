"""How each aggregation of the catalogue is written in SQL: the canonical way, which engines override with data.

The texts are valid in DuckDB's dialect and as near to the standard as it allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.aggregations import decay, distinct, extremes, frequencies, moments, order, quantiles, sums
from onefold.sql.aggregations.call import AggregationLowering, LoweredAggregate, Ranking

__all__ = ["AGGREGATIONS", "AggregationLowering", "LoweredAggregate", "Ranking"]

_FAMILIES = (sums, extremes, moments, order, distinct, quantiles, frequencies, decay)

AGGREGATIONS: Mapping[str, AggregationLowering] = MappingProxyType(
    {name: lowering for family in _FAMILIES for name, lowering in family.LOWERINGS.items()}
)
"""Every aggregation of the catalogue, by name."""
