"""Aggregation of groups with the kernel's own aggregators: for measures that an engine can not compute exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefold.kernel.calls import ComputedCall, compute
from onefold.kernel.columns import ComputedColumns
from onefold.kernel.driver import Execute
from onefold.kernel.options import KernelOptions
from onefold.kernel.partitions import Partitions, changes, partitions, sort_values
from onefold.kernel.segment import Int64Array
from onefold.kernel.ties import ordinals
from onefold.plan import Aggregate, Column, Project, Relation, Sort, SortKey
from onefold.types import SchemaNormaliser, normalise_reader, schema_to_arrow, to_arrow

__all__ = ["GroupPlan", "aggregate_groups", "group_plan"]


def aggregate_groups(
    node: Aggregate, execute: Execute, *, options: KernelOptions | None = None
) -> pa.RecordBatchReader:
    """Return the groups of an aggregation with all measures, lazily, in the order of the group keys.

    A group is a segment with one window. Order-sensitive aggregations see its rows in the order of the call, ties by
    value. Those that decay take the first column of that order as time, and measure ages from the group's latest time.

    Args:
        node: The aggregation; null is a group key like any other.
        execute: Runs the plan that gives the rows, sorted by the group keys.
        options: How the machine is used.
    """
    reader = _groups(node, execute, options or KernelOptions())
    return pa.RecordBatchReader.from_batches(schema_to_arrow(node.output), reader)


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What the kernel asks an engine for, to compute an aggregation of groups.

    Args:
        plan: The rows with everything that the measures read as a column, sorted by the group keys.
        keys: The columns that hold the group keys.
        calls: The aggregations, over the columns of ``plan``.
        orders: For each of them, the order of the rows that it asks for, over the columns of ``plan``.
    """

    plan: Relation
    keys: tuple[str, ...]
    calls: tuple[ComputedCall, ...]
    orders: tuple[tuple[SortKey, ...], ...]


def group_plan(node: Aggregate) -> GroupPlan:
    """Return what an engine has to give for an aggregation of groups.

    Raises:
        PlanError: If an aggregation decays and there is no order.
    """
    columns = ComputedColumns("c")
    keys = tuple(columns.name(Column(name=name)) for name in node.by)
    orders = tuple(
        tuple(key.model_copy(update={"column": columns.name(Column(name=key.column))}) for key in measure.call.order)
        for measure in node.measures
    )
    calls = tuple(
        ComputedCall.of(
            measure.name,
            measure.call,
            columns,
            time=measure.call.order[0].column if measure.call.order else None,
            dtype=to_arrow(node.output[measure.name].dtype),
        )
        for measure in node.measures
    )
    if not list(columns):  # count() of everything: the rows still have to be counted
        columns.name(Column(name=node.input.output.names[0]))
    plan: Relation = Project(input=node.input, columns=tuple(columns))
    if keys:
        plan = Sort(input=plan, keys=tuple(SortKey(column=key, nulls="first") for key in keys))
    return GroupPlan(plan, keys, calls, orders)


def _groups(node: Aggregate, execute: Execute, options: KernelOptions) -> Iterator[pa.RecordBatch]:
    wanted = group_plan(node)
    plan, keys = wanted.plan, wanted.keys
    normaliser = SchemaNormaliser(node.output, where="the groups computed by the kernel")
    with normalise_reader(execute(plan, {}), plan.output, where="the rows to aggregate") as reader:
        for part in partitions(reader, reader.schema, keys, options.chunk_rows):
            options.check()
            codes = np.arange(part.count if keys else 1)
            left, right = (np.searchsorted(part.codes, codes, side) for side in ("left", "right"))
            arrays = [part.columns[key].take(pa.array(left)) for key in keys]
            for call, order in zip(wanted.calls, wanted.orders, strict=True):
                rows, rank = _ordered(part, call, order)
                arrays.append(compute(call, rows, rank, (left, right), codes))
            yield normaliser(pa.record_batch(arrays, names=list(node.output.names)))


def _ordered(part: Partitions, request: ComputedCall, order: tuple[SortKey, ...]) -> tuple[Partitions, Int64Array]:
    """Return the rows in the order that an aggregation asks for, and their ranks."""
    if not request.call.entry.order_sensitive:
        return part, np.arange(len(part))
    if request.time is not None:  # ages need ascending times, whichever way the call is ordered
        order = (order[0].model_copy(update={"descending": False, "nulls": "first"}), *order[1:])
    keys = [sort_values(part.columns[key.column], key) for key in order]
    values = [ordinals(part.columns[name]) for name in request.args]
    place = np.lexsort([*reversed(values), *reversed(keys), part.codes])
    new = changes((column[place] for column in (part.codes, *keys)), len(part))
    return part.take(place), np.cumsum(new) - 1
