"""Writing a stream to files so that a failure leaves nothing half-written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
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
    reader: pa.RecordBatchReader,
    path: str | Path,
    *,
    mode: WriteMode = "error",
    partition_by: Sequence[str] = (),
) -> WriteResult:
    """Write a stream as a directory of Parquet files.

    On failure or Ctrl-C the target is as it was before: see :func:`onefold.session.moving.write_directory`.

    Args:
        reader: The rows; read to the end, or closed on failure.
        path: The directory to write.
        mode: What becomes of what the directory holds: see :class:`onefold.plan.Sink`.
        partition_by: Columns that become hive partitions (``column=value`` directories).

    Raises:
        ConfigurationError: If the target exists and may not be changed, its files are partitioned in another way, a
            partition column does not exist, or there is no room.
        PlanError: If partitions are to be replaced, and there are none.
    """
    with reader:
        if mode not in get_args(WriteMode):
            raise ConfigurationError(
                f"The mode {mode!r} does not exist. {listed(str(mode), get_args(WriteMode), what='modes')}"
            )
        for name in partition_by:
            if name not in reader.schema.names:
                raise ConfigurationError(
                    f"There is no column {name!r} to partition by. {listed(name, reader.schema.names, what='columns')}"
                )
        sink = Sink(format="parquet", path=str(path), mode=mode, partition_by=tuple(partition_by))
        try:
            result = write_directory(sink, reader.schema, lambda staging: _write(reader, staging, partition_by))
        except OSError as error:  # errors of the rows are onefold's own
            raise ConfigurationError(
                f"{str(path)!r} can not be written: {error}. Make room there, or choose another path."
            ) from error
    return WriteResult(Path(path), result.files, result.rows, result.bytes)


def _write(reader: pa.RecordBatchReader, staging: Path, partition_by: Sequence[str]) -> WriteResult:
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
    files = [file for file in staging.rglob("*") if file.is_file()]
    return WriteResult(staging, len(files), rows, sum(file.stat().st_size for file in files))


def write_files(batches: Iterator[pa.RecordBatch], schema: pa.Schema, directory: Path) -> None:
    """Write Parquet files of at most MAX_ROWS_PER_FILE rows; of no rows, one empty file that holds the schema.

    Args:
        batches: The rows.
        schema: Their schema.
        directory: An empty directory; the rows are in the order of the files' names.
    """
    # The part of the name that differs from run to run is the same for all files of one: they may lie beside others.
    run = uuid.uuid4().hex[:12]
    files = (directory / f"part-{run}-{number:05}.parquet" for number in count())
    writer = pq.ParquetWriter(next(files), schema, use_dictionary=_dictionaries(schema))
    try:
        waiting: list[pa.RecordBatch] = []
        held = written = 0
        for batch in batches:
            waiting.append(batch)
            held += batch.num_rows
            if held >= MAX_ROWS_PER_GROUP:
                if written >= MAX_ROWS_PER_FILE:
                    writer.close()
                    writer = pq.ParquetWriter(next(files), schema, use_dictionary=_dictionaries(schema))
                    written = 0
                writer.write_table(pa.Table.from_batches(waiting), row_group_size=held)
                written += held
                waiting, held = [], 0
        if held:
            writer.write_table(pa.Table.from_batches(waiting), row_group_size=held)
    finally:
        writer.close()


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
