"""Distinct values: how many, the earliest, the latest. NaN is one value; -0.0 is 0.0."""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial
from onefold.plan.aggregations.limits import N
from onefold.plan.functions.signature import sig

__all__ = ["AGGREGATIONS"]

_HISTOGRAM = (Partial("histogram", "histogram"),)

AGGREGATIONS = (
    Aggregation(
        name="count_distinct",
        family="distinct",
        signatures=(sig("(O) -> int64"),),
        description="The number of different values that are not null; 0 over no values.",
        example=AggregationExample((("string", ("a", "b", "a", None)),), 2),
        empty="zero",
        partial=_HISTOGRAM,
        merge="The histograms are added; the value is their number of keys.",
    ),
    Aggregation(
        name="approx_count_distinct",
        family="distinct",
        signatures=(sig("(O) -> int64"),),
        description=(
            "About the number of different values that are not null, from a sketch of bounded size on engines that "
            "have one; an engine may return the exact number."
        ),
        example=AggregationExample((("string", ("a", "b", "a", None)),), 2),
        error_bound="relative error below 10 % with 95 % confidence for 1,000 values and more; exact or off by 2 for up to 20",
        empty="zero",
        partial=_HISTOGRAM,
        merge="The histograms are added; the value is their number of keys.",
    ),
    Aggregation(
        name="first_distinct_n",
        family="distinct",
        signatures=(sig("(O) -> list<O>"),),
        description=(
            "The n different values that occurred earliest, in the order of their first occurrence; values that first "
            "occur at one time and sequence are ordered by themselves, ascending."
        ),
        example=AggregationExample((("string", ("b", "a", "b", "c")),), ["b", "a"], {"n": 2}),
        options={"n": N},
        order_sensitive=True,
    ),
    Aggregation(
        name="last_distinct_n",
        family="distinct",
        signatures=(sig("(O) -> list<O>"),),
        description=(
            "The n different values that occurred latest, in the order of their last occurrence, the most recent last; "
            "values that last occur at one time and sequence are ordered by themselves, ascending."
        ),
        example=AggregationExample((("string", ("b", "a", "c", "b")),), ["c", "b"], {"n": 2}),
        options={"n": N},
        order_sensitive=True,
    ),
)
