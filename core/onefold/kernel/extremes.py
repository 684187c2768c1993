"""The smallest and greatest values of windows.

One value: a sparse table, built level by level, where a window is two runs of a power of two rows that may overlap.
Several: the rows in the order of their values, of which each window takes the first ones that lie in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import array_of, is_numeric_storage, numbers_of
from onefold.kernel.codes import value_codes
from onefold.kernel.lists import list_array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment
from onefold.kernel.stabbing import first_covering, row_spans

__all__ = ["AGGREGATORS"]


def smallest(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the smallest value of each window, NaN being greater than every number; null for an empty window."""
    return _extreme(segment, intervals, np.fmin if _is_float(segment) else np.minimum)


def greatest(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the greatest value of each window, NaN being greater than every number; null for an empty window."""
    return _extreme(segment, intervals, np.maximum)  # which gives NaN as soon as one side is


def smallest_n(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the ``n`` smallest values of each window, ascending; null for an empty window."""
    return _some(segment, intervals, options["n"], descending=False)


def greatest_n(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the ``n`` greatest values of each window, descending; null for an empty window."""
    return _some(segment, intervals, options["n"], descending=True)


def _is_float(segment: Segment) -> bool:
    return bool(pa.types.is_floating(segment.args[0].type))


def _extreme(segment: Segment, intervals: Sequence[Interval], better: np.ufunc) -> list[pa.Array]:
    """Answer all windows from one sparse table: memory is that of two levels."""
    column = segment.args[0]
    direct = is_numeric_storage(column.type)
    values: npt.NDArray[Any] = numbers_of(column) if direct else value_codes(segment).codes
    found = [np.zeros(len(interval), values.dtype) for interval in intervals]
    by_level = [_by_level(segment, interval) for interval in intervals]
    spare = np.empty_like(values)
    for level in range(max(map(len, by_level), default=0)):
        run = 1 << level
        for interval, levels, out in zip(intervals, by_level, found, strict=True):
            if level < len(levels) and len(mine := levels[level]):
                first = values.take(interval.left[mine])
                out[mine] = better(first, values.take(interval.right[mine] - run)) if level else first
        # A run that would reach past the end is never asked for: what its place holds does not matter.
        inside = max(0, len(values) - run)
        better(values[:inside], values[run:], out=spare[:inside])
        values, spare = (spare, values) if level else (spare, np.empty_like(values))
    empty = [interval.left == interval.right for interval in intervals]
    if direct:
        return [array_of(out, column.type, null) for out, null in zip(found, empty, strict=True)]
    distinct = value_codes(segment).values
    return [distinct.take(pa.array(out, mask=null)) for out, null in zip(found, empty, strict=True)]


def _by_level(segment: Segment, interval: Interval) -> list[Int64Array]:
    """Return for each power of two the windows that are at least so long, and less than twice as long."""

    def make() -> list[Int64Array]:
        length = interval.right - interval.left
        level = np.frexp(length.astype(np.float64))[1].astype(np.int8)  # 0 for empty windows
        order = np.argsort(level, kind="stable")
        ends = np.cumsum(np.bincount(level))
        return [order[start:stop] for start, stop in pairwise(ends)]

    return segment.shared("levels", make, interval=interval)


def _some(segment: Segment, intervals: Sequence[Interval], limit: int, *, descending: bool) -> list[pa.Array]:
    coded = value_codes(segment)

    def make() -> Int64Array:
        return np.argsort(-coded.codes if descending else coded.codes, kind="stable")

    order = segment.shared(("order of values", descending), make)
    out = []
    for interval in intervals:
        enters, leaves = row_spans(interval, len(segment))
        start, stop = enters[:-1][order], leaves[:-1][order]
        rows = np.flatnonzero(start < stop)
        lengths, parts = [], []
        for piece in first_covering(start[rows], stop[rows], len(interval), limit):
            lengths.append(np.diff(piece.offsets))
            parts.append(coded.values.take(pa.array(coded.codes[order[rows[piece.items]]])))
        out.append(list_array(segment.args[0].type, lengths, parts))
    return out


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {"min": smallest, "max": greatest, "min_n": smallest_n, "max_n": greatest_n}
)
"""The aggregations of this family, by their names in the catalogue."""
