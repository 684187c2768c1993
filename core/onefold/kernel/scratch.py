"""Files that a run needs when something does not fit in memory; gone when the run ends, however it ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from onefold.errors import ExchangeError

__all__ = ["Scratch"]


class Scratch:
    """A temporary directory that is made when the first file is needed, and removed at the end.

    Args:
        parent: Where it is made; None for the system's place for temporary files.
    """

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent
        self._directory: Path | None = None

    def path(self, name: str) -> Path:
        """Return the path of a file in the directory."""
        if self._directory is None:
            with self.writing():
                self._directory = Path(tempfile.mkdtemp(prefix="onefold-", dir=self._parent))
        return self._directory / name

    def append(self, name: str, batches: Sequence[pa.RecordBatch]) -> None:
        """Write batches of one schema, at least one, behind what is in a file.

        Raises:
            ExchangeError: If they can not be written.
        """
        with (
            self.writing(),
            pa.OSFile(str(self.path(name)), "ab") as file,
            pa.ipc.new_stream(file, batches[0].schema) as writer,
        ):
            writer.write_batch(pa.concat_batches(batches))

    def read(self, name: str) -> Iterator[pa.RecordBatch]:
        """Yield what was appended to a file."""
        with pa.OSFile(str(self.path(name)), "rb") as file:
            while file.tell() < file.size():
                yield from pa.ipc.open_stream(file)

    def remove(self, name: str) -> None:
        """Remove a file."""
        self.path(name).unlink()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write files, and say where there is no room for them.

        Raises:
            ExchangeError: If they can not be written.
        """
        try:
            yield
        except OSError as error:
            where = self._directory or self._parent or Path(tempfile.gettempdir())
            raise ExchangeError(
                f"What does not fit in memory can not be kept in {str(where)!r}: {error}. Make room there, or choose "
                "another directory with the option spill_directory of an engine that has it, or with TMPDIR."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
