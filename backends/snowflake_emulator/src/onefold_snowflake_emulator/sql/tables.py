"""Rules of tables: temporary ones live in DuckDB's schema of temporary tables, under a name of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import compilation_error
from onefold_snowflake_emulator.session import Name, Session

_UNENFORCED: Final = (exp.PrimaryKeyColumnConstraint, exp.UniqueColumnConstraint)


def full_name(table: exp.Table, session: Session) -> Name:
    """Return the database, schema and name of a table.

    Args:
        table: The table, its names in the case in which they count.
        session: The session, for what the statement leaves out.

    Raises:
        SnowflakeError: The session has no current database or schema and the statement names none.
    """
    database, schema = table.catalog or session.database, table.db or session.schema
    if not database:
        raise _no_current("database", "90105")
    if not schema:
        raise _no_current("schema", "90106")
    return database, schema, table.name


def physical(name: str, alias: exp.Expr | None = None) -> exp.Table:
    """Return the table of DuckDB that a temporary table is.

    Args:
        name: Its name in DuckDB.
        alias: What the statement calls it.
    """
    table = exp.table_(name, db="main", catalog="temp", quoted=True)
    if alias is not None:
        table.set("alias", alias)
    return table


def _table(node: exp.Expr, session: Session) -> exp.Expr:
    assert isinstance(node, exp.Table)
    if not session.temporaries or not isinstance(node.this, exp.Identifier):
        return node
    if not node.db and _is_cte(node):
        return node
    found = session.temporaries.get(full_name(node, session))
    if found is None:
        return node
    alias = node.args.get("alias")
    if alias is None and isinstance(node.parent, exp.From | exp.Join | exp.Update | exp.Delete | exp.Merge):
        # Columns may be qualified by the name that the statement knows.
        alias = exp.TableAlias(this=exp.to_identifier(node.name, quoted=True))
    table = physical(found.physical, alias)
    if node.args.get("joins"):
        table.set("joins", node.args["joins"])
    return table


def _is_cte(node: exp.Table) -> bool:
    scope = node.parent
    while scope is not None:
        with_ = scope.args.get("with_")
        if with_ is not None and any(cte.alias == node.name for cte in with_.expressions):
            return True
        scope = scope.parent
    return False


def _column(node: exp.Expr, session: Session) -> exp.Expr:
    """Drop the keys that Snowflake records and does not enforce."""
    constraints = node.args.get("constraints")
    if constraints:
        node.set("constraints", [each for each in constraints if not isinstance(each.args.get("kind"), _UNENFORCED)])
    return node


def _schema(node: exp.Expr, session: Session) -> exp.Expr:
    kept = [each for each in node.expressions if not isinstance(each, exp.PrimaryKey | exp.ForeignKey | exp.Constraint)]
    if len(kept) != len(node.expressions):
        node.set("expressions", kept)
    return node


def _no_current(what: str, code: str) -> Exception:
    return compilation_error(
        f"0{code}",
        f"Cannot perform the operation. This session does not have a current {what}. "
        f"Call 'USE {what.upper()}', or use a qualified name.",
        "22000",
    )


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Table: _table,
    exp.ColumnDef: _column,
    exp.Schema: _schema,
}
