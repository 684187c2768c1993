"""EXISTS and IN with a query: rows with a match in another table, or without."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import expressions as exp

from onefold.features.deferred import ColumnRef
from onefold.features.table import Table
from onefold.sql_authoring.expressions import ExpressionReader
from onefold.sql_authoring.joins import conjuncts, joined
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.scopes import Scope
from onefold.sql_authoring.text import SqlText

__all__ = ["Matches"]


class Matches:
    """Reads the conditions of WHERE that look into other tables.

    Args:
        query: The query, for errors.
        read: Reads a query.
        source: Reads a table of FROM.
    """

    def __init__(self, query: SqlText, read: Callable[[exp.Expr], Table], source: Callable[[exp.Expr], Scope]) -> None:
        self._query = query
        self._read = read
        self._source = source

    def any(self, condition: exp.Expr) -> bool:
        """Whether there is such a condition among those that stand side by side with AND."""
        return any(_matched(one) is not None for one in conjuncts(condition))

    def filtered(self, scope: Scope, condition: exp.Expr) -> Scope:
        """Return the rows for which all conditions are true, those that look into other tables last."""
        tests = list(conjuncts(condition))
        for test in tests:
            if _matched(test) is None:
                scope = scope.over(self._kept(scope, test))
        for test in tests:
            found = _matched(test)
            if found is not None:
                node, negated = found
                inside = self._exists if isinstance(node, exp.Exists) else self._in
                scope = scope.over(inside(scope, node, negated))
        return scope

    def _kept(self, scope: Scope, test: exp.Expr) -> Table:
        predicate = ExpressionReader(self._query, scope).read(test)
        with self._query.at(test):
            return scope.table.filter(predicate)

    def _in(self, scope: Scope, node: exp.Expr, negated: bool) -> Table:
        if negated:
            raise self._query.error(
                "NOT IN (SELECT ...) is never true when the query gives a null. Write NOT EXISTS (SELECT 1 FROM b WHERE b.k = "
                "a.k).",
                node,
            )
        parts = Parts(self._query, node)
        value = ExpressionReader(self._query, scope).read(parts.take("this"))
        right = self._read(parts.take("query"))
        parts.finish()
        if not isinstance(value.node, ColumnRef):
            raise self._query.error(
                "What stands before IN (SELECT ...) is a column. Compute it in a subquery first.", node
            )
        if len(right.columns) != 1:
            raise self._query.error(f"The query in IN gives one column, not {len(right.columns)}.", node)
        with self._query.at(node):
            return scope.table.join(right, left_on=value.node.name, right_on=right.columns[0], how="semi")

    def _exists(self, scope: Scope, node: exp.Expr, negated: bool) -> Table:
        outside = Parts(self._query, node)
        select = outside.take("this")
        outside.finish()
        if not isinstance(select, exp.Select):
            raise self._query.error("EXISTS takes a SELECT.", node)
        parts = Parts(self._query, select)
        parts.take("expressions")  # which columns it lists makes no difference to whether there is a row
        source, where = parts.take("from_"), parts.take("where")
        joins = parts.take("joins") or []
        parts.finish()
        if source is None or where is None:
            raise self._query.error("EXISTS takes a query of the form SELECT 1 FROM b WHERE b.k = a.k.", node)
        inner = self._source(source.this)
        for join in joins:
            inner = joined(self._query, inner, self._source(join.this), join, [where])
        pairs: list[tuple[str, str]] = []
        for test in conjuncts(where.this):
            pair = self._pair(scope, inner, test)
            if pair is None:
                inner = inner.over(self._kept(inner, test))
            else:
                pairs.append(pair)
        if not pairs:
            raise self._query.error(
                "The query in EXISTS compares a column of its own with one of the rows outside: WHERE b.k = a.k.", node
            )
        with self._query.at(node):
            return scope.table.join(
                inner.table,
                left_on=[first for first, _ in pairs],
                right_on=[second for _, second in pairs],
                how="anti" if negated else "semi",
            )

    def _pair(self, outer: Scope, inner: Scope, test: exp.Expr) -> tuple[str, str] | None:
        """Return the columns outside and inside that a condition compares; a name means the inner table first."""
        if not isinstance(test, exp.EQ):
            return None
        first, second = test.this, test.expression
        if not (isinstance(first, exp.Column) and isinstance(second, exp.Column)):
            return None
        if inner.find(first) and not inner.find(second) and outer.find(second):
            return outer.column(second), inner.column(first)
        if inner.find(second) and not inner.find(first) and outer.find(first):
            return outer.column(first), inner.column(second)
        return None


def _matched(node: exp.Expr) -> tuple[exp.Expr, bool] | None:
    """Return EXISTS or IN with a query, and whether NOT stands before it; None for another condition."""
    negated = False
    while isinstance(node, exp.Not | exp.Paren):
        negated = negated != isinstance(node, exp.Not)
        node = node.this
    if isinstance(node, exp.Exists) or (isinstance(node, exp.In) and node.args.get("query") is not None):
        return node, negated
    return None
