"""Delta tables, which Spark reads and writes when the packages of Delta Lake are on its class path."""

from __future__ import annotations

import re
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from onefold.errors import ConfigurationError, SourceError
from onefold.plan import Sink, Table
from onefold.session.redaction import redacted
from onefold_spark.failures import FAILURES, translated

__all__ = ["read_delta", "write_delta"]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_LOG = "_delta_log"


def read_delta(spark: SparkSession, table: Table, path: str) -> DataFrame:
    """Return the rows of the newest version of a Delta table.

    Raises:
        ConfigurationError: If Delta Lake is not there, or the source has options.
        SourceError: If there is no Delta table.
    """
    if table.options:
        raise ConfigurationError(f"The source {table.name!r} is a Delta table, which has no options here.")
    _require_delta(spark, path)
    try:
        frame = spark.read.format("delta").load(_place(path))
        frame.schema  # noqa: B018 - on Spark Connect this is what looks at the table
    except FAILURES as error:
        raise SourceError(
            f"The Delta table {redacted(path)!r} of the source {table.name!r} can not be read: {translated(error, '')}"
        ) from error
    return frame


def write_delta(frame: DataFrame, sink: Sink) -> None:
    """Write rows as a version of a Delta table; Delta itself makes a version visible when all of it is there.

    Raises:
        ConfigurationError: If Delta Lake is not there, or the directory holds something else, or may not be changed.
    """
    _require_delta(frame.sparkSession, sink.path)
    if not _ADDRESS.match(sink.path):
        target = Path(sink.path)
        if target.exists() and not (target.is_dir() and ((target / _LOG).is_dir() or not any(target.iterdir()))):
            raise ConfigurationError(f"{sink.path!r} exists already, and is no Delta table. Choose another path.")
        if sink.mode == "error" and (target / _LOG).is_dir():
            raise ConfigurationError(
                f"{sink.path!r} exists already. Choose another path, or use another mode of the sink."
            )
    writer = frame.write.format("delta")
    if sink.partition_by:
        writer = writer.partitionBy(*sink.partition_by)
    # Stated in each case: a setting of the session would decide otherwise.
    overwrite = {
        "overwrite": {"partitionOverwriteMode": "static", "overwriteSchema": "true"},
        "overwrite_partitions": {"partitionOverwriteMode": "dynamic"},
    }
    if sink.mode in overwrite:
        writer = writer.mode("overwrite").options(**overwrite[sink.mode])
    else:
        writer = writer.mode("append" if sink.mode == "append" else "error")
    writer.save(_place(sink.path))


def _place(path: str) -> str:
    return path if _ADDRESS.match(path) else f"file:{Path(path).absolute()}"


def _require_delta(spark: SparkSession, path: str) -> None:
    """Raise unless Delta Lake is there; a table need not be."""
    try:
        spark.read.format("delta").load(_place(path)).schema  # noqa: B018
    except FAILURES as error:  # any other one is of no matter: there may be no table yet
        if "DATA_SOURCE_NOT_FOUND" in str(error):
            raise ConfigurationError(
                f"The Delta table {redacted(path)!r} needs Delta Lake, which is not on Spark's class path. Start Spark with "
                f"it, by the option conf: spark.jars.packages = io.delta:delta-spark_2.13:VERSION (the one for Spark "
                f"{spark.version}), spark.sql.extensions = io.delta.sql.DeltaSparkSessionExtension, and "
                "spark.sql.catalog.spark_catalog = org.apache.spark.sql.delta.catalog.DeltaCatalog. "
                "Or use the format parquet."
            ) from error
