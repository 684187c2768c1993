"""Windows and aggregates that the kernel computes: their rows are spread and sorted by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame

from onefold.kernel import KernelOptions, aggregate_groups, window_rows
from onefold.kernel.frames import window_plan
from onefold.kernel.groups import group_plan
from onefold.plan import Aggregate, Input, Relation, Sort, Window
from onefold.types import Schema, SchemaNormaliser
from onefold_spark.executors.errors import shipping
from onefold_spark.executors.frames import FrameOf, key_text, mapped, numbered, spread
from onefold_spark.schemas import type_text

__all__ = ["grouped_frame"]


def grouped_frame(node: Window | Aggregate, frame_of: FrameOf, options: KernelOptions) -> DataFrame:
    """Return the rows of a window or of an aggregate.

    Args:
        node: The relation. Without keys, all its rows go to one executor.
        frame_of: Returns the rows of an ordinary relation.
        options: How the kernel uses an executor's machine.
    """
    asked = window_plan(node) if isinstance(node, Window) else group_plan(node)
    rows = asked.plan.input if isinstance(asked.plan, Sort) else asked.plan
    schema = rows.output
    frame = numbered(frame_of(rows), len(schema))
    marked = not asked.keys and isinstance(node, Aggregate)
    if asked.keys:
        keys = [key_text(schema.names.index(name), schema[name]) for name in asked.keys]
        frame = spread(frame, keys, keys)
    else:
        frame = (_marked(frame, schema) if marked else frame).repartition(1)
    task = _GroupTask(node.replace(input=Input(name="rows", columns=node.input.output)), schema, marked, options)
    return mapped(frame, task, node.output)


def _marked(frame: DataFrame, schema: Schema) -> DataFrame:
    """Return the rows with one more, which is none: no rows at all would not reach an executor, and are one group."""
    nothing = (f"CAST(NULL AS {type_text(field.dtype)})" for field in schema)
    extra = frame.sparkSession.range(1).selectExpr(*nothing, "false")
    return frame.selectExpr("*", "true AS present").union(extra)


@dataclass(frozen=True, slots=True)
class _GroupTask:
    """Computes the windows or groups of one partition.

    Args:
        node: The window or the aggregate, over an input in place of its rows.
        rows: The columns that the kernel asks for.
        marked: Whether a last column says which rows are rows.
        options: How the kernel uses the machine.
    """

    node: Window | Aggregate
    rows: Schema
    marked: bool
    options: KernelOptions

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        normaliser = SchemaNormaliser(self.rows, where="the rows in a partition")
        width = len(self.rows)

        def rows() -> Iterator[pa.RecordBatch]:
            for batch in batches:
                kept = batch.filter(batch.column(width)) if self.marked else batch
                yield normaliser(pa.RecordBatch.from_arrays(kept.columns[:width], names=list(self.rows.names)))

        def execute(plan: Relation, bound: Mapping[str, Any]) -> pa.RecordBatchReader:
            return pa.RecordBatchReader.from_batches(normaliser.schema, rows())

        with shipping():
            if isinstance(self.node, Window):
                result = window_rows(self.node, execute, options=self.options)
            else:
                result = aggregate_groups(self.node, execute, options=self.options)
            names = [f"c{number}" for number in range(len(self.node.output))]
            for batch in result:
                yield pa.RecordBatch.from_arrays(batch.columns, names=names)
