"""Different values, as Snowflake writes them: how many, the earliest and the latest."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering, Ranking
from onefold_snowflake.aggregations.listing import listed

__all__ = ["LOWERINGS"]

_COUNT = AggregationLowering("COUNT(DISTINCT {0})")

LOWERINGS: Mapping[str, AggregationLowering] = {
    # Exact: the error of the sketch has no stated bound for few values.
    "count_distinct": _COUNT,
    "approx_count_distinct": _COUNT,
    "first_distinct_n": listed(Ranking("order", distinct=True, most="n")),
    "last_distinct_n": listed(Ranking("order", reverse=True, distinct=True, most="n"), backwards=True),
}
