"""Backends whose engines compute temporal relations themselves: DuckDB and SQLite, told to do what Snowflake has to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from onefold.contract import Capabilities, Health
from onefold.sql.dialect import SqlDialect
from onefold.sql.session import SqlSession
from onefold.sql.temporal.strategies import TemporalSql
from onefold_rift.capabilities import CAPABILITIES
from onefold_rift.connection import RiftConnection
from onefold_rift.dialect import DIALECT
from onefold_sqlite.backend import CAPABILITIES as SQLITE_CAPABILITIES
from onefold_sqlite.backend import SqliteConnection
from onefold_sqlite.dialect import DIALECT as SQLITE

__all__ = ["LITE", "NATIVE", "POSITIONS", "TemporalBackend"]


@dataclass(frozen=True)
class TemporalBackend:
    """An engine whose dialect says how it computes temporal relations.

    Args:
        dialect: The dialect.
        capabilities: What it offers.
        session: Opens a session.
    """

    dialect: SqlDialect
    capabilities: Capabilities
    session: Callable[[SqlDialect, Capabilities], SqlSession]
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the engine."""
        return self.dialect.engine

    def open(self, options: Mapping[str, Any]) -> SqlSession:
        """Return a session; there are no options."""
        return self.session(self.dialect, self.capabilities)

    def health(self) -> Health:
        """Say that it works."""
        return Health(ok=True, version="1")


def _on_duckdb(dialect: SqlDialect, capabilities: Capabilities) -> SqlSession:
    database = duckdb.connect(":memory:", config={"threads": 1})
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    database.execute("SET GLOBAL python_enable_replacements = false")
    return SqlSession(dialect, capabilities, lambda: RiftConnection(database))


def _on_sqlite(dialect: SqlDialect, capabilities: Capabilities) -> SqlSession:
    return SqlSession(dialect, capabilities, SqliteConnection)


_DUCKDB = TemporalSql(
    asof="on", ranges=frozenset({"min", "max"}), place="ROW_NUMBER() OVER ()", failure="CAST(ERROR({0}) AS BIGINT)"
)

NATIVE = TemporalBackend(replace(DIALECT, temporal=_DUCKDB), CAPABILITIES, _on_duckdb)
"""DuckDB with its own as-of join."""

POSITIONS = TemporalBackend(replace(DIALECT, temporal=replace(_DUCKDB, asof=None)), CAPABILITIES, _on_duckdb)
"""DuckDB without it."""

LITE = TemporalBackend(
    replace(SQLITE, temporal=TemporalSql(place="rowid"), framed=frozenset({"count"})),
    SQLITE_CAPABILITIES,
    _on_sqlite,
)
"""SQLite, which has growing windows and nothing else."""
