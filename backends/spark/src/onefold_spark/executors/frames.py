"""Data frames whose columns go by place: to Spark, names that differ only in case may be the same name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql
from pyspark.sql.types import StructType

from onefold.plan import Relation
from onefold.types import FLOAT64, Field, Schema
from onefold_spark.schemas import spark_schema

__all__ = ["FrameOf", "fresh", "key_column", "mapped", "numbered", "numbered_schema"]

FrameOf = Callable[[Relation], DataFrame]
"""Returns the rows of a relation: one column for each of its output, in that order."""


def numbered(frame: DataFrame, width: int | None = None) -> DataFrame:
    """Return a frame with its columns called ``c0``, ``c1`` and so on.

    Args:
        frame: The frame.
        width: How many of its columns are kept, the first ones; None for all.
    """
    names = [f"c{number}" for number in range(len(frame.columns))]
    frame = frame.toDF(*names)
    return frame if width is None or width == len(names) else frame.select(*names[:width])


def numbered_schema(schema: Schema) -> StructType:
    """Return the Spark schema of a frame that is made with such names."""
    return spark_schema(Schema(Field(f"c{number}", field.dtype) for number, field in enumerate(schema)))


def mapped(
    frame: DataFrame, task: Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]], schema: Schema
) -> DataFrame:
    """Return the rows that a task on executors makes of the rows of each partition.

    Args:
        frame: The rows.
        task: Is given the batches of a partition, and yields batches with columns called ``c0``, ``c1`` and so on.
        schema: The columns that it makes.
    """
    with warnings.catch_warnings():
        # Spark warns that it does not know pandas 3 yet; no pandas is used here.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        return frame.mapInArrow(task, numbered_schema(schema))


def key_column(place: int, field: Field) -> Column:
    """Return a column of a numbered frame as rows are spread by it: by bits, of which equal values must have the same."""
    column = sql.col(f"c{place}")
    return column + sql.lit(0.0) if field.dtype == FLOAT64 else column  # -0.0 becomes 0.0


def fresh(wanted: str, *taken: Iterable[str]) -> str:
    """Return a name that no column has.

    Examples:
        >>> fresh("row", ["id", "row"])
        'row_'
    """
    name, known = wanted, {used for names in taken for used in names}
    while name in known:
        name += "_"
    return name
