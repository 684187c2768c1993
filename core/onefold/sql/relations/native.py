"""The author's own SQL as a part of a query: exactly one query, over the tables that it was given."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import TokenType
from sqlglot import expressions as exp
from sqlglot.errors import ParseError, TokenError

from onefold.errors import PlanError, UnsupportedOperation, listed
from onefold.plan import NativeSql, Relation
from onefold.sql.expressions import column, print_sql
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.types import Schema

__all__ = ["check_native_sql", "lower_native_sql", "native_text"]

_TABLE_FUNCTIONS = frozenset({"explode", "generate_series", "range", "unnest"})
"""Table functions that make rows by themselves and read nothing."""


def check_native_sql(node: NativeSql) -> exp.Query:
    """Return the author's text as one query.

    Raises:
        PlanError: If it is not exactly one ``SELECT``, or names a table that it was not given.
    """
    try:
        trees = sqlglot.parse(node.text, read=node.dialect)
    except (ParseError, TokenError) as error:
        raise PlanError(f"The SQL can not be parsed as {node.dialect}: {error}", path=("NativeSql", "text")) from None
    statements = [tree for tree in trees if tree is not None and not isinstance(tree, exp.Semicolon)]
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
        if isinstance(table.this, exp.Func):
            function = table.this.name if isinstance(table.this, exp.Anonymous) else table.this.sql_name()
            if function.casefold() not in _TABLE_FUNCTIONS:
                raise PlanError(
                    f"The SQL reads from the table function {function!r}. Native SQL reads the tables that it is given "
                    f"({', '.join(repr(named.name) for named in node.relations)}); declare files as a source.",
                    path=("NativeSql", "text"),
                )
        elif table.db or table.catalog or table.name.casefold() not in names | own:
            raise PlanError(
                f"The SQL reads the table {table.sql(node.dialect)!r}, which it was not given. "
                f"{listed(table.name, (named.name for named in node.relations), what='tables')}",
                path=("NativeSql", "text"),
            )
    return query


def lower_native_sql(context: Context, node: NativeSql) -> Fragment:
    """Return the author's query, its columns in their declared types.

    The text itself is run as it was written: the syntax tree only serves to check it.
    """
    if node.dialect != context.dialect.name:
        raise UnsupportedOperation(
            node=f"sql.{node.dialect}",
            engine=context.dialect.engine,
            reason=f"it runs SQL of the dialect {context.dialect.name!r} only",
            way_out="Give the view the engine that its SQL was written for.",
        )
    check_native_sql(node)
    tables, empty = {}, {}
    for named in node.relations:
        called = _called(context, named.name)
        tables[called] = _with_rows(context, named.relation)
        empty[called] = _without_rows(context, named.relation.output)
    columns = context.leaves.native(print_sql(_with(node, empty), node.dialect), node.output)
    name = context.named(_with(node, tables), node.kind)
    query = Fragment(table_named(name), node.output, columns).select()
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)


def _with(node: NativeSql, tables: Mapping[str, exp.Query]) -> exp.Query:
    """Return the author's text as a query over tables with their names."""
    # On lines of its own: the text may end in a comment.
    text = exp.Table(this=exp.Var(this=f"(\n{native_text(node)}\n)"))
    text.set("alias", exp.TableAlias(this=exp.to_identifier("written", quoted=True)))
    query = exp.select("*").from_(text, copy=False)
    for name, table in tables.items():
        query.with_(exp.to_identifier(name, quoted=True), as_=table, copy=False)
    return query


def native_text(node: NativeSql) -> str:
    """Return the author's text as it stands in queries: without a semicolon at its end."""
    tokens = sqlglot.tokenize(node.text, read=node.dialect)
    ends = [token.start for token in tokens if token.token_type == TokenType.SEMICOLON]
    return node.text[: ends[0]] if ends else node.text


def _called(context: Context, name: str) -> str:
    """Return what a table or column is called in the author's text."""
    unquoted = context.dialect.unquoted
    return name if unquoted is None else unquoted(name)


def _with_rows(context: Context, relation: Relation) -> exp.Query:
    table = table_named(context.table(relation))
    if context.dialect.unquoted is None:
        return exp.select("*").from_(table)
    names = [aliased(column(name), _called(context, name)) for name in relation.output.names]
    return exp.select(*names, copy=False).from_(table, copy=False)


def _without_rows(context: Context, schema: Schema) -> exp.Query:
    types = context.dialect.types
    nothing = [aliased(exp.Cast(this=exp.null(), to=types(f.dtype)), _called(context, f.name)) for f in schema]
    return exp.select(*nothing, copy=False).where(exp.false(), copy=False)
