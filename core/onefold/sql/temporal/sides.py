"""The two sides of a temporal relation, in the form that all its lowerings read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from onefold.kernel.columns import ComputedColumns
from onefold.plan import AsOfJoin, Column, Distinct, Expression, Filter, Join, Relation, TrailingAggregate
from onefold.plan.windows import TrailingWindow
from onefold.sql.temporal.building import call, col, extended, lit, present, projected, when
from onefold.sql.temporal.native import CheckedUnique

__all__ = ["AT", "TIME", "Instant", "Moments", "Sides", "Temporal", "end_of", "start_of"]

Temporal = TrailingAggregate | AsOfJoin

AT, TIME = "at", "time"
"""The time of a spine row (an instant), and that of an event (microseconds since 1970)."""

_FIRST = -(2**63)


class Instant(NamedTuple):
    """An instant that follows from the time of a spine row.

    Args:
        every: The grid to which the time is aligned down first, in microseconds.
        back: How many microseconds before that it lies.
    """

    every: int | None
    back: int

    def of(self, time: Expression) -> Expression:
        """Return it for an instant, in microseconds since 1970; it stops at the first of int64, as in the kernel."""
        micros = call("epoch_microseconds", time)
        back: Expression = lit(self.back)
        if self.every is not None:
            rest = call("modulo", micros, lit(self.every))
            floor = when(call("lt", rest, lit(0)), call("add", rest, lit(self.every)), rest)
            back = call("add", floor, back)
        elif not self.back:
            return micros
        soon = call("lt", micros, call("add", lit(_FIRST), back))
        return when(soon, lit(_FIRST), call("subtract", micros, back))


def end_of(window: TrailingWindow, delay: int) -> Instant:
    """Return the end of a trailing window, on the clock of the events' own times."""
    return Instant(window.every, window.offset + delay)


def start_of(window: TrailingWindow, delay: int) -> Instant | None:
    """Return the start of a trailing window, on the clock of the events' own times; None when it has none."""
    return None if window.size is None else Instant(window.every, window.offset + delay + window.size)


@dataclass(frozen=True, slots=True)
class Moments:
    """Where windows end: rows that tell apart what is looked at, and when.

    Args:
        keys: The columns that events have as well; equal values look at each other.
        rows: The distinct rows: the keys, and the time of spine rows (``AT``).
    """

    keys: tuple[str, ...]
    rows: Relation

    @classmethod
    def of(cls, node: Temporal, rows: Relation) -> Moments:
        """Return the distinct keys and times that a node asks for.

        Args:
            node: The node.
            rows: Its spine, or the rows that this is made of.
        """
        keys = tuple(f"k{number}" for number in range(len(node.spine_keys)))
        known = Filter(input=rows, predicate=present([*node.spine_keys, node.spine_time]))
        values: dict[str, Expression] = dict(zip(keys, map(col, node.spine_keys), strict=True))
        return cls(keys, Distinct(input=projected(known, {**values, AT: col(node.spine_time)})))

    @property
    def by(self) -> tuple[str, ...]:
        """What tells moments apart."""
        return (*self.keys, AT)

    @property
    def key_columns(self) -> dict[str, Expression]:
        """The keys as columns to project."""
        return {name: col(name) for name in self.keys}

    def located(self, instants: Mapping[str, Instant]) -> Relation:
        """Return the moments with some instants of each, in columns."""
        return extended(self.rows, {name: instant.of(col(AT)) for name, instant in instants.items()})


class Sides:
    """The spine and the events of a node, each reduced to what matters.

    Args:
        node: The node.
        moments: The keys and times of its spine.
    """

    def __init__(self, node: Temporal, moments: Moments) -> None:
        self.node = node
        self.moments = moments
        self.columns = ComputedColumns("c")
        self.sequence = () if node.order.unique else tuple(self.column(col(name)) for name in node.order.sequence)

    def column(self, value: Expression) -> str:
        """Return the name of the column of ``events`` that holds a value; equal values share one."""
        return self.columns.name(value)

    def held(self, value: Expression) -> Column:
        """Return the column of ``events`` that holds a value."""
        return col(self.column(value))

    def events(self) -> Relation:
        """Return the events whose keys the spine has: their keys, times (``TIME``), and all columns asked for."""
        node = self.node
        known = Filter(input=node.events, predicate=present([*node.event_keys, node.order.time]))
        mine = Join(
            left=known, right=self.moments.rows, left_on=node.event_keys, right_on=self.moments.keys, how="semi"
        )
        columns: dict[str, Expression] = dict(zip(self.moments.keys, map(col, node.event_keys), strict=True))
        columns[TIME] = call("epoch_microseconds", col(node.order.time))
        columns |= {item.name: item.expression for item in self.columns}
        rows = projected(mine, columns)
        if not node.order.unique:
            return rows
        message = (
            f"the events are declared unique by key and {node.order.time!r}, but two events of one key have the same "
            "time. Correct the data, declare sequence columns that order such events, or declare the source not "
            "unique. Their time in microseconds since 1970: "
        )
        return CheckedUnique(input=rows, by=self.moments.keys, time=TIME, message=message)
