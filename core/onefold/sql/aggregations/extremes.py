"""The smallest and greatest values, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations.call import AggregationLowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, AggregationLowering] = {
    "min": AggregationLowering("MIN({0})"),
    "max": AggregationLowering("MAX({0})"),
    "min_n": AggregationLowering("MIN({0}, {n})"),
    "max_n": AggregationLowering("MAX({0}, {n})"),
}
