"""A session: a DuckDB database of its own, in this process, that runs plans and streams their rows."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from onefold.errors import Cancelled, EngineError, PlanError
from onefold.kernel.options import KernelOptions
from onefold.kernel.splitting import needs_kernel, relational_parts, run_split
from onefold.plan import Relation, Sink, Table, Write
from onefold.sql.division import left_to_kernel
from onefold.sql.relations import plan_text
from onefold.types import Schema, SchemaNormaliser, schema_to_arrow
from onefold_rift.capabilities import CAPABILITIES
from onefold_rift.dialect import DIALECT, ENGINE
from onefold_rift.failures import redacted, translated
from onefold_rift.inputs import BoundInputs
from onefold_rift.leaves import DuckLeaves, type_text
from onefold_rift.options import Options
from onefold_rift.readers import schema_in_files
from onefold_rift.sinks import write_parquet

__all__ = ["RiftSession"]

BATCH_ROWS = 65_536

_KERNEL = left_to_kernel(DIALECT)


class _Run:
    """What one call of ``execute`` holds until its rows have been read."""

    def __init__(self, inputs: BoundInputs) -> None:
        self.inputs = inputs
        self.cursors: list[duckdb.DuckDBPyConnection] = []
        self.cancelled = False

    def close(self) -> None:
        cursors, self.cursors = self.cursors, []
        for cursor in cursors:
            cursor.close()
        self.inputs.close()


class RiftSession:
    """A connection to a DuckDB database that lives as long as the session.

    Args:
        options: Checked options.
    """

    thread_safe = True

    def __init__(self, options: Options) -> None:
        self._lock = threading.Lock()
        self._runs: list[_Run] = []
        self._scratch = Path(tempfile.mkdtemp(prefix="onefold-rift-", dir=options.spill_directory))
        # Also for a session that nobody closes: when it is let go of, or when the process ends.
        self._clean = weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        self._options = options
        config: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(self._scratch / "duckdb")}
        if options.memory_limit is not None:
            config["memory_limit"] = f"{options.memory_limit // 1024}KiB"
        if options.threads is not None:
            config["threads"] = options.threads
        try:
            self._connection: duckdb.DuckDBPyConnection | None = duckdb.connect(":memory:", config=config)
            self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
            # A name that is no table must not be taken for a variable of the calling Python code.
            self._connection.execute("SET GLOBAL python_enable_replacements = false")
        except duckdb.Error as error:
            self._clean()
            raise EngineError(str(error), engine=ENGINE) from error

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        """Run a plan and return its rows as a stream; see :class:`onefold.contract.Session`."""
        if sink is not None:
            plan = Write(input=plan, sink=sink)
        for name in CAPABILITIES.missing(plan):
            CAPABILITIES.require(name)
        rows = plan.input if isinstance(plan, Write) else plan
        if any(isinstance(relation, Write) for relation in rows.walk()):
            raise PlanError("Rows are written at the very end of a plan: nothing can read what Write returns.")
        run = _Run(BoundInputs(self._open))
        with self._lock:
            self._runs.append(run)
        try:
            reader = self._rows(run, rows, inputs)
            if isinstance(plan, Write):
                reader = self._written(run, reader, plan)
            return _guarded(reader, lambda: self._finished(run))
        except BaseException:
            self._finished(run)
            raise

    def schema_of(self, table: Table) -> Schema:
        """Return the portable schema that the files of a source have; its declared columns are not looked at.

        Raises:
            SourceError: If they can not be read, or a column has no portable type.
        """
        return schema_in_files(table, self._describe, type_text)

    def explain(self, plan: Relation) -> str:
        """Return the SQL that DuckDB runs for a plan, without running it."""
        leaves = DuckLeaves(self._describe, lambda name: f"input_{name}")
        parts = relational_parts(plan.input if isinstance(plan, Write) else plan, _KERNEL)
        texts = []
        for title, part in parts:
            text = redacted(plan_text(part, DIALECT, leaves, pretty=True))
            texts.append(text if len(parts) == 1 and not isinstance(plan, Write) else f"-- {title}\n{text}")
        if isinstance(plan, Write):
            texts.append(f"-- written to\n{plan.sink.format} {redacted(plan.sink.path)!r}")
        return "\n\n".join(texts)

    def cancel(self) -> None:
        """Interrupt all that runs; the readers then raise ``Cancelled``."""
        with self._lock:
            runs = list(self._runs)
        for run in runs:
            run.cancelled = True
            for cursor in list(run.cursors):
                cursor.interrupt()

    def check(self) -> None:
        """Run the smallest query that shows that DuckDB works here."""
        self._open.execute("SELECT 1").fetchall()

    def close(self) -> None:
        """Close the database and remove its files; idempotent."""
        with self._lock:
            runs, self._runs = self._runs, []
            connection, self._connection = self._connection, None
        for run in runs:
            run.cancelled = True
            run.close()
        if connection is not None:
            connection.close()
        self._clean()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise EngineError("the session is closed. Open another one.", engine=ENGINE)
        return self._connection

    def _rows(self, run: _Run, plan: Relation, inputs: Mapping[str, Any]) -> pa.RecordBatchReader:
        """Start a plan, its temporal relations in the kernel, and return its rows as they come."""
        split = needs_kernel(plan, _KERNEL)
        run.inputs.bind(plan, inputs, whole=not split)
        if not split:
            return self._query(run, plan, run.inputs)
        options = self._kernel_options(run)
        return run_split(plan, lambda part, more: self._part(run, part, more), _KERNEL, options=options)

    def _written(self, run: _Run, reader: pa.RecordBatchReader, plan: Write) -> pa.RecordBatchReader:
        """Write rows to a sink, and return the one row that says so."""
        cursor = self._cursor(run)
        with reader:
            try:
                rows = write_parquet(cursor, reader, plan.sink)
            except (duckdb.Error, pa.ArrowException, OSError) as error:
                raise self._failure(run, error, f"COPY ... TO {plan.sink.path!r}") from error
        report = pa.table({"path": [plan.sink.path], "rows": [rows]}, schema=schema_to_arrow(plan.output))
        return report.to_reader()

    def _cursor(self, run: _Run) -> duckdb.DuckDBPyConnection:
        cursor = self._open.cursor()
        run.cursors.append(cursor)
        return cursor

    def _part(self, run: _Run, plan: Relation, more: Mapping[str, Any]) -> pa.RecordBatchReader:
        """Run an ordinary part of a plan with temporal relations, with some more inputs."""
        if run.cancelled:
            raise Cancelled("The query was stopped.")
        inputs = BoundInputs(self._open, run.inputs)
        try:
            inputs.bind(plan, more, whole=True)
            return _guarded(self._query(run, plan, inputs), inputs.close)
        except BaseException:
            inputs.close()
            raise

    def _query(self, run: _Run, plan: Relation, inputs: BoundInputs) -> pa.RecordBatchReader:
        """Start the query of an ordinary plan and return its rows, normalised, as they come."""
        query = plan_text(plan, DIALECT, DuckLeaves(self._describe, inputs.name))
        cursor = self._cursor(run)
        normaliser = SchemaNormaliser(plan.output, where=f"the result of {ENGINE}")
        try:
            inputs.register(cursor)
            reader = cursor.sql(query).to_arrow_reader(BATCH_ROWS)
        except (duckdb.Error, pa.ArrowException) as error:
            raise self._failure(run, error, query) from error

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                while True:
                    try:
                        batch = next(reader, None)
                    except (duckdb.Error, pa.ArrowException, OSError) as error:
                        raise self._failure(run, error, query) from error
                    if batch is None:
                        return
                    if run.cancelled:
                        raise Cancelled("The query was stopped.")
                    yield normaliser(batch)
            finally:
                reader.close()
                if cursor in run.cursors:
                    run.cursors.remove(cursor)
                    cursor.close()

        return pa.RecordBatchReader.from_batches(normaliser.schema, batches())

    def _failure(self, run: _Run, error: BaseException, query: str) -> Exception:
        return Cancelled("The query was stopped.") if run.cancelled else translated(error, query)

    def _finished(self, run: _Run) -> None:
        with self._lock:
            if run in self._runs:
                self._runs.remove(run)
        if self._connection is not None:
            run.close()

    def _kernel_options(self, run: _Run) -> KernelOptions:
        given: dict[str, Any] = {"cancelled": lambda: run.cancelled, "spill_directory": self._scratch}
        if self._options.threads is not None:
            given["threads"] = self._options.threads
        if self._options.memory_limit is not None:
            given["memory_limit"] = self._options.memory_limit // 2
        return KernelOptions(**given)

    def _describe(self, query: str) -> list[tuple[str, Any]]:
        """Return the columns of a query without running it."""
        cursor = self._open.cursor()
        try:
            relation = cursor.sql(query)
            return list(zip(relation.columns, relation.types, strict=True))
        except duckdb.Error as error:
            raise translated(error, query) from error
        finally:
            cursor.close()


def _guarded(reader: pa.RecordBatchReader, done: Callable[[], None]) -> pa.RecordBatchReader:
    """Return the same stream, which calls ``done`` when it ends, fails or is let go of."""

    def batches() -> Iterator[pa.RecordBatch | None]:
        try:
            with reader:
                yield None
                yield from reader
        finally:
            done()

    stream = batches()
    next(stream)  # runs up to the first yield, so that letting go of the stream runs its finally
    return pa.RecordBatchReader.from_batches(reader.schema, stream)
