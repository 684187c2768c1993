"""An aggregation on its way to SQL: its arguments are lowered, its rows and their order are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import DataType

__all__ = ["AggregationLowering", "LoweredAggregate", "Ranking", "reversed_order"]


@dataclass(frozen=True, slots=True)
class LoweredAggregate(LoweredCall):
    """A call of an aggregation whose arguments are lowered already.

    Args:
        order: The order of the rows, settled down to the value itself; empty where none was asked for.
        order_types: The types of its keys.
        age: How long before the end of the group a row happened, in microseconds; only for decayed aggregations.
    """

    order: Sequence[exp.Ordered] = ()
    order_types: Sequence[DataType] = ()
    age: exp.Expression | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The places of the rows of a group that an aggregation looks at, counted from 1 among those that take part.

    Args:
        by: What the rows are in order of: ``"order"``, that of the call, settled by the value; ``"value"``; or
            ``"frequency"``, the most frequent value first, of several the smallest.
        reverse: Whether they are counted from the end.
        distinct: Whether each value has one place, that of its first row.
        counted: Whether the number of rows that take part is wanted.
        most: How many places are looked at: a number, or the option that says it; None for all.
    """

    by: Literal["order", "value", "frequency"]
    reverse: bool = False
    distinct: bool = False
    counted: bool = False
    most: int | str | None = None

    def limit(self, options: Mapping[str, Any]) -> int | None:
        """Return how many places are looked at, for a call with these options."""
        return int(options[self.most]) if isinstance(self.most, str) else self.most


@dataclass(frozen=True, slots=True)
class AggregationLowering:
    """How an aggregation is written.

    Args:
        sql: A template, or a function where text is not enough. ``FILTER`` and ``OVER`` are added to every
            aggregate function in it afterwards.
        drops_nulls: Whether its functions leave out rows with a null argument by themselves. Where they do not,
            a ``FILTER`` is added.
        moved: How the arguments reach it: as they are; ``"centred"``, as floats less their mean; or ``"scaled"``,
            also divided by their range. Sums of powers then do not cancel or overflow. Means and ranges are those of
            the rows of the group that take part, or in a window of the whole partition: near enough, because the
            text itself must not depend on what they are.
        ranking: Which places of the rows it looks at; over groups only. Its text has two more arguments: the place of a row,
            and how many rows take part (or have its value, where places are those of different values).
        framed: Another text over the frames of a window, where a partition's mean would not be near enough.
    """

    sql: Lowering
    drops_nulls: bool = True
    moved: Literal["", "centred", "scaled"] = ""
    ranking: Ranking | None = None
    framed: AggregationLowering | None = None

    def lower(self, call: LoweredAggregate) -> exp.Expression:
        """Return the SQL of a call, still without ``FILTER`` and ``OVER``."""
        return render(self.sql, call)


def reversed_order(order: Sequence[exp.Ordered]) -> list[exp.Ordered]:
    """Return the exactly opposite order."""
    return [
        exp.Ordered(this=key.this.copy(), desc=not key.args.get("desc"), nulls_first=not key.args.get("nulls_first"))
        for key in order
    ]
