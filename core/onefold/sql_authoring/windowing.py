"""The rows of a query with its window functions: one node of the plan for each window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import expressions as exp

from onefold.features.deferred import ColumnRef
from onefold.sql_authoring.expressions import ExpressionReader
from onefold.sql_authoring.grouping import Groups
from onefold.sql_authoring.items import Item
from onefold.sql_authoring.scopes import Scope, fresh_name, matching
from onefold.sql_authoring.text import SqlText
from onefold.sql_authoring.windows import WindowCall, WindowReader, windows_in

__all__ = ["name_windows", "windowed"]


def windowed(query: SqlText, rows: Scope | Groups, items: Sequence[Item], others: Sequence[exp.Expr]) -> Scope | Groups:
    """Return rows with a column for each window function of a query.

    Args:
        query: The query, for errors.
        rows: The rows.
        items: The list of SELECT.
        others: What else can contain window functions: QUALIFY and ORDER BY.

    Raises:
        SqlError: If one is not understood.
    """
    nodes = [node for place in (*(item.node for item in items), *others) for node in windows_in(place)]
    if not nodes:
        return rows
    names = [item.name for item in items]
    made = rows.table

    def column_of(node: exp.Expr) -> str:
        nonlocal made
        value = ExpressionReader(query, rows).read(node)
        if isinstance(value.node, ColumnRef):
            return value.node.name
        name = fresh_name("key", [*made.columns, *names])
        made = made.with_columns(**{name: value})
        return name

    calls: list[WindowCall] = []
    for node in nodes:
        reader = ExpressionReader(query, rows)
        calls.append(WindowReader(reader, column_of).read(node))
    known = dict(rows.known)
    by_window: dict[tuple[Any, ...], list[WindowCall]] = {}
    for call in calls:
        by_window.setdefault(call.window, []).append(call)
    for group in by_window.values():
        named: dict[str, Any] = {}
        for call in group:
            wanted = next((item.name for item in items if item.node is call.node), "")
            taken = [*made.columns, *named]
            name = wanted if wanted and wanted not in taken else fresh_name("window", [*taken, *names])
            named[name] = call.call
            known[id(call.node)] = name
        first = group[0]
        with query.at(first.node):
            made = made.with_window(
                partition_by=list(first.partition_by),
                order_by=list(first.order_by),
                rows=first.rows,
                preceding=first.preceding,
                **named,
            )
    after = rows.over(made)
    after.known.update(known)
    return after


def name_windows(rows: Scope | Groups, qualify: exp.Expr, items: Sequence[Item]) -> None:
    """Let QUALIFY name the window functions of the list of SELECT, where no column has the name.

    Args:
        rows: The rows with the columns of the window functions.
        qualify: QUALIFY.
        items: The list of SELECT.
    """
    scope = rows if isinstance(rows, Scope) else rows.scope
    for node in qualify.find_all(exp.Column):
        if node.args.get("table") is None and isinstance(node.this, exp.Identifier) and not scope.find(node):
            named = [item for item in items if matching(node.this, [item.name]) and id(item.node) in rows.known]
            if len(named) == 1 and isinstance(named[0].node, exp.Window):
                rows.known[id(node)] = rows.known[id(named[0].node)]
