"""Quantiles; NaN sorts above every number."""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial
from onefold.plan.aggregations.limits import Q
from onefold.plan.functions.signature import sig

__all__ = ["AGGREGATIONS"]

_NUMERIC = (sig("(int64) -> float64"), sig("(float64) -> float64"), sig("(decimal) -> float64"))
_HISTOGRAM = (Partial("histogram", "histogram"),)
_MERGE = "The histograms are added; the value is read from the sum."

AGGREGATIONS = (
    Aggregation(
        name="median",
        family="quantiles",
        signatures=_NUMERIC,
        description="The exact quantile 0.5 with linear interpolation: the middle value, or the mean of the two middle ones.",
        example=AggregationExample((("int64", (4, 1, None, 2)),), 2.0),
        partial=_HISTOGRAM,
        merge=_MERGE,
    ),
    Aggregation(
        name="quantile",
        family="quantiles",
        signatures=_NUMERIC,
        description=(
            "The exact quantile with linear interpolation: with the n values sorted and h = q (n - 1), the value "
            "x[floor h] + (h - floor h) (x[floor h + 1] - x[floor h]) (Hyndman and Fan's type 7), computed in float64. "
            "Where h is whole, or both values are equal, it is x[floor h], also for infinities; between -inf and "
            "any greater value it is NaN. The difference of two finite values does not overflow."
        ),
        example=AggregationExample((("int64", (1, 2, 3, 4)),), 1.75, {"q": 0.25}),
        options={"q": Q},
        partial=_HISTOGRAM,
        merge=_MERGE,
    ),
    Aggregation(
        name="quantile_disc",
        family="quantiles",
        signatures=(sig("(O) -> O"),),
        description="The smallest value whose cumulative share is at least q: with the n values sorted, x[max(1, ceil(q n))] counted from 1, q n in float64.",
        example=AggregationExample((("int64", (1, 2, 3, 4)),), 1, {"q": 0.25}),
        options={"q": Q},
        partial=_HISTOGRAM,
        merge=_MERGE,
    ),
    Aggregation(
        name="approx_quantile",
        family="quantiles",
        signatures=_NUMERIC,
        description="About the quantile, from a sketch of bounded size on engines that have one; an engine may return the exact quantile.",
        example=AggregationExample((("int64", (1, 2, 3)),), 2.0, {"q": 0.5}),
        options={"q": Q},
        error_bound="the share of values below the result differs from q by at most 0.02 for 1,000 values and more",
        partial=_HISTOGRAM,
        merge=_MERGE,
    ),
)
