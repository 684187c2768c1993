"""One run of a job: what is open while it lasts, and how it ends."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import numpy as np
import pyarrow as pa

from onefold.contract import Capabilities, StagedRows
from onefold.errors import EngineError, ExchangeError, OnefoldError, SourceError
from onefold.execution.assembly import side_by_side
from onefold.execution.edges import Edge, Edges
from onefold.execution.exchange import Rows, as_reader, numbered, size_of
from onefold.execution.interrupts import interruptible, interruptibly
from onefold.execution.progress import Reporter
from onefold.execution.scratch import Scratch
from onefold.execution.sessions import cancel_all, occupy, session_for
from onefold.execution.stages import ARROW, PYTHON, Stage
from onefold.execution.streams import Traffic, observed
from onefold.execution.tracing import Span
from onefold.plan import Input, MapBatches, Sink, Write
from onefold.transforms import run_transform
from onefold.types import SchemaNormaliser, schema_to_arrow

__all__ = ["Running"]


class Running:
    """What one run of a job holds until its result is read, fails, or is let go of.

    Args:
        stages: The stages.
        inputs: Arrow data for the plan's inputs, by name.
        traffic: Where what each stage gives is counted.
        edges: Where what each stage reads is counted.
        scratch: Where scratch files are made.
        offered_by: Returns what an engine offers.
        on_batch: Called after each batch of the result.
    """

    def __init__(
        self,
        stages: tuple[Stage, ...],
        inputs: Mapping[str, Any],
        traffic: dict[int, Traffic],
        edges: dict[tuple[str, int], Edge],
        *,
        scratch: str | Path | None,
        offered_by: Callable[[str], Capabilities],
        on_batch: Callable[[Traffic], None] | None,
    ) -> None:
        self._stages = stages
        self._traffic = traffic
        for stage in stages:
            traffic[stage.id] = Traffic()
        self._on_batch = on_batch
        self._scratch = Scratch(scratch)
        self._failures: list[BaseException] = []
        self._open: list[weakref.ref[Any]] = []
        self._span = Span.of_run(stages)
        self._at_end: list[Callable[[], None]] = [self._scratch.remove]
        self._edges = Edges(
            stages, inputs, edges, self._scratch, offered_by, on_open=self._opened, on_failure=self._failures.append
        )

    def start(self) -> pa.RecordBatchReader:
        """Return the result as a stream; see :meth:`onefold.execution.Job.start`."""
        last = self._stages[-1]
        try:
            sessions = {
                stage.session: session_for(stage.engine, stage.options)
                for stage in self._stages
                if stage.session is not None
            }
            self._at_end.append(occupy(sessions))
            if self._on_batch is not None:
                reporter = Reporter(sessions.values(), self._traffic[last.id], self._on_batch)
                self._at_end.append(reporter.stop)
                counted = _uncounted if isinstance(last.plan, Write) else self._on_batch
                self._on_batch = reporter.until_then(counted)
            for stage in self._stages[:-1]:
                self._edges.put(stage, self._started(stage))
            return as_reader(self._started(last))
        except BaseException as error:
            self._close()
            self._end(error)
            self._explain_failure(error)
            raise
        finally:
            self._edges.clear()

    def _started(self, stage: Stage) -> Rows:
        """Return the rows of a stage; streams are counted, checked and cleaned up behind."""
        traffic = self._traffic[stage.id]
        span = self._span.of_stage(stage)
        began = perf_counter()
        try:
            rows = self._rows(stage, span)
        except BaseException as error:
            traffic.failure = self._failed(stage, error)
            span.end(traffic)
            if traffic.failure is not error:
                raise traffic.failure from error
            raise
        finally:
            traffic.seconds += perf_counter() - began
        if not isinstance(rows, pa.RecordBatchReader):
            traffic.add(*size_of(rows))
            traffic.done = True
            span.end(traffic)
            return rows
        return self._watched(stage, rows, span)

    def _watched(self, stage: Stage, rows: pa.RecordBatchReader, span: Span) -> pa.RecordBatchReader:
        """Return the stream of a stage in its declared schema, counted, and closed whatever happens."""
        last = stage is self._stages[-1]
        traffic = self._traffic[stage.id]
        change = _Checked(stage)
        if last:
            rows = interruptible(rows)

        def failed(error: BaseException) -> None:
            traffic.failure = self._failed(stage, error)
            if last:
                self._explain_failure(traffic.failure)
            if traffic.failure is not error:
                raise traffic.failure from error

        def closed() -> None:
            span.end(traffic)
            if last:
                if traffic.failure is not None:
                    self._close()
                self._end(traffic.failure)

        return observed(
            rows,
            traffic,
            schema=change.schema,
            change=change,
            on_open=self._opened,
            on_batch=self._on_batch if last else None,
            on_failure=failed,
            on_close=closed,
        )

    def _rows(self, stage: Stage, span: Span) -> Rows:
        """Return the rows of a stage as whatever runs it gives them."""
        leaves = {leaf.name: leaf for leaf in stage.plan.walk() if isinstance(leaf, Input)}
        if stage.engine == ARROW:
            if isinstance(stage.plan, Input):
                rows = self._edges.read(stage, stage.plan, span)
                return numbered(rows, stage.number) if isinstance(rows, pa.Table) and stage.number else rows
            return self._side_by_side(stage, list(leaves.values()), span)
        if stage.engine == PYTHON:
            assert isinstance(stage.plan, MapBatches)
            assert isinstance(stage.plan.input, Input)
            return run_transform(stage.plan, as_reader(self._edges.read(stage, stage.plan.input, span)))
        inputs = {name: self._edges.read(stage, leaf, span) for name, leaf in leaves.items()}
        session = session_for(stage.engine, stage.options)
        if not self._edges.writes_files(stage):
            return interruptibly(lambda: session.execute(stage.plan, inputs))
        path = self._scratch.path(stage.name)
        sink = Sink(format="parquet", path=str(path))
        report = interruptibly(lambda: session.execute(stage.plan, inputs, sink=sink).read_all())
        return StagedRows(path, stage.output, report["rows"][0].as_py(), stage.number)

    def _side_by_side(self, stage: Stage, leaves: list[Input], span: Span) -> pa.RecordBatchReader:
        """Return the rows of a spine with the features of the stages that have computed them."""
        stages = {one.name: one for one in self._stages}
        leaves.sort(key=lambda leaf: stages[leaf.name].id)  # the spine comes first: the others read it
        number = stages[leaves[0].name].number
        assert number is not None
        streams = {
            f"stage {stages[leaf.name].id} on {stages[leaf.name].engine}": as_reader(
                self._edges.read(stage, leaf, span)
            )
            for leaf in leaves
        }
        return side_by_side(streams, number, schema_to_arrow(stage.plan.output))

    def _opened(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._open.append(weakref.ref(batches))

    def _failed(self, stage: Stage, error: BaseException) -> BaseException:
        """Note a failure of a stage, and return the error that says which stage it was."""
        if isinstance(error, Exception) and not isinstance(error, OnefoldError):
            named = EngineError(f"{type(error).__name__}: {error}", engine=stage.engine)
            named.__cause__ = error
            error = named
        if isinstance(error, EngineError) and error.stage is None and len(self._stages) > 1:
            error.stage = stage.id
        self._failures.append(error)
        return error

    def _explain_failure(self, error: BaseException) -> None:
        """Raise what failed first, when an engine that read it reports no more than its text."""
        first = self._failures[0] if self._failures else error
        if isinstance(error, KeyboardInterrupt) or isinstance(first, KeyboardInterrupt):
            cancel_all()
        if isinstance(error, EngineError | ExchangeError | SourceError) and first is not error:
            raise first from first.__cause__

    def _close(self) -> None:
        """Close all streams, those as well that the traceback of an error refers to."""
        for reference in reversed(self._open):
            batches = cast("Generator[pa.RecordBatch, None, None] | None", reference())
            if batches is not None:
                with contextlib.suppress(ValueError):  # another thread is just running it, and closes it when it fails
                    batches.close()

    def _end(self, error: BaseException | None) -> None:
        """Give back what the run holds; idempotent."""
        while self._at_end:
            self._at_end.pop()()
        self._span.end(self._traffic[self._stages[-1].id], self._failures[0] if self._failures else error)


def _uncounted(traffic: Traffic) -> None:
    """Report nothing: what comes back from writing is one row about the rows."""


class _Checked:
    """Brings batches into the declared schema of a stage, and numbers their rows where the stage does."""

    def __init__(self, stage: Stage) -> None:
        metadata = {"onefold.plan": stage.fingerprint}
        self.schema = schema_to_arrow(stage.output).with_metadata(metadata)
        self._plain = schema_to_arrow(stage.plan.output)
        self._normaliser = SchemaNormaliser(
            stage.plan.output, where=f"the result of stage {stage.id} on {stage.engine}"
        )
        self._number = stage.number
        self._passed = 0

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if not batch.schema.equals(self._plain):  # engines return the declared schema: this is for those that do not
            batch = self._normaliser(batch)
        columns = batch.columns
        if self._number is not None:
            first, self._passed = self._passed, self._passed + batch.num_rows
            columns.append(pa.array(np.arange(first, self._passed)))
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)
