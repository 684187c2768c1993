"""Writing rows from the executors: to a directory of Parquet files, of which a failure leaves nothing, or to a table."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pyspark.sql import DataFrame, DataFrameWriter, Observation
from pyspark.sql import functions as sql

from onefold.errors import ConfigurationError
from onefold.plan import Sink
from onefold.session.moving import move_files, take_place
from onefold.types import STRING, Schema
from onefold_spark.failures import SINK_MARK
from onefold_spark.inputs import hadoop_path
from onefold_spark.names import quoted, text

__all__ = ["write_rows"]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_DYNAMIC = "spark.sql.sources.partitionOverwriteMode"


def write_rows(frame: DataFrame, columns: Schema, sink: Sink) -> int:
    """Write the rows of a frame, and return their number.

    A local directory is written as a hidden one beside it, which takes its place when everything is there. What lies
    at an address such as ``s3://...``, or in a table, is left to Spark's own way of committing.

    Args:
        frame: The rows.
        columns: Their columns.
        sink: Where they go.

    Raises:
        ConfigurationError: If the target exists and may not be changed, or all columns are partitions.
    """
    if set(sink.partition_by) >= set(columns.names):
        raise ConfigurationError("All columns are partitions: at least one must be left to be written into the files.")
    counted = Observation(f"onefold-{uuid.uuid4().hex}")
    frame = _with_partitions(frame, columns, sink).observe(counted, sql.count(sql.lit(1)).alias("rows"))
    writer = frame.write
    if sink.partition_by:
        writer = writer.partitionBy(*sink.partition_by)
    if sink.format == "table":
        _exists_not(sink, bool(frame.sparkSession.catalog.tableExists(sink.path)))
        writer.mode("errorifexists" if sink.mode == "error" else sink.mode).saveAsTable(sink.path)
    elif _ADDRESS.match(sink.path):
        writer.mode("errorifexists" if sink.mode == "error" else sink.mode).parquet(sink.path)
    else:
        dynamic = (frame.sparkSession.conf.get(_DYNAMIC, None) or "").lower() == "dynamic"
        _write_directory(writer, Path(sink.path).absolute(), sink, dynamic=dynamic)
    return int(counted.get.get("rows", 0))


def _exists_not(sink: Sink, occupied: bool) -> None:
    if occupied and sink.mode == "error":
        raise ConfigurationError(
            f"{sink.path!r} exists already. Choose another {'table' if sink.format == 'table' else 'path'}, or use the mode "
            '"overwrite" or "append".'
        )


def _with_partitions(frame: DataFrame, columns: Schema, sink: Sink) -> DataFrame:
    """Return a frame that fails on empty text in a partition: Spark would write null in its place."""
    checked = {}
    for name in sink.partition_by:
        if columns[name].dtype == STRING:
            told = text(
                f"{SINK_MARK}the partition column {name!r} holds an empty text, which no directory can be named."
            )
            checked[name] = sql.expr(f"CASE WHEN {quoted(name)} = '' THEN raise_error({told}) ELSE {quoted(name)} END")
    if not checked:
        return frame
    items = [checked[name].alias(name) if name in checked else sql.col(quoted(name)) for name in columns.names]
    return frame.select(*items)


def _write_directory(writer: DataFrameWriter, target: Path, sink: Sink, *, dynamic: bool) -> None:
    occupied = target.is_dir() and any(target.iterdir())
    if target.exists() and not target.is_dir():
        raise ConfigurationError(f"{sink.path!r} exists already, and is no directory. Choose another path.")
    _exists_not(sink, occupied)
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.parent / f".{target.name}.{uuid.uuid4().hex[:12]}.partial"
    try:
        writer.mode("errorifexists").option("compression", "zstd").parquet(hadoop_path(staging))
        for file in [path for path in staging.rglob("*") if path.name[0] in "_." and path.is_file()]:
            file.unlink()  # Spark's own notes about the files beside them
        if sink.mode == "append" and target.is_dir():
            move_files(staging, target)
        elif sink.mode == "overwrite" and dynamic and sink.partition_by and target.is_dir():
            _replace_partitions(staging, target, len(sink.partition_by))
        else:
            take_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _replace_partitions(staging: Path, target: Path, depth: int) -> None:
    """Move finished partitions to the places of those of the same names, and leave all others; all of them or none."""
    old = staging.with_suffix(".old")
    undo: list[Callable[[], object]] = []
    try:
        for partition in sorted(staging.glob("/".join(["*=*"] * depth))):
            name = partition.relative_to(staging)
            place, kept = target / name, old / name
            if place.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                place.rename(kept)
                undo.append(partial(kept.rename, place))
            place.parent.mkdir(parents=True, exist_ok=True)
            partition.rename(place)
            undo.append(partial(shutil.rmtree, place))
    except BaseException:
        for step in reversed(undo):
            step()
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
