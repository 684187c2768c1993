"""A session on an engine: all of it that is the same for every engine."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import pyarrow as pa

from onefold.contract import Capabilities, StagedRows
from onefold.errors import Cancelled, EngineError, PlanError, listed
from onefold.kernel.options import KernelOptions
from onefold.kernel.splitting import Chosen, needs_kernel, relational_parts, run_split
from onefold.plan import Filter, Input, Project, Relation, Sink, Table, Write
from onefold.rewriting import guard_failures
from onefold.session.connection import EngineConnection, no_source
from onefold.session.redaction import redacted
from onefold.types import Schema, SchemaNormaliser, normalise_reader, schema_to_arrow
from onefold.types.streams import guarded

__all__ = ["EngineSession", "Run"]

ConnectionT = TypeVar("ConnectionT", bound=EngineConnection)


class Run(Generic[ConnectionT]):
    """What one call of ``execute`` holds until its rows have been read."""

    def __init__(self, connection: ConnectionT) -> None:
        self.connection = connection
        self.cancelled = False

    def check(self) -> None:
        """Raise Cancelled if the run was stopped."""
        if self.cancelled:
            raise Cancelled("The query was stopped.")

    def failed(self, error: Exception, query: str) -> Exception:
        """Return the error that callers see for one of the driver's."""
        return Cancelled("The query was stopped.") if self.cancelled else self.connection.translated(error, query)


