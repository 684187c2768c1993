"""Spines: the rows that features are wanted for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.data_sets.events import DAY, INSTANT, ROW_GROUP, SPAN, START, Entities, Events, Ints

__all__ = ["Spine"]

_UNKNOWN: Final = 0.01


@dataclass(frozen=True, slots=True)
class Spine:
    """What determines a file of spine rows.

    Args:
        rows: How many.
        entities: Events whose entities it has, one set for each key column.
        seed: Of the random numbers.
        at_events: The share of rows at exactly the key and time of an event of the first set, which must not count;
            all other rows are at odd numbers of microseconds, where no events are.
        days: The others are spread over so many of the last days.
    """

    rows: int
    entities: tuple[Events, ...]
    seed: int = 1
    at_events: float = 0.2
    days: float = 120.0

    def write(self, path: Path, events: Sequence[Path]) -> None:
        """Write the file: ``row``, the keys, ``ts``; one row in a hundred is of entities without events.

        Args:
            path: Where to.
            events: The files of the entities' events.
        """
        random = np.random.default_rng([self.seed, 2])
        first = START + SPAN - int(self.days * DAY)
        times = 2 * random.integers(first // 2, (START + SPAN) // 2, self.rows) + 1
        keys = {shape.key: Entities(shape).draw(random, self.rows) for shape in self.entities}
        unknown = random.random(self.rows) < _UNKNOWN
        for ids in keys.values():
            ids[unknown] = -ids[unknown]
        if self.at_events:
            picked_ids, picked_times = self._picked(random, events[0], first)
            places = random.choice(self.rows, len(picked_ids), replace=False)
            keys[self.entities[0].key][places] = picked_ids
            times[places] = picked_times
        columns = {name: pa.array(ids) for name, ids in keys.items()}
        rows = pa.array(np.arange(self.rows, dtype=np.int64))
        table = pa.table({"row": rows, **columns, "ts": pa.array(times).cast(INSTANT)})
        pq.write_table(table, path, compression="snappy", row_group_size=ROW_GROUP)

    def _picked(self, random: np.random.Generator, events: Path, first: int) -> tuple[Ints, Ints]:
        """Return the keys and times of some events, a piece of the file at a time."""
        file = pq.ParquetFile(events)
        wanted = int(self.rows * self.at_events)
        candidates = file.metadata.num_rows * self.days * DAY / SPAN
        ids: list[Ints] = []
        times: list[Ints] = []
        for batch in file.iter_batches(ROW_GROUP, columns=[self.entities[0].key, "ts"]):
            late = batch.filter(pc.greater_equal(batch["ts"].cast(pa.int64()), first))
            share = min(late.num_rows, math.ceil(wanted * late.num_rows / candidates))
            chosen = random.choice(late.num_rows, share, replace=False) if share else np.arange(0)
            ids.append(late.column(0).to_numpy()[chosen])
            times.append(late.column(1).cast(pa.int64()).to_numpy()[chosen])
        return np.concatenate(ids)[:wanted], np.concatenate(times)[:wanted]
