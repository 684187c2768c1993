"""Relations that keep, drop, compute or rearrange rows, as SQL."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import expressions as exp

from onefold.plan import Deduplicate, Distinct, Filter, Limit, Project, Sort, Unnest
from onefold.plan.expressions import INT64_MAX
from onefold.sql.aggregations.call import reversed_order
from onefold.sql.dialect import Elements
from onefold.sql.expressions import column
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.sql.relations.ordering import ascending, lower_keys, settled
from onefold.sql.template import LoweredCall, render
from onefold.types import INT64, Field, Schema
from onefold.types.naming import fresh

__all__ = [
    "lower_deduplicate",
    "lower_distinct",
    "lower_filter",
    "lower_limit",
    "lower_project",
    "lower_sort",
    "lower_unnest",
]


def lower_project(context: Context, node: Project) -> Fragment:
    """Return the columns, computed at the level of the input where that computes nothing twice."""
    names = frozenset[str]().union(*(item.expression.columns for item in node.columns))
    below = context.foldable(node.input, names)
    schema = node.input.output
    columns = {
        item.name: context.typed(context.expression(item.expression, schema), node.output[item.name].dtype)
        for item in node.columns
    }
    return replace(below, columns=columns)


def lower_filter(context: Context, node: Filter) -> Fragment:
    """Return the input with one more condition."""
    below = context.foldable(node.input, node.predicate.columns, below_limit=True)
    return below.with_where(context.expression(node.predicate, node.input.output))


def lower_sort(context: Context, node: Sort) -> Fragment:
    """Return the input in another order."""
    below = context.foldable(node.input, frozenset(key.column for key in node.keys), below_limit=True)
    return replace(below, order=tuple(lower_keys(node.keys)), heavy=True)


def lower_limit(context: Context, node: Limit) -> Fragment:
    """Return the first rows of the input."""
    below = context.foldable(node.input, frozenset(), below_limit=True)
    most = context.dialect.most_rows
    if most is None or max(node.count, node.offset) <= most:
        return replace(below, limit=(node.count, node.offset), heavy=True)
    if node.count == INT64_MAX and node.offset <= most:
        return replace(below, limit=(None, node.offset), heavy=True)
    return _numbered(context, node, below)


def _numbered(context: Context, node: Limit, below: Fragment) -> Fragment:
    """Return the first rows by their numbers, for counts that ``LIMIT`` does not take."""
    names = node.output.names
    number = fresh("onefold_row", names)
    query = below.select()
    given = query.args.pop("order", None)
    order = given or exp.Order(expressions=[ascending(exp.null())])
    row = exp.Window(this=exp.RowNumber(), order=order)
    query.select(aliased(row, number), copy=False)
    table = table_named(context.named(query, node.kind))
    after = exp.GT(this=column(number), expression=exp.Literal.number(node.offset))
    until = exp.LTE(
        this=exp.Sub(this=column(number), expression=exp.Literal.number(node.offset)),
        expression=exp.Literal.number(node.count),
    )
    scope = Schema([*node.output, Field(number, INT64, False)])
    kept = (after, until)
    return Fragment(
        table, scope, {name: column(name) for name in names}, kept, (ascending(column(number)),), heavy=True
    )


def lower_distinct(context: Context, node: Distinct) -> Fragment:
    """Return each different row once."""
    query = Fragment(table_named(context.table(node.input)), node.output).select().distinct(copy=False)
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)


def lower_deduplicate(context: Context, node: Deduplicate) -> Fragment:
    """Return the first row of each key in the stated order, or the first in the opposite order."""
    schema = node.input.output
    order = settled(node.order, schema)
    if node.keep == "last":
        order = reversed_order(order)
    rank = fresh("position", schema.names)
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column(name) for name in node.by],
        order=exp.Order(expressions=order),
    )
    query = Fragment(table_named(context.table(node.input)), schema).select()
    query.select(aliased(number, rank), copy=False)
    numbered = context.named(query, node.kind)
    first = exp.EQ(this=column(rank), expression=exp.Literal.number(1))
    return Fragment(table_named(numbered), schema, where=(first,), heavy=True)


def lower_unnest(context: Context, node: Unnest) -> Fragment:
    """Return one row per element of a list."""
    schema = node.input.output
    table, unnest = context.table(node.input), context.dialect.unnest
    call = LoweredCall(
        [column(node.column)], [schema[node.column].dtype], node.output[node.column].dtype, context.dialect.types
    )
    if isinstance(unnest, Elements):
        # The table of the elements has further columns, of whose names a column of the rows may have one.
        columns: dict[str, exp.Expression] = {name: column(name, "l") for name in schema.names}
        columns[node.column] = render(unnest.value, replace(call, args=[column(unnest.column, "e")]))
        query = Fragment(table_named(table, "l"), schema, columns).select()
        elements = unnest.table(column(node.column, "l"))
        elements.set("alias", exp.TableAlias(this=exp.to_identifier("e", quoted=True)))
        query.append("joins", exp.Join(this=elements))
    else:
        columns = {name: column(name) for name in schema.names}
        columns[node.column] = render(unnest, call)
        query = Fragment(table_named(table), schema, columns).select()
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)
