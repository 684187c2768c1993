"""The smallest and greatest values, as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering, Ranking
from onefold_snowflake.aggregations.listing import listed

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, AggregationLowering] = {
    "min": AggregationLowering("MIN({0})"),
    "max": AggregationLowering("MAX({0})"),
    "min_n": listed(Ranking("value", most="n")),
    "max_n": listed(Ranking("value", reverse=True, most="n")),
}
