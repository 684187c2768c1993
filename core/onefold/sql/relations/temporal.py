"""What temporal relations in SQL need of an engine beside ordinary relations (see :mod:`onefold.sql.temporal`)."""

from __future__ import annotations

from sqlglot import expressions as exp

from onefold.sql.expressions import column
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.sql.template import LoweredCall, render
from onefold.sql.temporal.native import CheckedUnique, NativeAsOf, Numbered
from onefold.sql.temporal.strategies import SOURCE_MARK, TemporalSql
from onefold.types import INT64, STRING

__all__ = ["lower_checked_unique", "lower_native_as_of", "lower_numbered"]


def _strategies(context: Context) -> TemporalSql:
    assert context.dialect.temporal is not None
    return context.dialect.temporal


def lower_native_as_of(context: Context, node: NativeAsOf) -> Fragment:
    """Return an as-of join, in the words of the dialect."""
    later = exp.GTE if node.include_exact else exp.GT
    match: exp.Expression = later(this=column(node.left_time, "l"), expression=column(node.right_time, "r"))
    equal: list[exp.Expression] = [
        exp.EQ(this=column(left, "l"), expression=column(right, "r"))
        for left, right in zip(node.left_on, node.right_on, strict=True)
    ]
    join = exp.Join(this=table_named(context.table(node.right), "r"), method="ASOF")
    if _strategies(context).asof == "on":
        join.set("side", "LEFT")
        equal.append(match)
    else:
        join.set("match_condition", match)
    join.set("on", exp.and_(*equal, copy=False))
    items = [*(column(name, "l") for name in node.left.output.names), *(column(name, "r") for name in node.taken)]
    query = exp.select(*items, copy=False).from_(table_named(context.table(node.left), "l"), copy=False)
    query.append("joins", join)
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)


def lower_numbered(context: Context, node: Numbered) -> Fragment:
    """Return rows with the numbers of their places."""
    fragment = context.fragment(node.input)
    if fragment.order:
        order = exp.Order(expressions=[key.copy() for key in fragment.order])
        place: exp.Expression = exp.Window(this=exp.RowNumber(), order=order)
    else:
        text = _strategies(context).place
        assert text is not None
        place = render(text, LoweredCall([], [], INT64, context.dialect.types))
    query = fragment.select().select(aliased(place, node.name), copy=False)
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)


def lower_checked_unique(context: Context, node: CheckedUnique) -> Fragment:
    """Return rows whose time is computed by a query that fails where two rows share it."""
    count = exp.Window(
        this=exp.Count(this=column(node.time)), partition_by=[column(name) for name in (*node.by, node.time)]
    )
    text = exp.Literal.string(SOURCE_MARK + node.message)
    failure = _strategies(context).failure
    assert failure is not None
    # The time is part of the text, so that no optimiser computes it before there are rows.
    place = exp.Cast(this=column(node.time), to=context.dialect.types(STRING))
    message = exp.DPipe(this=text, expression=place)
    stop = render(failure, LoweredCall([message], [STRING], INT64, context.dialect.types))
    time = exp.Case(
        ifs=[exp.If(this=exp.GT(this=count, expression=exp.Literal.number(1)), true=stop)], default=column(node.time)
    )
    items = [aliased(time, name) if name == node.time else column(name) for name in node.output.names]
    query = exp.select(*items, copy=False).from_(table_named(context.table(node.input)), copy=False)
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)
