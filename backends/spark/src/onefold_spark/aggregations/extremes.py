"""The smallest and greatest values, as Spark writes them."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering

__all__ = ["LOWERINGS"]


def _several(sorted_values: str) -> AggregationLowering:
    return AggregationLowering(f"CASE WHEN COUNT({{0}}) > 0 THEN SLICE({sorted_values}, 1, {{n}}) END")


LOWERINGS: Mapping[str, AggregationLowering] = {
    "min": AggregationLowering("MIN({0})"),
    "max": AggregationLowering("MAX({0})"),
    "min_n": _several("SORT_ARRAY(COLLECT_LIST({0}))"),
    "max_n": _several("SORT_ARRAY(COLLECT_LIST({0}), FALSE)"),
}
