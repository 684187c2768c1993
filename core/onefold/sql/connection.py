"""What a session needs of an engine's driver: the part of an SQL backend that is not the same for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar

import pyarrow as pa
from sqlglot import expressions as exp

from onefold.errors import OnefoldError, UnsupportedOperation
from onefold.plan import Input, Scan, Sink, Table
from onefold.sql.relations import Context, Fragment, Leaves, table_named
from onefold.types import Schema

__all__ = ["InputLeaves", "SqlConnection", "TableOf"]

TableOf = Callable[[str], str]
"""Returns the name of the table that holds an input."""


class SqlConnection(ABC):
    """What one run of a plan does on the engine; used by one thread at a time, but for :meth:`interrupt`."""

    failures: ClassVar[tuple[type[Exception], ...]]
    """The errors of the driver, which :meth:`translated` turns into ours."""

    @abstractmethod
    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: Schema, *, once: bool) -> None:
        """Make rows readable as a table.

        Args:
            table: The table's name.
            rows: The rows, in the schema; a ``pyarrow.Table``, or a stream.
            schema: Their columns, under the names that queries use.
            once: Whether queries read the table only once.
        """

    @abstractmethod
    def query(self, text: str, schema: Schema) -> Iterator[pa.RecordBatch]:
        """Start a query and return its rows as they come.

        Args:
            text: The query.
            schema: The columns that it gives; values are checked against it afterwards.
        """

    @abstractmethod
    def interrupt(self) -> None:
        """Stop all queries, from another thread."""

    @abstractmethod
    def close(self) -> None:
        """Free everything; idempotent."""

    @abstractmethod
    def translated(self, error: Exception, query: str) -> OnefoldError:
        """Return the error that callers see for one of the driver's.

        Args:
            error: One of :attr:`failures`.
            query: The query that was running.
        """

    def drop(self, table: str) -> None:
        """Free a table that was loaded and is not read any more; it may also wait for :meth:`close`."""
        del table

    def leaves(self, table_of: TableOf) -> Leaves:
        """Return how sources and inputs are read: only inputs, unless a backend offers more."""
        return InputLeaves(table_of)

    def write(self, rows: pa.RecordBatchReader, sink: Sink) -> int:
        """Write rows to a sink that the backend offers, and return their number."""
        raise AssertionError(f"no sinks are offered, {sink.format} neither, and {rows.schema} is not written")


class InputLeaves:
    """Reads inputs from tables, and nothing else.

    Args:
        table_of: Returns the name of the table that holds an input.
    """

    def __init__(self, table_of: TableOf) -> None:
        self._table_of = table_of

    def input(self, leaf: Input) -> Fragment:
        """Return the bound data of an input."""
        return Fragment(table_named(self._table_of(leaf.name)), leaf.output)

    def scan(self, scan: Scan, context: Context) -> Fragment:
        """Raise: no sources are offered."""
        raise no_source(scan.table, context.dialect.engine)

    def native(self, query: str, declared: Schema) -> dict[str, exp.Expression]:
        """Raise: no native SQL is offered."""
        raise AssertionError(f"no native SQL is offered for {declared}: {query}")


def no_source(table: Table, engine: str) -> UnsupportedOperation:
    """Return the error of an engine that reads no sources by itself."""
    return UnsupportedOperation(
        node=f"source.{table.format}",
        engine=engine,
        reason="it reads only Arrow data",
        way_out="Let another engine read the source.",
    )
