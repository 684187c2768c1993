"""Values by their place in time: index arithmetic, because rows are sorted by time, sequence and value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.kernel.lists import list_array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment

__all__ = ["AGGREGATORS"]


def first(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the earliest value of each window; null for an empty window."""
    return [_at(segment, interval, interval.left) for interval in intervals]


def last(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the latest value of each window; null for an empty window."""
    return [_at(segment, interval, interval.right - 1) for interval in intervals]


def first_n(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the ``n`` earliest values of each window, earliest first; null for an empty window."""
    return [_between(segment, i.left, np.minimum(i.right, i.left + options["n"])) for i in intervals]


def last_n(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the ``n`` latest values of each window, earliest of them first; null for an empty window."""
    return [_between(segment, np.maximum(i.left, i.right - options["n"]), i.right) for i in intervals]


def collect(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the values of each window, earliest first, the latest ``limit`` of them; null for an empty window."""
    return [_between(segment, np.maximum(i.left, i.right - options["limit"]), i.right) for i in intervals]


def _at(segment: Segment, interval: Interval, row: Int64Array) -> pa.Array:
    index = pa.array(row, mask=interval.left == interval.right)
    return pc.take(segment.args[0], index, boundscheck=False)


def _between(segment: Segment, start: Int64Array, stop: Int64Array) -> pa.Array:
    length = stop - start
    skipped = start - (np.cumsum(length) - length)
    rows = np.arange(int(length.sum()), dtype=np.int64) + np.repeat(skipped, length)
    values = pc.take(segment.args[0], pa.array(rows), boundscheck=False)
    return list_array(segment.args[0].type, [length], [values])


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {"first": first, "last": last, "first_n": first_n, "last_n": last_n, "collect": collect}
)
"""The aggregations of this family, by their names in the catalogue."""
