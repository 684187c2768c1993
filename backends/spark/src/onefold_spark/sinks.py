"""Writing rows from the executors: to a directory of Parquet files, to a table, or to a Delta table."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, DataFrameWriter
from pyspark.sql.classic.dataframe import DataFrame as ClassicDataFrame

from onefold.errors import ConfigurationError, EngineError, listed
from onefold.plan import Sink
from onefold.session.moving import modes, write_directory
from onefold.types import STRING, Schema, schema_to_arrow
from onefold_spark.delta import write_delta
from onefold_spark.dialect import ENGINE
from onefold_spark.failures import FAILURES, SINK_MARK, translated
from onefold_spark.inputs import hadoop_path
from onefold_spark.names import quoted, text

__all__ = ["write_rows"]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_FILES = ("parquet", "orc", "csv", "json", "text", "avro", "hive")
"""The formats of tables that Spark's own catalog keeps as directories of files, by Spark's own rules."""


def write_rows(frame: DataFrame, columns: Schema, sink: Sink) -> int:
    """Write the rows of a frame, and return their number.

    A failure leaves what was there, with one exception: what is overwritten at an address such as ``s3://...`` is
    removed by Spark before the rows are computed. How that is done depends on where they go:

    - a local directory: see :func:`onefold.session.moving.write_directory`;
    - an address, or partitions of a table: Spark moves files to their places when all of them are written, one partition
      after another;
    - a table that is overwritten: the new one is written under another name, and gets this one when it is complete;
    - a Delta table, or one of another catalog: as Delta and that catalog do it.

    Args:
        frame: The rows.
        columns: Their columns.
        sink: Where they go.

    Raises:
        ConfigurationError: If the target exists and may not be changed, it is partitioned in another way, or all columns
            are partitions.
    """
    if set(sink.partition_by) >= set(columns.names):
        raise ConfigurationError("All columns are partitions: at least one must be left to be written into the files.")
    frame, count = _counted(_with_partitions(frame, columns, sink))
    match sink.format:
        case "table":
            _write_table(frame, sink)
        case "delta":
            write_delta(frame, sink)
        case "parquet" if _ADDRESS.match(sink.path):
            _write_address(_writer(frame, sink), sink)
        case "parquet":
            write_directory(sink, schema_to_arrow(columns), lambda staging: _write_files(_writer(frame, sink), staging))
    return count()


def _counted(frame: DataFrame) -> tuple[DataFrame, Callable[[], int]]:
    """Return a frame whose rows are counted while they are written, and what returns their number then."""
    functions: Any
    observation: Any
    # PySpark has a class for frames on Spark Connect, and others for all that goes with them.
    if isinstance(frame, ClassicDataFrame):
        from pyspark.sql import functions  # noqa: PLC0415
        from pyspark.sql.observation import Observation as observation  # noqa: N813, PLC0415
    else:
        from pyspark.sql.connect import functions  # noqa: PLC0415
        from pyspark.sql.connect.observation import Observation as observation  # noqa: N813, PLC0415
    counted = observation(f"onefold-{uuid.uuid4().hex}")
    frame = frame.observe(counted, functions.count(functions.lit(1)).alias("rows"))
    return frame, lambda: int(counted.get.get("rows", 0))


def _with_partitions(frame: DataFrame, columns: Schema, sink: Sink) -> DataFrame:
    """Return a frame that fails on empty text in a partition: Spark would write null in its place."""
    checked = {}
    for name in sink.partition_by:
        if columns[name].dtype == STRING:
            told = text(
                f"{SINK_MARK}the partition column {name!r} holds an empty text, which no directory can be named."
            )
            value = f"CASE WHEN {quoted(name)} = '' THEN raise_error({told}) ELSE {quoted(name)} END"
            checked[name] = f"{value} AS {quoted(name)}"
    if not checked:
        return frame
    return frame.selectExpr(*(checked.get(name, quoted(name)) for name in columns.names))


def _writer(frame: DataFrame, sink: Sink) -> DataFrameWriter:
    return frame.write.partitionBy(*sink.partition_by) if sink.partition_by else frame.write


def _write_files(writer: DataFrameWriter, staging: Path) -> None:
    writer.mode("error").option("compression", "zstd").parquet(hadoop_path(staging))
    for file in [path for path in staging.rglob("*") if path.name[0] in "_." and path.is_file()]:
        file.unlink()  # Spark's own notes about the files beside them


def _write_address(writer: DataFrameWriter, sink: Sink) -> None:
    # The option is stated in each case: a setting of the session would decide otherwise.
    options = {"partitionOverwriteMode": "dynamic" if sink.mode == "overwrite_partitions" else "static"}
    writer.mode("overwrite" if sink.mode == "overwrite_partitions" else sink.mode).options(**options).parquet(sink.path)


def _write_table(frame: DataFrame, sink: Sink) -> None:
    spark = frame.sparkSession
    if not spark.catalog.tableExists(sink.path):
        _write_new(frame, sink)
        return
    if sink.mode == "error":
        raise ConfigurationError(
            f"The table {sink.path!r} exists already. Choose another table, or use the mode {modes(sink)}."
        )
    if sink.mode != "overwrite":
        _check_partitions(frame, sink)
    table = spark.catalog.getTable(sink.path)
    format = _provider(frame, table)
    if format is None or not _of_files(table, format):
        _write_foreign(frame, sink, format)
    elif sink.mode == "append":
        _writer(frame, sink).mode("append").format(format).saveAsTable(sink.path)
    elif sink.mode == "overwrite":
        _replace_table(frame, sink, table, format)
    else:
        names = _same_columns(frame, sink)
        frame.selectExpr(*map(quoted, names)).write.insertInto(sink.path, overwrite=True)  # only partitions: see PINNED


def _provider(frame: DataFrame, table: Any) -> str | None:
    described = frame.sparkSession.sql(f"DESCRIBE TABLE EXTENDED {_name(table)}").collect()
    return next((row["data_type"] for row in described if row["col_name"] == "Provider"), None)


def _of_files(table: Any, format: str) -> bool:
    return table.catalog == "spark_catalog" and format.lower() in _FILES


def _write_new(frame: DataFrame, sink: Sink) -> None:
    """Write a table that does not exist, under another name at first.

    Where Spark makes it at once, a failure may leave its directory: a task that still runs makes it anew. The same write
    would fail from then on.
    """
    spark = frame.sparkSession
    suffix = f"_{uuid.uuid4().hex[:12]}"
    new = f"{sink.path[:-1]}{suffix}`" if sink.path.endswith("`") else sink.path + suffix
    _writer(spark.createDataFrame([], frame.schema), sink).mode("error").saveAsTable(new)
    table = spark.catalog.getTable(new)
    format = _provider(frame, table)
    if format is not None and _of_files(table, format):
        _fill(frame, sink, table, format)
        _rename(frame, sink, _name(table), sink.path)
    else:  # Other catalogs have their own ways of making tables whole.
        spark.sql(f"DROP TABLE {_name(table)}")
        _writer(frame, sink).mode("error").saveAsTable(sink.path)


def _write_foreign(frame: DataFrame, sink: Sink, format: str | None) -> None:
    """Write to a table of another catalog, or of Delta, by the interface that they have in common; columns go by name."""
    writer = frame.writeTo(sink.path)
    if sink.mode == "append":
        writer.append()
    elif sink.mode == "overwrite_partitions":
        writer.overwritePartitions()
    else:
        if format is not None:
            writer = writer.using(format)
        if sink.partition_by:
            writer = writer.partitionedBy(*(frame[quoted(name)] for name in sink.partition_by))
        writer.createOrReplace()


def _replace_table(frame: DataFrame, sink: Sink, table: Any, format: str) -> None:
    """Write a table beside another one, and give it that one's name: Spark itself would begin by removing the old one."""
    new = table._replace(name=f"{table.name}_{uuid.uuid4().hex[:12]}")
    # It begins without rows: only a table that exists takes its directory along when it is dropped.
    empty = frame.sparkSession.createDataFrame([], frame.schema)
    _writer(empty, sink).mode("error").format(format).saveAsTable(_name(new))
    _fill(frame, sink, new, format)
    # The old one is not put aside: with what Spark's catalog knows of its partitions, it would take those of the new one along.
    frame.sparkSession.sql(f"DROP TABLE {_name(table)}")
    _rename(frame, sink, _name(new), _name(table))


