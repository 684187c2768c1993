"""Writing rows as a directory of Parquet files, so that a failure leaves nothing half-written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.plan import Sink
from onefold.session.moving import write_directory

__all__ = ["write_parquet"]

_GROUP_ROWS = 1 << 18
_OPEN_FILES = 256


def write_parquet(reader: pa.RecordBatchReader, sink: Sink) -> int:
    """Write a stream into the directory of a sink, and return the number of rows.

    On failure the target is as it was before: see :func:`onefold.session.moving.write_directory`.

    Args:
        reader: The rows; read to the end, some row groups of each open file in memory.
        sink: The directory, its mode, and the columns that become hive partitions.

    Raises:
        ConfigurationError: If the target exists and may not be changed, its files are partitioned in another way, or
            all columns are partitions.
    """
    return write_directory(sink, reader.schema, lambda staging: _write(reader, staging, sink))


def _write(reader: pa.RecordBatchReader, staging: Path, sink: Sink) -> int:
    import pyarrow.dataset as pads  # noqa: PLC0415 - it imports pandas, which opening a session need not

    staging.mkdir()
    count = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal count
        for batch in reader:
            count += len(batch)
            yield batch

    name = f"part-{uuid.uuid4().hex}"
    parquet = pads.ParquetFileFormat()
    fields = [reader.schema.field(name) for name in sink.partition_by]
    pads.write_dataset(
        counted(),
        staging,
        schema=reader.schema,
        format=parquet,
        basename_template=f"{name}-{{i}}.parquet",
        partitioning=pads.partitioning(pa.schema(fields), flavor="hive") if fields else None,
        file_options=parquet.make_write_options(compression="zstd"),
        max_partitions=1 << 30,
        max_open_files=_OPEN_FILES,
        max_rows_per_group=_GROUP_ROWS,
        max_rows_per_file=0,
    )
    if not count and not fields:  # a file with the columns, and no rows
        pq.write_table(reader.schema.empty_table(), staging / f"{name}.parquet")
    return count
