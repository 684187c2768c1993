"""Rows on their way from one stage to another: in the columns that are read, kept where they are read twice.

They travel as streams. Rows that several stages read, or that a distributed engine reads, are kept: in memory as long
as they are few, and else as Parquet files in the scratch directory of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from onefold.contract import StagedRows
from onefold.errors import ExchangeError, SourceError, listed
from onefold.execution.interrupts import interruptibly
from onefold.execution.scratch import SCRATCH_VARIABLE, Scratch
from onefold.execution.sinks import write_files
from onefold.plan import AsOfJoin, Input, Limit, Project, Relation, Sort, TrailingAggregate, Window
from onefold.types import Schema, SchemaNormaliser, schema_to_arrow
from onefold.types.streams import started

__all__ = [
    "BATCH_ROWS",
    "KEPT_BYTES",
    "Rows",
    "as_reader",
    "bound_rows",
    "count_of",
    "few",
    "kept",
    "numbered",
    "read",
    "size_of",
]

Rows: TypeAlias = pa.Table | StagedRows | pa.RecordBatchReader
"""Rows between stages; the first two can be read several times."""

KEPT_BYTES = 128 * 1024 * 1024
"""Rows of up to this size stay in memory, or stream, where larger ones are staged as files."""

BATCH_ROWS = 65_536

STAGED_BYTES = 1 << 23
"""How many bytes go into one of the files between stages: nobody looks at these, and what is written waits in memory."""


def as_reader(rows: Any) -> pa.RecordBatchReader:
    """Return anything with ``__arrow_c_stream__`` as a stream of batches that are not too large."""
    if isinstance(rows, pa.RecordBatchReader):
        return rows
    if isinstance(rows, pa.Table):
        return rows.to_reader(max_chunksize=BATCH_ROWS)
    return rows.batches() if isinstance(rows, StagedRows) else pa.RecordBatchReader.from_stream(rows)


def bound_rows(data: Any, leaf: Input) -> pa.Table | pa.RecordBatchReader:
    """Return data from outside in exactly the columns and types that an input declares; tables stay tables.

    Raises:
        SourceError: If a column is missing, or (for streams: while reading) can not become the declared type.
    """
    names = leaf.output.names
    normaliser = SchemaNormaliser(leaf.output, where=f"the input {leaf.name!r}", at_source=True)
    reader = None if isinstance(data, pa.Table) else as_reader(data)
    for name in names:
        if name not in (known := (data if reader is None else reader).schema.names):
            raise SourceError(f"The input {leaf.name!r} has no column {name!r}. {listed(name, known, what='columns')}")
    if reader is None:
        batches_of = data.select(names).to_batches()
        return pa.Table.from_batches([normaliser(batch) for batch in batches_of], normaliser.schema)
    return _each(reader, normaliser.schema, lambda batch: normaliser(batch.select(names)))


def read(rows: Rows, columns: Schema) -> Rows:
    """Return some columns of the rows of a stage."""
    names = list(columns.names)
    if isinstance(rows, pa.Table):
        return rows if rows.column_names == names else rows.select(names)
    if isinstance(rows, StagedRows):
        return StagedRows(rows.path, columns, rows.rows, rows.number if rows.number in names else None)
    if rows.schema.names == names:
        return rows
    return _each(rows, schema_to_arrow(columns), lambda batch: batch.select(names))


def numbered(rows: pa.Table, name: str) -> pa.Table:
    """Return rows with their positions in one more column, the last one; nothing else is copied."""
    return rows.append_column(pa.field(name, pa.int64()), pa.array(np.arange(rows.num_rows)))


def size_of(rows: Rows) -> tuple[int, int]:
    """Return the number of rows and bytes that are known without reading."""
    if isinstance(rows, pa.Table):
        return rows.num_rows, rows.nbytes
    return (rows.rows or 0, rows.bytes) if isinstance(rows, StagedRows) else (0, 0)


def kept(
    rows: pa.RecordBatchReader, columns: Schema, scratch: Scratch, name: str, *, most: int | None = None
) -> pa.Table | StagedRows:
    """Return the rows of a stream in a form that can be read several times; the stream is read to its end.

    Args:
        rows: The rows.
        columns: Their columns.
        scratch: Where they are kept when they are many.
        name: The name of their directory there.
        most: How many bytes stay in memory; None: ``KEPT_BYTES``.

    Raises:
        ExchangeError: If they can not be written.
    """
    limit = KEPT_BYTES if most is None else most

    def keep() -> pa.Table | StagedRows:
        first: list[pa.RecordBatch] = []
        size = 0
        with rows:
            for batch in rows:
                first.append(batch)
                size += batch.nbytes
                if size > limit:
                    return _staged(rows, first, columns, scratch, name)
        return pa.Table.from_batches(first, rows.schema)

    return interruptibly(keep)


def count_of(plan: Relation, inputs: Mapping[str, int]) -> int | None:
    """Return how many rows a plan gives, or at most gives, where that follows from those of its inputs.

    Args:
        plan: The plan.
        inputs: The number of rows of those inputs for which it is known.
    """
    match plan:
        case Input():
            return inputs.get(plan.name)
        case TrailingAggregate() | AsOfJoin():
            return count_of(plan.spine, inputs)
        case Project() | Sort() | Window():
            return count_of(plan.input, inputs)
        case Limit():
            below = count_of(plan.input, inputs)
            return plan.count if below is None else min(plan.count, below)
    return None


def few(rows: int | None, columns: Schema) -> bool:
    """Return whether so many rows are known to be small enough for a stream out of a distributed engine."""
    return rows is not None and rows * 16 * len(columns) <= KEPT_BYTES


def _each(
    reader: pa.RecordBatchReader, schema: pa.Schema, change: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> pa.RecordBatchReader:
    def batches() -> Iterator[pa.RecordBatch | None]:
        with reader:
            yield None
            for batch in reader:
                yield change(batch)

    return pa.RecordBatchReader.from_batches(schema, started(batches()))


def _staged(
    rows: pa.RecordBatchReader, first: list[pa.RecordBatch], columns: Schema, scratch: Scratch, name: str
) -> StagedRows:
    directory = scratch.path(name)
    count = 0
    failure: BaseException | None = None

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal count, failure
        try:
            while first:
                count += first[0].num_rows
                yield first.pop(0)
            for batch in rows:
                count += batch.num_rows
                yield batch
        except BaseException as error:
            failure = error
            raise

    try:
        directory.mkdir()
        write_files(counted(), rows.schema, directory, bytes_per_file=STAGED_BYTES)
    except OSError as error:
        if failure is not None:
            raise
        raise ExchangeError(
            f"The rows between two stages can not be kept in {str(scratch.parent)!r}: {error}. Make room there, or choose "
            f"another directory with scratch=... or the environment variable {SCRATCH_VARIABLE}."
        ) from error
    return StagedRows(directory, columns, count)
