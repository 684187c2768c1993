"""Putting streams side by side that are all in the order of one spine: no join, and no more in memory than a batch each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from onefold.errors import ExchangeError
from onefold.types.streams import started

__all__ = ["side_by_side"]


def side_by_side(streams: Mapping[str, pa.RecordBatchReader], number: str, schema: pa.Schema) -> pa.RecordBatchReader:
    """Return the columns of several streams as one stream.

    Args:
        streams: The streams, by what they are in messages. The first one sets the order; each has the column ``number``.
        number: The column that numbers the rows.
        schema: The columns of the result; each is one of exactly one stream.

    Raises:
        ExchangeError: (While reading.) If a stream has other rows than the first one, or has them in another order.
    """

    def batches() -> Iterator[pa.RecordBatch | None]:
        cursors = [_Cursor(name, stream) for name, stream in streams.items()]
        owners = [next(cursor for cursor in cursors if name in cursor.names) for name in schema.names]
        yield None
        while True:
            left = [cursor.rows_at_hand() for cursor in cursors]
            if not all(left):
                _check_ends(cursors, left)
                return
            taken = min(left)
            pieces = {cursor: cursor.take(taken) for cursor in cursors}
            _check_order(pieces, number)
            columns = [pieces[owner].column(name) for owner, name in zip(owners, schema.names, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, started(batches()))


class _Cursor:
    """A place in a stream of batches."""

    def __init__(self, name: str, stream: pa.RecordBatchReader) -> None:
        self.name = name
        self.names = frozenset(stream.schema.names)
        self.passed = 0
        self._stream = stream
        self._batch: pa.RecordBatch | None = None
        self._start = 0

    def rows_at_hand(self) -> int:
        """Return how many rows can be taken at once; 0 at the end."""
        while self._batch is None or self._start == self._batch.num_rows:
            self._batch, self._start = next(self._stream, None), 0
            if self._batch is None:
                return 0
        return int(self._batch.num_rows) - self._start

    def take(self, rows: int) -> pa.RecordBatch:
        """Return the next rows, without a copy."""
        assert self._batch is not None
        piece = self._batch.slice(self._start, rows)
        self._start += rows
        self.passed += rows
        return piece


def _check_order(pieces: Mapping[_Cursor, pa.RecordBatch], number: str) -> None:
    first, *others = pieces
    due = pieces[first].column(number)
    for cursor in others:
        found = pieces[cursor].column(number)
        if not found.equals(due):
            wrong = next(at for at in range(len(due)) if found[at].as_py() != due[at].as_py())
            raise ExchangeError(
                f"The result of {cursor.name} is not in the order of the spine: it has row {found[wrong].as_py()} in the "
                f"place of row {due[wrong].as_py()}. An engine returns each row of a spine once, in its place."
            )


def _check_ends(cursors: list[_Cursor], left: list[int]) -> None:
    ended = [cursor for cursor, rows in zip(cursors, left, strict=True) if not rows]
    if len(ended) < len(cursors):
        going = next(cursor for cursor in cursors if cursor not in ended)
        raise ExchangeError(
            f"The result of {ended[0].name} has {ended[0].passed:,} rows, and that of {going.name} has more. An engine "
            "returns each row of a spine once, in its place."
        )
