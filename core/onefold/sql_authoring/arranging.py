"""ORDER BY, LIMIT and OFFSET: the last step of a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import expressions as exp

from onefold.errors import listed
from onefold.features.expressions import Expr
from onefold.features.table import Table
from onefold.plan import SortKey
from onefold.sql_authoring.constants import constant
from onefold.sql_authoring.expressions import ExpressionReader
from onefold.sql_authoring.grouping import Groups
from onefold.sql_authoring.ordering import sort_key
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.scopes import Scope, matching
from onefold.sql_authoring.text import SqlText

__all__ = ["Selected", "arranged"]


@dataclass(frozen=True, slots=True)
class Selected:
    """What the columns of a SELECT were computed from: ORDER BY can repeat their expressions.

    Args:
        rows: The rows before SELECT.
        values: The expression of each column.
    """

    rows: Scope | Groups
    values: Sequence[Expr]


def arranged(query: SqlText, parts: Parts, made: Table, selected: Selected | None = None) -> Table:
    """Return rows in the order, and as many, as ORDER BY, LIMIT and OFFSET say.

    Args:
        query: The query, for errors.
        parts: The parts of the SELECT or UNION.
        made: The rows that come out.
        selected: What they were computed from; None after UNION.

    Raises:
        SqlError: If a key is no column that comes out, or a number of rows is no constant.
    """
    order, limit, offset = parts.take("order"), parts.take("limit"), parts.take("offset")
    if order is not None:
        inner = Parts(query, order)
        keys = [_sort_key(query, key, made, selected) for key in inner.take("expressions")]
        inner.finish()
        with query.at(order):
            made = made.sort(*keys)
    skipped = 0 if offset is None else _count(query, offset, "expression")
    if limit is None:
        if offset is not None:
            raise query.error("OFFSET needs a LIMIT.", offset)
        return made
    count = _count(query, limit, "count" if isinstance(limit, exp.Fetch) else "expression")
    with query.at(limit):
        return made.limit(count, skipped)


def _count(query: SqlText, node: exp.Expr, part: str) -> int:
    parts = Parts(query, node)
    written = parts.take(part)
    for name in ("direction", "limit_options"):
        value = parts.take(name)
        if isinstance(value, exp.LimitOptions):
            options = Parts(query, value)
            options.take("rows")
            options.finish()
    parts.finish()
    count = constant(query, written, what="The number of rows")
    if type(count) is not int or count < 0:
        raise query.error("The number of rows is a whole number.", node)
    return count


def _sort_key(query: SqlText, key: exp.Ordered, made: Table, selected: Selected | None) -> SortKey:
    names = made.columns
    node = key.this
    while isinstance(node, exp.Paren):
        node = node.this
    name: str | None = None
    if isinstance(node, exp.Literal):
        place = int(node.this) if not node.is_string and node.this.isdigit() else 0
        if not 1 <= place <= len(names):
            raise query.error(f"A number in ORDER BY is the place of a column, from 1 to {len(names)}.", node)
        name = names[place - 1]
    elif isinstance(node, exp.Column) and node.args.get("table") is None:
        found = matching(node.this, names)
        name = found[0] if len(found) == 1 else None
    if name is None and selected is not None:
        reader = ExpressionReader(query, selected.rows)
        plain = selected.rows.table
        with query.at(node):
            wanted = plain.select(reader.read(node).alias("value")).relation
            for value, output in zip(selected.values, names, strict=True):
                if reader.dtype(value) is not None and plain.select(value.alias("value")).relation == wanted:
                    name = output
                    break
    if name is None:
        raise query.error(
            f"ORDER BY takes columns that come out. Add {node.sql()} to the list of SELECT. "
            f"{listed(node.sql(), names, what='columns')}",
            node,
        )
    return sort_key(query, key, name, nullable=made.schema[name].nullable)
