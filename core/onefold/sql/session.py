"""A session on an SQL engine: all of it that is the same for every engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from onefold.contract import Capabilities
from onefold.errors import Cancelled, EngineError, PlanError, listed
from onefold.kernel.options import KernelOptions
from onefold.kernel.splitting import needs_kernel, relational_parts, run_split
from onefold.plan import Filter, Input, Project, Relation, Sink, Table, Write
from onefold.rewriting import guard_failures, limit_depth
from onefold.sql.connection import SqlConnection, no_source
from onefold.sql.dialect import SqlDialect
from onefold.sql.division import left_to_kernel
from onefold.sql.redaction import redacted
from onefold.sql.relations import Leaves, plan_text
from onefold.sql.streams import guarded
from onefold.types import Field, Schema, SchemaNormaliser, normalise_reader, schema_to_arrow

__all__ = ["SqlSession"]


class _Run:
    """What one call of ``execute`` holds until its rows have been read."""

    def __init__(self, connection: SqlConnection) -> None:
        self.connection = connection
        self.cancelled = False

    def check(self) -> None:
        """Raise Cancelled if the run was stopped."""
        if self.cancelled:
            raise Cancelled("The query was stopped.")

    def failed(self, error: Exception, query: str) -> Exception:
        """Return the error that callers see for one of the driver's."""
        return Cancelled("The query was stopped.") if self.cancelled else self.connection.translated(error, query)


