"""The relational nodes of a plan."""

from onefold.plan.relations.base import NamedExpression, Relation
from onefold.plan.relations.combining import RANKINGS, Aggregate, Join, RankCall, Window, WindowMeasure
from onefold.plan.relations.foreign import MapBatches, NamedRelation, NativeSql, Write
from onefold.plan.relations.leaves import Input, Scan
from onefold.plan.relations.rows import Deduplicate, Distinct, Filter, Limit, Project, Sort, Union, Unnest
from onefold.plan.relations.temporal import (
    AsOfColumn,
    AsOfJoin,
    EventOrder,
    TimeBuckets,
    TrailingAggregate,
    partial_calls,
)

__all__ = [
    "RANKINGS",
    "Aggregate",
    "AsOfColumn",
    "AsOfJoin",
    "Deduplicate",
    "Distinct",
    "EventOrder",
    "Filter",
    "Input",
    "Join",
    "Limit",
    "MapBatches",
    "NamedExpression",
    "NamedRelation",
    "NativeSql",
    "Project",
    "RankCall",
    "Relation",
    "Scan",
    "Sort",
    "TimeBuckets",
    "TrailingAggregate",
    "Union",
    "Unnest",
    "Window",
    "WindowMeasure",
    "Write",
    "partial_calls",
]
