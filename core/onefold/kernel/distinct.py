"""Distinct values of windows: how many, the earliest, the latest.

A row stands for its value in those windows in which it is the last (or first) row with that value: a run of windows,
found from the next row with an equal value. So nothing is ever counted by collecting the values of a window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from onefold.kernel.codes import repeats
from onefold.kernel.lists import list_array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment
from onefold.kernel.stabbing import Piece, first_covering, row_spans

__all__ = ["AGGREGATORS"]


def count_distinct(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return how many different values each window holds, as int64; 0 for an empty window."""
    following = repeats(segment).next
    out = []
    for interval in intervals:
        # Of the rows before its end, a window counts those that are still the last of their value, and in it.
        enters, leaves = row_spans(interval, len(segment))
        gone = np.bincount(np.minimum(leaves[:-1], enters.take(following)), minlength=len(interval) + 1)
        out.append(pa.array(interval.right - np.cumsum(gone)[:-1]))
    return out


def first_distinct_n(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the ``n`` values of each window that first occur earliest, in that order; null for an empty window."""
    following = repeats(segment).next
    size = len(segment)
    previous = np.full(size, -1, dtype=np.int64)
    again = np.flatnonzero(following < size)
    previous[following[again]] = again
    out = []
    for interval in intervals:
        enters, leaves = row_spans(interval, size)
        # The row is the first of its value from the first window that starts after the previous one.
        start = np.maximum(enters[:-1], np.where(previous < 0, 0, leaves[previous]))
        stop = leaves[:-1]
        rows = np.flatnonzero(start < stop)
        pieces = first_covering(start[rows], stop[rows], len(interval), options["n"])
        out.append(_lists(segment.args[0], pieces, rows))
    return out


def last_distinct_n(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the ``n`` values of each window that last occur latest, the most recent last; null for an empty window."""
    following = repeats(segment).next
    out = []
    for interval in intervals:
        enters, leaves = row_spans(interval, len(segment))
        start, stop = enters[:-1], np.minimum(leaves[:-1], enters[following])
        rows = np.flatnonzero(start < stop)[::-1]  # the latest first, so that the limit keeps them
        pieces = first_covering(start[rows], stop[rows], len(interval), options["n"])
        out.append(_lists(segment.args[0], pieces, rows, turned=True))
    return out


def _lists(values: pa.Array, pieces: Iterable[Piece], rows: Int64Array, *, turned: bool = False) -> pa.Array:
    """Return lists of the values of rows, the other way round if ``turned``."""
    lengths, parts = [], []
    for piece in pieces:
        count = np.diff(piece.offsets)
        items = piece.items
        if turned:
            ends = np.repeat(piece.offsets[:-1] + piece.offsets[1:], count)
            items = items[ends - 1 - np.arange(len(items))]
        lengths.append(count)
        parts.append(values.take(pa.array(rows[items])))
    return list_array(values.type, lengths, parts)


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {
        "count_distinct": count_distinct,
        "approx_count_distinct": count_distinct,  # the exact count is as cheap as a sketch
        "first_distinct_n": first_distinct_n,
        "last_distinct_n": last_distinct_n,
    }
)
"""The aggregations of this family, by name."""
