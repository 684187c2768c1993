"""DuckDB as every tool here uses it, and the queries that several share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from benchmarks.cases import Case, View

__all__ = ["connect", "events_of", "write"]

_AT_ONCE: Final = 25


def connect(case: Case) -> duckdb.DuckDBPyConnection:
    """Return a connection with the settings that suit large results."""
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET temp_directory = '{case.scratch}'")
    if case.memory_mib is not None:
        connection.execute(f"SET memory_limit = '{case.memory_mib}MiB'")
    return connection


def events_of(connection: duckdb.DuckDBPyConnection, case: Case, view: View) -> str:
    """Return a FROM item: the view's events that a window can reach, as one would write it by hand."""
    scan = f"read_parquet('{view.events}')"
    if view.reach is None:
        return scan
    ((first, last),) = connection.execute(
        f"SELECT epoch_us(min(ts)) - {view.reach}, epoch_us(max(ts)) FROM read_parquet('{case.spine}')"
    ).fetchall()
    return f"(FROM {scan} WHERE ts >= make_timestamptz({first}) AND ts < make_timestamptz({last}))"


def write(connection: duckdb.DuckDBPyConnection, case: Case, tables: Sequence[str]) -> None:
    """Write tables, each with all spine rows, side by side."""
    # Names are looked up in all tables that are joined, so that one join of hundreds takes long to plan.
    rounds = 0
    while len(tables) > _AT_ONCE:
        groups = [tables[first : first + _AT_ONCE] for first in range(0, len(tables), _AT_ONCE)]
        for number, group in enumerate(groups):
            connection.execute(f"CREATE TEMP TABLE beside_{rounds}_{number} AS {_beside(group)}")
        tables = [f"beside_{rounds}_{number}" for number in range(len(groups))]
        rounds += 1
    connection.execute(f"COPY ({_beside(tables)}) TO '{case.output}' (FORMAT parquet)")


def _beside(tables: Sequence[str]) -> str:
    first, *others = tables
    return f"FROM {first} {' '.join(f'JOIN {table} USING (row)' for table in others)}"
