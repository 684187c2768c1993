"""As-of look-ups in one chunk: the latest known event of each spine row's key, taken whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.kernel.chunk import Chunk
from onefold.kernel.intervals import earlier

__all__ = ["Lookup", "look_up"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is looked up as of each spine row.

    Args:
        columns: The columns of the chunk that are taken, as ``(column, name of the result)``; of events with equal
            time and sequence, the one that is greatest by them in this order counts, nulls being smallest.
        include_exact: Whether an event at exactly the spine's time is known already.
        max_age: Events older than this, in microseconds, are not used.
        delay: How long after its time an event becomes known, in microseconds.
    """

    columns: tuple[tuple[str, str], ...]
    include_exact: bool
    max_age: int | None
    delay: int


def look_up(chunk: Chunk, lookup: Lookup) -> dict[str, pa.Array]:
    """Return the columns of the matched events for the spine rows of a chunk; null where there is none.

    Args:
        chunk: The events and spine rows.
        lookup: What is looked up.
    """
    before = chunk.windows.before(None, lookup.delay, include=lookup.include_exact)
    none = before == chunk.windows.start_of_key()
    row = np.where(none, 0, before - 1)
    if lookup.max_age is not None and len(chunk):
        oldest = earlier(chunk.windows.end(None, lookup.delay), lookup.max_age)
        none |= chunk.times.take(row) < oldest
    order = chunk.ties.order([chunk.columns[column] for column, _ in lookup.columns])
    if order is not None:
        row = order.take(row)
    index = pa.array(row, mask=none)
    return {name: pc.take(chunk.columns[column], index, boundscheck=False) for column, name in lookup.columns}
