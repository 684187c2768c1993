"""What a session needs of an engine's driver: the part of a backend that is not the same for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

import pyarrow as pa

from onefold.contract import StagedRows
from onefold.errors import OnefoldError, UnsupportedOperation
from onefold.plan import Sink, Table
from onefold.types import Schema

__all__ = ["EngineConnection", "TableOf", "no_source"]

TableOf = Callable[[str], str]
"""Returns the name of the table that holds an input."""


class EngineConnection(ABC):
    """What one run of a plan does on the engine; used by one thread at a time, but for :meth:`interrupt`."""

    failures: ClassVar[tuple[type[Exception], ...]]
    """The errors of the driver, which :meth:`translated` turns into ours."""

    reads_staged: ClassVar[bool] = False
    """Whether rows that wait in files are read by :meth:`load_staged`, though the engine is not distributed."""

    @abstractmethod
    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: Schema, *, once: bool) -> None:
        """Make rows readable as a table.

        Args:
            table: The table's name.
            rows: The rows, in the schema; a ``pyarrow.Table``, or a stream.
            schema: Their columns, under the names that queries use.
            once: Whether queries read the table only once.
        """

    def load_staged(self, table: str, rows: StagedRows, schema: Schema) -> None:
        """Make rows readable that wait in files which the engine reads by itself; asked of those that say so.

        Args:
            table: The table's name.
            rows: The files; they may hold more columns.
            schema: The columns that are read.
        """
        raise AssertionError(f"{schema} of {rows.path} is only read by engines that say so")

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

    def write(self, rows: pa.RecordBatchReader, sink: Sink) -> int:
        """Write rows to a sink that the backend offers, and return their number."""
        raise AssertionError(f"no sinks are offered, {sink.format} neither, and {rows.schema} is not written")


def no_source(table: Table, engine: str) -> UnsupportedOperation:
    """Return the error of an engine that reads no sources by itself."""
    return UnsupportedOperation(
        node=f"source.{table.format}",
        engine=engine,
        reason="it reads only Arrow data",
        way_out="Let another engine read the source.",
    )
