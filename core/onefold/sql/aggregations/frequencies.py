"""How often values occur, as SQL. Engines return maps; tables of values are lists of structs, in a stated order."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations.call import AggregationLowering

__all__ = ["LOWERINGS"]

_ENTRIES = "MAP_ENTRIES(HISTOGRAM({0}))"
_BY_COUNT = f"LIST_SORT(LIST_TRANSFORM({_ENTRIES}, LAMBDA __e : {{{{'n': -CAST(__e.value AS BIGINT), 'k': __e.key}}}}))"

LOWERINGS: Mapping[str, AggregationLowering] = {
    "mode": AggregationLowering(f"{_BY_COUNT}[1].k"),
    "top_k": AggregationLowering(
        f"CAST(LIST_TRANSFORM({_BY_COUNT}[1:{{k}}], LAMBDA __f : {{{{'key': __f.k, 'value': -__f.n}}}}) AS {{type}})"
    ),
    "histogram": AggregationLowering(f"CAST(LIST_SORT({_ENTRIES}) AS {{type}})"),
}
