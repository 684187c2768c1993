"""Putting events in the order of (code, time, sequence), however an engine gives them.

Events are spread over buckets, each of which holds a range of codes: a counting sort by bucket, in runs of a million
rows, moves every row once and close to its neighbours. A bucket is then small enough to be sorted within the
processor's cache, when its turn comes. So the whole costs little more than reading the rows, an engine needs not sort
at all, and what does not fit in memory goes to one file per bucket.

A bucket that is too large by itself is spread once more: by code, or by time where it holds a single key.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.errors import ExchangeError
from onefold.kernel.buffers import numbers_of
from onefold.kernel.events import CODE, TIME
from onefold.kernel.options import KernelOptions
from onefold.kernel.scratch import Scratch
from onefold.kernel.segment import Int64Array
from onefold.kernel.ties import ordinals

__all__ = ["arranged"]

BUCKETS = 256
"""How many buckets there are at most: their numbers fit in a byte, which numpy sorts by counting."""

RUN_ROWS, RUN_BYTES = 1 << 20, 1 << 26
"""How much is spread at once."""

_SAMPLE = 1 << 14
"""Values of a batch that are looked at to choose limits."""

_PACKED_BITS = 63
"""How many bits a code and a time may have together to be compared as one number."""

_TABLE_BITS = 20
"""Beyond so many codes, neighbours share a place in the table of buckets: it stays in the processor's cache."""

Buckets = npt.NDArray[np.uint8]
Spread = Callable[[pa.RecordBatch], Buckets]


