"""Tiles as SQL: the relations that they are made of, as one step."""

from __future__ import annotations

from onefold.plan import Aggregate, Filter, Project, TimeBuckets
from onefold.rewriting import group_time_buckets
from onefold.sql.relations.aggregate import lower_aggregate
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, table_named
from onefold.sql.relations.rows import lower_filter, lower_project

__all__ = ["lower_time_buckets"]


def lower_time_buckets(context: Context, node: TimeBuckets) -> Fragment:
    """Return one row per key and bucket."""
    named = group_time_buckets(node)
    groups = named.input
    assert isinstance(groups, Aggregate)
    rows = groups.input
    assert isinstance(rows, Project)
    kept = rows.input
    assert isinstance(kept, Filter)
    context.finish(kept, lower_filter(context, kept))
    context.finish(rows, lower_project(context, rows))
    context.finish(groups, lower_aggregate(context, groups))
    query = lower_project(context, named).select()
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)
