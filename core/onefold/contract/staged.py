"""Rows that wait in Parquet files between two stages, where a distributed engine can reach them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.types import Schema, SchemaNormaliser
from onefold.types.streams import started

__all__ = ["StagedRows"]

BATCH_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class StagedRows:
    """A directory of Parquet files; the rows are in the order of the files' names, and of each file.

    An engine that reads Parquet by itself reads the files; any other reads the stream of them, as often as it likes.

    Args:
        path: The directory. Files whose names begin with ``_`` or ``.`` are no data.
        columns: The columns of the rows.
        rows: How many rows there are; None when nobody has counted.
        number: The one of these columns that is not in the files: the position of each row, from 0, which whoever
            reads them fills in (:mod:`onefold.contract.requirements`, ``exchange.row_numbers``).
    """

    path: Path
    columns: Schema
    rows: int | None = None
    number: str | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files with rows, in order."""
        return tuple(sorted(file for file in self.path.glob("*.parquet") if file.name[0] not in "_."))

    @property
    def bytes(self) -> int:
        """The size of the files."""
        return sum(file.stat().st_size for file in self.files)

    def batches(self) -> pa.RecordBatchReader:
        """Return the rows as a stream of batches in the declared columns."""
        normaliser = SchemaNormaliser(self.columns, where=f"the staged rows in {self.path.name!r}")

        stored = [name for name in self.columns.names if name != self.number]

        def batches() -> Iterator[pa.RecordBatch | None]:
            yield None
            position = 0
            for path in self.files:
                for batch in _batches(path, stored):
                    start, position = position, position + batch.num_rows
                    if self.number is not None and self.number in self.columns:
                        batch = batch.append_column(self.number, pa.array(range(start, position), pa.int64()))  # noqa: PLW2901
                    yield normaliser(batch)

        return pa.RecordBatchReader.from_batches(normaliser.schema, started(batches()))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the rows through the Arrow C stream interface."""
        return self.batches().__arrow_c_stream__(requested_schema)


def _batches(path: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file. One reader over all row groups would keep what it has read of each to its end."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield from file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group], columns=columns)
