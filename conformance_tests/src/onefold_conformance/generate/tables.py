"""Small tables in which keys repeat, times meet exactly, and nulls and duplicates are common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from onefold.types import INT64, TIMESTAMP_UTC, DataType, Field, Schema, schema_to_arrow, to_arrow
from onefold_conformance.generate.allowed import Allowed
from onefold_conformance.generate.choices import flip, number, one_in, pick, some
from onefold_conformance.generate.values import CALM, instant, values

__all__ = ["MOST_ROWS", "Drawn", "World", "drawn_table", "table_of", "worlds"]

MOST_ROWS = 12
"""How many rows a table has at most."""

_STARTS = (
    1_709_164_800_000_000,  # 2024-02-29
    1_710_054_000_000_000,  # 2024-03-10T07:00Z, when New York changes its clocks
    0,
    -7_200_000_000,  # a grid that is crossed by 1970
)
_UNITS = (3_600_000_000, 1_000_000, 86_400_000_000)
_NULL_FROM = 205
"""From which byte on a cell is null: about every fifth."""

_NAMES = ("a", "b", "c", "select", "a b", "größe", 'say "x"', "x.y", "s", "x", "range", "K")


@dataclass(frozen=True, slots=True)
class World:
    """What all tables of one plan share, so that they have something to say about each other.

    Args:
        key_type: The type of the key column.
        keys: The few values that keys have.
        start: Where the grid of times begins, in microseconds since 1970.
        unit: The distance of the grid.
    """

    key_type: DataType
    keys: tuple[Any, ...]
    start: int
    unit: int

    def times(self) -> tuple[Any, ...]:
        """Return the instants on the grid, and those a microsecond before and after it."""
        return tuple(instant(self.start + step * self.unit + shift) for step in range(4) for shift in (0, 0, 1, -1))

    def lengths(self) -> tuple[int, ...]:
        """Return lengths: the distances between times of the grid, and a microsecond around them."""
        return self.unit, 2 * self.unit, self.unit + 1, self.unit - 1, 1, 3 * self.unit


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table, and which of its columns hold only values with which no operation fails."""

    table: pa.Table
    schema: Schema
    calm: frozenset[str]


@st.composite
def worlds(draw: st.DrawFn, limits: Allowed) -> World:
    """Draw what the tables of a plan share."""
    key_type = pick(draw, limits.ordered)
    keys = [draw(values(key_type)) for _ in range(number(draw, 2, 3))]
    return World(key_type, tuple(keys), pick(draw, _STARTS), pick(draw, _UNITS))


@st.composite
def drawn_table(draw: st.DrawFn, limits: Allowed, world: World) -> Drawn:
    """Draw a table with the key ``k``, the time ``t``, the sequence ``seq`` and one to three other columns."""
    count = number(draw, 0, pick(draw, (MOST_ROWS // 2, MOST_ROWS)))
    columns: list[tuple[Field, list[Any]]] = []
    calm: set[str] = set()

    def add(name: str, dtype: DataType, pool: Sequence[Any]) -> None:
        nullable = not one_in(draw, 5)
        columns.append((Field(name, dtype, nullable), _cells(draw, pool, count, nullable=nullable)))

    add("k", world.key_type, world.keys)
    if limits.has_type(TIMESTAMP_UTC):
        add("t", TIMESTAMP_UTC, world.times())
        if world.start >= 0:
            calm.add("t")
    if limits.has_type(INT64):
        add("seq", INT64, (0, 1, 2))
        calm.add("seq")
    for name in _names(draw, limits):
        dtype = pick(draw, limits.types)
        is_calm = dtype in CALM and flip(draw)
        if is_calm:
            calm.add(name)
        # Few different values: what repeats is what ties, groups and duplicates are about.
        strategy = values(dtype, calm=is_calm)
        pool = [draw(strategy) for _ in range(number(draw, 1, 4))]
        add(name, dtype, pool)
    schema = Schema(field for field, _ in columns)
    return Drawn(table_of(schema, [cells for _, cells in columns]), schema, frozenset(calm))


def _cells(draw: st.DrawFn, pool: Sequence[Any], count: int, *, nullable: bool) -> list[Any]:
    """Draw the cells of a column, one byte each: a draw for every cell would take most of the time of a plan."""
    drawn = draw(st.binary(min_size=count, max_size=count))
    return [None if nullable and byte >= _NULL_FROM else pool[byte % len(pool)] for byte in drawn]


def table_of(schema: Schema, columns: Sequence[Sequence[Any]]) -> pa.Table:
    """Return columns of Python values as a table in the portable Arrow types of a schema."""
    arrays = [pa.array(cells, to_arrow(field.dtype)) for field, cells in zip(schema, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema_to_arrow(schema))


def _names(draw: st.DrawFn, limits: Allowed) -> list[str]:
    """Draw the names of one to three columns, mostly plain ones."""
    if not one_in(draw, 4):
        return list(_NAMES[: number(draw, 1, 3)])
    return some(draw, _NAMES if limits.offers("schema.case_sensitive_names") else _NAMES[:-1], 1, 3)
