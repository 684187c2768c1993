"""Trailing aggregates and as-of joins over a spine: from a plan to a stream of features in the spine's order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from itertools import chain, islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.errors import SourceError
from onefold.kernel.arranging import arranged
from onefold.kernel.asof import look_up
from onefold.kernel.buffers import numbers_of, valid_of
from onefold.kernel.chunk import Chunk, DuplicateEvent
from onefold.kernel.chunks import Chunker, SortedSpine
from onefold.kernel.events import EventStream, TemporalNode, event_stream, fused
from onefold.kernel.keys import SpineKeys, key_codes
from onefold.kernel.options import KernelOptions
from onefold.kernel.results import Results
from onefold.kernel.scratch import Scratch
from onefold.kernel.segment import Int64Array
from onefold.kernel.spine import StoredSpine
from onefold.kernel.trailing import evaluate, pieces
from onefold.plan import Relation
from onefold.types import SchemaNormaliser, normalise_reader, schema_to_arrow, to_arrow

__all__ = ["Execute", "run_chain"]

Execute = Callable[[Relation, Mapping[str, pa.Table]], pa.RecordBatchReader]
"""Runs an ordinary plan on an engine, with tables bound to some of its inputs, and streams the result."""

_MEASURED = 1 << 22
"""How many events of a chunk times measures there are at most, in chunks of more than the fewest events."""

_FEWEST = 1 << 15
"""How many events a chunk may have, however many measures there are."""


def run_chain(
    nodes: Sequence[TemporalNode],
    spine: pa.RecordBatchReader,
    execute: Execute,
    *,
    options: KernelOptions | None = None,
    in_order: bool = False,
) -> pa.RecordBatchReader:
    """Return the rows of a chain of temporal nodes, lazily.

    Args:
        nodes: Trailing aggregates and as-of joins, each the spine of the next, innermost first.
        spine: The rows of the innermost node's spine.
        execute: Runs the plans that give the events, one after another.
        options: How the machine is used; nothing in it changes a result.
        in_order: Whether the rows that ``execute`` gives are sorted by the key's code, time and sequence.

    Returns:
        The spine's columns and all features, in the spine's order, in the output schema of the last node. Reading it
        to its end, or letting go of it, frees everything, files included.

    Raises:
        EngineError: While reading: a sum does not fit its type.
        SourceError: While reading: (key, time) is not unique although declared.
        Cancelled: While reading: the run was stopped.
    """
    options = options or KernelOptions()
    schema = schema_to_arrow(nodes[-1].output)
    return pa.RecordBatchReader.from_batches(schema, _run(nodes, spine, execute, options, in_order=in_order))


def _run(
    nodes: Sequence[TemporalNode],
    source: pa.RecordBatchReader,
    execute: Execute,
    options: KernelOptions,
    *,
    in_order: bool,
) -> Iterator[pa.RecordBatch]:
    base = nodes[0].spine.output
    normaliser = SchemaNormaliser(nodes[-1].output, where="the features computed by the kernel")
    with Scratch(options.spill_directory) as scratch:
        with normalise_reader(source, base, where="the spine") as batches:
            spine = StoredSpine(batches, schema_to_arrow(base), options, scratch)
        results = Results(spine.rows, options, scratch)
        for group in fused(nodes):
            _Group(group, spine, results, execute, options).run(scratch, in_order=in_order)
        start = 0
        for batch in spine:
            options.check()
            stop = start + batch.num_rows
            columns = {**dict(zip(base.names, batch.columns, strict=True)), **results.read(start, stop)}
            yield normaliser(pa.record_batch(list(columns.values()), names=list(columns)))
            start = stop


class _Group:
    """The computation of nodes that share one stream of events."""

    def __init__(
        self,
        nodes: Sequence[TemporalNode],
        spine: StoredSpine,
        results: Results,
        execute: Execute,
        options: KernelOptions,
    ) -> None:
        self._node = nodes[0]
        self._execute = execute
        self._options = options
        self._key_columns = [_column(name, spine, results) for name in self._node.spine_keys]
        self._keys: SpineKeys = key_codes(self._key_columns)
        self._times, self._known = _instants(_column(self._node.spine_time, spine, results))
        known = self._known & (self._keys.codes >= 0)
        self._unmatched = np.flatnonzero(~known)
        matched = self._times[known] if len(self._unmatched) else self._times
        self._span = (int(matched.min()), int(matched.max())) if len(matched) else None
        self._stream: EventStream = event_stream(nodes, self._span)
        fields = []
        for node in nodes:
            added = set(node.output.names) - set(node.spine.output.names)
            fields += [pa.field(field.name, to_arrow(field.dtype)) for field in node.output if field.name in added]
        self._stores = results.add(fields)

    def run(self, scratch: Scratch, *, in_order: bool) -> None:
        """Compute everything and give it to the stores."""
        stream = self._stream
        none, same = np.zeros(0, np.int64), np.zeros(len(self._unmatched), np.int64)
        columns = {field.name: pa.array([], field.type) for field in schema_to_arrow(stream.plan.output)}
        self._compute(Chunk(none, none, columns, stream.sequence, same, same, self._unmatched))
        if self._span is None:
            return
        with ThreadPoolExecutor(self._options.threads, thread_name_prefix="onefold-kernel") as pool:
            # The spine is sorted while the engine reads the events; where it is short, waiting for a thread takes longer.
            few = len(self._times) <= self._options.chunk_rows
            later = None if few else pool.submit(self._sorted_spine)
            with self._execute(stream.plan, {stream.keys_input: self._key_table()}) as reader:
                spine = self._sorted_spine() if later is None else later.result()
                chunker = Chunker(stream.sequence, spine, self._chunk_rows, stream)
                self._in_threads(pool, chunker.chunks(self._events(reader, scratch, pool, in_order=in_order)))

    @property
    def _chunk_rows(self) -> int:
        """How many events a chunk has, about: fewer where many measures wait side by side for the chunk to be done."""
        return min(self._options.chunk_rows, max(_FEWEST, _MEASURED // max(1, len(self._stream.requests))))

    def _sorted_spine(self) -> SortedSpine:
        return SortedSpine.of(self._keys.codes, self._times, self._known)

    def _events(
        self, reader: pa.RecordBatchReader, scratch: Scratch, pool: Executor, *, in_order: bool
    ) -> Iterator[tuple[pa.RecordBatch, bool]]:
        """Yield the events in order, and with each batch whether its last key is complete."""
        schema = schema_to_arrow(self._stream.plan.output)
        if not reader.schema.equals(schema):
            reader = normalise_reader(reader, self._stream.plan.output, where="the events")
        batches = chain([pa.RecordBatch.from_pylist([], schema)], reader)
        if in_order:
            yield from ((batch, False) for batch in batches)
        else:
            yield from arranged(
                batches, self._stream.sequence, len(self._keys.first), self._options, scratch, pool=pool
            )

    def _in_threads(self, pool: ThreadPoolExecutor, work: Iterator[Chunk]) -> None:
        """Compute chunks on several threads, with few of them in memory at once; a single one right here."""
        most = self._options.threads + 1
        running: set[Future[None]] = set()
        try:
            first = list(islice(work, 2))
            if len(first) < 2:
                for chunk in first:
                    self._compute(chunk)
                return
            work = chain(first, work)
            del first
            for chunk in work:
                self._options.check()
                running.add(pool.submit(self._compute, chunk))
                while len(running) >= most:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
            for future in running:
                future.result()
        except DuplicateEvent as error:
            raise self._not_unique(error) from None
        finally:
            for future in running:
                future.cancel()

    def _compute(self, chunk: Chunk) -> None:
        if self._stream.unique:
            chunk.check_unique()
        for part in pieces(chunk, self._stream.requests):
            self._options.check()
            columns = evaluate(part, self._stream.requests)
            for lookup in self._stream.lookups:
                columns.update(look_up(part, lookup))
            for store in self._stores:
                store.write(part.spine_rows, columns)

    def _key_values(self) -> list[pa.ChunkedArray]:
        first = pa.array(self._keys.first)
        return [column.take(first) for column in self._key_columns]

    def _key_table(self) -> pa.Table:
        codes = pa.array(np.arange(len(self._keys.first), dtype=np.int64))
        return pa.table([*self._key_values(), codes], names=[*self._stream.key_names, self._stream.code_name])

    def _not_unique(self, error: DuplicateEvent) -> SourceError:
        row = int(self._keys.first[error.code])
        key = ", ".join(
            f"{name} = {column[row].as_py()!r}"
            for name, column in zip(self._node.event_keys, self._key_columns, strict=True)
        )
        time = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=error.time)
        return SourceError(
            f"The events are declared unique by key and {self._node.order.time!r}, but two events with {key} have the "
            f"time {time.isoformat()}. Correct the data, declare sequence columns that order such events, or declare "
            "the source not unique."
        )


def _column(name: str, spine: StoredSpine, results: Results) -> pa.ChunkedArray:
    return results.column(name) if name in results else spine.column(name)


def _instants(column: pa.ChunkedArray) -> tuple[Int64Array, npt.NDArray[np.bool_]]:
    """Return instants in microseconds, and which are known."""
    whole = column.combine_chunks()
    valid = valid_of(whole)
    return numbers_of(whole), np.ones(len(whole), np.bool_) if valid is None else valid
