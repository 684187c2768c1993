"""Window functions with the kernel's own aggregators: a frame is an interval of the sorted rows of a partition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from onefold.errors import PlanError
from onefold.kernel.buffers import array_of, numbers_of, valid_of
from onefold.kernel.calls import ComputedCall, compute
from onefold.kernel.columns import ComputedColumns
from onefold.kernel.driver import Execute
from onefold.kernel.intervals import INT64_MAX, INT64_MIN, Locator
from onefold.kernel.options import KernelOptions
from onefold.kernel.partitions import Partitions, changes, partitions, sort_values
from onefold.kernel.segment import Int64Array
from onefold.kernel.ties import ordinals
from onefold.plan import Column, Frame, Project, RankCall, Relation, Sort, SortKey, Window
from onefold.types import SchemaNormaliser, normalise_reader, schema_to_arrow, to_arrow

__all__ = ["WindowPlan", "window_plan", "window_rows"]


def window_rows(node: Window, execute: Execute, *, options: KernelOptions | None = None) -> pa.RecordBatchReader:
    """Return the rows of a window relation with all measures, lazily, partition by partition in the window's order.

    Args:
        node: The window; null is a partition key like any other. Rows that its order leaves equal are ordered by all
            columns of the input, ascending, nulls first.
        execute: Runs the plan that gives the rows, sorted by the partition keys.
        options: How the machine is used.
    """
    reader = _rows(node, execute, options or KernelOptions())
    return pa.RecordBatchReader.from_batches(schema_to_arrow(node.output), reader)


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """What the kernel asks an engine for, to compute a window relation.

    Args:
        plan: The rows with everything that the measures read as a column, sorted by the partition keys.
        names: The column of ``plan`` that holds each column of the window's input.
        keys: The columns that hold the partition keys.
        order: The window's order, over the columns of ``plan``.
        calls: For each measure, the aggregation, or the column that a ranking reads (None when it reads none).
    """

    plan: Relation
    names: dict[str, str]
    keys: list[str]
    order: tuple[SortKey, ...]
    calls: tuple[ComputedCall | str | None, ...]


def window_plan(node: Window) -> WindowPlan:
    """Return what an engine has to give for a window relation."""
    computed = ComputedColumns("c")
    plain = {name: computed.name(Column(name=name)) for name in node.input.output.names}
    order = tuple(key.model_copy(update={"column": plain[key.column]}) for key in node.order_by)
    time = node.order_by[0] if node.order_by else None
    calls: list[ComputedCall | str | None] = []
    for measure in node.measures:
        if isinstance(measure.call, RankCall):
            calls.append(None if measure.call.arg is None else computed.name(measure.call.arg))
            continue
        dtype = to_arrow(node.output[measure.name].dtype)
        request = ComputedCall.of(
            measure.name, measure.call, computed, time=None if time is None else time.column, dtype=dtype
        )
        calls.append(request)
    plan: Relation = Project(input=node.input, columns=tuple(computed))
    keys = [plain[name] for name in node.partition_by]
    if keys:
        plan = Sort(input=plan, keys=tuple(SortKey(column=key, nulls="first") for key in keys))
    return WindowPlan(plan, plain, keys, order, tuple(calls))


def _rows(node: Window, execute: Execute, options: KernelOptions) -> Iterator[pa.RecordBatch]:
    asked = window_plan(node)
    plan, plain, keys, order, calls = asked.plan, asked.names, asked.keys, asked.order, asked.calls
    normaliser = SchemaNormaliser(node.output, where="the windows computed by the kernel")
    with normalise_reader(execute(plan, {}), plan.output, where="the rows of the window") as reader:
        for part in partitions(reader, reader.schema, keys, options.chunk_rows):
            options.check()
            rows = _sorted(part, order, list(plain.values()))
            arrays = [rows.part.columns[name] for name in plain.values()]
            for measure, call in zip(node.measures, calls, strict=True):
                if isinstance(measure.call, RankCall):
                    arrays.append(_ranking(rows, measure.call, None if call is None else rows.part.columns[str(call)]))
                elif isinstance(call, ComputedCall):
                    windows = rows.frame(measure.frame, order)
                    codes = rows.part.codes
                    rank = np.arange(len(codes))
                    arrays.append(compute(call, rows.part, rank, windows, codes))
            batch = pa.record_batch(arrays, names=list(node.output.names))
            for start in range(0, max(1, len(batch)), options.batch_rows):
                yield normaliser(batch.slice(start, options.batch_rows))


@dataclass(frozen=True)
class _Rows:
    """Rows of whole partitions in the order of the window.

    Args:
        part: The rows.
        peer: The number of each row's peers (the rows with equal order keys), ascending.
    """

    part: Partitions
    peer: Int64Array

    @cached_property
    def start(self) -> Int64Array:
        """The first row of each row's partition."""
        return np.searchsorted(self.part.codes, self.part.codes, "left")

    @cached_property
    def stop(self) -> Int64Array:
        """The row after the last one of each row's partition."""
        return np.searchsorted(self.part.codes, self.part.codes, "right")

    @cached_property
    def peer_start(self) -> Int64Array:
        """The first peer of each row."""
        return np.searchsorted(self.peer, self.peer, "left")

    @cached_property
    def peer_stop(self) -> Int64Array:
        """The row after the last peer of each row."""
        return np.searchsorted(self.peer, self.peer, "right")

    def frame(self, frame: Frame | None, order: Sequence[SortKey]) -> tuple[Int64Array, Int64Array]:
        """Return the rows of each row's frame; without one, the partition up to the row's peers."""
        if frame is None:
            return self.start, self.peer_stop if order else self.stop
        row = np.arange(len(self.part))
        if frame.unit == "rows":
            left = self.start if frame.start is None else _moved(row, frame.start)
            right = self.stop if frame.end is None else np.minimum(_moved(row, frame.end), len(row)) + 1
        elif not frame.start and not frame.end:
            left = self.start if frame.start is None else self.peer_start
            right = self.stop if frame.end is None else self.peer_stop
        else:
            left, right = self._distances(frame, order[0])
        left = np.clip(left, self.start, self.stop)
        return left, np.clip(right, left, self.stop)

    def _distances(self, frame: Frame, key: SortKey) -> tuple[Int64Array, Int64Array]:
        """Return frames that are bounded by distances in the order key; rows with a null there are peers."""
        column = self.part.columns[key.column]
        valid = valid_of(column)
        known = np.arange(len(column)) if valid is None else np.flatnonzero(valid)
        codes, values = self.part.codes[known], numbers_of(column)[known].astype(np.int64)
        locator = Locator(codes, values, 0, self.part.count)
        before = np.append(known, len(column))  # places among the known rows as places among all
        left, right = self.peer_start.copy(), self.peer_stop.copy()
        if frame.start is not None:
            beyond = before[np.searchsorted(codes, codes, "right") - 1] + 1  # after the partition's last known row
            found = before[locator.find(codes, _moved(values, frame.start), "left")]
            outside = frame.start > 0 and values > INT64_MAX - frame.start  # no row is so far ahead
            left[known] = np.where(outside, beyond, np.minimum(found, beyond))
        if frame.end is not None:
            # The row after the last one: one more than the place of the last known row that is inside.
            last = locator.find(codes, _moved(values, frame.end), "right")
            first = before[np.searchsorted(codes, codes, "left")]
            outside = frame.end < 0 and values < INT64_MIN - frame.end  # no row is so far behind
            right[known] = np.where(outside, first, np.maximum(np.where(last > 0, before[last - 1] + 1, 0), first))
        return (
            self.start if frame.start is None else left,
            self.stop if frame.end is None else right,
        )


