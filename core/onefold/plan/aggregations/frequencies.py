"""How often values occur. Tables of values are lists of ``struct<key, value>``."""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial
from onefold.plan.functions.entry import Option
from onefold.plan.functions.signature import sig

__all__ = ["AGGREGATIONS"]

_HISTOGRAM = (Partial("histogram", "histogram"),)

AGGREGATIONS = (
    Aggregation(
        name="mode",
        family="frequencies",
        signatures=(sig("(O) -> O"),),
        description="The value that occurs most often; of several, the smallest. Nulls are not counted.",
        example=AggregationExample((("int64", (2, 1, 2, 1, 3)),), 1),
        partial=_HISTOGRAM,
        merge="The histograms are added; the value is the smallest key with the greatest count.",
    ),
    Aggregation(
        name="top_k",
        family="frequencies",
        signatures=(sig("(O) -> list<struct<key: O, value: int64>>"),),
        description="The k values that occur most often with their counts, by count descending, then by value ascending.",
        example=AggregationExample(
            (("string", ("b", "a", "b", "c")),), [{"key": "b", "value": 2}, {"key": "a", "value": 1}], {"k": 2}
        ),
        options={
            "k": Option(
                int,
                "How many values to keep, 1 to 10,000.",
                check=lambda k: None if 1 <= k <= 10_000 else "it must be between 1 and 10,000.",
            )
        },
        partial=_HISTOGRAM,
        merge="The histograms are added; the value is their top k.",
    ),
    Aggregation(
        name="histogram",
        family="frequencies",
        signatures=(sig("(O) -> list<struct<key: O, value: int64>>"),),
        description="Each different value with its count, ascending by value; NaN is one value, above all numbers.",
        example=AggregationExample(
            (("string", ("b", "a", "b", None)),), [{"key": "a", "value": 1}, {"key": "b", "value": 2}]
        ),
        partial=_HISTOGRAM,
        merge="Counts of equal keys add up.",
    ),
)
