"""The inputs of a run as Spark's frames: little data within the query, much of it from Parquet files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from onefold.contract import StagedRows
from onefold.errors import ExchangeError, listed
from onefold.types import Schema, schema_to_arrow
from onefold.types.naming import fresh
from onefold_spark.executors.frames import united
from onefold_spark.names import quoted, text
from onefold_spark.schemas import spark_schema
from onefold_spark.staging import Staging

__all__ = ["Loaded", "hadoop_path", "hadoop_pattern", "input_frame", "loaded", "staged"]

MOST_PARTS = 32
"""How many files are read one after another to keep their order; more of them are read at once, and sorted."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows of an input, where Spark can reach them.

    Args:
        rows: A small table, or files.
        columns: The columns that are read.
        own: Whether the files are ours, to be removed after the run.
    """

    rows: pa.Table | StagedRows
    columns: Schema
    own: bool = False

    @property
    def bytes(self) -> int:
        """About how large they are in memory."""
        return int(self.rows.nbytes) if isinstance(self.rows, pa.Table) else self.rows.bytes * 4

    @property
    def count(self) -> int | None:
        """How many rows there are, when that is known."""
        return int(self.rows.num_rows) if isinstance(self.rows, pa.Table) else self.rows.rows


def loaded(rows: pa.Table | pa.RecordBatchReader, columns: Schema, staging: Staging, most: int) -> Loaded:
    """Return rows as a table if they are few, and as files if they are many; a stream is never held as a whole.

    Args:
        rows: The rows.
        columns: Their columns.
        staging: Where files are written.
        most: How many bytes a table has at most.
    """
    schema = schema_to_arrow(columns)
    batches = iter(rows.to_batches()) if isinstance(rows, pa.Table) else iter(rows)
    first: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        # Spark takes an empty batch for the end of the data.
        if batch.num_rows:
            first.append(batch)
            size += batch.nbytes
        if size > most:
            return Loaded(staging.store(_in_schema(chain(first, batches), schema), columns, schema), columns, own=True)
    table = pa.Table.from_batches(list(_in_schema(first, schema)), schema) if first else schema.empty_table()
    return Loaded(table, columns)


def staged(rows: StagedRows, columns: Schema) -> Loaded:
    """Return files that another engine wrote.

    Raises:
        ExchangeError: If they have other columns than those that are read.
    """
    for field in columns:
        if field.name not in rows.columns or rows.columns[field.name].dtype != field.dtype:
            found = rows.columns[field.name].dtype if field.name in rows.columns else None
            raise ExchangeError(
                f"The staged rows in {rows.path.name!r} have "
                + (
                    f"the column {field.name!r} as {found}, not {field.dtype}."
                    if found
                    else f"no column {field.name!r}. "
                )
                + ("" if found else listed(field.name, rows.columns.names, what="columns"))
            )
    return Loaded(rows, columns)


def input_frame(spark: SparkSession, loaded: Loaded, *, ordered: bool, numbered: bool) -> DataFrame:
    """Return the rows of an input.

    Args:
        spark: The session in which they are read.
        loaded: The input.
        ordered: Whether the frame is to have them in their order.
        numbered: Whether one more column, the last, may number them, when the frame has them in another order.
    """
    rows = loaded.rows
    if isinstance(rows, StagedRows) and not rows.files:
        rows = schema_to_arrow(loaded.columns).empty_table()
    if isinstance(rows, pa.Table):
        return spark.createDataFrame(rows.combine_chunks(), spark_schema(loaded.columns))
    stored = Schema(field for field in loaded.columns if field.name != rows.number)
    files = rows.files
    if len(files) == 1 or (not ordered and not numbered and len(stored) == len(loaded.columns)):
        positions = numbered or len(stored) < len(loaded.columns)
        return _read(spark, loaded, stored, files, numbered=numbered, positions=positions)
    if ordered and len(files) <= MOST_PARTS:
        starts = _starts(files)
        parts = [
            _read(spark, loaded, stored, (file,), numbered=numbered, start=starts[file.name], positions=True)
            for file in files
        ]
        return united(parts)
    frame = _read(spark, loaded, stored, files, numbered=True, positions=True)
    if ordered:
        frame = frame.sort(quoted(frame.columns[-1]))
    return frame if numbered else frame.select(*map(quoted, loaded.columns.names))


def _read(
    spark: SparkSession,
    loaded: Loaded,
    stored: Schema,
    files: tuple[Path, ...],
    *,
    numbered: bool,
    positions: bool,
    start: int = 0,
) -> DataFrame:
    """Return the rows of files, with their positions where a column or the order wants them."""
    frame = spark.read.schema(spark_schema(stored)).parquet(*(hadoop_path(file) for file in files))
    if not positions:
        return frame
    index = f"_metadata.row_index + {start}L"
    if len(files) > 1:
        pairs = ", ".join(f"{text(name)}, {before}L" for name, before in _starts(files).items())
        index += f" + element_at(map({pairs}), _metadata.file_name)"
    frame = frame.selectExpr(*map(quoted, stored.names), f"{index} AS position")
    frame = frame.toDF(*(f"c{place}" for place in range(len(stored) + 1)))
    places = {name: place for place, name in enumerate(stored.names)}
    columns = [f"c{places.get(name, len(stored))} AS {quoted(name)}" for name in loaded.columns.names]
    number = f"c{len(stored)} AS {quoted(fresh('onefold_row', loaded.columns.names))}"
    return frame.selectExpr(*columns, *([number] if numbered else []))


def _starts(files: tuple[Path, ...]) -> dict[str, int]:
    """Return how many rows come before those of each file."""
    counts = [pq.read_metadata(file).num_rows for file in files]
    return dict(zip((file.name for file in files), accumulate([0, *counts]), strict=False))


def hadoop_path(path: Path | str) -> str:
    """Return a local path as Spark reads it: on the local file system whatever its default, with nothing left to match."""
    return f"file:{hadoop_pattern(str(path))}"


def hadoop_pattern(address: str) -> str:
    r"""Return the pattern that only an address itself matches.

    Examples:
        >>> print(hadoop_pattern("s3://bucket/a[1].parquet"))
        s3://bucket/a\[1\].parquet
    """
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", address)


def _in_schema(batches: Iterator[pa.RecordBatch] | list[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)
