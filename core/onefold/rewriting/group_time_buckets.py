"""Tiles in terms of other relations: rows get the start of their bucket, and are then grouped."""

from __future__ import annotations

from onefold.plan import (
    Aggregate,
    Call,
    Column,
    Filter,
    Literal,
    Measure,
    NamedExpression,
    Project,
    TimeBuckets,
    partial_calls,
)
from onefold.types.naming import fresh

__all__ = ["group_time_buckets"]


def group_time_buckets(node: TimeBuckets) -> Project:
    """Return what tiles are made of: an aggregate over a projection of a filter, and names around it."""
    events = node.events.output
    start = fresh("bucket_start", events.names)
    time = Column(name=node.order.time)
    known = time if not node.order.delay else Call(function="add_duration", args=(time, Literal.of(node.order.delay)))
    bucket = Call(function="time_bucket", args=(known,), options={"every": node.every})
    present = tuple(
        Call(function="is_not_null", args=(Column(name=name),)) for name in dict.fromkeys([*node.by, node.order.time])
    )
    kept = Filter(input=node.events, predicate=Call(function="and", args=present))
    columns = [NamedExpression(name=name, expression=Column(name=name)) for name in events.names]
    rows = Project(input=kept, columns=(*columns, NamedExpression(name=start, expression=bucket)))
    measures = tuple(
        Measure(name=name, call=call) for measure in node.measures for name, call in partial_calls(measure, node.order)
    )
    groups = Aggregate(input=rows, by=(*node.by, start), measures=measures)
    return Project(
        input=groups,
        columns=tuple(
            NamedExpression(name=name, expression=Column(name=start if name == "bucket_start" else name))
            for name in node.output.names
        ),
    )