class EngineSession(ABC, Generic[ConnectionT]):
    """Runs plans on an engine; the kernel computes what the engine does not.

    Args:
        engine: The engine's name.
        capabilities: What the backend offers; anything else is refused before anything runs.
        connect: Opens a connection for one run.
        chosen: Which temporal relations, aggregates, windows and tiles the kernel computes.
    """

    thread_safe = True

    def __init__(
        self, engine: str, capabilities: Capabilities, connect: Callable[[], ConnectionT], chosen: Chosen
    ) -> None:
        self._engine = engine
        self._capabilities = capabilities
        self._connect = connect
        self._kernel = chosen
        self._lock = threading.Lock()
        self._runs: list[Run[ConnectionT]] = []
        self._numbers = count(1)
        self._closed = False

    @abstractmethod
    def start(
        self, run: Run[ConnectionT], plan: Relation, tables: Mapping[str, str]
    ) -> tuple[Iterator[pa.RecordBatch], str]:
        """Start an ordinary plan on the engine.

        Args:
            run: The run that it belongs to.
            plan: The plan; nothing in it is for the kernel.
            tables: The table that holds each of its inputs.

        Returns:
            Its rows as they come, checked against the plan's schema afterwards, and the engine's own text of the
            query, for errors.
        """

    @abstractmethod
    def query_text(self, connection: ConnectionT, plan: Relation) -> str:
        """Return the engine's own text of an ordinary plan, for people, without running it."""

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        """Run a plan and return its rows as a stream; see :class:`onefold.contract.Session`."""
        if sink is not None:
            plan = Write(input=plan, sink=sink)
        for name in self._capabilities.missing(plan):
            self._capabilities.require(name)
        rows = guard_failures(plan.input if isinstance(plan, Write) else plan)
        if any(isinstance(relation, Write) for relation in rows.walk()):
            raise PlanError("Rows are written at the very end of a plan: nothing can read what Write returns.")
        run = Run(self._open())
        with self._lock:
            self._runs.append(run)
        try:
            if isinstance(plan, Write):
                reader = self._written(run, rows, inputs, plan)
            else:
                reader = self._rows(run, rows, inputs)
            return guarded(reader, lambda: self._finished(run))
        except BaseException:
            self._finished(run)
            raise

    def schema_of(self, table: Table) -> Schema:
        """Raise: the engine reads only Arrow data, unless a backend says otherwise."""
        raise no_source(table, self._engine)

    def explain(self, plan: Relation) -> str:
        """Return the queries that the engine runs for a plan, without running them."""
        rows = guard_failures(plan.input if isinstance(plan, Write) else plan)
        connection = self._open()
        try:
            parts = self.query_texts(connection, rows)
            if isinstance(plan, Write):
                parts.append(("written to", self.sink_text(connection, plan)))
        finally:
            connection.close()
        alone = len(parts) == 1 and rows is plan
        return "\n\n".join(redacted(text) if alone else f"-- {title}\n{redacted(text)}" for title, text in parts)

    def query_texts(self, connection: ConnectionT, plan: Relation) -> list[tuple[str, str]]:
        """Return the texts of the queries that a plan is split into, each with a title, in the order in which they run."""
        return [(title, self.query_text(connection, part)) for title, part in relational_parts(plan, self._kernel)]

    def sink_text(self, connection: ConnectionT, plan: Write) -> str:
        """Return how the rows of a plan are written, for people; by default, where they go."""
        del connection
        return f"{plan.sink.format} {plan.sink.path!r}"

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
            raise EngineError("the session is closed. Open another one.", engine=self._engine)

    def loaded_schema(self, schema: Schema) -> Schema:
        """Return the columns of an input under the names that queries use; the same, unless an engine can not."""
        return schema

    def reads_once(self, plan: Relation, name: str) -> bool:
        """Return whether the query of a plan reads an input once: surely when filters and projections alone stand above.

        Other plans may read it several times: both sides of a join, a window that is written out.
        """
        below = plan
        while isinstance(below, Filter | Project):
            below = below.input
        return isinstance(below, Input) and below.name == name

    def _open(self) -> ConnectionT:
        self.check_open()
        return self._connect()

    def _kernel_options(self, cancelled: Callable[[], bool]) -> KernelOptions:
        """Return how the kernel uses the machine."""
        return KernelOptions(cancelled=cancelled)

    def _rows(self, run: Run[ConnectionT], plan: Relation, inputs: Mapping[str, Any]) -> pa.RecordBatchReader:
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
        self,
        run: Run[ConnectionT],
        plan: Relation,
        inputs: Mapping[str, Any],
        tables: dict[str, str],
        *,
        whole: bool,
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
            table = f"input_{leaf.name}_{next(self._numbers)}"
            schema = self.loaded_schema(leaf.output)
            if isinstance(data, StagedRows) and (
                run.connection.reads_staged or self._capabilities.offers("exchange.parquet")
            ):
                run.connection.load_staged(table, data, schema)
                tables[leaf.name] = table
                continue
            if not (isinstance(data, pa.Table) and data.schema.equals(schema_to_arrow(leaf.output))):
                reader = normalise_reader(data, leaf.output, where=f"the input {leaf.name!r}", at_source=True)
                data = reader.read_all() if isinstance(data, pa.Table) else reader
            try:
                run.connection.load(table, data, schema, once=whole and self.reads_once(plan, leaf.name))
            except run.connection.failures as error:
                raise run.failed(error, f"loading the input {leaf.name!r}") from error
            tables[leaf.name] = table

    def _query(self, run: Run[ConnectionT], plan: Relation, tables: Mapping[str, str]) -> pa.RecordBatchReader:
        """Start the query of an ordinary plan and return its rows, normalised, as they come."""
        connection = run.connection
        normaliser = SchemaNormaliser(plan.output, where=f"the result of {self._engine}")
        rows, query = self.start(run, plan, tables)

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

    def _written(
        self, run: Run[ConnectionT], rows: Relation, inputs: Mapping[str, Any], plan: Write
    ) -> pa.RecordBatchReader:
        """Write the rows of a plan to a sink, and return the one row that says so."""
        with self._rows(run, rows, inputs) as reader:
            try:
                written = run.connection.write(reader, plan.sink)
            except run.connection.failures as error:
                raise run.failed(error, f"writing {redacted(plan.sink.path)!r}") from error
        return self._report(plan, written)

    def _report(self, plan: Write, written: int) -> pa.RecordBatchReader:
        """Return the one row that says what was written."""
        report = pa.table({"path": [plan.sink.path], "rows": [written]}, schema=schema_to_arrow(plan.output))
        return report.to_reader()

    def _finished(self, run: Run[ConnectionT]) -> None:
        with self._lock:
            if run in self._runs:
                self._runs.remove(run)
        run.connection.close()
