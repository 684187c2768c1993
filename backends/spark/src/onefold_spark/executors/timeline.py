"""A spine and its events as one frame: what has to meet on an executor goes through one shuffle and one sort.

The rows of all sides are put under each other, tagged with the number of their side, spread by their keys, and sorted
by side, key, time and sequence. A partition then begins with its part of the spine (side 0), and each stream of events
follows, sorted as the kernel reads it. Values are in slots, which rows of different sides use for different columns of
one type: most rows are events, and would otherwise carry a null for every column of the spine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql

from onefold.kernel.buffers import numbers_of
from onefold.types import DataType, Field
from onefold_spark.executors.frames import key_column
from onefold_spark.schemas import spark_type

__all__ = ["Part", "Side", "SideReader", "timeline"]

SIDE, TIME = "side", "time"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one side.

    Args:
        frame: The rows; its columns are called ``c0``, ``c1`` and so on.
        fields: The columns, in order.
        keys: The places of the keys.
        clock: The time of the rows in microseconds.
        time: The place of the time that rows are sorted by; None for rows that are only sorted by their keys.
        sequence: The places of the columns that rows of one time are sorted by.
        number: The place of a column that tells rows apart whose keys match nothing; None where all keys may match.
    """

    frame: DataFrame
    fields: tuple[Field, ...]
    keys: tuple[int, ...]
    clock: Column
    time: int | None = None
    sequence: tuple[int, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """Where the columns of one side are.

    Args:
        number: The number of the side.
        slots: For each column of the side, its name and the column of the timeline that holds it.
    """

    number: int
    slots: tuple[tuple[str, str], ...]


def timeline(parts: Sequence[Part]) -> tuple[DataFrame, list[Side]]:
    """Return the rows of all sides as one frame, spread by key and sorted within each partition.

    Args:
        parts: The sides, the spine first; keys are of the same types on all sides. Rows of the spine with a null in their
            key match nothing, and are spread by their numbers: they would all meet in one partition otherwise.
    """
    kinds: dict[DataType, int] = {}
    slots: dict[str, DataType] = {}
    placed = [_placed(part, kinds, slots) for part in parts]
    frames = [
        part.frame.select(*_columns(number, part, places, slots))
        for number, (part, places) in enumerate(zip(parts, placed, strict=True))
    ]
    keys = [sql.col(f"k{number}") for number in range(len(parts[0].keys))]
    spread = list(keys)
    if parts[0].number is not None:
        spread.append(sql.when(reduce(or_, (key.isNull() for key in keys)), sql.col(placed[0][parts[0].number])))
    # Sequence columns of one position and different types are different slots: only one of them is not null.
    sequence = sorted((name for name in slots if name.startswith("s")), key=lambda name: int(name[1:].split("_")[0]))
    order = [sql.col(SIDE), *keys, sql.col(TIME), *map(sql.col, sequence)]
    sides = [
        Side(number, tuple((part.fields[at].name, places[at]) for at in range(len(part.fields))))
        for number, (part, places) in enumerate(zip(parts, placed, strict=True))
    ]
    together = reduce(DataFrame.union, frames).repartition(*spread)
    return together.sortWithinPartitions(*(column.asc_nulls_first() for column in order)), sides


def _placed(part: Part, kinds: dict[DataType, int], slots: dict[str, DataType]) -> dict[int, str]:
    """Return the slot of each column of a side, and note the slots that are new."""
    places: dict[int, str] = {}
    for position, at in enumerate(part.keys):
        places.setdefault(at, f"k{position}")
    if part.time is not None:
        places.setdefault(part.time, TIME)
    types = [field.dtype for field in part.fields]
    for position, at in enumerate(part.sequence):
        kind = kinds.setdefault(types[at], len(kinds))
        slots[places.setdefault(at, f"s{position}_{kind}")] = types[at]
    used: Counter[DataType] = Counter()
    for at, dtype in enumerate(types):
        if at not in places:
            places[at] = f"v{kinds.setdefault(dtype, len(kinds))}_{used[dtype]}"
            slots[places[at]] = dtype
            used[dtype] += 1
    return places


def _columns(number: int, part: Part, places: Mapping[int, str], slots: Mapping[str, DataType]) -> Iterator[Column]:
    yield sql.lit(number).cast("tinyint").alias(SIDE)
    for position, at in enumerate(part.keys):
        yield key_column(at, part.fields[at]).alias(f"k{position}")
    yield (sql.lit(None) if part.time is None else sql.col(f"c{part.time}")).cast("bigint").alias(TIME)
    held = {place: at for at, place in places.items()}
    for slot, dtype in slots.items():
        value = sql.col(f"c{held[slot]}") if slot in held else sql.lit(None).cast(spark_type(dtype))
        yield value.alias(slot)


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
                    [rows.column(slot) for _, slot in side.slots], names=[name for name, _ in side.slots]
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
