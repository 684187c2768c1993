"""How many different values there are, as Snowflake writes it."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering

__all__ = ["LOWERINGS"]

_COUNT = AggregationLowering("COUNT(DISTINCT {0})")

# Exact: the error of the sketch has no stated bound for few values.
LOWERINGS: Mapping[str, AggregationLowering] = {"count_distinct": _COUNT, "approx_count_distinct": _COUNT}
