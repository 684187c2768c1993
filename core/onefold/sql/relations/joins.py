"""Relations that put others together, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.plan import Join, Union
from onefold.sql.expressions import column
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.types import Schema

__all__ = ["lower_join", "lower_union"]

_KINDS: Mapping[str, Mapping[str, str]] = {
    "inner": {"kind": "INNER"},
    "left": {"side": "LEFT"},
    "full": {"side": "FULL"},
    "cross": {"kind": "CROSS"},
}


def lower_union(context: Context, node: Union) -> Fragment:
    """Return the rows of all inputs, their columns in the order of the first."""
    names = node.output.names
    parts: list[exp.Query] = [
        exp.select(*(column(name) for name in names), copy=False).from_(table_named(context.table(relation)))
        for relation in node.relations
    ]
    query = exp.union(*parts, distinct=False, copy=False)
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)


def lower_join(context: Context, node: Join) -> Fragment:
    """Return the joined rows; equality of keys is plain, so that a null key matches nothing."""
    left = table_named(context.table(node.left), "l")
    right = table_named(context.table(node.right), "r")
    equal = [
        exp.EQ(this=column(l_key, "l"), expression=column(r_key, "r"))
        for l_key, r_key in zip(node.left_on, node.right_on, strict=True)
    ]
    query = exp.select(*_columns(node, node.left.output), copy=False).from_(left)
    if node.how in ("semi", "anti"):
        exists: exp.Expression = exp.Exists(
            this=exp.select(exp.Literal.number(1)).from_(right).where(*equal, copy=False)
        )
        query = query.where(exp.Not(this=exists) if node.how == "anti" else exists, copy=False)
    else:
        # Not by sqlglot's own method, which prints the table and parses it again.
        query.append(
            "joins", exp.Join(this=right, on=exp.and_(*equal, copy=False) if equal else None, **_KINDS[node.how])
        )
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)


def _columns(node: Join, left: Schema) -> list[exp.Expression]:
    items: list[exp.Expression] = []
    keys = dict(zip(node.left_on, node.right_on, strict=True))
    for name in left.names:
        if node.how == "full" and name in keys:
            value: exp.Expression = exp.Coalesce(this=column(name, "l"), expressions=[column(keys[name], "r")])
            items.append(aliased(value, name))
        else:
            items.append(column(name, "l"))
    for name, out in node.right_columns:
        items.append(aliased(column(name, "r"), out))
    return items
