"""Cutting a sorted stream of events at keys, together with the spine rows of those keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.errors import ExchangeError
from onefold.kernel.buffers import numbers_of
from onefold.kernel.chunk import Chunk
from onefold.kernel.events import CODE, TIME
from onefold.kernel.segment import Int64Array

__all__ = ["SortedSpine", "chunks"]


@dataclass(frozen=True, slots=True)
class SortedSpine:
    """The spine rows that can match anything, sorted by (code, time).

    Args:
        codes: The code of each row's key.
        times: The instant of each row in microseconds.
        rows: The number of each row in the spine's own order.
    """

    codes: Int64Array
    times: Int64Array
    rows: Int64Array

    @classmethod
    def of(cls, codes: Int64Array, times: Int64Array, known: npt.NDArray[np.bool_]) -> SortedSpine:
        """Return the spine sorted.

        Args:
            codes: The code of each row's key, -1 for none.
            times: The instant of each row in microseconds.
            known: Which rows have an instant.
        """
        rows = np.flatnonzero(known & (codes >= 0))
        if len(rows) < len(codes):
            codes, times = codes[rows], times[rows]
        if not len(rows):
            return cls(codes, times, rows)
        first = int(times.min())
        steps = (int(times.max()) - first).bit_length()
        if steps + int(codes.max()).bit_length() <= 62:
            order = np.argsort((codes << steps) | (times - first))
        else:
            order = np.lexsort((times, codes))
        return cls(codes[order], times[order], rows[order])

    def __len__(self) -> int:
        return len(self.codes)


def chunks(
    batches: Iterable[pa.RecordBatch], sequence: tuple[str, ...], spine: SortedSpine, rows: int
) -> Iterator[Chunk]:
    """Yield the stream in chunks of whole keys; every spine row is in exactly one chunk.

    Args:
        batches: The events with the columns ``code`` and ``time``, sorted by code, time and sequence; at least one
            batch, which may be empty.
        sequence: The columns that order events of one time.
        spine: The spine.
        rows: How many events a chunk should have; it has more when a key has more.

    Raises:
        ExchangeError: If the stream is not sorted by code.
    """
    held: list[pa.RecordBatch] = []
    count = 0
    taken = 0
    done = -1
    for batch in batches:
        if held and not batch.num_rows:
            continue
        held.append(batch)
        count += batch.num_rows
        if count < rows:
            continue
        last = batch.column(CODE)[-1].as_py()
        table = pa.Table.from_batches(held)
        cut = _first_of(table[CODE], last)
        if cut:
            stop = int(np.searchsorted(spine.codes, last, "left"))
            chunk = _chunk(table.slice(0, cut), sequence, spine, taken, stop)
            _check_order(chunk.codes, done, last)
            done, taken = int(chunk.codes[-1]), stop
            yield chunk
            held, count = table.slice(cut).to_batches(), count - cut
    chunk = _chunk(pa.Table.from_batches(held), sequence, spine, taken, len(spine))
    _check_order(chunk.codes, done, None)
    yield chunk


def _first_of(codes: pa.ChunkedArray, code: int) -> int:
    """Return the first row with a code; batches are looked at from the end."""
    cut = len(codes)
    for part in reversed(codes.chunks):
        place = int(np.searchsorted(numbers_of(part), code, "left"))
        cut -= len(part) - place
        if place:
            break
    return cut


def _chunk(table: pa.Table, sequence: tuple[str, ...], spine: SortedSpine, start: int, stop: int) -> Chunk:
    columns = {name: _whole(table[name]) for name in table.column_names}
    codes, times = columns.pop(CODE), columns.pop(TIME)
    if codes.null_count or times.null_count:
        raise ExchangeError("The stream of sorted events has nulls in the key's code or in the time.")
    part = slice(start, stop)
    return Chunk(
        numbers_of(codes), numbers_of(times), columns, sequence, spine.codes[part], spine.times[part], spine.rows[part]
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _check_order(codes: Int64Array, done: int, following: int | None) -> None:
    if len(codes) and (codes[0] <= done or (following is not None and codes[-1] >= following)):
        raise ExchangeError("The kernel was given events that are not sorted by the key's code.")