def _moved(values: Int64Array, by: int) -> Int64Array:
    """Return values moved by a distance; they stop at the ends of int64."""
    return np.minimum(values, INT64_MAX - by) + by if by >= 0 else np.maximum(values, INT64_MIN - by) + by


def _sorted(part: Partitions, order: Sequence[SortKey], columns: Sequence[str]) -> _Rows:
    keys = [sort_values(part.columns[key.column], key) for key in order]
    place = np.lexsort([*reversed(keys), part.codes])
    new = changes((column[place] for column in (part.codes, *keys)), len(part))
    peer = np.cumsum(new) - 1
    later = np.flatnonzero(~new)
    if len(later):
        tied = np.union1d(later, later - 1)
        index = pa.array(place[tied])
        values = [ordinals(part.columns[name].take(index)) for name in columns]
        place[tied] = place[tied][np.lexsort([*reversed(values), peer[tied]])]
    return _Rows(part.take(place), peer)


def _ranking(rows: _Rows, call: RankCall, arg: pa.Array | None) -> pa.Array:
    row = np.arange(len(rows.part))
    if arg is not None:
        offset = int(call.options["offset"])  # type: ignore[arg-type]
        other = _moved(row, -offset if call.function == "lag" else offset)
        outside = (other < rows.start) | (other >= rows.stop)
        return arg.take(pa.array(np.where(outside, 0, other), mask=outside))
    position, size = row - rows.start, rows.stop - rows.start
    rank = rows.peer_start - rows.start
    match call.function:
        case "row_number":
            return pa.array(position + 1)
        case "rank":
            return pa.array(rank + 1)
        case "dense_rank":
            return pa.array(rows.peer - rows.peer[rows.start] + 1)
        case "percent_rank":
            return array_of(rank / np.maximum(size - 1, 1), pa.float64())
        case "cume_dist":
            return array_of((rows.peer_stop - rows.start) / size, pa.float64())
    raise PlanError(f"There is no window function {call.function!r}.")
