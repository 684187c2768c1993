"""Writing rows as a directory of Parquet files, so that a failure leaves nothing half-written."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import ConfigurationError
from onefold.plan import Sink
from onefold.session.moving import move_files, take_place

__all__ = ["write_parquet"]

_GROUP_ROWS = 1 << 18
_OPEN_FILES = 256


def write_parquet(reader: pa.RecordBatchReader, sink: Sink) -> int:
    """Write a stream into the directory of a sink, and return the number of rows.

    The files are written into a hidden directory beside the target and moved into place when all of them are there;
    on failure the target is as it was before.

    Args:
        reader: The rows; read to the end, some row groups of each open file in memory.
        sink: The directory, its mode, and the columns that become hive partitions.

    Raises:
        ConfigurationError: If the target exists and may not be changed, or all columns are partitions.
    """
    target = Path(sink.path)
    occupied = target.is_dir() and any(target.iterdir())
    if (target.exists() and not target.is_dir()) or (occupied and sink.mode == "error"):
        advice = "" if not target.is_dir() else ', or use the mode "overwrite" or "append"'
        raise ConfigurationError(f"{sink.path!r} exists already. Choose another path{advice}.")
    if set(sink.partition_by) >= set(reader.schema.names):
        raise ConfigurationError("All columns are partitions: at least one must be left to be written into the files.")
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.parent / f".{target.name}.{uuid.uuid4().hex[:12]}.partial"
    try:
        staging.mkdir()
        rows = _write(reader, staging, sink)
        if sink.mode == "append" and target.is_dir():
            move_files(staging, target)
        else:
            take_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return rows


def _write(reader: pa.RecordBatchReader, staging: Path, sink: Sink) -> int:
    import pyarrow.dataset as pads  # noqa: PLC0415 - it imports pandas, which opening a session need not

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
