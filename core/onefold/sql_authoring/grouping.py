"""GROUP BY: rows of groups, and what can be named in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import expressions as exp

from onefold.features.aggregations import AggExpr
from onefold.features.constructors import col
from onefold.features.deferred import ColumnRef
from onefold.features.expressions import Expr
from onefold.features.table import Table
from onefold.sql_authoring.aggregations import AggregationReader, aggregations_in
from onefold.sql_authoring.expressions import ExpressionReader, Rows
from onefold.sql_authoring.items import Item
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.scopes import Scope, fresh_name, matching
from onefold.sql_authoring.text import SqlText
from onefold.types import Schema

__all__ = ["Groups", "grouped"]


@dataclass
class Groups(Rows):
    """The rows of groups: their keys and their aggregations.

    Args:
        query: The query, for errors.
        scope: The rows that were grouped.
        table: One row per group.
        keys: The expressions of the keys, and the columns that hold them.
        known: Columns that hold parts of the query, by the identity of the syntax node.
    """

    query: SqlText
    scope: Scope
    table: Table
    keys: Sequence[tuple[exp.Expr, str]]
    known: dict[int, str] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """The columns of the rows."""
        return self.table.schema

    def over(self, table: Table) -> Groups:
        """Return the same names over other rows that have the same columns, and perhaps more."""
        return Groups(self.query, self.scope, table, self.keys, self.known)

    def computed(self, node: exp.Expr) -> Expr | None:
        """Return the column of an aggregation or a key."""
        if id(node) in self.known:
            return col(self.known[id(node)])
        if isinstance(node, exp.Column | exp.Literal | exp.Boolean | exp.Null):
            return None
        for key, column in self.keys:
            if type(key) is type(node) and _canonical(key, self.scope) == _canonical(node, self.scope):
                return col(column)
        return None

    def column(self, node: exp.Column) -> str:
        """Return the key that a name means.

        Raises:
            SqlError: If the column is no key: it has many values in a group.
        """
        column = self.scope.column(node)
        for key, name in self.keys:
            if isinstance(key, exp.Column) and self.scope.column(key) == column:
                return name
        raise self.query.error(
            f"{node.sql()} has many values in a group. Name it in GROUP BY, or aggregate it, such as max({node.sql()}).",
            node,
        )


def grouped(
    query: SqlText, scope: Scope, group: exp.Group | None, items: Sequence[Item], others: Sequence[exp.Expr]
) -> Groups:
    """Return the rows of the groups of a query.

    Args:
        query: The query, for errors.
        scope: The rows that are grouped.
        group: GROUP BY; None for one group of all rows.
        items: The list of SELECT.
        others: What else can contain aggregations: HAVING, QUALIFY, ORDER BY.

    Raises:
        SqlError: If a key or an aggregation is not understood.
    """
    reader = ExpressionReader(query, scope)
    keys = [_key(query, scope, node, items) for node in _written(query, group)]
    names = [item.name for item in items]
    held: list[tuple[exp.Expr, str]] = []
    given: list[Expr] = []
    for node in keys:
        value = reader.read(node)
        if isinstance(value.node, ColumnRef):
            name = value.node.name
        else:
            name = next((item.name for item in items if item.node is node and item.name not in scope.table.columns), "")
            name = name or fresh_name("key", [*scope.table.columns, *names])
        if name not in [other for _, other in held]:
            given.append(value.alias(name))
        held.append((node, name))
    taken = {name for _, name in held}
    measures: list[AggExpr] = []
    known: dict[int, str] = {}
    found: dict[object, str] = {}
    aggregations = AggregationReader(reader)
    for place in (*(item.node for item in items), *others):
        for node in aggregations_in(place):
            made = aggregations.read(node)
            bound = made.bind(scope.schema)
            if bound not in found:
                wanted = next((item.name for item in items if item.node is node), "")
                stem = wanted if wanted and wanted not in taken else "measure"
                found[bound] = fresh_name(stem, taken if wanted == stem else [*taken, *names])
                taken.add(found[bound])
                measures.append(made.named(found[bound]))
            known[id(node)] = found[bound]
    with query.at(group or (items[0].node if items else others[0])):
        table = scope.table.group_by(*given).agg(*measures)
    return Groups(query, scope, table, held, known)


def _written(query: SqlText, group: exp.Group | None) -> list[exp.Expr]:
    if group is None:
        return []
    parts = Parts(query, group)
    keys: list[exp.Expr] = parts.take("expressions") or []
    parts.finish()
    for key in keys:
        if isinstance(key, exp.Rollup | exp.Cube | exp.GroupingSets):
            raise query.error(
                f"{type(key).__name__.upper()} is not understood. Group by each set of keys, and put the rows together with "
                "UNION ALL.",
                key,
            )
    return keys


def _key(query: SqlText, scope: Scope, node: exp.Expr, items: Sequence[Item]) -> exp.Expr:
    """Return the expression of a key: a number is the place of a column of SELECT, a name may be the one it gets there."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Literal):
        place = int(node.this) if not node.is_string and node.this.isdigit() else 0
        if not 1 <= place <= len(items):
            raise query.error(f"A number in GROUP BY is the place of a column of SELECT, from 1 to {len(items)}.", node)
        return items[place - 1].node
    if isinstance(node, exp.Column) and node.args.get("table") is None and not scope.find(node):
        same = [item for item in items if matching(node.this, [item.name])]
        if len(same) == 1:
            return same[0].node
    return node


def _canonical(node: exp.Expr, scope: Scope) -> exp.Expr:
    """Return an expression with each name written in one way, so that equal ones are equal."""

    def plain(part: exp.Expr) -> exp.Expr:
        while isinstance(part, exp.Paren):
            part = part.this
        if isinstance(part, exp.Column) and len(scope.find(part)) == 1:
            return exp.Column(this=exp.to_identifier(scope.find(part)[0].column, quoted=True))
        if isinstance(part, exp.Anonymous):
            return exp.Anonymous(this=str(part.name).lower(), expressions=part.expressions)
        return part

    made: exp.Expr = node.transform(plain)
    return made