def _fill(frame: DataFrame, sink: Sink, new: Any, format: str) -> None:
    """Write rows into a new table, which goes when that fails."""
    try:
        _writer(frame, sink).mode("append").format(format).saveAsTable(_name(new))
    except BaseException:
        frame.sparkSession.sql(f"DROP TABLE {_name(new)}")
        raise


def _rename(frame: DataFrame, sink: Sink, new: str, name: str) -> None:
    try:
        frame.sparkSession.sql(f"ALTER TABLE {new} RENAME TO {name}")
    except FAILURES as error:
        raise EngineError(
            f"the table {sink.path!r} was written as {new}, which could not be renamed: {translated(error, '')} "
            "Rename it: it is complete.",
            engine=ENGINE,
        ) from error


def _name(table: Any) -> str:
    return ".".join(quoted(part) for part in (*(table.namespace or ()), table.name))


def _check_partitions(frame: DataFrame, sink: Sink) -> None:
    found = [column.name for column in frame.sparkSession.catalog.listColumns(sink.path) if column.isPartition]
    if found != list(sink.partition_by):
        raise ConfigurationError(
            f"The table {sink.path!r} is partitioned by {found or 'nothing'}, not by {list(sink.partition_by) or 'nothing'}. "
            'Use the columns by which it is partitioned, or replace all of it with the mode "overwrite".'
        )


def _same_columns(frame: DataFrame, sink: Sink) -> list[str]:
    """Return the columns of a table in its order, after checking that rows have just these."""
    names = frame.sparkSession.table(sink.path).columns
    for name in [*names, *frame.columns]:
        if name in names and name in frame.columns:
            continue
        side = "The rows have" if name in names else f"The table {sink.path!r} has"
        other = frame.columns if name in names else names
        raise ConfigurationError(f"{side} no column {name!r}. {listed(name, other, what='columns')}")
    return names
