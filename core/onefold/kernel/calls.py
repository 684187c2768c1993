"""Aggregations over rows that the caller has sorted: what groups and frames have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefold.errors import EngineError, PlanError
from onefold.kernel.aggregators import AGGREGATORS
from onefold.kernel.buffers import numbers_of, valid_of
from onefold.kernel.columns import ComputedColumns
from onefold.kernel.partitions import Partitions
from onefold.kernel.secondary import SecondaryRows, evaluate_by
from onefold.kernel.segment import Int64Array, Interval, Segment
from onefold.kernel.selection import select
from onefold.plan import AggCall, Call, Column

__all__ = ["ComputedCall", "compute"]

DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class ComputedCall:
    """An aggregation whose expressions are columns.

    Args:
        name: The name of the result.
        call: The aggregation.
        args: The columns of its arguments.
        where: The column of its condition.
        by: The column of its secondary key.
        time: The column that ages are measured on; None when it does not look at time.
        dtype: The Arrow type of the result.
    """

    name: str
    call: AggCall
    args: tuple[str, ...]
    where: str | None
    by: str | None
    time: str | None
    dtype: pa.DataType

    @classmethod
    def of(
        cls, name: str, call: AggCall, columns: ComputedColumns, *, time: str | None, dtype: pa.DataType
    ) -> ComputedCall:
        """Return a call with names for its expressions.

        Args:
            name: The name of the result.
            call: The aggregation.
            columns: Where its expressions become columns.
            time: The first column of the order of the rows, which an aggregation that decays takes as time.
            dtype: The Arrow type of the result.

        Raises:
            PlanError: If the aggregation decays and there is no order.
        """
        where = call.where
        timed = None
        if call.entry.family == "decay":
            if time is None:
                raise PlanError(
                    f"{call.function!r} measures the age of rows, and they have no order. Order them by their time.",
                    path=(repr(name),),
                )
            timed = Column(name=time)
            known = Call(function="is_not_null", args=(timed,))
            where = known if where is None else Call(function="and", args=(where, known))
        return cls(
            name=name,
            call=call,
            args=tuple(columns.name(arg) for arg in call.args),
            where=None if where is None else columns.name(where),
            by=None if call.by is None else columns.name(call.by),
            time=None if timed is None else columns.name(timed),
            dtype=dtype,
        )


def compute(
    request: ComputedCall,
    rows: Partitions,
    rank: Int64Array,
    windows: tuple[Int64Array, Int64Array],
    window_codes: Int64Array,
) -> pa.Array:
    """Return the aggregation over windows of sorted rows.

    Args:
        request: The aggregation.
        rows: The rows, and the group of each, ascending.
        rank: The place of each row in the order of its group; equal for ties that values settle.
        windows: The first row of each window, and the row after its last one.
        window_codes: The group of each window, ascending.
    """
    left, right = windows
    columns, codes = rows.columns, rows.codes
    times = np.zeros(len(codes), np.int64) if request.time is None else _times(columns[request.time], codes)
    some = left < right
    # The latest time in the window; rows without one come first or last in their group and hold a neighbour's time.
    end = np.where(some, times[np.where(some, right - 1, 0)], 0) if len(times) else np.zeros(len(left), np.int64)
    segment = Segment(codes, times, (), rank)
    args = tuple(columns[name] for name in request.args)
    where = None if request.where is None else columns[request.where]
    keep_nulls = request.call.options.get("nulls") == "keep"
    aggregator, options = AGGREGATORS[request.call.function], request.call.options
    interval = Interval(left, right, end)
    try:
        if request.by is not None:
            secondary = SecondaryRows(segment, args=args, by=columns[request.by], where=where, keep_nulls=keep_nulls)
            return evaluate_by(
                secondary, window_codes, interval, aggregator=aggregator, options=options, dtype=request.dtype
            )
        selection = select(segment, args, where, keep_nulls=keep_nulls)
        return aggregator(selection.segment, [selection.inside(interval)], options)[0]
    except OverflowError as error:
        raise EngineError(f"The measure {request.name!r} can not be computed: {error}", engine="kernel") from error


def _times(column: pa.Array, codes: Int64Array) -> Int64Array:
    """Return instants in microseconds; where they are null, the nearest known one before (or else after) in the group."""
    valid = valid_of(column)
    if pa.types.is_date32(column.type):
        times = numbers_of(column).astype(np.int64) * DAY
    elif pa.types.is_timestamp(column.type) or pa.types.is_int64(column.type):
        times = numbers_of(column)
    else:
        raise PlanError(f"Ages are measured on timestamps, dates, or int64 microseconds, not on {column.type}.")
    if valid is None:
        return times
    known = np.flatnonzero(valid)
    if not len(known):
        return np.zeros(len(times), np.int64)
    before = np.cumsum(valid) - 1
    same = (before >= 0) & (codes[known[np.maximum(before, 0)]] == codes)
    after = np.minimum(before + 1, len(known) - 1)
    return times[known[np.where(same, before, after)]]
