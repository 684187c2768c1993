"""An aggregation on its way to SQL: its arguments are lowered, its rows and their order are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render

__all__ = ["AggregationLowering", "LoweredAggregate", "reversed_order"]


@dataclass(frozen=True, slots=True)
class LoweredAggregate(LoweredCall):
    """A call of an aggregation whose arguments are lowered already.

    Args:
        order: The order of the rows, settled down to the value itself; empty where none was asked for.
        age: How long before the end of the group a row happened, in microseconds; only for decayed aggregations.
    """

    order: Sequence[exp.Ordered] = ()
    age: exp.Expression | None = None


@dataclass(frozen=True, slots=True)
class AggregationLowering:
    """How an aggregation is written.

    Args:
        sql: A template, or a function where text is not enough. ``FILTER`` and ``OVER`` are added to every
            aggregate function in it afterwards.
        drops_nulls: Whether its functions leave out rows with a null argument by themselves. Where they do not,
            a ``FILTER`` is added.
    """

    sql: Lowering
    drops_nulls: bool = True

    def lower(self, call: LoweredAggregate) -> exp.Expression:
        """Return the SQL of a call, still without ``FILTER`` and ``OVER``."""
        return render(self.sql, call)


def reversed_order(order: Sequence[exp.Ordered]) -> list[exp.Ordered]:
    """Return the exactly opposite order."""
    return [
        exp.Ordered(this=key.this.copy(), desc=not key.args.get("desc"), nulls_first=not key.args.get("nulls_first"))
        for key in order
    ]
