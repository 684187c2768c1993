"""The author's own SQL as a part of a query: exactly one query, over the tables that it was given."""

from __future__ import annotations

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ParseError, TokenError

from onefold.errors import PlanError, UnsupportedOperation, listed
from onefold.plan import NativeSql
from onefold.sql.expressions import column
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, table_named

__all__ = ["lower_native_sql", "parse_native_sql"]


def parse_native_sql(node: NativeSql) -> exp.Query:
    """Return the author's text as one query.

    Raises:
        PlanError: If it is not exactly one ``SELECT``, or names a table that it was not given.
    """
    try:
        statements = [tree for tree in sqlglot.parse(node.text, read=node.dialect) if tree is not None]
    except (ParseError, TokenError) as error:
        raise PlanError(f"The SQL can not be parsed as {node.dialect}: {error}", path=("NativeSql", "text")) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        kinds = ", ".join(type(tree).__name__.upper() for tree in statements) or "nothing"
        raise PlanError(f"Native SQL is exactly one SELECT statement, not {kinds}.", path=("NativeSql", "text"))
    query = statements[0]
    for tree in query.walk():
        if isinstance(tree, exp.DML | exp.DDL) and not isinstance(tree, exp.Query):
            raise PlanError("Native SQL reads; it does not change anything.", path=("NativeSql", "text"))
    names = {named.name.casefold() for named in node.relations}
    own = {cte.alias_or_name.casefold() for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            continue  # a table function
        if table.db or table.catalog or table.name.casefold() not in names | own:
            raise PlanError(
                f"The SQL reads the table {table.sql(node.dialect)!r}, which it was not given. "
                f"{listed(table.name, (named.name for named in node.relations), what='tables')}",
                path=("NativeSql", "text"),
            )
    return query


def lower_native_sql(context: Context, node: NativeSql) -> Fragment:
    """Return the author's query, its columns cast to their declared types."""
    if node.dialect != context.dialect.name:
        raise UnsupportedOperation(
            node=f"sql.{node.dialect}",
            engine=context.dialect.engine,
            reason=f"it runs SQL of the dialect {context.dialect.name!r} only",
            way_out="Give the view the engine that its SQL was written for.",
        )
    query = parse_native_sql(node)
    for named in node.relations:
        source = exp.select("*").from_(table_named(context.table(named.relation)))
        query = query.with_(exp.to_identifier(named.name, quoted=True), as_=source, copy=False, append=True)
    _own_tables_first(query, len(node.relations))
    text = context.named(query, node.kind)
    columns: dict[str, exp.Expression] = {
        field.name: exp.Cast(this=column(field.name), to=context.dialect.types(field.dtype)) for field in node.output
    }
    typed = Fragment(table_named(text), node.output, columns).select()
    return Fragment(table_named(context.named(typed, node.kind)), node.output, heavy=True)


def _own_tables_first(query: exp.Query, count: int) -> None:
    """Put the given tables, which were added last, before the author's own named subqueries, which may read them."""
    clause = query.args["with_"] if "with_" in query.args else query.args["with"]
    tables = clause.expressions
    clause.set("expressions", [*tables[-count:], *tables[:-count]] if count else tables)
