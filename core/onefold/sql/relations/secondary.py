"""Secondary keys as SQL: groups within groups, collected into lists of ``struct<key, value>``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import expressions as exp

from onefold.plan import AggCall, Measure, infer
from onefold.sql.expressions import column
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import aliased, table_named
from onefold.sql.template import LoweredCall, render
from onefold.types import Schema
from onefold.types.naming import fresh

__all__ = ["collect", "conditions_of", "taking_part"]


def conditions_of(call: AggCall) -> str:
    """Return what measures have in common that can be grouped by their secondary key together."""
    where = "" if call.where is None else call.where.fingerprint
    return f"{'' if call.by is None else call.by.fingerprint} {where}"


def taking_part(context: Context, call: AggCall, schema: Schema) -> list[exp.Expression]:
    """Return the conditions under which a row takes part: a secondary key, and the call's own condition."""
    assert call.by is not None
    key = context.expression(call.by, schema)
    conditions: list[exp.Expression] = [exp.Not(this=exp.Is(this=exp.Paren(this=key), expression=exp.null()))]
    if call.where is not None:
        conditions.append(exp.Paren(this=context.expression(call.where, schema)))
    return conditions


def collect(
    context: Context,
    source: str,
    schema: Schema,
    *,
    group: Sequence[str],
    measures: Sequence[Measure],
    lower: Callable[[AggCall], exp.Expression],
) -> str:
    """Return the name of a query of groups and, for each measure, the list of its values by secondary key.

    Groups in which no row takes part are not in it.

    Args:
        context: The compilation.
        source: The table with the rows.
        schema: The columns that the measures read.
        group: The columns to group by.
        measures: Measures with one secondary key and one condition in common.
        lower: Returns a measure, its secondary key left aside, as SQL.
    """
    first = measures[0].call
    assert first.by is not None
    key = fresh("secondary", group, (measure.name for measure in measures))
    items: list[exp.Expression] = [column(name) for name in group]
    items.append(aliased(context.expression(first.by, schema), key))
    # The conditions below have chosen the rows already.
    items += [aliased(lower(measure.call.replace(where=None)), measure.name) for measure in measures]
    inner = exp.select(*items, copy=False).from_(table_named(source))
    inner.where(*taking_part(context, first, schema), copy=False)
    inner.group_by(*(exp.Literal.number(index + 1) for index in range(len(group) + 1)), copy=False)
    table = context.named(inner, "by_key")
    keys = infer(first.by, schema).dtype
    collected: list[exp.Expression] = [column(name) for name in group]
    for measure in measures:
        result = measure.call.infer(schema).dtype
        value = measure.call.replace(by=None).infer(schema).dtype
        pair = LoweredCall([column(key), column(measure.name)], [keys, value], result, context.dialect.types)
        collected.append(aliased(context.typed(render(context.dialect.entries, pair), result), measure.name))
    outer = exp.select(*collected, copy=False).from_(table_named(table))
    if group:
        outer.group_by(*(column(name) for name in group), copy=False)
    return context.named(outer, "collected")
