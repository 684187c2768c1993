"""Counts, sums, means, and the logical sums any and all."""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial
from onefold.plan.functions.signature import sig
from onefold.types import Decimal

__all__ = ["AGGREGATIONS"]

AGGREGATIONS = (
    Aggregation(
        name="count",
        family="sums",
        signatures=(sig("() -> int64"), sig("(T) -> int64")),
        description="The number of rows, or of rows whose argument is not null. Over no rows it is 0, never null.",
        example=AggregationExample((("int64", (1, None, 3)),), 2),
        empty="zero",
        partial=(Partial("count", "count"),),
        merge="Counts add up.",
    ),
    Aggregation(
        name="sum",
        family="sums",
        signatures=(
            sig("(int64) -> int64"),
            sig("(float64) -> float64"),
            sig("(decimal) -> decimal", lambda args, options: Decimal(38, _scale(args[0]))),
        ),
        description=(
            "The sum. Integers and decimals are exact, and a result that does not fit (int64, 38 digits) is an error. "
            "In trailing windows a float64 sum is the exact sum, rounded once, so that neither the order of the rows "
            "nor earlier large values change it; elsewhere it is within the rounding bound 2 n eps sum|x|. "
            "NaN, or infinities of both signs, give NaN."
        ),
        example=AggregationExample((("float64", (1e16, 1.0, -1e16)),), 1.0),
        partial=(Partial("sum", "sum"),),
        merge="Sums add up; null is the sum of nothing.",
    ),
    Aggregation(
        name="mean",
        family="sums",
        signatures=(sig("(int64) -> float64"), sig("(float64) -> float64"), sig("(decimal) -> float64")),
        description="The sum as float64, divided by the number of values.",
        example=AggregationExample((("int64", (1, 2, None, 6)),), 3.0),
        partial=(Partial("sum", "sum"), Partial("count", "count")),
        merge="Sums and counts add up; the mean is sum / count.",
    ),
    Aggregation(
        name="any",
        family="sums",
        signatures=(sig("(bool) -> bool"),),
        description="Whether at least one value is true; nulls are skipped, so over no values it is null.",
        example=AggregationExample((("bool", (False, None, True)),), True),
        partial=(Partial("any", "any"),),
        merge="The states are combined with any.",
    ),
    Aggregation(
        name="all",
        family="sums",
        signatures=(sig("(bool) -> bool"),),
        description="Whether no value is false; nulls are skipped, so over no values it is null.",
        example=AggregationExample((("bool", (True, None, True)),), True),
        partial=(Partial("all", "all"),),
        merge="The states are combined with all.",
    ),
)


def _scale(dtype: object) -> int:
    assert isinstance(dtype, Decimal)
    return dtype.scale
