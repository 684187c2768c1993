"""A spine and its events as one frame: what has to meet on an executor goes through one shuffle and one sort.

The rows of all sides are put under each other, tagged with the number of their side, spread by their keys, and sorted
by side, key, time and sequence. A partition then begins with its part of the spine (side 0), and each stream of events
follows, sorted as the kernel reads it. What rows are not sorted by stands in one struct for each side, null in the rows
of all others: most rows are events, and would otherwise carry a null for every column of the spine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Self

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from onefold.kernel.buffers import numbers_of
from onefold.types import DataType, Field
from onefold_spark.executors.frames import key_text, spread, united
from onefold_spark.schemas import type_text

__all__ = ["Part", "Side", "SideReader", "timeline"]

SIDE, TIME = "side", "time"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one side.

    Args:
        frame: The rows; its columns are called ``c0``, ``c1`` and so on.
        fields: The columns, in order.
        keys: The places of the keys.
        clock: SQL for the time of the rows in microseconds.
        time: The place of the time that rows are sorted by; None for rows that are only sorted by their keys.
        sequence: The places of the columns that rows of one time are sorted by.
        number: The place of a column that tells rows apart whose keys match nothing; None where all keys may match.
    """

    frame: DataFrame
    fields: tuple[Field, ...]
    keys: tuple[int, ...]
    clock: str
    time: int | None = None
    sequence: tuple[int, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """Where the columns of one side are.

    Args:
        number: The number of the side.
        slots: For each column of the side, its name, and the column of the timeline that holds it: by its name, or by
            its place in the side's struct.
    """

    number: int
    slots: tuple[tuple[str, str | int], ...]


def timeline(parts: Sequence[Part]) -> tuple[DataFrame, list[Side]]:
    """Return the rows of all sides as one frame, spread by key and sorted within each partition.

    Args:
        parts: The sides, the spine first; keys are of the same types on all sides. Rows of the spine with a null in their
            key match nothing, and are spread by their numbers: they would all meet in one partition otherwise.
    """
    kinds: dict[DataType, int] = {}
    sequence: dict[str, DataType] = {}
    placed = [_placed(part, kinds, sequence) for part in parts]
    packs = [_Pack.of(number, part, places) for number, (part, places) in enumerate(zip(parts, placed, strict=True))]
    frames = [
        part.frame.selectExpr(
            *_columns(number, part, places, sequence), *(pack.column(number) for pack in packs if pack.type)
        )
        for number, (part, places) in enumerate(zip(parts, placed, strict=True))
    ]
    keys = [f"k{number}" for number in range(len(parts[0].keys))]
    by = list(keys)
    if parts[0].number is not None:
        nulls = " OR ".join(f"{key} IS NULL" for key in keys)
        by.append(f"CASE WHEN {nulls} THEN {packs[0].value(parts[0].number, placed[0])} END")
    # Sequence columns of one position and different types are different columns: only one of them is not null.
    names = sorted(sequence, key=lambda name: int(name[1:].split("_")[0]))
    order = [SIDE, *keys, TIME, *names]
    sides = [
        Side(number, tuple((part.fields[at].name, places[at]) for at in range(len(part.fields))))
        for number, (part, places) in enumerate(zip(parts, placed, strict=True))
    ]
    return spread(united(frames), by, order), sides


def _placed(part: Part, kinds: dict[DataType, int], sequence: dict[str, DataType]) -> dict[int, str | int]:
    """Return where each column of a side goes, and note the columns that it is sorted by beside key and time."""
    places: dict[int, str | int] = {}
    for position, at in enumerate(part.keys):
        places.setdefault(at, f"k{position}")
    if part.time is not None:
        places.setdefault(part.time, TIME)
    types = [field.dtype for field in part.fields]
    for position, at in enumerate(part.sequence):
        name = places.setdefault(at, f"s{position}_{kinds.setdefault(types[at], len(kinds))}")
        sequence[str(name)] = types[at]
    packed = count()
    for at in range(len(types)):
        if at not in places:
            places[at] = next(packed)
    return places


@dataclass(frozen=True, slots=True)
class _Pack:
    """The struct of one side.

    Args:
        number: The number of the side.
        places: The places of its columns, in order.
        type: The type, as SQL writes it; None when it would hold nothing.
    """

    number: int
    places: tuple[int, ...]
    type: str | None

    @classmethod
    def of(cls, number: int, part: Part, places: Mapping[int, str | int]) -> Self:
        """Return the struct of a side."""
        held = tuple(at for at in range(len(part.fields)) if isinstance(places[at], int))
        fields = [f"f{place}: {type_text(part.fields[at].dtype)}" for place, at in enumerate(held)]
        return cls(number, held, f"struct<{', '.join(fields)}>" if fields else None)

    @property
    def name(self) -> str:
        """The column of the timeline that holds it."""
        return f"p{self.number}"

    def column(self, side: int) -> str:
        """Return SQL for it in the rows of a side."""
        if side != self.number:
            return f"CAST(NULL AS {self.type}) AS {self.name}"
        fields = (f"'f{place}', c{at}" for place, at in enumerate(self.places))
        return f"named_struct({', '.join(fields)}) AS {self.name}"

    def value(self, at: int, places: Mapping[int, str | int]) -> str:
        """Return SQL for one of the columns of the side, in the timeline."""
        place = places[at]
        return f"{self.name}.f{place}" if isinstance(place, int) else place


def _columns(
    number: int, part: Part, places: Mapping[int, str | int], sequence: Mapping[str, DataType]
) -> Iterator[str]:
    yield f"CAST({number} AS TINYINT) AS {SIDE}"
    for position, at in enumerate(part.keys):
        yield f"{key_text(at, part.fields[at])} AS k{position}"
    yield f"CAST({'NULL' if part.time is None else f'c{part.time}'} AS BIGINT) AS {TIME}"
    held = {place: at for at, place in places.items()}
    for name, dtype in sequence.items():
        yield f"{f'c{held[name]}' if name in held else f'CAST(NULL AS {type_text(dtype)})'} AS {name}"


class SideReader:
    """Reads the sides of a partition, one after another.

    Args:
        batches: The rows of the partition.
    """

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = iter(batches)
        self._held: pa.RecordBatch | None = None

    def take(self, side: Side) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a side; those of the sides before it, if any are left, are passed over."""
        while (batch := self._next()) is not None:
            numbers = numbers_of(batch.column(0))
            start, stop = (int(place) for place in np.searchsorted(numbers, [side.number, side.number + 1]))
            if stop < len(numbers):
                self._held = batch.slice(stop)
            if start < stop:
                rows = batch.slice(start, stop - start)
                yield pa.record_batch(
                    [_taken(rows, side, slot) for _, slot in side.slots], names=[name for name, _ in side.slots]
                )
            if stop < len(numbers):
                return

    def finish(self) -> None:
        """Read what is left: Spark can use a Python process again only when all it was sent was read."""
        while self._next() is not None:
            pass

    def _next(self) -> pa.RecordBatch | None:
        batch, self._held = self._held, None
        return next(self._batches, None) if batch is None else batch


def _taken(rows: pa.RecordBatch, side: Side, slot: str | int) -> pa.Array:
    return rows.column(slot) if isinstance(slot, str) else rows.column(f"p{side.number}").field(slot)
