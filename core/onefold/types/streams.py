"""Streams of rows that free what stands behind them, however they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

__all__ = ["guarded", "started"]


def guarded(reader: pa.RecordBatchReader, done: Callable[[], None]) -> pa.RecordBatchReader:
    """Return the same stream, which calls ``done`` when it ends, fails or is let go of."""

    def batches() -> Iterator[pa.RecordBatch | None]:
        try:
            with reader:
                yield None
                yield from reader
        finally:
            done()

    return pa.RecordBatchReader.from_batches(reader.schema, started(batches()))


def started(batches: Iterator[pa.RecordBatch | None]) -> Iterator[pa.RecordBatch]:
    """Return a generator that has run up to its first ``yield``, of None: closing it now runs its ``finally``.

    A generator that was never started is dropped without a trace, and what it was to close stays open.
    """
    next(batches)
    return batches  # the one None is gone
