"""Counts, sums, means, and the logical sums, as Spark writes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations import AGGREGATIONS as SHARED
from onefold.sql.aggregations import AggregationLowering
from onefold.sql.template import LoweredCall, render
from onefold.types import INT64

__all__ = ["LOWERINGS"]

# Spark adds integers in 64 bits, where a sum can overflow on its way to a total that fits. So the upper and lower
# halves are added each by themselves. Small numbers, and all rounded towards zero, have no upper half.
_WHOLE = "CAST(SUM({0} DIV 4294967296) AS DECIMAL(38, 0)) * 4294967296 + SUM({0} % 4294967296)"


def _sum(call: LoweredCall) -> exp.Expression:
    text = _WHOLE if call.arg_types[0] == INT64 else "SUM({0})"
    return render(f"CAST({text} AS {{type}})", call)


def _mean(call: LoweredCall) -> exp.Expression:
    text = _WHOLE if call.arg_types[0] == INT64 else "SUM({0})"
    return render(f"CAST({text} AS DOUBLE) / NULLIF(COUNT({{0}}), 0)", call)


LOWERINGS: Mapping[str, AggregationLowering] = {
    **{name: SHARED[name] for name in ("count", "any", "all")},
    "sum": AggregationLowering(_sum),
    "mean": AggregationLowering(_mean),
}
