"""How Spark writes the aggregations that it computes exactly; the others are left to the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.aggregations import AggregationLowering
from onefold_spark.aggregations import decay, distinct, extremes, moments, order, quantiles, sums

__all__ = ["AGGREGATE_NAMES", "AGGREGATIONS", "FRAMED"]

_FAMILIES = (sums, extremes, moments, order, distinct, quantiles, decay)

AGGREGATIONS: Mapping[str, AggregationLowering] = MappingProxyType(
    {name: lowering for family in _FAMILIES for name, lowering in family.LOWERINGS.items()}
)
"""The aggregations over groups, by name."""

AGGREGATE_NAMES = frozenset(
    {
        *("AVG", "BOOL_AND", "BOOL_OR", "COLLECT_LIST", "CORR", "COUNT", "COVAR_POP", "COVAR_SAMP", "KURTOSIS"),
        *("MAX", "MAX_BY", "MIN", "MIN_BY", "MODE", "SKEWNESS", "STDDEV_POP", "STDDEV_SAMP", "SUM", "VAR_POP"),
        "VAR_SAMP",
    }
)
"""The functions in their texts that are aggregates: those that get ``FILTER`` and ``OVER``."""

FRAMED = frozenset(
    {
        *("count", "sum", "mean", "any", "all", "min", "max", "first", "last"),
        *("var_samp", "var_pop", "stddev_samp", "stddev_pop", "covar_samp", "covar_pop", "corr"),
    }
)
"""The aggregations that Spark carries along a growing frame. The others would collect the rows of every frame, and it
counts no different values over frames."""
