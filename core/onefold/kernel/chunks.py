"""Cutting a sorted stream of events into chunks, together with the spine rows that belong to them.

Chunks are cut at keys. A key with many more events than a chunk should have is cut in time: as soon as all events
that some of its spine rows can see have arrived, those rows are a chunk of their own, and the events that no later row
of the key can see any more are let go. With windows of a finite length (or of a number of rows), such a key needs no
more memory than its longest window; a window without a start keeps all events of the key that is at work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.errors import ExchangeError
from onefold.kernel.buffers import numbers_of
from onefold.kernel.chunk import Chunk
from onefold.kernel.events import CODE, TIME
from onefold.kernel.intervals import earlier
from onefold.kernel.segment import Int64Array

__all__ = ["Chunker", "Sight", "SortedSpine"]


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


class Sight(Protocol):
    """What the windows of a run can see; all of them move forward with the spine's time."""

    def first_needed(self, chunk: Chunk) -> int:
        """Return the first event of the chunk that its first spine row, or a later row of that key, can see."""
        ...

    @property
    def delay(self) -> int:
        """How far before a spine row's time lies, at least, the last instant that the row can see."""
        ...


class Chunker:
    """Cuts a stream of events into chunks; every spine row is in exactly one of them.

    Args:
        sequence: The columns that order events of one time.
        spine: The spine.
        rows: How many events a chunk should have.
        sight: What the windows can see.
    """

    def __init__(self, sequence: tuple[str, ...], spine: SortedSpine, rows: int, sight: Sight) -> None:
        self._sequence = sequence
        self._spine = spine
        self._rows = rows
        self._sight = sight
        self._held: list[pa.RecordBatch] = []
        self._count = 0
        self._wait = rows  # how many events are held before a cut is tried
        self._taken = 0
        self._key = -1
        """The last key that chunks were made for."""

    def chunks(self, batches: Iterable[tuple[pa.RecordBatch, bool]]) -> Iterator[Chunk]:
        """Yield the chunks.

        Args:
            batches: The events with the columns ``code`` and ``time``, sorted by code, time and sequence; at least one
                batch, which may be empty. With each goes whether no later batch has events of its last key.

        Raises:
            ExchangeError: If the stream is not sorted by code, or has nulls in its first two columns.
        """
        for batch, complete in batches:
            for start in range(0, max(1, batch.num_rows), self._rows):
                part = batch.slice(start, self._rows)
                if part.num_rows or not self._held:
                    self._held.append(part)
                    self._count += part.num_rows
                last = start + self._rows >= batch.num_rows
                if self._count >= self._wait:
                    yield from self._cut(complete=complete and last)
        yield self._chunk(self._table(), len(self._spine))

    def _table(self) -> pa.Table:
        return pa.Table.from_batches(self._held)

    def _cut(self, *, complete: bool) -> Iterator[Chunk]:
        """Yield what is complete: all keys, or those before the last one, or else a part of that key's time."""
        table = self._table()
        last = table[CODE][-1].as_py()
        if complete:
            yield self._chunk(table, int(np.searchsorted(self._spine.codes, last, "right")))
            self._keep(table, len(table))
            return
        cut = _first_of(table[CODE], last)
        if cut:
            yield self._chunk(table.slice(0, cut), int(np.searchsorted(self._spine.codes, last, "left")), last)
            self._keep(table, cut)
        else:
            yield from self._cut_in_time(table, last)

    def _cut_in_time(self, table: pa.Table, key: int) -> Iterator[Chunk]:
        """Yield the rows of the last key that have all their events, and forget the events that are not needed."""
        until = table[TIME][-1].as_py()
        first, end = (int(place) for place in np.searchsorted(self._spine.codes, [key, key + 1], "left"))
        times = self._spine.times[first:end]
        # Rows that can only see instants before the last event: more events of that instant may still come.
        seen = np.searchsorted(earlier(times, self._sight.delay), until, "left")
        stop = max(self._taken, first + int(seen))
        rest = self._chunk_of(table.select([CODE, TIME]), stop, min(stop + 1, end))
        drop = int(np.searchsorted(rest.times, until, "left"))
        if len(rest.spine_rows):
            needed = self._sight.first_needed(rest)
            if needed < drop:
                drop = int(np.searchsorted(rest.times, rest.times[needed], "left"))  # its time is kept whole
        if 2 * drop < len(table):
            self._wait = 2 * self._count  # trying again at every batch would cost more than it gains
            return
        if stop > self._taken:
            yield self._chunk(table, stop)
            self._key = key - 1  # the key is not done yet
        self._keep(table, drop)

    def _keep(self, table: pa.Table, start: int) -> None:
        rest = table.slice(start)
        self._held, self._count = rest.to_batches() or [pa.RecordBatch.from_pylist([], rest.schema)], len(rest)
        self._wait = max(self._rows, 2 * self._count)

    def _chunk(self, table: pa.Table, stop: int, following: int | None = None) -> Chunk:
        """Return the chunk of these events and the spine rows up to a place, and check the order of keys."""
        chunk = self._chunk_of(table, self._taken, stop)
        codes = chunk.codes
        if len(codes) and (codes[0] <= self._key or (following is not None and codes[-1] >= following)):
            raise ExchangeError("The kernel was given events that are not sorted by the key's code.")
        self._taken = stop
        self._key = int(codes[-1]) if len(codes) else self._key
        return chunk

    def _chunk_of(self, table: pa.Table, start: int, stop: int) -> Chunk:
        columns = {name: _whole(table[name]) for name in table.column_names}
        codes, times = columns.pop(CODE), columns.pop(TIME)
        if codes.null_count or times.null_count:
            raise ExchangeError("The stream of sorted events has nulls in the key's code or in the time.")
        spine, part = self._spine, slice(start, stop)
        return Chunk(
            numbers_of(codes),
            numbers_of(times),
            columns,
            self._sequence,
            spine.codes[part],
            spine.times[part],
            spine.rows[part],
        )


def _first_of(codes: pa.ChunkedArray, code: int) -> int:
    """Return the first row with a code; batches are looked at from the end."""
    cut = len(codes)
    for part in reversed(codes.chunks):
        place = int(np.searchsorted(numbers_of(part), code, "left"))
        cut -= len(part) - place
        if place:
            break
    return cut


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
