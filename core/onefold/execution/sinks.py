"""Writing a stream to files so that a failure leaves nothing half-written."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import ConfigurationError, listed
from onefold.execution.interrupts import interruptibly
from onefold.plan import Sink, WriteMode
from onefold.session.moving import write_directory

__all__ = ["WriteResult", "write_files", "write_parquet"]

MAX_ROWS_PER_FILE = 4_000_000
MAX_ROWS_PER_GROUP = 262_144
BYTES_PER_FILE = 1 << 25
WRITERS = 2
"""How many files are written at once: each waits in memory as a whole, and the rows come from one stream."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What was written.

    Args:
        path: The directory.
        files: How many files it holds now that were written by this call.
        rows: How many rows were written.
        bytes: The size of those files.
    """

    path: Path
    files: int
    rows: int
    bytes: int


def write_parquet(
    read: Callable[[], pa.RecordBatchReader],
    schema: pa.Schema,
    path: str | Path,
    *,
    mode: WriteMode = "error",
    partition_by: Sequence[str] = (),
) -> WriteResult:
    """Write a stream as a directory of Parquet files.

    On failure or Ctrl-C the target is as it was before: see :func:`onefold.session.moving.write_directory`.

    Args:
        read: Starts what gives the rows, when it is clear that they may be written; they are closed on failure.
        schema: Their schema.
        path: The directory to write.
        mode: What becomes of what the directory holds: see :class:`onefold.plan.Sink`.
        partition_by: Columns that become hive partitions (``column=value`` directories).

    Raises:
        ConfigurationError: If the target exists and may not be changed, its files are partitioned in another way, a
            partition column does not exist, or there is no room.
        PlanError: If partitions are to be replaced, and there are none.
    """
    if mode not in get_args(WriteMode):
        raise ConfigurationError(
            f"The mode {mode!r} does not exist. {listed(str(mode), get_args(WriteMode), what='modes')}"
        )
    for name in partition_by:
        if name not in schema.names:
            raise ConfigurationError(
                f"There is no column {name!r} to partition by. {listed(name, schema.names, what='columns')}"
            )
    sink = Sink(format="parquet", path=str(path), mode=mode, partition_by=tuple(partition_by))
    try:
        result = write_directory(sink, schema, lambda staging: _write(read, staging, partition_by))
    except OSError as error:  # errors of the rows are onefold's own
        raise ConfigurationError(
            f"{str(path)!r} can not be written: {error}. Make room there, or choose another path."
        ) from error
    return WriteResult(Path(path), result.files, result.rows, result.bytes)


def _write(read: Callable[[], pa.RecordBatchReader], staging: Path, partition_by: Sequence[str]) -> WriteResult:
    with read() as reader:
        rows = _write_all(reader, staging, partition_by)
    files = [file for file in staging.rglob("*") if file.is_file()]
    return WriteResult(staging, len(files), rows, sum(file.stat().st_size for file in files))


def _write_all(reader: pa.RecordBatchReader, staging: Path, partition_by: Sequence[str]) -> int:
    rows = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal rows
        for batch in reader:
            rows += batch.num_rows
            yield batch

    staging.mkdir()
    if partition_by:
        interruptibly(lambda: _write_partitions(counted(), reader.schema, staging, partition_by))
    else:
        interruptibly(lambda: write_files(counted(), reader.schema, staging))
    return rows


def write_files(
    batches: Iterator[pa.RecordBatch], schema: pa.Schema, directory: Path, *, bytes_per_file: int = BYTES_PER_FILE
) -> None:
    """Write Parquet files of some megabytes each, several at once; of no rows, one empty file that holds the schema.

    Args:
        batches: The rows.
        schema: Their schema.
        directory: An empty directory; the rows are in the order of the files' names.
        bytes_per_file: How many bytes of Arrow data go into one file, about: as much waits in memory, some times over.
    """
    # The part of the name that differs from run to run is the same for all files of one: they may lie beside others.
    run = uuid.uuid4().hex[:12]
    files = (directory / f"part-{run}-{number:05}.parquet" for number in count())
    with ThreadPoolExecutor(WRITERS, thread_name_prefix="onefold-parquet") as pool:
        writing: deque[Future[None]] = deque()
        for part in _parts(batches, schema, bytes_per_file):
            if len(writing) == WRITERS:
                writing.popleft().result()
            writing.append(pool.submit(_write_file, part, next(files)))
        for future in writing:
            future.result()


def _parts(batches: Iterator[pa.RecordBatch], schema: pa.Schema, most: int) -> Iterator[pa.Table]:
    """Yield the rows of one file after another."""
    held: list[pa.RecordBatch] = []
    rows = size = given = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= MAX_ROWS_PER_FILE or size >= most:
            yield pa.Table.from_batches(held, schema)
            held, rows, size, given = [], 0, 0, given + 1
    if rows or not given:
        yield pa.Table.from_batches(held, schema)


def _write_file(rows: pa.Table, file: Path) -> None:
    pq.write_table(rows, file, row_group_size=MAX_ROWS_PER_GROUP, use_dictionary=_dictionaries(rows.schema))


def _write_partitions(
    batches: Iterator[pa.RecordBatch], schema: pa.Schema, staging: Path, partition_by: Sequence[str]
) -> None:
    import pyarrow.dataset as ds  # noqa: PLC0415 - it imports pandas where that is installed: slow, and not needed

    parquet = ds.ParquetFileFormat()
    ds.write_dataset(
        pa.RecordBatchReader.from_batches(schema, batches),
        staging,
        format=parquet,
        file_options=parquet.make_write_options(use_dictionary=_dictionaries(schema)),
        partitioning=ds.partitioning(pa.schema([schema.field(name) for name in partition_by]), flavor="hive"),
        max_rows_per_file=MAX_ROWS_PER_FILE,
        max_rows_per_group=MAX_ROWS_PER_GROUP,
        basename_template=f"part-{uuid.uuid4().hex[:12]}-{{i}}.parquet",
        existing_data_behavior="overwrite_or_ignore",
    )


def _dictionaries(schema: pa.Schema) -> list[str]:
    """Return the columns that repeat values: for computed numbers, looking for repetition costs more than it saves."""
    return [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)]
