"""How Snowflake writes the aggregations that it computes exactly; the others are left to the kernel.

Left out are, besides those that give lists:

* ``first`` and ``last``: ``MIN_BY`` and ``MAX_BY`` take one key, and any of several rows with it.
* ``mode``: of several values that occur equally often, ``MODE`` returns any.
* quantiles: ``PERCENTILE_CONT`` does not say how it interpolates in the last bit or beside infinities, and
  ``PERCENTILE_DISC`` takes the share 0.07 for the decimal, not for the float.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.aggregations import AggregationLowering
from onefold_snowflake.aggregations import decay, distinct, extremes, moments, sums

__all__ = ["AGGREGATE_NAMES", "AGGREGATIONS", "FRAMED"]

_FAMILIES = (sums, extremes, moments, distinct, decay)

AGGREGATIONS: Mapping[str, AggregationLowering] = MappingProxyType(
    {name: lowering for family in _FAMILIES for name, lowering in family.LOWERINGS.items()}
)
"""The aggregations over groups, by name."""

AGGREGATE_NAMES = frozenset(
    {
        *("AVG", "CORR", "COUNT", "COVAR_POP", "COVAR_SAMP", "MAX", "MIN", "STDDEV_POP", "STDDEV_SAMP", "SUM"),
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
