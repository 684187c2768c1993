"""The queries of one run: cursors of the session's database, on which Arrow data is scanned where it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa

from onefold.errors import OnefoldError
from onefold.plan import Sink
from onefold.sql.connection import SqlConnection, TableOf
from onefold.types import Schema
from onefold_rift.failures import translated
from onefold_rift.leaves import DuckLeaves
from onefold_rift.readers import identifier
from onefold_rift.sinks import write_parquet

__all__ = ["RiftConnection", "describe"]

BATCH_ROWS = 65_536


def describe(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, Any]]:
    """Return the columns of a query, and their types, without running it."""
    cursor = database.cursor()
    try:
        relation = cursor.sql(query)
        return list(zip(relation.columns, relation.types, strict=True))
    except duckdb.Error as error:
        raise translated(error, query) from error
    finally:
        cursor.close()


class RiftConnection(SqlConnection):
    """What one run holds until its rows have been read.

    Args:
        database: The session's connection; tables made on it are seen by all its cursors.
    """

    failures = (duckdb.Error, pa.ArrowException, OSError)

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._arrow: dict[str, pa.Table | pa.RecordBatchReader] = {}
        self._stored: set[str] = set()
        self._cursors: list[duckdb.DuckDBPyConnection] = []

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: Schema, *, once: bool) -> None:
        """Note Arrow data to be scanned; a stream that is read more than once goes into a table, which can go to disk.

        A second scan of a stream would silently give no rows.
        """
        if isinstance(rows, pa.Table) or once:
            self._arrow[table] = rows
            return
        cursor = self._database.cursor()
        try:
            self._stored.add(table)
            cursor.register("stream", rows)
            cursor.execute(f"CREATE TABLE {identifier(table)} AS SELECT * FROM stream")
        finally:
            cursor.close()
            rows.close()

    def drop(self, table: str) -> None:
        """Free a table."""
        self._arrow.pop(table, None)
        if table in self._stored:
            self._stored.remove(table)
            cursor = self._database.cursor()
            try:
                cursor.execute(f"DROP TABLE IF EXISTS {identifier(table)}")
            finally:
                cursor.close()

    def leaves(self, table_of: TableOf) -> DuckLeaves:
        """Return how sources and inputs are read."""
        return DuckLeaves(partial(describe, self._database), table_of)

    def query(self, text: str, schema: Schema) -> Iterator[pa.RecordBatch]:
        """Start a query and return its rows as they come."""
        cursor = self._cursor()
        for name, data in self._arrow.items():
            cursor.register(name, data)
        return self._batches(cursor, cursor.sql(text).to_arrow_reader(BATCH_ROWS))

    def write(self, rows: pa.RecordBatchReader, sink: Sink) -> int:
        """Write rows as a directory of Parquet files, and return their number."""
        return write_parquet(self._cursor(), rows, sink)

    def interrupt(self) -> None:
        """Stop all queries."""
        for cursor in list(self._cursors):
            cursor.interrupt()

    def close(self) -> None:
        """Close all cursors and drop all tables."""
        cursors, self._cursors = self._cursors, []
        for cursor in cursors:
            cursor.close()
        for table in [*self._arrow, *self._stored]:
            self.drop(table)

    def translated(self, error: Exception, query: str) -> OnefoldError:
        """Return the error that callers see for one of DuckDB's."""
        return translated(error, query)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._database.cursor()
        self._cursors.append(cursor)
        return cursor

    def _batches(self, cursor: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        try:
            yield from reader
        finally:
            reader.close()
            if cursor in self._cursors:
                self._cursors.remove(cursor)
                cursor.close()
