"""Writing rows as a directory of Parquet files, so that a failure leaves nothing half-written."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import duckdb
import pyarrow as pa

from onefold.errors import ConfigurationError
from onefold.plan import Sink
from onefold.session.moving import move_files, take_place
from onefold_rift.readers import identifier, literal

__all__ = ["write_parquet"]


def write_parquet(cursor: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader, sink: Sink) -> int:
    """Write a stream into the directory of a sink, and return the number of rows.

    The files are written into a hidden directory beside the target and moved into place when all of them are there;
    on failure the target is as it was before.

    Args:
        cursor: Where DuckDB runs.
        reader: The rows; read to the end.
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
        rows = _copy(cursor, reader, staging, sink)
        if sink.mode == "append" and target.is_dir():
            move_files(staging, target)
        else:
            take_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return rows


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