def arranged(
    batches: Iterable[pa.RecordBatch],
    sequence: tuple[str, ...],
    codes: int,
    options: KernelOptions,
    scratch: Scratch,
    *,
    pool: Executor,
) -> Iterator[tuple[pa.RecordBatch, bool]]:
    """Yield events sorted by code, time and sequence; events that are equal in these come in any order.

    With each batch goes whether all events of its keys have come: the next one then begins with another key.

    Args:
        batches: The events in any order, with the columns ``code`` and ``time``; at least one batch, which may be empty.
        sequence: The columns that order events of one time, ascending, nulls first.
        codes: How many codes there are, from 0.
        options: How much may stay in memory.
        scratch: Where the rest is kept.
        pool: Spreads and sorts, while more rows are read and those that are in order are computed with.

    Raises:
        ExchangeError: If a code or a time is null, or a code is not one of these.
    """
    runs = _runs(_checked(batches, codes, options), min(RUN_BYTES, options.memory_limit // 8))
    first = next(runs)
    second = next(runs, None)
    if second is None:
        yield _sorted(first, sequence), True
        return
    buckets = _Buckets(_by_code(first, codes), options, scratch, "events", pool)
    for run in (first, second):
        buckets.add(run)
    del first, second, run
    for run in runs:
        buckets.add(run)
    yield from buckets.read(sequence)


class _Buckets:
    """Rows spread over buckets, in memory and, beyond the limit, in files.

    Args:
        spread: Returns the bucket of each row of a batch; the rows of a bucket come before those of the next one.
        options: How much may stay in memory.
        scratch: Where files are kept.
        name: What their names begin with.
        pool: Does the work.
    """

    def __init__(self, spread: Spread, options: KernelOptions, scratch: Scratch, name: str, pool: Executor) -> None:
        self._spread = spread
        self._options = options
        self._scratch = scratch
        self._pool = pool
        self._name = name
        self._spreading: deque[Future[tuple[pa.RecordBatch, Int64Array]]] = deque()
        self._held: list[tuple[pa.RecordBatch, list[int]]] = []
        """Batches sorted by bucket, and where in them each bucket starts."""
        self._size = 0
        self._bytes = np.zeros(BUCKETS, np.int64)
        self._spilled: set[int] = set()

    def add(self, batch: pa.RecordBatch) -> None:
        """Spread the rows of a batch."""
        self._options.check()
        self._spreading.append(self._pool.submit(self._spread_out, batch))
        self._keep(self._options.threads)

    def _spread_out(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Int64Array]:
        """Return a batch sorted by bucket, and how many rows each bucket has."""
        buckets = self._spread(batch)
        counts = np.bincount(buckets, minlength=BUCKETS)
        if counts.max() < len(buckets):
            batch = batch.take(pa.array(np.argsort(buckets, kind="stable")))
        return batch, counts

    def _keep(self, pending: int) -> None:
        """Take in what has been spread, but for so many batches."""
        while len(self._spreading) > pending:
            batch, counts = self._spreading.popleft().result()
            self._held.append((batch, [0, *np.cumsum(counts).tolist()]))
            size = batch.nbytes
            self._size += size
            self._bytes += counts * size // max(1, batch.num_rows)
            if self._size > self._room:
                self._spill()

    @property
    def _room(self) -> int:
        return self._options.memory_limit * 5 // 16  # as much is for results, and the rest for the spine and lists

    def _spill(self) -> None:
        for bucket in range(BUCKETS):
            parts = self._parts(bucket)
            if parts:
                self._scratch.append(self._file(bucket), parts)
                self._spilled.add(bucket)
        self._held.clear()
        self._size = 0

    def _parts(self, bucket: int) -> list[pa.RecordBatch]:
        ends = [(batch, starts[bucket], starts[bucket + 1]) for batch, starts in self._held]
        return [batch.slice(start, stop - start) for batch, start, stop in ends if start < stop]

    def _file(self, bucket: int) -> str:
        return f"{self._name}-{bucket}.arrows"

    def _batches(self, bucket: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a bucket."""
        if bucket in self._spilled:
            yield from self._scratch.read(self._file(bucket))
        yield from self._parts(bucket)

    def read(self, sequence: tuple[str, ...]) -> Iterator[tuple[pa.RecordBatch, bool]]:
        """Yield all rows, sorted, and whether they are all of their keys; forget the files that are done with."""
        self._keep(0)
        sorting: deque[Future[pa.RecordBatch]] = deque()
        for bucket in range(BUCKETS):
            self._options.check()
            # A bucket that is not in files fits in memory, and so does its sorted copy.
            if bucket in self._spilled and self._bytes[bucket] > self._room // 2:
                while sorting:
                    yield sorting.popleft().result(), True
                yield from self._read_in_parts(bucket, sequence)
                self._scratch.remove(self._file(bucket))
            elif self._bytes[bucket]:
                sorting.append(self._pool.submit(self._sorted_bucket, bucket, sequence))
                if len(sorting) > self._options.threads:
                    yield sorting.popleft().result(), True
        while sorting:
            yield sorting.popleft().result(), True

    def _sorted_bucket(self, bucket: int, sequence: tuple[str, ...]) -> pa.RecordBatch:
        """Return the rows of a bucket in order, and forget its file."""
        rows = _sorted(pa.concat_batches(list(self._batches(bucket))), sequence)
        if bucket in self._spilled:
            self._scratch.remove(self._file(bucket))
        return rows

    def _read_in_parts(self, bucket: int, sequence: tuple[str, ...]) -> Iterator[tuple[pa.RecordBatch, bool]]:
        """Yield the rows of a large bucket, spread once more by code, or those of a single code by time."""
        codes = _Range.of(numbers_of(batch.column(CODE)) for batch in self._batches(bucket))
        if codes.first < codes.last:
            yield from self._finer(bucket, CODE, codes).read(sequence)
            return
        times = _Range.of(numbers_of(batch.column(TIME)) for batch in self._batches(bucket))
        if times.first < times.last:
            for rows, _ in self._finer(bucket, TIME, times).read(sequence):
                yield rows, False
        else:  # nothing tells them apart but the sequence
            rows = _sorted(pa.concat_batches(list(self._batches(bucket))), sequence)
            yield rows, False
        yield rows.slice(0, 0), True

    def _finer(self, bucket: int, column: str, values: _Range) -> _Buckets:
        limits = values.limits()
        finer = _Buckets(
            lambda batch: np.searchsorted(limits, numbers_of(batch.column(column)), "right").astype(np.uint8),
            self._options,
            self._scratch,
            f"{self._name}-{bucket}",
            self._pool,
        )
        for batch in self._batches(bucket):
            finer.add(batch)
        return finer


class _Range:
    """The values of a column, seen batch by batch.

    Args:
        first: The smallest.
        last: The greatest.
        sample: Some of them, evenly spread over the rows.
    """

    def __init__(self, first: int, last: int, sample: Int64Array) -> None:
        self.first = first
        self.last = last
        self._sample = sample

    @classmethod
    def of(cls, columns: Iterator[npt.NDArray[np.int64]]) -> _Range:
        """Return what is known of a column that has a row."""
        seen = [(int(part.min()), int(part.max()), part[:: max(1, len(part) // _SAMPLE)]) for part in columns]
        firsts, lasts, samples = zip(*seen, strict=True)
        return cls(min(firsts), max(lasts), np.concatenate(samples))

    def limits(self) -> Int64Array:
        """Return values that cut the others into buckets, none of which holds all: each but the first starts at one."""
        places = np.linspace(0, len(self._sample), BUCKETS + 1)[1:-1].astype(np.int64)
        limits = np.unique(np.sort(self._sample)[places])
        limits = limits[limits > self.first]
        return limits if len(limits) else np.array([self.last])


def _checked(batches: Iterable[pa.RecordBatch], codes: int, options: KernelOptions) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        options.check()
        found = batch.column(CODE)
        if found.null_count or batch.column(TIME).null_count:
            raise ExchangeError("The stream of events has nulls in the key's code or in the time.")
        numbers = numbers_of(found)
        if len(numbers) and (int(numbers.min()) < 0 or int(numbers.max()) >= codes):
            raise ExchangeError("The stream of events has codes of keys that the spine does not have.")
        yield batch


def _runs(batches: Iterable[pa.RecordBatch], most: int) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in few batches of many bytes, at least one."""
    held: list[pa.RecordBatch] = []
    rows = size = given = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= RUN_ROWS or (rows and size >= most):
            yield pa.concat_batches(held)
            held, rows, size, given = [], 0, 0, given + 1
    if rows or not given:
        yield pa.concat_batches(held)


def _by_code(run: pa.RecordBatch, codes: int) -> Spread:
    """Return the buckets of codes, so that each gets as many events as the others, if what they seem to be is so.

    Half of that is what a run of the events shows: a frequent key gets a bucket of its own. The other half takes all keys
    for equal, because in events that are stored key by key the first run shows a few keys only.
    """
    shift = max(0, codes.bit_length() - _TABLE_BITS)
    groups = ((codes - 1) >> shift) + 1
    seen = np.bincount(numbers_of(run.column(CODE)) >> shift, minlength=groups)
    weights = seen / max(1, len(run)) + 1 / groups
    middles = np.cumsum(weights) - weights / 2
    table = np.minimum(middles / 2 * BUCKETS, BUCKETS - 1).astype(np.uint8)
    return lambda batch: table.take(numbers_of(batch.column(CODE)) >> shift)


def _sorted(rows: pa.RecordBatch, sequence: tuple[str, ...]) -> pa.RecordBatch:
    """Return rows by code, time and sequence."""
    codes, times = numbers_of(rows.column(CODE)), numbers_of(rows.column(TIME))
    order = _order(codes, times)
    if sequence:
        order = _with_ties_in_order(codes, times, order, [rows.column(name) for name in sequence])
    return rows if order is None else rows.take(pa.array(order))


def _order(codes: Int64Array, times: Int64Array) -> Int64Array | None:
    """Return the rows by code and time; None when they are in that order."""
    if not len(codes):
        return None
    low, first = int(codes.min()), int(times.min())
    steps = (int(times.max()) - first).bit_length()
    if steps + (int(codes.max()) - low).bit_length() > _PACKED_BITS:
        return np.lexsort((times, codes))
    packed = ((codes - low) << steps) | (times - first)
    return None if (packed[1:] >= packed[:-1]).all() else np.argsort(packed)


def _with_ties_in_order(
    codes: Int64Array, times: Int64Array, order: Int64Array | None, columns: list[pa.Array]
) -> Int64Array | None:
    """Return an order by code and time with rows of one code and time ordered by more columns."""
    if order is not None:
        codes, times = codes.take(order), times.take(order)
    again = np.flatnonzero((codes[1:] == codes[:-1]) & (times[1:] == times[:-1])) + 1
    if not len(again):
        return order
    tied = np.union1d(again, again - 1)
    group = np.cumsum(~np.isin(tied, again))
    index = pa.array(tied if order is None else order.take(tied))
    by = [ordinals(column.take(index)) for column in columns]
    if order is None:
        order = np.arange(len(codes), dtype=np.int64)
    order[tied] = order[tied][np.lexsort([*reversed(by), group])]
    return order
