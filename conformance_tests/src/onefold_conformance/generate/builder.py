"""What plans are built with: the tables drawn so far, relations that can be shared, new names."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
from hypothesis import strategies as st

from onefold.plan import Input, Relation
from onefold.types import TIMESTAMP_UTC, Schema
from onefold_conformance.generate.allowed import Allowed
from onefold_conformance.generate.choices import one_in, pick
from onefold_conformance.generate.expressions import Scope
from onefold_conformance.generate.tables import World, drawn_table

__all__ = ["MOST_TABLES", "Builder", "Rows", "fresh_names"]

MOST_TABLES = 3
"""How many tables a plan reads at most."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A drawn relation, and which of its columns are calm."""

    relation: Relation
    calm: frozenset[str]

    @property
    def schema(self) -> Schema:
        """The columns."""
        return self.relation.output

    @property
    def clocks(self) -> list[str]:
        """The instant columns."""
        return [field.name for field in self.schema if field.dtype == TIMESTAMP_UTC]

    @property
    def ordered(self) -> list[str]:
        """The columns that can be keys."""
        return [field.name for field in self.schema if field.dtype.is_ordered]

    @property
    def is_comparable(self) -> bool:
        """Whether every column has an order, so that rows can be compared as a whole."""
        return len(self.ordered) == len(self.schema)


@dataclass
class Builder:
    """The state of drawing one plan.

    Args:
        draw: The source of choices.
        limits: What may be drawn.
        world: What the tables share.
        inputs: The tables drawn so far, by name.
        drawn: The relations drawn so far; one is now and then used again.
    """

    draw: st.DrawFn
    limits: Allowed
    world: World
    inputs: dict[str, pa.Table] = field(default_factory=dict)
    drawn: list[Rows] = field(default_factory=list)

    def scope(self, rows: Rows) -> Scope:
        """Return what expressions over rows may be made of."""
        return Scope(rows.schema, rows.calm, self.limits)

    def often(self, times: int) -> bool:
        """Draw whether something happens that is to happen once in so many times."""
        return one_in(self.draw, times)

    def table(self) -> Rows:
        """Draw a new table, or take one that there is already."""
        tables = [rows for rows in self.drawn if isinstance(rows.relation, Input)]
        if tables and (len(tables) == MOST_TABLES or self.often(4)):
            return pick(self.draw, tables)
        name = f"table_{len(tables) + 1}"
        found = self.draw(drawn_table(self.limits, self.world))
        self.inputs[name] = found.table
        return self.kept(Input(name=name, columns=found.schema), found.calm)

    def kept(self, relation: Relation, calm: frozenset[str]) -> Rows:
        """Remember a relation, so that it can be shared."""
        rows = Rows(relation, calm & frozenset(relation.output.names))
        self.drawn.append(rows)
        return rows


def fresh_names(schema: Schema, stem: str) -> Iterator[str]:
    """Yield names that no column has, in whatever case.

    Args:
        schema: The columns.
        stem: How the names begin.
    """
    taken = {name.casefold() for name in schema.names}
    return (name for number in itertools.count(1) if (name := f"{stem}{number}") not in taken)
