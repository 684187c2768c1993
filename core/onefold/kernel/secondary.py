"""Secondary keys (``by=``): every aggregation runs over the pairs of spine row and secondary key that hold a row.

Each key's rows are sorted once more by the secondary key, so that such a pair is a window like any other. Spine rows are expanded to the secondary keys of their key in pieces of bounded size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from onefold.kernel.buffers import bools_of, valid_of
from onefold.kernel.codes import encode
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment

__all__ = ["SecondaryRows", "evaluate_by"]

PAIRS = 1 << 20
"""How many pairs of spine row and secondary key are looked at in one piece."""


class SecondaryRows:
    """The rows of a chunk sorted by (key, secondary key, time, ...), as far as they take part.

    Args:
        rows: All rows of the chunk, in their final order.
        args: The argument columns.
        by: The secondary key; rows where it is null do not take part.
        where: Which rows take part; None for all.
        keep_nulls: Whether rows with a null argument go to the aggregation; they count as rows of their secondary
            key in any case.
    """

    def __init__(
        self, rows: Segment, *, args: tuple[pa.Array, ...], by: pa.Array, where: pa.Array | None, keep_nulls: bool
    ) -> None:
        present = [mask for mask in (valid_of(by), None if where is None else bools_of(where)) if mask is not None]
        position = np.flatnonzero(np.logical_and.reduce(present)) if present else np.arange(len(rows))
        coded = encode(by.take(pa.array(position)))
        self.values = coded.values
        """The different secondary keys, ascending."""
        keys = rows.keys.take(position)
        order = np.lexsort((coded.codes, keys))  # stable: within (key, secondary key) rows keep their order
        keys, value, position = keys[order], coded.codes[order], position[order]
        new = np.empty(len(keys), np.bool_)
        new[:1] = True
        new[1:] = (keys[1:] != keys[:-1]) | (value[1:] != value[:-1])
        group = np.cumsum(new) - 1
        self.group_keys: Int64Array = keys[new]
        """The key of each group, ascending; a group is the rows of one key and secondary key."""
        self.group_values: Int64Array = value[new]
        """The place of each group's secondary key in ``values``."""
        self._stride = len(rows) + 1  # positions 0..len(rows): group * stride + position is sorted
        self._packed = group * self._stride + position

        kept = np.ones(len(position), np.bool_)
        index = pa.array(position)
        args = tuple(arg.take(index) for arg in args)
        if not keep_nulls:
            for valid in map(valid_of, args):
                if valid is not None:
                    kept &= valid
        self._before = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
        rank = rows.rank.take(position)
        new[1:] |= rank[1:] != rank[:-1]
        rank = np.cumsum(new) - 1
        keep = pa.array(kept)
        self.segment = Segment(
            group[kept], rows.times.take(position)[kept], tuple(arg.filter(keep) for arg in args), rank[kept]
        )
        """The rows that the aggregations see, with one code per group."""

    def find(self, group: Int64Array, position: Int64Array) -> Int64Array:
        """Return how many of the sorted rows come before a position of the chunk in a group."""
        return np.searchsorted(self._packed, group * self._stride + position, "left")

    def inside(self, place: Int64Array) -> Int64Array:
        """Return places among the sorted rows as places in the segment."""
        return self._before.take(place)


def evaluate_by(
    rows: SecondaryRows,
    spine_codes: Int64Array,
    interval: Interval,
    *,
    aggregator: Aggregator,
    options: Mapping[str, Any],
    dtype: pa.DataType,
) -> pa.Array:
    """Return ``list<struct<key, value>>`` per spine row, ascending by key; null where no row takes part.

    Args:
        rows: The rows, sorted by secondary key.
        spine_codes: The key of each spine row, ascending.
        interval: The window of each spine row, over all rows of the chunk.
        aggregator: The aggregation.
        options: Its options.
        dtype: The Arrow type of the result.
    """
    first = np.searchsorted(rows.group_keys, spine_codes, "left")
    count = np.searchsorted(rows.group_keys, spine_codes, "right") - first
    count[interval.left == interval.right] = 0
    parts = []
    for start, stop in _cut(count):
        part = slice(start, stop)
        spine, group = _pairs(spine_codes[part], first[part], count[part])
        spine += start
        left = rows.find(group, interval.left.take(spine))
        right = rows.find(group, interval.right.take(spine))
        held = np.flatnonzero(left < right)
        spine, group, left, right = spine[held], group[held], left[held], right[held]
        windows = Interval(rows.inside(left), rows.inside(right), interval.end.take(spine))
        [values] = aggregator(rows.segment, [windows], options)
        back = np.argsort(spine, kind="stable")  # groups of a spine row are in the order of their secondary keys
        parts.append(
            _entries(
                np.bincount(spine - start, minlength=stop - start),
                rows.values.take(pa.array(rows.group_values.take(group[back]))),
                values.take(pa.array(back)),
                dtype,
            )
        )
    return pa.concat_arrays(parts) if parts else pa.array([], dtype)


def _cut(count: Int64Array) -> Iterator[tuple[int, int]]:
    total = np.cumsum(count)
    start = 0
    while start < len(total):
        before = int(total[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(total, before + PAIRS, "right")))
        yield start, stop
        start = stop


def _pairs(codes: Int64Array, first: Int64Array, count: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Return spine rows and groups, sorted by group, then spine row: windows of a group must never step back."""
    spine = np.repeat(np.arange(len(codes), dtype=np.int64), count)
    skipped = first - (np.cumsum(count) - count)
    group = np.arange(len(spine), dtype=np.int64) + np.repeat(skipped, count)
    order = np.argsort(group, kind="stable")
    return spine[order], group[order]


def _entries(lengths: Int64Array, keys: pa.Array, values: pa.Array, dtype: pa.DataType) -> pa.Array:
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    struct = dtype.value_type
    entries = pa.StructArray.from_arrays([keys.cast(struct[0].type), values], fields=list(struct))
    return pa.ListArray.from_arrays(pa.array(offsets), entries, type=dtype, mask=pa.array(lengths == 0))
