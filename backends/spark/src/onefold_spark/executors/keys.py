"""Codes for the keys of events, in a partition that is sorted by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.kernel.segment import Int64Array

__all__ = ["KeyFinder", "evenly"]

LOOK_UP_ROWS = 1 << 17
"""How many events are looked up at once: each look-up costs a pass over the distinct keys of the spine."""


class KeyFinder:
    """Finds the places of keys in a list of distinct ones.

    Args:
        keys: The key columns of the list.
    """

    def __init__(self, keys: Sequence[pa.Array]) -> None:
        self._lists: list[tuple[pa.Array, pa.Array | None]] = []
        """For each column its distinct values, and the distinct pairs of the columns before it and this one."""
        found: Int64Array | None = None
        for column in keys:
            values = column.unique()
            places = pc.index_in(column, value_set=values).to_numpy().astype(np.int64)
            if found is None:
                self._lists.append((values, None))
                found = places
                continue
            packed = pa.array(found * len(values) + places)  # both are below the number of rows: a pair fits in int64
            pairs = packed.unique()
            self._lists.append((values, pairs))
            found = pc.index_in(packed, value_set=pairs).to_numpy().astype(np.int64)

    def __call__(self, keys: Sequence[pa.Array]) -> Int64Array:
        """Return the place of each key in the list, -1 for a key that is not there."""
        found: Int64Array | None = None
        for column, (values, pairs) in zip(keys, self._lists, strict=True):
            places = _index_in(column, values)
            if found is None or pairs is None:
                found = places
                continue
            packed = np.where((found < 0) | (places < 0), -1, found * len(values) + places)
            found = _index_in(pa.array(packed), pairs)
        assert found is not None
        return found

    def coded(self, batch: pa.RecordBatch, keys: Sequence[pa.Array]) -> tuple[pa.RecordBatch, Int64Array]:
        """Return the rows whose key is in the list, and the places of their keys there.

        Args:
            batch: Rows in which equal keys are together.
            keys: Their keys.
        """
        new = np.zeros(len(batch), np.bool_)
        new[:1] = True
        for column in keys:
            changed = pc.not_equal(column.slice(1), column.slice(0, max(0, len(batch) - 1)))
            new[1:] |= changed.to_numpy(zero_copy_only=False)
        starts = np.flatnonzero(new)
        index = pa.array(starts)
        found = self([column.take(index) for column in keys])
        codes = np.repeat(found, np.diff(np.append(starts, len(batch))))
        if (found >= 0).all():
            return batch, codes
        kept = codes >= 0
        return batch.filter(pa.array(kept)), codes[kept]


def _index_in(column: pa.Array, values: pa.Array) -> Int64Array:
    found: Int64Array = pc.index_in(column, value_set=values).fill_null(-1).to_numpy().astype(np.int64)
    return found


def evenly(batches: Iterable[pa.RecordBatch], rows: int = LOOK_UP_ROWS) -> Iterator[pa.RecordBatch]:
    """Yield batches joined to ones of at least so many rows, but for the last."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield pa.concat_batches(held)
            held, count = [], 0
    if held:
        yield pa.concat_batches(held)
