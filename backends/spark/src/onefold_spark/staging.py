"""The directory of a session in which rows wait as Parquet files: inputs on their way in, results on their way out."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.contract import StagedRows
from onefold.errors import ExchangeError
from onefold.types import Schema, SchemaNormaliser

__all__ = ["Staging", "drained"]

GROUP_ROWS = 262_144


class Staging:
    """A directory that goes when the session is closed, or let go of, or when the process ends.

    Args:
        parent: Where it is made; None for the system's temporary directory.
    """

    def __init__(self, parent: Path | None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="onefold-spark-", dir=parent))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        # Executors of a cluster may be another user's processes.
        self.path.chmod(0o755)

    def new(self, kind: str) -> Path:
        """Return the path of a directory that does not exist yet."""
        return self.path / f"{kind}-{uuid.uuid4().hex}"

    def store(self, rows: Iterator[pa.RecordBatch], columns: Schema, schema: pa.Schema) -> StagedRows:
        """Write a stream to files, a few rows in memory at a time, and return them."""
        path = self.new("input")
        count = 0
        try:
            with self._room():
                path.mkdir()
                writer = pq.ParquetWriter(path / "part-00000.parquet", schema, compression="snappy")
            try:
                for batch in rows:
                    if batch.num_rows:
                        with self._room():
                            writer.write_batch(batch, row_group_size=GROUP_ROWS)
                        count += batch.num_rows
            finally:
                with self._room():
                    writer.close()
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return StagedRows(path, columns, count)

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ExchangeError(
                f"Rows for spark can not be written to {str(self.path.parent)!r}: {error}. Make room there, or let the "
                "option staging of the engine name another directory."
            ) from error

    def close(self) -> None:
        """Remove the directory; idempotent."""
        self._remove()


def drained(path: Path, columns: Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a directory of Parquet files in order, and remove each file when it has been read."""
    normaliser = SchemaNormaliser(columns, where="the result of spark")
    for file in StagedRows(path, columns).files:
        with pq.ParquetFile(file) as opened:
            # One reader over all row groups would keep what it has read of each to its end.
            for group in range(opened.num_row_groups):
                for batch in opened.iter_batches(batch_size=65_536, row_groups=[group]):
                    yield normaliser(batch.rename_columns(list(columns.names)))
        file.unlink(missing_ok=True)
