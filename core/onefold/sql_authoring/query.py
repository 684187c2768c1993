"""Queries: SELECT, UNION ALL and WITH, from SQL to lazy tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlglot import expressions as exp

from onefold.errors import DefinitionError, listed
from onefold.features.constructors import col
from onefold.features.deferred import ColumnRef
from onefold.features.expressions import Expr
from onefold.features.sources import Source
from onefold.features.table import Table, concat, table
from onefold.sql_authoring.aggregations import aggregations_in
from onefold.sql_authoring.arranging import Selected, arranged
from onefold.sql_authoring.expressions import ExpressionReader
from onefold.sql_authoring.grammar import parsed
from onefold.sql_authoring.grouping import Groups, grouped
from onefold.sql_authoring.items import Item, items_of
from onefold.sql_authoring.joins import joined
from onefold.sql_authoring.matches import Matches
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.scopes import Scope, matching, output_name
from onefold.sql_authoring.text import SqlText
from onefold.sql_authoring.unions import same_columns
from onefold.sql_authoring.windowing import name_windows, windowed

__all__ = ["read_query", "sql"]

_Named: TypeAlias = tuple[Mapping[str, Table], ...]
"""The tables that can be named: those of each WITH before those outside."""


def sql(query: str, tables: Mapping[str, Any] | None = None, /, **named: Any) -> Table:
    """Return the lazy table of a query: the same plan that its verbs build, on every engine with the same values.

    The dialect is the subset of standard SQL that has one meaning: what databases compute differently is refused, with what
    to write instead. See the guide "Write features in SQL".

    Args:
        query: One SELECT.
        tables: What the query reads, by name: sources, lazy tables, or data in memory; for names that are no Python names.
        named: The same, as keyword arguments.

    Raises:
        SqlError: If the query is not understood; the message shows the line and marks the place.
        DefinitionError: If something else than text and tables is given.

    Examples:
        >>> orders = {"user": ["a", "b", "a"], "amount": [5.0, 2.0, 3.0]}
        >>> per_user = sql("select user, avg(amount) as mean from orders where amount > 2 group by user", orders=orders)
        >>> print(per_user.schema)
        user: string, mean: float64
    """
    if not isinstance(query, str):
        raise DefinitionError(f"of.sql takes the text of a query, not {type(query).__name__}.")
    given = {**(tables or {}), **named}
    if twice := set(tables or {}) & set(named):
        raise DefinitionError(f"The table {min(twice)!r} is given twice.")
    return read_query(SqlText(query), {name: _as_table(name, one) for name, one in given.items()})


def _as_table(name: str, given: Any) -> Table:
    return given if isinstance(given, Table) else table(given) if isinstance(given, Source) else table(given, name=name)


def read_query(query: SqlText, tables: Mapping[str, Table]) -> Table:
    """Return the lazy table of a query.

    Args:
        query: The query.
        tables: The tables that it can read, by name.

    Raises:
        SqlError: If it is not understood.
    """
    try:
        return _Reader(query).read(parsed(query), (tables,))
    except RecursionError:
        raise query.error("The query is nested too deeply. Split it over several, with WITH.", 0) from None


class _Reader:
    def __init__(self, query: SqlText) -> None:
        self._query = query

    def read(self, node: exp.Expr, tables: _Named) -> Table:
        """Return the rows of a query."""
        if isinstance(node, exp.Select):
            return self._select(node, tables)
        if isinstance(node, exp.Union):
            return self._union(node, tables)
        if isinstance(node, exp.Subquery):
            parts = Parts(self._query, node)
            inner = self.read(parts.take("this"), tables)
            made = arranged(self._query, parts, inner)
            parts.finish()
            return made
        if isinstance(node, exp.Intersect | exp.Except):
            raise self._query.error(
                f"{type(node).__name__.upper()} is not understood. Write WHERE EXISTS or WHERE NOT EXISTS (SELECT 1 FROM b WHERE "
                "b.k = a.k).",
                node,
            )
        raise self._query.error("This is no query. Write a SELECT.", node)

    # -- WITH, FROM and JOIN -----------------------------------------------------------------------------------------

    def _with(self, node: exp.With | None, tables: _Named) -> _Named:
        if node is None:
            return tables
        parts = Parts(self._query, node)
        own: dict[str, Table] = {}
        known = (own, *tables)
        for cte in parts.take("expressions"):
            inner = Parts(self._query, cte)
            alias, query = inner.take("alias"), inner.take("this")
            inner.finish()
            made = self._renamed(self.read(query, known), alias)
            name = output_name(alias.this)
            if name in own:
                raise self._query.error(f"WITH defines {name!r} twice.", cte)
            own[name] = made
        parts.finish()
        return known

    def _renamed(self, made: Table, alias: exp.TableAlias | None) -> Table:
        """Return a table with the column names that its alias lists, if it does."""
        if alias is None:
            return made
        parts = Parts(self._query, alias)
        parts.take("this")
        columns = parts.take("columns") or []
        parts.finish()
        if not columns:
            return made
        if len(columns) != len(made.columns):
            raise self._query.error(
                f"The table has {len(made.columns)} columns, and {len(columns)} names are given.", alias
            )
        with self._query.at(alias):
            new = [output_name(name) for name in columns]
            return made.select(*(col(old).alias(name) for old, name in zip(made.columns, new, strict=True)))

    def _from(self, node: exp.Expr, tables: _Named) -> Scope:
        parts = Parts(self._query, node)
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            names = [parts.take(part) for part in ("catalog", "db", "this")]
            made = self._table(node, [name for name in names if name is not None], tables)
            name = output_name(node.this)
        elif isinstance(node, exp.Subquery):
            made, name = self.read(parts.take("this"), tables), None
        else:
            raise self._query.error(
                f"{node.key.upper()} gives no rows here. A table of FROM is the name of one that was given, or a query in "
                "parentheses.",
                node,
            )
        alias = parts.take("alias")
        parts.finish()
        if alias is not None and alias.this is not None:
            name = output_name(alias.this)
        return Scope.of(self._query, self._renamed(made, alias), name)

    def _table(self, node: exp.Table, names: Sequence[exp.Identifier], tables: _Named) -> Table:
        written = ".".join(name.this for name in names)
        quoted = any(name.args.get("quoted") for name in names)
        identifier = exp.to_identifier(written, quoted=quoted)
        for layer in tables:
            found = matching(identifier, layer)
            if len(found) == 1:
                return layer[found[0]]
            if found:
                raise self._query.error(f"{written} can mean {' and '.join(found)}. Write one in double quotes.", node)
        known = dict.fromkeys(name for layer in tables for name in layer)
        raise self._query.error(
            f"There is no table {written!r}. {listed(written, known, what='tables')} Tables are given by name: "
            "of.sql(query, orders=orders).",
            node,
        )

    def _scope(self, node: exp.Select, parts: Parts, tables: _Named) -> Scope:
        source, joins = parts.take("from_"), parts.take("joins") or []
        if source is None:
            raise self._query.error("There is no FROM. A query reads a table.", node)
        inside = Parts(self._query, source)
        scope = self._from(inside.take("this"), tables)
        inside.finish()
        others = [
            part
            for name, value in node.args.items()
            if name not in ("joins", "from_", "with_")
            for part in _nodes(value)
        ]
        for place, join in enumerate(joins):
            right = self._from(join.this, tables)
            if {one.table for one in scope.visible} & {one.table for one in right.visible} - {None}:
                raise self._query.error(
                    "Two tables of FROM have the same name. Give one of them another with AS.", join
                )
            later = [part for one in joins[place + 1 :] for part in _nodes(one.args.get("on"))]
            scope = joined(self._query, scope, right, join, [*others, *later])
        return scope

    # -- SELECT ------------------------------------------------------------------------------------------------------

    def _select(self, node: exp.Select, tables: _Named) -> Table:
        parts = Parts(self._query, node)
        tables = self._with(parts.take("with_"), tables)
        scope = self._scope(node, parts, tables)
        if (where := parts.take("where")) is not None:
            scope = self._where(scope, where, tables)
        written = parts.take("expressions")
        if not written:
            raise self._query.error("SELECT lists no columns.", node)
        items = items_of(self._query, scope, written)
        group, having, qualify = parts.take("group"), parts.take("having"), parts.take("qualify")
        others = [one for one in (having, qualify, node.args.get("order")) if one is not None]
        aggregated = group is not None or having is not None or self._aggregates(items, others)
        rows: Scope | Groups = grouped(self._query, scope, group, items, others) if aggregated else scope
        if having is not None:
            rows = self._filtered(rows, having)
        before = rows
        rows = windowed(self._query, rows, items, [one for one in others if one is not having])
        if qualify is not None and rows is not before:
            name_windows(rows, qualify, items)
        if qualify is not None:
            rows = self._filtered(rows, qualify)
        made, values = self._projected(rows, items, changed=before is not rows or aggregated)
        if (distinct := parts.take("distinct")) is not None:
            Parts(self._query, distinct).finish()
            with self._query.at(distinct):
                made = made.distinct()
        made = arranged(self._query, parts, made, Selected(rows, values))
        parts.finish()
        return made

    def _aggregates(self, items: Sequence[Item], others: Sequence[exp.Expr]) -> bool:
        return any(True for place in (*(item.node for item in items), *others) for _ in aggregations_in(place))

    def _where(self, scope: Scope, where: exp.Where, tables: _Named) -> Scope:
        parts = Parts(self._query, where)
        condition = parts.take("this")
        parts.finish()
        matches = Matches(self._query, lambda node: self.read(node, tables), lambda node: self._from(node, tables))
        if matches.any(condition):
            return matches.filtered(scope, condition)
        return scope.over(self._kept(scope, condition))

    def _filtered(self, rows: Scope | Groups, node: exp.Expr) -> Scope | Groups:
        parts = Parts(self._query, node)
        condition = parts.take("this")
        parts.finish()
        return rows.over(self._kept(rows, condition))

    def _kept(self, rows: Scope | Groups, condition: exp.Expr) -> Table:
        predicate = ExpressionReader(self._query, rows).read(condition)
        with self._query.at(condition):
            return rows.table.filter(predicate)

    # -- what comes out ----------------------------------------------------------------------------------------------

    def _projected(self, rows: Scope | Groups, items: Sequence[Item], *, changed: bool) -> tuple[Table, list[Expr]]:
        """Return the rows with the columns of SELECT; as they are when they have those and no others."""
        reader = ExpressionReader(self._query, rows)
        values = [reader.read(item.node) for item in items]
        same = [value.node.name if isinstance(value.node, ColumnRef) else None for value in values]
        names = [item.name for item in items]
        if same == names == list(rows.table.columns) and (changed or all(item.starred for item in items)):
            return rows.table, values
        for value, item in zip(values, items, strict=True):
            if reader.dtype(value) is None:
                raise self._query.error("A NULL needs a type here: CAST(NULL AS BIGINT).", item.node)
        return rows.table.select(*(value.alias(name) for value, name in zip(values, names, strict=True))), values

    # -- UNION -------------------------------------------------------------------------------------------------------

    def _union(self, node: exp.Union, tables: _Named) -> Table:
        parts = Parts(self._query, node)
        tables = self._with(parts.take("with_"), tables)
        left, right = self.read(parts.take("this"), tables), self.read(parts.take("expression"), tables)
        distinct = parts.take("distinct")
        left, right = same_columns(self._query, node, left, right)
        with self._query.at(node.expression):
            made = concat([left, right])
            made = made.distinct() if distinct else made
        made = arranged(self._query, parts, made)
        parts.finish()
        return made


def _nodes(value: Any) -> list[exp.Expr]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, exp.Expr)]
