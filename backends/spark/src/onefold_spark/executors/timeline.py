"""A spine and its events as one frame: what has to meet on an executor goes through one shuffle and one sort.

The rows of all sides are put under each other, tagged with the number of their side, spread by their keys, and sorted
by side, key, time and sequence. A partition then begins with its part of the spine (side 0), and each stream of events
follows, sorted as the kernel reads it. What rows are not sorted by stands in one struct for each side, null in the rows
of all others: most rows are events, and would otherwise carry a null for every column of the spine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count
from operator import or_
from typing import Self

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql
from pyspark.sql.types import StructField, StructType

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
        part.frame.select(
            *_columns(number, part, places, sequence), *(pack.column(number) for pack in packs if pack.type)
        )
        for number, (part, places) in enumerate(zip(parts, placed, strict=True))
    ]
    keys = [sql.col(f"k{number}") for number in range(len(parts[0].keys))]
    spread = list(keys)
    if parts[0].number is not None:
        nulls = reduce(or_, (key.isNull() for key in keys))
        spread.append(sql.when(nulls, packs[0].value(parts[0].number, placed[0])))
    # Sequence columns of one position and different types are different columns: only one of them is not null.
    names = sorted(sequence, key=lambda name: int(name[1:].split("_")[0]))
    order = [sql.col(SIDE), *keys, sql.col(TIME), *map(sql.col, names)]
    sides = [
        Side(number, tuple((part.fields[at].name, places[at]) for at in range(len(part.fields))))
        for number, (part, places) in enumerate(zip(parts, placed, strict=True))
    ]
    together = reduce(DataFrame.union, frames).repartition(*spread)
    return together.sortWithinPartitions(*(column.asc_nulls_first() for column in order)), sides


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
        type: The type; None when it would hold nothing.
    """

    number: int
    places: tuple[int, ...]
    type: StructType | None

    @classmethod
    def of(cls, number: int, part: Part, places: Mapping[int, str | int]) -> Self:
        """Return the struct of a side."""
        held = tuple(at for at in range(len(part.fields)) if isinstance(places[at], int))
        fields = [StructField(f"f{place}", spark_type(part.fields[at].dtype)) for place, at in enumerate(held)]
        return cls(number, held, StructType(fields) if fields else None)

    @property
    def name(self) -> str:
        """The column of the timeline that holds it."""
        return f"p{self.number}"

    def column(self, side: int) -> Column:
        """Return it in the rows of a side."""
        assert self.type is not None
        if side != self.number:
            return sql.lit(None).cast(self.type).alias(self.name)
        return sql.struct(*(sql.col(f"c{at}").alias(f"f{place}") for place, at in enumerate(self.places))).alias(
            self.name
        )

    def value(self, at: int, places: Mapping[int, str | int]) -> Column:
        """Return one of the columns of the side, in the timeline."""
        place = places[at]
        return sql.col(f"{self.name}.f{place}") if isinstance(place, int) else sql.col(place)


def _columns(
    number: int, part: Part, places: Mapping[int, str | int], sequence: Mapping[str, DataType]
) -> Iterator[Column]:
    yield sql.lit(number).cast("tinyint").alias(SIDE)
    for position, at in enumerate(part.keys):
        yield key_column(at, part.fields[at]).alias(f"k{position}")
    yield (sql.lit(None) if part.time is None else sql.col(f"c{part.time}")).cast("bigint").alias(TIME)
    held = {place: at for at, place in places.items()}
    for name, dtype in sequence.items():
        value = sql.col(f"c{held[name]}") if name in held else sql.lit(None).cast(spark_type(dtype))
        yield value.alias(name)


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
