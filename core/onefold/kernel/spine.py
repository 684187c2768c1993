"""The spine while its features are computed: in memory, or in a file when it is large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from onefold.kernel.options import KernelOptions
from onefold.kernel.scratch import Scratch

__all__ = ["StoredSpine"]


class StoredSpine:
    """All rows of a spine, in their order, readable column by column and batch by batch.

    Args:
        batches: The rows.
        schema: Their schema.
        options: The size of batches, and how much may stay in memory.
        scratch: Where a large spine is kept.
    """

    def __init__(
        self, batches: Iterable[pa.RecordBatch], schema: pa.Schema, options: KernelOptions, scratch: Scratch
    ) -> None:
        self.schema = schema
        self.rows = 0
        self._batches: list[pa.RecordBatch] = []
        self._path: str | None = None
        size = 0
        writer: pa.ipc.RecordBatchFileWriter | None = None
        try:
            for batch in _evenly(batches, options.batch_rows):
                options.check()
                self.rows += batch.num_rows
                self._batches.append(batch)
                size += batch.get_total_buffer_size()
                if writer is None and size > options.memory_limit // 2:
                    self._path = str(scratch.path("spine.arrow"))
                    with scratch.writing():
                        writer = pa.ipc.new_file(self._path, schema)
                if writer is not None:
                    with scratch.writing():
                        for waiting in self._batches:
                            writer.write_batch(waiting)
                    self._batches.clear()
        finally:
            if writer is not None:
                with scratch.writing():
                    writer.close()

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column."""
        return pa.chunked_array([batch.column(name) for batch in self], self.schema.field(name).type)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        if self._path is None:
            yield from self._batches
            return
        with pa.memory_map(self._path) as source:
            reader = pa.ipc.open_file(source)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)


def _evenly(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in batches of one size, but for the last."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, rows - count)
            start += part.num_rows
            count += part.num_rows
            held.append(part)
            if count == rows:
                yield _joined(held)
                held, count = [], 0
    if held:
        yield _joined(held)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)
