"""Data frames whose columns go by place: to Spark, names that differ only in case may be the same name.

What is computed from columns is SQL text. Objects of PySpark's would be of one class for frames of a classic Spark, and
of another for those of Spark Connect; a process may have both.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from onefold.plan import Relation
from onefold.types import FLOAT64, Field, Schema
from onefold_spark.schemas import spark_schema

__all__ = ["FrameOf", "key_text", "mapped", "numbered", "numbered_schema", "spread", "united"]

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


def key_text(place: int, field: Field) -> str:
    """Return a column of a numbered frame as rows are spread by it: by bits, of which equal values must have the same."""
    return f"c{place} + 0e0" if field.dtype == FLOAT64 else f"c{place}"  # -0.0 becomes 0.0


def united(frames: Iterable[DataFrame]) -> DataFrame:
    """Return the rows of frames with the same columns, one frame after another."""
    return reduce(lambda first, second: first.union(second), frames)


def spread(frame: DataFrame, by: Sequence[str], order: Sequence[str]) -> DataFrame:
    """Return a frame with its rows spread over the executors, and sorted within each partition.

    Args:
        frame: The rows.
        by: SQL for what rows have in common that must meet in one partition.
        order: SQL for what they are sorted by, in ascending order, nulls first.
    """
    query = f"SELECT * FROM {{frame}} DISTRIBUTE BY {', '.join(by)} SORT BY {', '.join(order)}"
    return frame.sparkSession.sql(query, frame=frame)
