"""Events: skewed keys over 180 days, in the order of time, with a few values missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["DAY", "INSTANT", "ROW_GROUP", "SPAN", "START", "Entities", "Events", "Ints", "pieces"]

START: Final = 1_735_689_600_000_000  # 2025-01-01T00:00Z
DAY: Final = 86_400_000_000
SPAN: Final = 180 * DAY
ROW_GROUP: Final = 122_880
INSTANT: Final = pa.timestamp("us", tz="UTC")
_PIECE: Final = 40 * ROW_GROUP

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Events:
    """What determines a file of events.

    All times are even numbers of microseconds and differ from each other, so that "the last amount" means the same to
    every tool.

    Args:
        rows: How many events.
        keys: How many entities; the k-th most frequent has a share proportional to ``k ** -skew``.
        seed: Of the random numbers.
        key: The name of the key column.
        skew: The exponent of Zipf's law; 0 for equal shares.
        heavy: The share of one entity more, which the others share the rest of; 0 for none.
        nulls: The share of events without an amount.
        wide: How many more columns there are, of which no view asks for any.
    """

    rows: int
    keys: int
    seed: int = 1
    key: str = "entity_id"
    skew: float = 1.0
    heavy: float = 0.0
    nulls: float = 0.03
    wide: int = 0

    @property
    def schema(self) -> pa.Schema:
        """The columns: key, ``ts``, ``amount``, ``score``, ``category``, and those that nobody wants."""
        columns = [(self.key, pa.int64()), ("ts", INSTANT), ("amount", pa.float64()), ("score", pa.float64())]
        more = [(f"more_{number:02}", pa.float64()) for number in range(self.wide)]
        return pa.schema([*columns, ("category", pa.int64()), *more])

    def write(self, path: Path) -> None:
        """Write the file."""
        random = np.random.default_rng([self.seed, 1])
        entities = Entities(self)
        with pq.ParquetWriter(path, self.schema, compression="snappy") as writer:
            for first, count in pieces(self.rows):
                # Adding 0, 2, 4, ... microseconds makes sorted times distinct.
                low = START + SPAN * first // self.rows
                high = START + SPAN * (first + count) // self.rows
                ts = 2 * np.sort(random.integers(low // 2, high // 2 - count, count)) + 2 * np.arange(count)
                amounts = np.round(np.exp(random.normal(3.0, 1.5, count)), 2)
                columns = [
                    pa.array(entities.draw(random, count)),
                    pa.array(ts).cast(INSTANT),
                    pa.array(amounts, mask=random.random(count) < self.nulls),
                    pa.array(random.normal(0.0, 1.0, count)),
                    pa.array(random.integers(0, 1000, count)),
                    *(pa.array(random.normal(0.0, 1.0, count)) for _ in range(self.wide)),
                ]
                writer.write_table(pa.table(columns, schema=self.schema), row_group_size=ROW_GROUP)


class Entities:
    """Draws entity ids: the frequent ones are spread over the whole range of ids."""

    def __init__(self, events: Events) -> None:
        self._ids = np.random.default_rng([events.seed, 0]).permutation(events.keys).astype(np.int64) * 7 + 11
        shares = np.arange(1, events.keys + 1, dtype=np.float64) ** -events.skew
        if events.heavy:
            shares = np.append(shares * ((1 - events.heavy) / shares.sum()), events.heavy)
            self._ids = np.append(self._ids, 5)
        self._cumulated = np.cumsum(shares / shares.sum())
        self._cumulated[-1] = 1.0

    def draw(self, random: np.random.Generator, count: int) -> Ints:
        """Return so many ids."""
        return self._ids[np.searchsorted(self._cumulated, random.random(count), side="right")]


def pieces(rows: int) -> Iterator[tuple[int, int]]:
    """Yield the first row and the number of rows of each piece that is made at a time."""
    for first in range(0, rows, _PIECE):
        yield first, min(_PIECE, rows - first)
