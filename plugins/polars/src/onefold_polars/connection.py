"""What one run of a plan holds: lazy frames over its inputs, and the queries that run."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from onefold.contract import StagedRows
from onefold.errors import Cancelled, OnefoldError, SourceError
from onefold.plan import Input, Scan, Sink
from onefold.session import EngineConnection, TableOf
from onefold.types import Schema
from onefold_polars.columns import column
from onefold_polars.expressions import polars_dtype
from onefold_polars.failures import FAILURES, translated
from onefold_polars.options import Options
from onefold_polars.pulling import pulled_frame
from onefold_polars.sinks import write_parquet
from onefold_polars.sources import scan_frame
from onefold_polars.streaming import RunningQuery

__all__ = ["PolarsConnection", "SchemaLeaves"]


class PolarsConnection(EngineConnection):
    """What one run holds until its rows have been read.

    Args:
        options: How queries are run.
    """

    failures = FAILURES
    reads_staged = True

    def __init__(self, options: Options) -> None:
        self._options = options
        self._frames: dict[str, pl.LazyFrame] = {}
        self._queries: list[RunningQuery] = []
        self._causes: list[Exception] = []
        self._stopped = False

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: Schema, *, once: bool) -> None:
        """Note Arrow data as a lazy frame; a stream that is read more than once is kept in memory."""
        if not isinstance(rows, pa.Table) and once:
            self._frames[table] = self._stream(rows, schema)
            return
        frame = pl.from_arrow(rows if isinstance(rows, pa.Table) else rows.read_all(), rechunk=False)
        assert isinstance(frame, pl.DataFrame)
        self._frames[table] = frame.lazy()

    def load_staged(self, table: str, rows: StagedRows, schema: Schema) -> None:
        """Note files as a lazy frame; a query reads only the columns and row groups that it needs."""
        types = {field.name: polars_dtype(field.dtype) for field in schema}
        if rows.files:
            frame = pl.scan_parquet(
                list(rows.files),
                glob=False,
                hive_partitioning=False,
                row_index_name=rows.number,
                extra_columns="ignore",
            )
            self._frames[table] = frame.select(column(name).cast(dtype) for name, dtype in types.items())
        else:
            self._frames[table] = pl.LazyFrame(schema=types)

    def drop(self, table: str) -> None:
        """Free a table."""
        self._frames.pop(table, None)

    def leaves(self, table_of: TableOf) -> _Leaves:
        """Return where the rows of a plan come from."""
        return _Leaves(self, table_of)

    def frame(self, table: str) -> pl.LazyFrame:
        """Return a table that was loaded."""
        return self._frames[table]

    def note(self, error: Exception) -> None:
        """Note what went wrong while a query read batches from outside of Polars."""
        self._causes.append(error)

    def query(self, frame: pl.LazyFrame, schema: Schema) -> Iterator[pa.RecordBatch]:
        """Start a query and return its rows as they come.

        Args:
            frame: The query.
            schema: Its columns.
        """
        query = RunningQuery(frame, schema, self._options)
        self._queries.append(query)
        return self._batches(query)

    def interrupt(self) -> None:
        """Stop all queries."""
        self._stopped = True
        for query in list(self._queries):
            query.stop()

    def close(self) -> None:
        """Stop all queries and let go of all data."""
        self.interrupt()
        self._queries.clear()
        self._frames.clear()

    def write(self, rows: pa.RecordBatchReader, sink: Sink) -> int:
        """Write rows as a directory of Parquet files, and return their number."""
        return write_parquet(rows, sink)

    def translated(self, error: Exception, query: str) -> OnefoldError:
        """Return the error that callers see for one of Polars'."""
        return translated(error, query)

    def _stream(self, rows: pa.RecordBatchReader, schema: Schema) -> pl.LazyFrame:
        taken = threading.Lock()

        def batches(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
            if not taken.acquire(blocking=False):  # the second reader would find no rows, and believe it
                raise AssertionError("Polars reads a stream twice")
            with rows:
                for batch in rows:
                    if self._stopped:
                        raise Cancelled("The query was stopped.")
                    yield batch.select(columns)

        return pulled_frame(batches, schema, name="stream", note=self.note)

    def _batches(self, query: RunningQuery) -> Iterator[pa.RecordBatch]:
        try:
            for frame in query.batches():
                yield from frame.to_arrow().to_batches()
        except SourceError as error:  # raised inside of an expression, which Polars adds to its text
            raise SourceError(str(error).partition("\n\nThis error occurred")[0]) from error
        except FAILURES as error:
            for cause in self._causes:
                if isinstance(cause, OnefoldError):
                    raise cause from error
            raise translated(error, query.frame.explain(optimized=False)) from error
        finally:
            if query in self._queries:
                self._queries.remove(query)


class _Leaves:
    """Where the rows of a plan come from.

    Args:
        connection: Where its inputs are loaded.
        table_of: Returns the table that holds an input.
    """

    def __init__(self, connection: PolarsConnection, table_of: TableOf) -> None:
        self._connection = connection
        self._table_of = table_of

    def input(self, leaf: Input) -> pl.LazyFrame:
        return self._connection.frame(self._table_of(leaf.name))

    def scan(self, scan: Scan) -> pl.LazyFrame:
        return scan_frame(scan, self._connection.note)


class SchemaLeaves(_Leaves):
    """Where the rows of a plan would come from: inputs have columns, and no data."""

    def __init__(self, connection: PolarsConnection) -> None:
        super().__init__(connection, str)

    def input(self, leaf: Input) -> pl.LazyFrame:
        """Return no rows with the columns of an input."""
        return pl.LazyFrame(schema={field.name: polars_dtype(field.dtype) for field in leaf.output})
