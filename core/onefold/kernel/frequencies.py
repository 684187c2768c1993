"""How often values occur in windows: the mode, the top k, the whole histogram.

How often one value occurs changes only at windows that a row with it enters or leaves. So over all windows of an
interval there are at most two changes a row, and between them runs of windows with one count: the mode of a window
is the greatest (count, value) among the runs over it, its histogram is all of them. Nothing is counted again for each
window: the mode costs n log n in rows and windows however many values a window holds, the lists the same plus their
own length (times log).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from onefold.kernel.codes import Repeats, repeats, value_codes
from onefold.kernel.lists import list_array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment
from onefold.kernel.stabbing import first_covering, greatest_covering, row_spans

__all__ = ["AGGREGATORS"]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of windows in which one value of one key occurs equally often, by group.

    Args:
        start: The first window of each run.
        stop: The window after the last one.
        group: The number of the value and key, in the order of the values.
        count: How often it occurs, above zero.
    """

    start: Int64Array
    stop: Int64Array
    group: Int64Array
    count: Int64Array


def mode(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the most frequent value of each window, the smallest of several; null for an empty window."""
    found, codes = repeats(segment), value_codes(segment)
    groups = _codes_of_groups(found, codes.codes)
    shift = len(groups).bit_length()
    out = []
    for interval in intervals:
        runs = _runs(interval, found, len(segment))
        standing = (runs.count << shift) | (len(groups) - 1 - runs.group)
        best = greatest_covering(runs.start, runs.stop, standing, len(interval))
        group = len(groups) - 1 - (best & ((1 << shift) - 1))
        empty = best < 0
        places = np.zeros(len(interval), dtype=np.int64)
        places[~empty] = groups[group[~empty]]
        out.append(codes.values.take(pa.array(places, mask=empty)))
    return out


def top_k(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the ``k`` most frequent values of each window with their counts, by count descending, then by value."""
    found = repeats(segment)
    out = []
    for interval in intervals:
        runs = _runs(interval, found, len(segment))
        order = np.argsort(runs.group - (runs.count << len(found.starts).bit_length()))
        runs = _Runs(*(array.take(order) for array in (runs.start, runs.stop, runs.group, runs.count)))
        out.append(_tables(segment, found, runs, len(interval), options["k"]))
    return out


def histogram(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the different values of each window with their counts, by value; null for an empty window."""
    found = repeats(segment)
    return [
        _tables(segment, found, _runs(interval, found, len(segment)), len(interval), None) for interval in intervals
    ]


def _runs(interval: Interval, found: Repeats, size: int) -> _Runs:
    enters, leaves = row_spans(interval, size)
    start, stop = enters.take(found.order), leaves.take(found.order)
    seen = np.flatnonzero(start < stop)  # rows that some window holds
    shift = len(interval).bit_length()
    group = np.repeat(np.arange(len(found.starts) - 1) << shift, np.diff(found.starts)).take(seen)
    changes = np.concatenate((group | start.take(seen), group | stop.take(seen)))
    changes <<= 1
    changes[len(seen) :] |= 1
    changes.sort()
    counts = np.cumsum(1 - ((changes & 1) << 1))  # each group comes back to 0 before the next begins
    changes >>= 1
    final = np.empty(len(changes), dtype=np.bool_)  # of the changes of one group at one window
    final[-1:] = True
    np.not_equal(changes[1:], changes[:-1], out=final[:-1])
    kept = np.flatnonzero(final)
    changes, counts = changes.take(kept), counts.take(kept)
    windows = changes & ((1 << shift) - 1)
    some = np.flatnonzero(counts)
    return _Runs(windows.take(some), windows.take(some + 1), changes.take(some) >> shift, counts.take(some))


def _codes_of_groups(found: Repeats, codes: Int64Array) -> Int64Array:
    return codes[found.order[found.starts[:-1]]]


def _tables(segment: Segment, found: Repeats, runs: _Runs, points: int, limit: int | None) -> pa.Array:
    values = segment.args[0]
    table = pa.struct([pa.field("key", values.type), pa.field("value", pa.int64())])
    row_of_group = found.order[found.starts[:-1]]
    lengths, parts = [], []
    for piece in first_covering(runs.start, runs.stop, points, limit):
        lengths.append(np.diff(piece.offsets))
        keys = values.take(pa.array(row_of_group[runs.group[piece.items]]))
        parts.append(pa.StructArray.from_arrays([keys, pa.array(runs.count[piece.items])], fields=list(table)))
    return list_array(table, lengths, parts)


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType({"mode": mode, "top_k": top_k, "histogram": histogram})
"""The aggregations of this family, by name."""
