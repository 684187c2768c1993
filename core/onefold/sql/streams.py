"""Streams of rows that free what stands behind them, however they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

__all__ = ["guarded"]


def guarded(reader: pa.RecordBatchReader, done: Callable[[], None]) -> pa.RecordBatchReader:
    """Return the same stream, which calls ``done`` when it ends, fails or is let go of."""

    def batches() -> Iterator[pa.RecordBatch | None]:
        try:
            with reader:
                yield None
                yield from reader
        finally:
            done()

    stream = batches()
    next(stream)  # runs up to the first yield, so that letting go of the stream runs its finally
    return pa.RecordBatchReader.from_batches(reader.schema, stream)
