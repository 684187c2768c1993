"""Writing rows as a directory of Parquet files, so that a failure leaves nothing half-written."""

from __future__ import annotations

import uuid
from pathlib import Path

import duckdb
import pyarrow as pa

from onefold.plan import Sink
from onefold.session.moving import write_directory
from onefold_rift.readers import identifier, literal

__all__ = ["write_parquet"]


def write_parquet(cursor: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader, sink: Sink) -> int:
    """Write a stream into the directory of a sink, and return the number of rows.

    On failure the target is as it was before: see :func:`onefold.session.moving.write_directory`.

    Args:
        cursor: Where DuckDB runs.
        reader: The rows; read to the end.
        sink: The directory, its mode, and the columns that become hive partitions.

    Raises:
        ConfigurationError: If the target exists and may not be changed, its files are partitioned in another way, or
            all columns are partitions.
    """
    return write_directory(sink, reader.schema, lambda staging: _copy(cursor, reader, staging, sink))


def _copy(cursor: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader, staging: Path, sink: Sink) -> int:
    staging.mkdir()
    place = str(staging / f"part-{uuid.uuid4().hex}.parquet")
    options = ["FORMAT parquet", "COMPRESSION zstd"]
    if sink.partition_by:
        place = str(staging)
        options += [
            f"PARTITION_BY ({', '.join(identifier(name) for name in sink.partition_by)})",
            "FILENAME_PATTERN 'part-{uuid}'",
            "OVERWRITE_OR_IGNORE",  # the directory is there, and empty
        ]
    cursor.register("written_rows", reader)
    try:
        ((rows,),) = cursor.execute(
            f"COPY (SELECT * FROM written_rows) TO {literal(place)} ({', '.join(options)})"
        ).fetchall()
    finally:
        cursor.unregister("written_rows")
    return int(rows)
