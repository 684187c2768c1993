"""ALTER SESSION, SHOW PARAMETERS and USE."""

from __future__ import annotations

from sqlglot import exp

from onefold_snowflake_emulator.commands.transactions import commit
from onefold_snowflake_emulator.errors import compilation_error, syntax_error
from onefold_snowflake_emulator.parameters import Value, checked
from onefold_snowflake_emulator.results.answers import SESSION, SHOW, Listing, message
from onefold_snowflake_emulator.results.columns import Column
from onefold_snowflake_emulator.session import Session

_DONE = "Statement executed successfully."


def alter(tree: exp.Expr, session: Session) -> Listing:
    """Set or unset parameters of the session, all of them or none.

    Args:
        tree: The statement.
        session: The session.

    Raises:
        SnowflakeError: There is no such parameter, or the value is none of its values.
    """
    for action in tree.args.get("actions") or []:
        if not isinstance(action, exp.AlterSession):
            raise syntax_error("unexpected ALTER SESSION action.")
        if action.args.get("unset"):
            for item in action.expressions:
                session.parameters.unset(item.name)
            continue
        values = dict(_assigned(item) for item in action.expressions)
        for name, value in values.items():
            checked(name.upper(), value)
        for name, value in values.items():
            if name.upper() == "AUTOCOMMIT":
                commit(session)
            session.parameters.set(name, value)
    return message(_DONE, SESSION)


def _assigned(item: exp.Expr) -> tuple[str, Value]:
    equal = item.this
    value = equal.expression
    if isinstance(value, exp.Boolean):
        return equal.this.name, bool(value.this)
    if isinstance(value, exp.Neg):
        return equal.this.name, -int(value.this.name)
    return equal.this.name, value.name


def show(session: Session) -> Listing:
    """List the parameters of the session.

    Args:
        session: The session.
    """
    names = ("key", "value", "default", "level", "description", "type")
    rows = [
        [name, _text(value), _text(default), "" if value == default else "SESSION", "", _kind(default)]
        for name, value, default in session.parameters.listed()
    ]
    return Listing([Column(name, "text") for name in names], rows, SHOW)


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(value: Value) -> str:
    return "BOOLEAN" if isinstance(value, bool) else "NUMBER" if isinstance(value, int) else "STRING"


def use(tree: exp.Expr, session: Session) -> Listing:
    """Change the current warehouse, role, database or schema.

    Args:
        tree: The statement.
        session: The session.

    Raises:
        SnowflakeError: There is no such database or schema.
    """
    kind = tree.args["kind"].name.upper() if tree.args.get("kind") is not None else "DATABASE"
    table = tree.this
    parts = (
        [part.name if part.args.get("quoted") else part.name.upper() for part in table.parts]
        if isinstance(table, exp.Table)
        else [table.name.upper()]
    )
    if kind == "WAREHOUSE":
        session.warehouse = parts[-1]
    elif kind in ("ROLE", "SECONDARY ROLES", "SECONDARY"):
        session.role = parts[-1] if kind == "ROLE" else session.role
    elif kind == "DATABASE":
        _enter(session, parts[-1], None)
    else:
        _enter(session, parts[-2] if len(parts) > 1 else session.database, parts[-1])
    return message(_DONE, SESSION)


def _enter(session: Session, database: str | None, schema: str | None) -> None:
    if database is None:
        raise compilation_error(
            "090105", "Cannot perform USE SCHEMA. This session does not have a current database.", "22000"
        )
    wanted = schema or "PUBLIC"
    found = session.duck.execute(
        "SELECT upper(schema_name) = upper(?) FROM information_schema.schemata WHERE catalog_name = ?",
        [wanted, database],
    ).fetchall()
    if not found or (schema is not None and not any(row[0] for row in found)):
        missing = database if not found else f"{database}.{schema}"
        raise compilation_error(
            "002043", f"Object '{missing}' does not exist, or operation cannot be performed.", "02000"
        )
    session.enter(database, wanted if any(row[0] for row in found) else None)
