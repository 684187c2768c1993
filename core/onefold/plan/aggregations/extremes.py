"""The smallest and greatest values."""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial
from onefold.plan.aggregations.limits import N
from onefold.plan.functions.signature import sig

__all__ = ["AGGREGATIONS"]

AGGREGATIONS = (
    Aggregation(
        name="min",
        family="extremes",
        signatures=(sig("(O) -> O"),),
        description="The smallest value; NaN is greater than every number, false is smaller than true, text is compared by its UTF-8 bytes.",
        example=AggregationExample((("int64", (3, None, 1)),), 1),
        partial=(Partial("min", "min"),),
        merge="The smaller of the two.",
    ),
    Aggregation(
        name="max",
        family="extremes",
        signatures=(sig("(O) -> O"),),
        description="The greatest value; NaN is greater than every number, false is smaller than true, text is compared by its UTF-8 bytes.",
        example=AggregationExample((("string", ("a", "b", None)),), "b"),
        partial=(Partial("max", "max"),),
        merge="The greater of the two.",
    ),
    Aggregation(
        name="min_n",
        family="extremes",
        signatures=(sig("(O) -> list<O>"),),
        description="The n smallest values, ascending, duplicates kept; fewer when there are fewer.",
        example=AggregationExample((("int64", (5, 1, 3, 1)),), [1, 1, 3], {"n": 3}),
        options={"n": N},
        partial=(Partial("min_n", "min_n", options={"n": "n"}),),
        merge="The n smallest of both lists.",
    ),
    Aggregation(
        name="max_n",
        family="extremes",
        signatures=(sig("(O) -> list<O>"),),
        description="The n greatest values, descending, duplicates kept; fewer when there are fewer.",
        example=AggregationExample((("int64", (5, 1, 3, 5)),), [5, 5, 3], {"n": 3}),
        options={"n": N},
        partial=(Partial("max_n", "max_n", options={"n": "n"}),),
        merge="The n greatest of both lists.",
    ),
)
