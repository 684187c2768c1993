"""The backend: SQLite in this process, over Arrow data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from onefold.contract import Capabilities, Emulated, Health, Since, Unsupported
from onefold.errors import ConfigurationError, EngineError
from onefold.sql.capabilities import sql_statements
from onefold.sql.connection import SqlConnection
from onefold.sql.rows import batches_of, rows_of
from onefold.sql.session import SqlSession
from onefold.types import Schema, schema_to_arrow
from onefold_sqlite.dialect import DIALECT, ENGINE, NAN, OWN, PYTHON

__all__ = ["SqliteBackend"]

_ARROW_ONLY = ("source.parquet", "source.csv", "source.json", "source.table", "sink.parquet", "sink.table")
CAPABILITIES = Capabilities(
    ENGINE,
    {
        **sql_statements(DIALECT),
        **{f"function.{name}": Emulated(how="in Python") for name in DIALECT.functions if name not in OWN},
        **dict.fromkeys(_ARROW_ONLY, Unsupported(reason="it reads and gives Arrow data only")),
        "sql.sqlite": Unsupported(reason="it holds values in a way of its own"),
        "join.full": Since(version="3.39"),
    },
)


class SqliteConnection(SqlConnection):
    """A private database for one run; SQLite keeps it in memory, and in a file what does not fit."""

    failures = (sqlite3.Error, pa.ArrowException)

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.create_function("PYTHON", -1, self._call, deterministic=True)
        self._database.create_function("EXACT", 1, _exact, deterministic=True)
        self._cause: Exception | None = None
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("BEGIN")  # and never committed: one transaction is much faster than one per row

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: Schema, *, once: bool) -> None:
        """Copy rows into a table; its columns have no types, so that SQLite converts nothing."""
        columns = ", ".join(map(_quoted, schema.names))
        self._database.execute(f"CREATE TABLE {_quoted(table)} ({columns})")
        insert = f"INSERT INTO {_quoted(table)} VALUES ({', '.join('?' * len(schema))})"
        for batch in rows.to_batches() if isinstance(rows, pa.Table) else rows:
            self._database.executemany(insert, rows_of(batch, nan=NAN))

    def query(self, text: str, schema: Schema) -> Iterator[pa.RecordBatch]:
        """Start a query and return its rows as they come."""
        cursor = self._database.execute(text)
        return batches_of(lambda: cursor.fetchmany(8192), schema_to_arrow(schema), nan=NAN)

    def interrupt(self) -> None:
        """Stop all queries."""
        self._database.interrupt()

    def close(self) -> None:
        """Remove the database."""
        self._database.close()

    def translated(self, error: Exception, query: str) -> EngineError:
        """Return an error with the query; SQLite hides what went wrong in a Python function."""
        return EngineError(str(self._cause or error), engine=ENGINE, query=query)

    def _call(self, what: str, *values: Any) -> Any:
        try:
            return PYTHON.call(what, *values)
        except (ArithmeticError, ValueError) as error:
            self._cause = error
            raise


class SqliteBackend:
    """SQLite in this process; stateless."""

    name = ENGINE
    capabilities = CAPABILITIES
    options: Mapping[str, str] = {}

    def open(self, options: Mapping[str, Any]) -> SqlSession:
        """Return a session; there are no options."""
        if options:
            raise ConfigurationError(f"SQLite takes no options, and not {', '.join(map(repr, options))}.")
        return SqlSession(DIALECT, CAPABILITIES, SqliteConnection)

    def health(self) -> Health:
        """Say whether the library is new enough."""
        ok = sqlite3.sqlite_version_info >= (3, 39)
        return Health(ok, sqlite3.sqlite_version, "" if ok else "SQLite 3.39 or newer is needed")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _exact(text: str) -> float | str:
    return NAN if text == "nan" else float.fromhex(text)
