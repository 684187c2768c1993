"""The first and the last rows of a stream, and how many there were."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["Sample"]


class Sample:
    """Rows of a stream, of which only the first and the last ones are held.

    Args:
        schema: The columns.
        first: How many of the first rows are held; None: all.
        last: How many of the last rows are held.

    Examples:
        >>> sample = Sample(pa.schema({"n": pa.int64()}), first=1, last=2)
        >>> for start in range(0, 9, 3):
        ...     sample.add(pa.table({"n": [start, start + 1, start + 2]}))
        >>> sample.count, sample.rows["n"].to_pylist()
        (9, [0, 7, 8])
    """

    def __init__(self, schema: pa.Schema, *, first: int | None, last: int) -> None:
        self.count = 0
        """How many rows there were."""
        self._first, self._last = first, last
        self._head = self._tail = schema.empty_table()

    def add(self, rows: pa.Table) -> None:
        """Take rows in, after all others."""
        self.count += rows.num_rows
        room = rows.num_rows if self._first is None else min(rows.num_rows, self._first - self._head.num_rows)
        if room:
            self._head = pa.concat_tables([self._head, _copied(rows.slice(0, room))])
        if self._last and room < rows.num_rows:
            rest = pa.concat_tables([self._tail, rows.slice(room)])
            self._tail = _copied(rest.slice(max(0, rest.num_rows - self._last)))

    @property
    def rows(self) -> pa.Table:
        """The rows that are held, in their order."""
        return pa.concat_tables([self._head, self._tail])


def _copied(rows: pa.Table) -> pa.Table:
    """Return the same rows in memory of their own: a slice would hold on to all of its batch."""
    return rows.take(pa.array(range(rows.num_rows), pa.int64()))
