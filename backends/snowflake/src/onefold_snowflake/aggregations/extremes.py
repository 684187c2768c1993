"""The smallest and greatest values, as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, AggregationLowering] = {
    "min": AggregationLowering("MIN({0})"),
    "max": AggregationLowering("MAX({0})"),
}
