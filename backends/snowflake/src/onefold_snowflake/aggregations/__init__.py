"""How Snowflake writes the aggregations over groups, all of which it computes exactly, and which of them over frames."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.aggregations import AggregationLowering
from onefold_snowflake.aggregations import decay, distinct, extremes, frequencies, moments, order, quantiles, sums

__all__ = ["AGGREGATE_NAMES", "AGGREGATIONS", "FRAMED"]

_FAMILIES = (sums, extremes, moments, order, distinct, quantiles, frequencies, decay)

AGGREGATIONS: Mapping[str, AggregationLowering] = MappingProxyType(
    {name: lowering for family in _FAMILIES for name, lowering in family.LOWERINGS.items()}
)
"""The aggregations over groups, by name."""

AGGREGATE_NAMES = frozenset(
    {
        *(
            "ARRAY_AGG",
            "AVG",
            "CORR",
            "COUNT",
            "COVAR_POP",
            "COVAR_SAMP",
            "MAX",
            "MIN",
            "STDDEV_POP",
            "STDDEV_SAMP",
            "SUM",
        ),
        *("VAR_POP", "VAR_SAMP"),
    }
)
"""The functions in their texts that are aggregates: those that get a condition and ``OVER``."""

FRAMED = frozenset(
    {
        *("count", "sum", "mean", "any", "all", "min", "max"),
        *("var_samp", "var_pop", "stddev_samp", "stddev_pop"),
    }
)
"""The aggregations over frames. Snowflake slides no others along ranges, and counts no different values over frames."""
