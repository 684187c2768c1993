"""Tiles as SQL: rows get the start of their bucket, and are then grouped."""

from __future__ import annotations

from sqlglot import expressions as exp

from onefold.plan import (
    Aggregate,
    Call,
    Column,
    Filter,
    Literal,
    Measure,
    NamedExpression,
    Project,
    Relation,
    TimeBuckets,
    partial_calls,
)
from onefold.sql.expressions import column
from onefold.sql.relations.aggregate import lower_aggregate
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, table_named
from onefold.sql.relations.naming import fresh
from onefold.sql.relations.rows import lower_filter, lower_project

__all__ = ["bucketed", "lower_time_buckets"]


def bucketed(node: TimeBuckets) -> tuple[list[Relation], str]:
    """Return the relations that tiles are made of, innermost first, and the name of the column of bucket starts."""
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
    return [kept, rows, Aggregate(input=rows, by=(*node.by, start), measures=measures)], start


def lower_time_buckets(context: Context, node: TimeBuckets) -> Fragment:
    """Return one row per key and bucket."""
    (kept, rows, groups), start = bucketed(node)
    assert isinstance(kept, Filter)
    assert isinstance(rows, Project)
    assert isinstance(groups, Aggregate)
    context.finish(kept, lower_filter(context, kept))
    context.finish(rows, lower_project(context, rows))
    below = lower_aggregate(context, groups)
    columns: dict[str, exp.Expression] = {name: column(name) for name in node.output.names}
    columns["bucket_start"] = column(start)
    query = Fragment(below.source, groups.output, columns).select()
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)
