"""A stream that is sorted by some columns, in chunks of whole groups of equal values; null is a value here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.segment import Int64Array
from onefold.kernel.ties import ordinals
from onefold.plan import SortKey

__all__ = ["Partitions", "changes", "partitions", "sort_values"]


@dataclass(frozen=True)
class Partitions:
    """Rows of some whole groups.

    Args:
        codes: The number of each row's group, from 0, ascending.
        columns: The columns, by name.
    """

    codes: Int64Array
    columns: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def count(self) -> int:
        """The number of groups."""
        return int(self.codes[-1]) + 1 if len(self.codes) else 0

    def take(self, order: Int64Array) -> Partitions:
        """Return the rows in another order, groups staying where they are."""
        index = pa.array(order)
        return Partitions(self.codes[order], {name: column.take(index) for name, column in self.columns.items()})


def partitions(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, keys: Sequence[str], rows: int
) -> Iterator[Partitions]:
    """Yield a stream in chunks of whole groups; at least one chunk, which may be empty.

    Args:
        batches: The rows, in which rows with equal keys are together.
        schema: Their schema.
        keys: The columns that make the groups; with none, all rows are one group.
        rows: How many rows a chunk should have; it has more when a group has more.
    """
    held: list[pa.RecordBatch] = []
    count, wait = 0, rows
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count < wait or not keys:
            continue
        table = pa.Table.from_batches(held, schema)
        whole = _partitions(table, keys)
        cut = int(np.searchsorted(whole.codes, whole.count - 1, "left"))
        if cut:
            yield _slice(whole, cut)
            held = table.slice(cut).to_batches()
            count -= cut
        wait = max(rows, 2 * count)
    yield _partitions(pa.Table.from_batches(held, schema), keys)


def changes(columns: Iterable[Int64Array], length: int) -> npt.NDArray[np.bool_]:
    """Return where a row differs from the one before it in any column; the first row does."""
    new = np.zeros(length, np.bool_)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def sort_values(column: pa.Array, key: SortKey) -> Int64Array:
    """Return integers whose ascending order is the order that a sort key asks for."""
    values = ordinals(column)
    null = values < 0
    if key.descending:
        values = -values
    if null.any():
        values[null] = -len(values) - 1 if key.nulls == "first" else len(values) + 1
    return values


def _partitions(table: pa.Table, keys: Sequence[str]) -> Partitions:
    columns = {
        name: column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    new = changes((ordinals(columns[key]) for key in keys), len(table))
    return Partitions(np.cumsum(new) - 1, columns)


def _slice(whole: Partitions, stop: int) -> Partitions:
    return Partitions(whole.codes[:stop], {name: column.slice(0, stop) for name, column in whole.columns.items()})
