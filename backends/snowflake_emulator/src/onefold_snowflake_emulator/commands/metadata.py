"""SHOW, DESCRIBE and the rarer DDL, which fakesnow runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

import duckdb
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import exp

from onefold_snowflake_emulator.commands.transactions import commit
from onefold_snowflake_emulator.results.answers import DEFINITION, SHOW, Listing, message
from onefold_snowflake_emulator.results.columns import Column, column
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.names import upper_names
from onefold_snowflake_emulator.sql.parsing import Parsed
from onefold_snowflake_emulator.sql.tables import full_name, physical

_LISTINGS: Final = (exp.Show, exp.Describe)


def run(parsed: Parsed, session: Session, bindings: Sequence[Any]) -> Listing:
    """Run a statement through fakesnow's cursor.

    Args:
        parsed: The statement.
        session: Who runs it.
        bindings: The values of its placeholders.
    """
    listing = isinstance(parsed.tree, _LISTINGS)
    if not listing:
        commit(session)
    cursor = FakeSnowflakeCursor(session.fake, _Rows(session.duck))  # type: ignore[arg-type]
    cursor.execute(parsed.text, binding_params=tuple(bindings) or None, server=True)
    if not listing and session.database is not None:
        session.enter(session.database, session.fake._schema)  # fakesnow may have changed where names are looked up
    answer = cast(_Answer, cursor._arrow_table)
    if not listing and [name for name, _ in answer.described] != ["status"]:
        return message("Statement executed successfully.")
    columns = [column(name, kind) for name, kind in answer.described]
    rows = [[_text(value) for value in row] for row in answer.rows]
    return Listing(columns, rows, SHOW if listing else DEFINITION)


@dataclass(frozen=True)
class _Answer:
    """What fakesnow's cursor keeps of a result: here, the rows as Python's values."""

    described: Sequence[tuple[str, str]]
    rows: Sequence[tuple[Any, ...]]

    @property
    def num_rows(self) -> int:
        return len(self.rows)


class _Rows:
    """A connection to DuckDB for fakesnow's cursor, whose results are not turned into Arrow."""

    def __init__(self, duck: duckdb.DuckDBPyConnection) -> None:
        self._duck = duck

    def __getattr__(self, name: str) -> Any:
        return getattr(self._duck, name)

    def to_arrow_table(self) -> _Answer:
        described = [(each[0], str(each[1])) for each in self._duck.description or ()]
        return _Answer(described, self._duck.fetchall())


def describe_temporary(tree: exp.Expr, session: Session) -> Listing | None:
    """Describe a temporary table or view; fakesnow does not know them.

    Args:
        tree: DESCRIBE TABLE or VIEW.
        session: Who asks.

    Returns:
        The answer, or None if it is no temporary one.
    """
    table = tree.this
    if not isinstance(table, exp.Table) or str(tree.args.get("kind", "")).upper() not in ("TABLE", "VIEW"):
        return None
    temporary = session.temporaries.get(full_name(upper_names(table), session))
    if temporary is None:
        return None
    found = session.duck.execute(f"DESCRIBE {physical(temporary.physical).sql('duckdb')}").fetchall()
    names = ("name", "type", "kind", "null?", "default", "primary key", "unique key", "check", "expression", "comment")
    rows = [[row[0], _snowflake_type(row[1]), "COLUMN", row[2][0], None, "N", "N", None, None, None] for row in found]
    return Listing([Column(name, "text") for name in names], rows, SHOW)


def _snowflake_type(duck_type: str) -> str:
    described = column("", duck_type)
    match described.kind:
        case "fixed":
            return f"NUMBER({described.precision},{described.scale})"
        case "real":
            return "FLOAT"
        case "text":
            return "VARCHAR(16777216)"
        case "binary":
            return "BINARY(8388608)"
        case "boolean" | "date" | "variant" | "object" | "array":
            return described.kind.upper()
        case kind:
            return f"{kind.upper()}(9)"


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):  # seconds since 1970, with nine digits after the point
        zoned = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return f"{int(zoned.timestamp())}.{zoned.microsecond * 1000:09d}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
