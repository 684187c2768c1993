"""Exponentially decayed sums: a value of age a counts with the weight 2^(-a / half_life).

Weights that are too small for a float64 count as nothing, so that long after the last value sums and counts are 0.0,
while a mean stays what it was. NaN and infinities count however old they are, as in a plain sum.

The age is measured from the end of the window (``TrailingWindow``); in ``Aggregate``, from the greatest time of the
group, which the first key of the call's ``order`` gives.
"""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample
from onefold.plan.aggregations.limits import HALF_LIFE
from onefold.plan.functions.signature import sig

__all__ = ["AGGREGATIONS"]

_NUMERIC = (sig("(int64) -> float64"), sig("(float64) -> float64"), sig("(decimal) -> float64"))
_SECOND = {"half_life": 1_000_000}

AGGREGATIONS = (
    Aggregation(
        name="decayed_sum",
        family="decay",
        signatures=_NUMERIC,
        description="The sum of x 2^(-age / half_life), within a relative error of 1e-9 of sum |x| 2^(-age / half_life).",
        example=AggregationExample((("float64", (8.0, 4.0, 1.0)),), 5.0, _SECOND),
        options={"half_life": HALF_LIFE},
        order_sensitive=True,
    ),
    Aggregation(
        name="decayed_count",
        family="decay",
        signatures=(sig("() -> float64"), sig("(T) -> float64")),
        description=(
            "The sum of 2^(-age / half_life) over the rows, or over the rows whose argument is not null; null over no "
            "rows, within a relative error of 1e-9."
        ),
        example=AggregationExample((("float64", (8.0, 4.0, 1.0)),), 1.75, _SECOND),
        options={"half_life": HALF_LIFE},
        order_sensitive=True,
    ),
    Aggregation(
        name="decayed_mean",
        family="decay",
        signatures=_NUMERIC,
        description="The decayed sum divided by the decayed count, a mean that favours recent values; within 1e-9 of the decayed mean of |x|.",
        example=AggregationExample((("float64", (8.0, 4.0, 1.0)),), 5.0 / 1.75, _SECOND),
        options={"half_life": HALF_LIFE},
        order_sensitive=True,
    ),
)
