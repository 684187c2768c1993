"""A session of the oracle: what the contract asks for, around the interpreter."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Self

import pyarrow as pa

from onefold.analysis import describe
from onefold.contract import ArrowStream, Capabilities
from onefold.errors import Cancelled, EngineError, PlanError, listed
from onefold.plan import Input, Relation, Sink, Table, Write
from onefold.types import Schema, normalise_reader
from onefold_conformance.oracle.files.reading import schema_of
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.values import to_table

__all__ = ["OracleSession"]

BATCH_ROWS = 1024


class OracleSession:
    """A session of the oracle; everything runs in ``execute``, and the rows are then handed out.

    Args:
        name: The name of the backend.
        oracle: The interpreter.
        capabilities: What the backend offers.
    """

    thread_safe = True

    def __init__(self, name: str, oracle: Oracle, capabilities: Capabilities) -> None:
        self._name = name
        self._oracle = oracle
        self._capabilities = capabilities
        self._runs: list[threading.Event] = []
        self._closed = False

    def execute(
        self, plan: Relation, inputs: Mapping[str, ArrowStream], *, sink: Sink | None = None
    ) -> pa.RecordBatchReader:
        """Run a plan and return its rows; see :class:`onefold.contract.Session`."""
        if self._closed:
            raise EngineError("the session is closed. Open another one.", engine=self._name)
        if sink is not None:
            plan = Write(input=plan, sink=sink)
        for missing in self._capabilities.missing(plan):
            self._capabilities.require(missing)
        if any(isinstance(relation, Write) for below in plan.inputs for relation in below.walk()):
            raise PlanError("Rows are written at the very end of a plan: nothing can read what Write returns.")
        cancelled = threading.Event()
        self._runs.append(cancelled)
        try:
            result = self._oracle.run(plan, _bound(plan, inputs), check=lambda: _check(cancelled))
            table = to_table(result.rows, plan.output)
        except ValueFailure as error:
            self._runs.remove(cancelled)
            raise EngineError(str(error), engine=self._name) from error
        except BaseException:
            self._runs.remove(cancelled)
            raise
        return self._handed_out(table, cancelled)

    def explain(self, plan: Relation) -> str:
        """Return the plan as a tree: it is all that the oracle runs."""
        return describe(plan)

    def schema_of(self, table: Table) -> Schema:
        """Return the portable schema that the files of a source have; see :class:`onefold.contract.Session`."""
        return schema_of(table)

    def cancel(self) -> None:
        """Stop what is running; it then raises ``Cancelled``."""
        for cancelled in list(self._runs):
            cancelled.set()

    def close(self) -> None:
        """Refuse to run anything more; idempotent."""
        self.cancel()
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _handed_out(self, table: pa.Table, cancelled: threading.Event) -> pa.RecordBatchReader:
        def batches() -> Iterator[pa.RecordBatch | None]:
            try:
                yield None
                for batch in table.to_batches(max_chunksize=BATCH_ROWS):
                    _check(cancelled)
                    yield batch
            finally:
                self._runs.remove(cancelled)

        stream = batches()
        next(stream)  # runs up to the first yield, so that letting go of the stream runs its finally
        return pa.RecordBatchReader.from_batches(table.schema, stream)


def _check(cancelled: threading.Event) -> None:
    if cancelled.is_set():
        raise Cancelled("The plan was stopped.")


def _bound(plan: Relation, inputs: Mapping[str, ArrowStream]) -> dict[str, pa.Table]:
    """Return the data of a plan's inputs in the schemas that they declare; streams are read once."""
    tables: dict[str, pa.Table] = {}
    for leaf in plan.walk():
        if isinstance(leaf, Input) and leaf.name not in tables:
            if leaf.name not in inputs:
                raise PlanError(
                    f"No data is bound to the input {leaf.name!r}. {listed(leaf.name, inputs, what='bound inputs')}"
                )
            data = inputs[leaf.name]
            reader = data.to_reader() if isinstance(data, pa.Table) else data
            tables[leaf.name] = normalise_reader(reader, leaf.output, where=f"the input {leaf.name!r}").read_all()
    return tables
