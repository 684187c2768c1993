"""Plans as SQL: each relation becomes a level of a query, each shared or compound one a named subquery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlglot import expressions as exp

from onefold.errors import UnsupportedOperation
from onefold.plan import (
    Aggregate,
    Deduplicate,
    Distinct,
    Filter,
    Input,
    Join,
    Limit,
    MapBatches,
    NativeSql,
    Project,
    Relation,
    Scan,
    Sort,
    TimeBuckets,
    Union,
    Unnest,
    Window,
)
from onefold.rewriting import limit_depth
from onefold.sql.dialect import SqlDialect
from onefold.sql.expressions import print_sql
from onefold.sql.relations import aggregate, buckets, joins, native, rows, temporal, window
from onefold.sql.relations.context import Context, Leaves, TransformLeaves
from onefold.sql.relations.fragment import Fragment
from onefold.sql.temporal.lowering import without_temporal
from onefold.sql.temporal.native import CheckedUnique, NativeAsOf, Numbered

__all__ = ["STEPS", "Step", "compile_plan", "plan_text"]

Step = Callable[[Context, Any], Fragment]
"""Lowers one kind of relation."""

STEPS: Mapping[type[Relation], Step] = MappingProxyType(
    {
        Scan: lambda context, node: context.leaves.scan(node, context),
        Input: lambda context, node: context.leaves.input(node),
        Project: rows.lower_project,
        Filter: rows.lower_filter,
        Sort: rows.lower_sort,
        Limit: rows.lower_limit,
        Distinct: rows.lower_distinct,
        Deduplicate: rows.lower_deduplicate,
        Unnest: rows.lower_unnest,
        Union: joins.lower_union,
        Join: joins.lower_join,
        Aggregate: aggregate.lower_aggregate,
        Window: window.lower_window,
        TimeBuckets: buckets.lower_time_buckets,
        NativeSql: native.lower_native_sql,
        NativeAsOf: temporal.lower_native_as_of,
        Numbered: temporal.lower_numbered,
        CheckedUnique: temporal.lower_checked_unique,
    }
)
"""How each kind of relation is lowered; kinds that are left out are no part of one SQL query."""


def compile_plan(plan: Relation, dialect: SqlDialect, leaves: Leaves) -> exp.Query:
    """Return a plan of ordinary relations as one query, its output columns in order.

    Each distinct relation is lowered once, whatever the number of places that read it. Simple steps (filters,
    projections, sorts, limits) fold into one level; everything else becomes a named subquery.

    Args:
        plan: The plan.
        dialect: The engine's dialect.
        leaves: How it reads sources and inputs.

    Raises:
        UnsupportedOperation: If the dialect does not offer a relation, function or aggregation.
        PlanError: If the author's own SQL is not one query over the tables it was given.
    """
    plan = without_temporal(plan, dialect)
    context = Context(plan, dialect, leaves)
    for relation in context.order:
        step = _step(relation, leaves)
        if step is None:
            raise UnsupportedOperation(
                node=f"relation.{relation.kind}",
                engine=dialect.engine,
                reason="it can not be a part of one SQL query",
                way_out="Run the plan through a session, which computes such parts in steps of their own.",
            )
        if dialect.folds_case:
            _check_case(relation, dialect)
        context.finish(relation, step(context, relation))
    query = context.query(plan)
    if dialect.reserved:
        for identifier in query.find_all(exp.Identifier):
            identifier.set("this", dialect.name_of(identifier.name))
    return query


def _step(relation: Relation, leaves: Leaves) -> Step | None:
    """Return how a relation is lowered; None when it is no part of one SQL query."""
    if isinstance(relation, MapBatches) and isinstance(leaves, TransformLeaves):
        return lambda context, node: leaves.transform(node, context)
    return STEPS.get(type(relation))


def _check_case(relation: Relation, dialect: SqlDialect) -> None:
    """Raise if two columns differ only in case: the engine would silently take one for the other."""
    seen: dict[str, str] = {}
    for name in relation.output.names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise UnsupportedOperation(
                node=f"relation.{relation.kind} with the columns {other!r} and {name!r}",
                engine=dialect.engine,
                reason="the engine takes names that differ only in case for the same name",
                way_out="Rename one of them before the data reaches the engine.",
            )


def plan_text(plan: Relation, dialect: SqlDialect, leaves: Leaves, *, pretty: bool = False) -> str:
    """Return the text of a plan's query; see :func:`compile_plan`. What is too deep for the dialect is computed in steps.

    Args:
        plan: The plan.
        dialect: The engine's dialect.
        leaves: How it reads sources and inputs.
        pretty: Whether the text is broken into lines, for people.
    """
    if dialect.max_depth is not None:
        plan = limit_depth(without_temporal(plan, dialect), dialect.max_depth)
    return print_sql(compile_plan(plan, dialect, leaves), dialect.name, pretty=pretty)
