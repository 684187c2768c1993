"""What stages read: results of other stages and bound data, each in the form that suits who reads it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from onefold.contract import Capabilities, StagedRows
from onefold.errors import OnefoldError, PlanError, SourceError, listed
from onefold.execution.assembling import DISTRIBUTED, ROW_NUMBERS
from onefold.execution.exchange import KEPT_BYTES, Rows, as_reader, bound_rows, count_of, few, kept, read, size_of
from onefold.execution.scratch import Scratch
from onefold.execution.stages import Stage
from onefold.execution.streams import Traffic, observed
from onefold.execution.tracing import Span
from onefold.plan import Input, Relation
from onefold.rewriting import parents_first

__all__ = ["Edge", "Edges"]


@dataclass(slots=True)
class Edge:
    """What one stage reads of another one, or of an input.

    Args:
        form: How the rows came: as they were made, from memory, or from Parquet files.
        traffic: What has passed.
    """

    form: Literal["stream", "memory", "parquet"]
    traffic: Traffic = field(default_factory=Traffic)


class Edges:
    """The rows that stages of one run have given and that others still have to read.

    Args:
        stages: The stages of the run.
        inputs: Arrow data for the plan's inputs, by name.
        counted: Where what each stage reads is counted, by what it reads and its number.
        scratch: Where many rows are kept.
        offered_by: Returns what an engine offers.
        on_open: Called with each generator of batches.
        on_failure: Called with what is raised while rows from outside are read.
    """

    def __init__(
        self,
        stages: tuple[Stage, ...],
        inputs: Mapping[str, Any],
        counted: dict[tuple[str, int], Edge],
        scratch: Scratch,
        offered_by: Callable[[str], Capabilities],
        *,
        on_open: Callable[[Iterator[pa.RecordBatch]], None],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._stages = stages
        self._inputs = inputs
        self._counted = counted
        self._scratch = scratch
        self._offered_by = offered_by
        self._on_open = on_open
        self._on_failure = on_failure
        self._rows: dict[str, Rows] = {}
        self._files: dict[str, StagedRows] = {}
        self._places = {stage.id: _places(stage.plan) for stage in stages}
        # An engine may read in several threads what a session gives that only one thread may use at once.
        self._turns = {stage.id: threading.Lock() for stage in stages}
        self._check_names()

    def clear(self) -> None:
        """Forget all rows: who reads a stream holds it."""
        self._rows.clear()
        self._files.clear()

    def put(self, stage: Stage, rows: Rows) -> None:
        """Take the rows that a stage gives; a stream that is read in several places is kept first."""
        readers = self._readers(stage.name)
        if _passes_once(rows) and self._needs_keeping(readers):
            rows = kept(rows, stage.output, self._scratch, stage.name)
        self._rows[stage.name] = rows

    def read(self, stage: Stage, leaf: Input, span: Span) -> Rows:
        """Return what a stage reads in the place of an input of its plan.

        Args:
            stage: The stage.
            leaf: The input.
            span: The span of the stage.

        Raises:
            PlanError: If no data is bound to the input.
            SourceError: If the data does not have the input's columns.
        """
        if leaf.name not in self._rows:
            self._rows[leaf.name] = self._bound(leaf)
        rows = read(self._rows[leaf.name], leaf.output)
        if self.distributed(stage) and isinstance(rows, pa.Table) and rows.nbytes > KEPT_BYTES:
            if leaf.name not in self._files:
                self._files[leaf.name] = self._in_files(leaf)
            rows = read(self._files[leaf.name], leaf.output)
        edge = Edge("memory" if isinstance(rows, pa.Table) else "parquet" if isinstance(rows, StagedRows) else "stream")
        self._counted[leaf.name, stage.id] = edge
        below = span.of_edge(leaf.name, stage, edge.form)
        if isinstance(rows, pa.Table) or self.distributed(stage) or self._places[stage.id][leaf.name] > 1:
            edge.traffic.add(*size_of(rows))
            below.end(edge.traffic)
            return rows
        return observed(
            as_reader(rows),
            edge.traffic,
            turn=self._turns[stage.id],
            on_open=self._on_open,
            on_close=lambda: below.end(edge.traffic),
        )

    def is_small(self, stage: Stage) -> bool:
        """Return whether the result of a stage is known to be small, from the rows that it reads."""
        counts = {name: size_of(rows)[0] for name, rows in self._rows.items() if not _passes_once(rows)}
        return few(count_of(stage.plan, counts), stage.output)

    def writes_files(self, stage: Stage) -> bool:
        """Return whether an engine writes its result into files, for others to read."""
        readers = [reader for reader, _ in self._readers(stage.name)]
        if not readers or not self.distributed(stage) or self.is_small(stage):
            return False
        return stage.number is None or all(
            self._offered_by(reader.engine).offers(ROW_NUMBERS) for reader in readers if self.distributed(reader)
        )

    def distributed(self, stage: Stage) -> bool:
        """Return whether the engine of a stage reads and writes staged rows by itself."""
        return stage.session is not None and self._offered_by(stage.engine).offers(DISTRIBUTED)

    def _readers(self, name: str) -> list[tuple[Stage, int]]:
        """Return the stages that read something, and in how many places of their plans."""
        return [(stage, self._places[stage.id][name]) for stage in self._stages if self._places[stage.id][name]]

    def _needs_keeping(self, readers: list[tuple[Stage, int]]) -> bool:
        return sum(places for _, places in readers) > 1 or any(self.distributed(reader) for reader, _ in readers)

    def _in_files(self, leaf: Input) -> StagedRows:
        """Return rows that are in memory as files, for distributed engines."""
        table = self._rows[leaf.name]
        columns = next((stage.output for stage in self._stages if stage.name == leaf.name), leaf.output)
        staged = kept(as_reader(table), columns, self._scratch, f"from_memory_{len(self._files)}", most=0)
        assert isinstance(staged, StagedRows)
        return staged

    def _bound(self, leaf: Input) -> Rows:
        if leaf.name not in self._inputs:
            raise PlanError(
                f"No data is bound to the input {leaf.name!r}. {listed(leaf.name, self._inputs, what='bound inputs')}"
            )
        data = bound_rows(self._inputs[leaf.name], leaf)
        if isinstance(data, pa.Table):
            return data

        def failed(error: BaseException) -> None:
            if isinstance(error, Exception) and not isinstance(error, OnefoldError):
                named = SourceError(f"Reading the input {leaf.name!r} failed: {type(error).__name__}: {error}")
                named.__cause__ = error
                error = named
            self._on_failure(error)

        stream = observed(data, Traffic(), on_open=self._on_open, on_failure=failed)
        if self._needs_keeping(self._readers(leaf.name)):
            return kept(stream, leaf.output, self._scratch, f"input_{len(self._rows)}")
        return stream

    def _check_names(self) -> None:
        leaves: dict[str, Input] = {}
        results = {stage.name for stage in self._stages}
        for stage in self._stages:
            for leaf in stage.plan.walk():
                if isinstance(leaf, Input) and leaf.name not in results and leaves.setdefault(leaf.name, leaf) != leaf:
                    raise PlanError(f"Two inputs of different columns are named {leaf.name!r}. Rename one of them.")


def _passes_once(rows: Rows) -> bool:
    return isinstance(rows, pa.RecordBatchReader)


def _places(plan: Relation) -> Counter[str]:
    """Return in how many places a plan reads each of its inputs, shared parts counted for each that shares them."""
    counts: Counter[str] = Counter()
    paths = {plan.fingerprint: 1}
    for relation in parents_first(plan):
        if isinstance(relation, Input):
            counts[relation.name] += paths[relation.fingerprint]
        for child in relation.inputs:
            paths[child.fingerprint] = paths.get(child.fingerprint, 0) + paths[relation.fingerprint]
    return counts