class SqlSession:
    """Runs plans on an SQL engine; the kernel computes what the engine's dialect lacks.

    Args:
        dialect: The engine's dialect.
        capabilities: What the backend offers; anything else is refused before anything runs.
        connect: Opens a connection for one run.
    """

    thread_safe = True

    def __init__(self, dialect: SqlDialect, capabilities: Capabilities, connect: Callable[[], SqlConnection]) -> None:
        self._dialect = dialect
        self._capabilities = capabilities
        self._connect = connect
        self._kernel = left_to_kernel(dialect)
        self._lock = threading.Lock()
        self._runs: list[_Run] = []
        self._numbers = count(1)
        self._closed = False

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        """Run a plan and return its rows as a stream; see :class:`onefold.contract.Session`."""
        if sink is not None:
            plan = Write(input=plan, sink=sink)
        for name in self._capabilities.missing(plan):
            self._capabilities.require(name)
        rows = guard_failures(plan.input if isinstance(plan, Write) else plan)
        if any(isinstance(relation, Write) for relation in rows.walk()):
            raise PlanError("Rows are written at the very end of a plan: nothing can read what Write returns.")
        run = _Run(self._open())
        with self._lock:
            self._runs.append(run)
        try:
            reader = self._rows(run, rows, inputs)
            if isinstance(plan, Write):
                reader = self._written(run, reader, plan)
            return guarded(reader, lambda: self._finished(run))
        except BaseException:
            self._finished(run)
            raise

    def schema_of(self, table: Table) -> Schema:
        """Raise: the engine reads only Arrow data, unless a backend says otherwise."""
        raise no_source(table, self._dialect.engine)

    def explain(self, plan: Relation) -> str:
        """Return the SQL that the engine runs for a plan, without running it."""
        rows = guard_failures(plan.input if isinstance(plan, Write) else plan)
        parts = relational_parts(rows, self._kernel)
        connection = self._open()
        try:
            leaves = connection.leaves(lambda name: f"input_{name}")
            texts = []
            for title, part in parts:
                text = redacted(self._text(part, leaves, pretty=True))
                texts.append(text if len(parts) == 1 and rows is plan else f"-- {title}\n{text}")
        finally:
            connection.close()
        if isinstance(plan, Write):
            texts.append(f"-- written to\n{plan.sink.format} {redacted(plan.sink.path)!r}")
        return "\n\n".join(texts)

    def cancel(self) -> None:
        """Interrupt all that runs; the readers then raise ``Cancelled``."""
        with self._lock:
            runs = list(self._runs)
        for run in runs:
            run.cancelled = True
            run.connection.interrupt()

    def close(self) -> None:
        """End all that runs; idempotent."""
        self._closed = True
        with self._lock:
            runs, self._runs = self._runs, []
        for run in runs:
            run.cancelled = True
            run.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check_open(self) -> None:
        """Raise EngineError if the session is closed."""
        if self._closed:
            raise EngineError("the session is closed. Open another one.", engine=self._dialect.engine)

    def _open(self) -> SqlConnection:
        self.check_open()
        return self._connect()

    def _kernel_options(self, cancelled: Callable[[], bool]) -> KernelOptions:
        """Return how the kernel uses the machine."""
        return KernelOptions(cancelled=cancelled)

    def _rows(self, run: _Run, plan: Relation, inputs: Mapping[str, Any]) -> pa.RecordBatchReader:
        """Start a plan, some of its relations in the kernel, and return its rows as they come."""
        split = needs_kernel(plan, self._kernel)
        tables: dict[str, str] = {}
        self._bind(run, plan, inputs, tables, whole=not split)
        if not split:
            return self._query(run, plan, tables)

        def part(plan: Relation, more: Mapping[str, Any]) -> pa.RecordBatchReader:
            run.check()
            bound = dict(tables)

            def drop() -> None:
                for name in bound.keys() - tables.keys():
                    run.connection.drop(bound[name])

            try:
                self._bind(run, plan, more, bound, whole=True)
                return guarded(self._query(run, plan, bound), drop)
            except BaseException:
                drop()
                raise

        return run_split(plan, part, self._kernel, options=self._kernel_options(lambda: run.cancelled))

    def _bind(
        self, run: _Run, plan: Relation, inputs: Mapping[str, Any], tables: dict[str, str], *, whole: bool
    ) -> None:
        """Load the data of a plan's inputs that have no table yet, and note their tables."""
        for leaf in {node.fingerprint: node for node in plan.walk() if isinstance(node, Input)}.values():
            if leaf.name in tables:
                continue
            if leaf.name not in inputs:
                raise PlanError(
                    f"No data is bound to the input {leaf.name!r}. {listed(leaf.name, inputs, what='bound inputs')}"
                )
            data = inputs[leaf.name]
            if not (isinstance(data, pa.Table) and data.schema.equals(schema_to_arrow(leaf.output))):
                reader = normalise_reader(data, leaf.output, where=f"the input {leaf.name!r}", at_source=True)
                data = reader.read_all() if isinstance(data, pa.Table) else reader
            table = f"input_{leaf.name}_{next(self._numbers)}"
            try:
                names = Schema(Field(self._dialect.name_of(f.name), f.dtype, f.nullable) for f in leaf.output)
                run.connection.load(table, data, names, once=whole and _reads_once(plan, leaf.name))
            except run.connection.failures as error:
                raise run.failed(error, f"loading the input {leaf.name!r}") from error
            tables[leaf.name] = table

    def _query(self, run: _Run, plan: Relation, tables: Mapping[str, str]) -> pa.RecordBatchReader:
        """Start the query of an ordinary plan and return its rows, normalised, as they come."""
        connection = run.connection
        query = self._text(plan, connection.leaves(tables.__getitem__))
        normaliser = SchemaNormaliser(plan.output, where=f"the result of {self._dialect.engine}")
        try:
            rows = connection.query(query, plan.output)
        except connection.failures as error:
            raise run.failed(error, query) from error

        def batches() -> Iterator[pa.RecordBatch]:
            while True:
                try:
                    batch = next(rows, None)
                except connection.failures as error:
                    raise run.failed(error, query) from error
                if batch is None:
                    return
                run.check()
                yield normaliser(batch)

        return pa.RecordBatchReader.from_batches(normaliser.schema, batches())

    def _text(self, plan: Relation, leaves: Leaves, *, pretty: bool = False) -> str:
        """Return the query of an ordinary plan."""
        if self._dialect.max_depth is not None:
            plan = limit_depth(plan, self._dialect.max_depth)
        return plan_text(plan, self._dialect, leaves, pretty=pretty)

    def _written(self, run: _Run, reader: pa.RecordBatchReader, plan: Write) -> pa.RecordBatchReader:
        """Write rows to a sink, and return the one row that says so."""
        with reader:
            try:
                rows = run.connection.write(reader, plan.sink)
            except run.connection.failures as error:
                raise run.failed(error, f"writing {redacted(plan.sink.path)!r}") from error
        report = pa.table({"path": [plan.sink.path], "rows": [rows]}, schema=schema_to_arrow(plan.output))
        return report.to_reader()

    def _finished(self, run: _Run) -> None:
        with self._lock:
            if run in self._runs:
                self._runs.remove(run)
        run.connection.close()


def _reads_once(plan: Relation, name: str) -> bool:
    """Return whether a query can only read an input once: when nothing but filters and projections stand above it.

    Other plans may read it several times: both sides of a join, a window that is written out.
    """
    below = plan
    while isinstance(below, Filter | Project):
        below = below.input
    return isinstance(below, Input) and below.name == name
