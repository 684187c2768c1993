"""Keeps the chunks of results on disk until they are fetched: never more than one of them is in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True)
class Chunk:
    """A piece of a result.

    Attributes:
        rows: How many rows it has.
        size: How many bytes.
        offset: Where it begins in the file of its result.
    """

    rows: int
    size: int
    offset: int


class Spool:
    """The results of one server, a file each, in a folder that goes with the server."""

    def __init__(self, folder: Path) -> None:
        """Make an empty spool.

        Args:
            folder: A folder that exists and that nobody else writes to.
        """
        self._folder = folder
        self._lock = threading.Lock()
        self._chunks: dict[str, list[Chunk]] = {}
        self._results: dict[int, list[str]] = {}

    def append(self, query_id: str, session: int, rows: int, data: pa.Buffer) -> None:
        """Add a chunk to a result.

        Args:
            query_id: The statement whose result it is.
            session: The session that asked for it.
            rows: How many rows the chunk has.
            data: The chunk.
        """
        with self._lock:
            if query_id not in self._chunks:
                self._chunks[query_id] = []
                self._results.setdefault(session, []).append(query_id)
            chunks = self._chunks[query_id]
        offset = chunks[-1].offset + chunks[-1].size if chunks else 0
        with self._path(query_id).open("ab") as file:
            file.write(data)
        chunks.append(Chunk(rows, data.size, offset))

    def chunks(self, query_id: str) -> list[Chunk]:
        """Return the chunks of a result.

        Args:
            query_id: The statement whose result it is.
        """
        with self._lock:
            return list(self._chunks.get(query_id, ()))

    def read(self, query_id: str, number: int) -> bytes | None:
        """Return a chunk, None if there is no such chunk.

        Args:
            query_id: The statement whose result it is.
            number: The number of the chunk, from 0.
        """
        chunks = self.chunks(query_id)
        if not 0 <= number < len(chunks):
            return None
        with self._path(query_id).open("rb") as file:
            file.seek(chunks[number].offset)
            return file.read(chunks[number].size)

    def drop(self, session: int) -> None:
        """Delete the results of a session.

        Args:
            session: The session.
        """
        with self._lock:
            for query_id in self._results.pop(session, ()):
                del self._chunks[query_id]
                self._path(query_id).unlink(missing_ok=True)

    def _path(self, query_id: str) -> Path:
        return self._folder / f"{query_id}.arrows"
