"""The catalogue of aggregations, and their application."""

from onefold.plan.aggregations.call import AggCall, Measure, TrailingMeasure
from onefold.plan.aggregations.catalogue import AGGREGATIONS, get_aggregation
from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial

__all__ = [
    "AGGREGATIONS",
    "AggCall",
    "Aggregation",
    "AggregationExample",
    "Measure",
    "Partial",
    "TrailingMeasure",
    "get_aggregation",
]
