"""The places of rows within their groups, put beside them before the group is aggregated.

An engine that collects the rows of a group only to look at some of them needs memory for all. With the place of each row
beside it, the others are left out before, and an order is that of one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import expressions as exp

from onefold.plan import AggCall, Expression
from onefold.sql.aggregations import Ranking
from onefold.sql.aggregations.call import reversed_order
from onefold.sql.expressions import column
from onefold.sql.relations.calls import Rank, condition_of, lowering_of, rank_key
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import aliased, table_named
from onefold.sql.relations.ordering import ascending, lower_keys
from onefold.types import Schema
from onefold.types.naming import fresh

__all__ = ["ranks_by_group"]


def ranks_by_group(
    context: Context,
    source: str,
    schema: Schema,
    *,
    group: Sequence[str],
    calls: Iterable[AggCall],
    by: Expression | None = None,
    carried: Sequence[str] = (),
) -> tuple[str, dict[str, Rank]]:
    """Return a table with rows and their places, and where those stand by :func:`rank_key`.

    Args:
        context: The compilation.
        source: The table with the rows.
        schema: The columns of the rows that aggregations read.
        group: The columns to group by.
        calls: The aggregations; those without a ranking need no places.
        by: A secondary key to group by as well.
        carried: Further columns of the table, to keep.
    """
    ranked: dict[str, tuple[AggCall, Ranking]] = {}
    for call in calls:
        if (ranking := lowering_of(context, call).ranking) is not None:
            ranked.setdefault(rank_key(call, ranking), (call, ranking))
    if not ranked:
        return source, {}
    levels = _Levels(context, schema, [*schema.names, *group, *carried])
    partition: list[exp.Expression] = [column(name) for name in group]
    if by is not None:
        partition.append(levels.computed("secondary", context.expression(by, schema)))
    ranks: dict[str, Rank] = {}
    for key, (call, ranking) in ranked.items():
        ranks[key] = levels.places(call, ranking, partition)
        if by is not None:  # the rows that take part are chosen before these are collected, and the condition is gone
            ranks[rank_key(call.replace(where=None), ranking)] = ranks[key]
    return levels.table(source), ranks


class _Levels:
    """Queries of which each adds columns to the one below: computed values, places among equal values, and places."""

    def __init__(self, context: Context, schema: Schema, kept: Iterable[str]) -> None:
        self.context = context
        self.schema = schema
        self.kept = list(dict.fromkeys(kept))
        self.taken = list(self.kept)
        self.levels: tuple[dict[str, exp.Expression], ...] = ({}, {}, {})

    def table(self, source: str) -> str:
        """Return the name of a table with the rows of another and all that was added."""
        for items in self.levels:
            if items:
                names = [column(name) for name in self.kept]
                query = exp.select(*names, *(aliased(value, name) for name, value in items.items()), copy=False)
                source = self.context.named(query.from_(table_named(source), copy=False), "ranked")
                self.kept += items
        return source

    def computed(self, name: str, value: exp.Expression) -> exp.Column:
        """Return a value as a column, so that windows need not compute it."""
        return value if isinstance(value, exp.Column) else self._added(0, name, value)

    def places(self, call: AggCall, ranking: Ranking, group: Sequence[exp.Expression]) -> Rank:
        """Add the places of the rows of groups for an aggregation."""
        args = [self.context.expression(arg, self.schema) for arg in call.args]
        (value,) = values = [self.computed("value", arg) for arg in args]
        partition = list(group)
        condition = condition_of(self.context, call, self.schema, args, drops_nulls=False)
        if condition is not None:
            partition.append(self.computed("takes_part", condition))
        rows = [*lower_keys(call.order), ascending(value)]
        order = rows if ranking.by == "order" else [ascending(value)]
        if ranking.reverse:
            rows, order = reversed_order(rows), reversed_order(order)
        if not ranking.distinct:
            rank = self._added(2, "rank", _number(partition, order))
            number = self._added(2, "number", _count(partition)) if ranking.counted else rank
            return Rank(rank.name, number.name, None)
        place = self._added(1, "place", _number([*partition, *values], rows))
        number = self._added(1, "number", _count([*partition, *values]))
        if ranking.by == "frequency":
            order = [exp.Ordered(this=number, desc=True, nulls_first=False), *order]
        rank = self._added(2, "rank", _number([*partition, place], order))
        return Rank(rank.name, number.name, place.name)

    def _added(self, level: int, wanted: str, value: exp.Expression) -> exp.Column:
        name = next((known for known, item in self.levels[level].items() if item == value), None)
        if name is None:
            name = fresh(wanted, self.taken)
            self.taken.append(name)
            self.levels[level][name] = value
        return column(name)


def _number(partition: Sequence[exp.Expression], order: Sequence[exp.Ordered]) -> exp.Window:
    """Return the number of a row within a partition in an order."""
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=[key.copy() for key in partition],
        order=exp.Order(expressions=[key.copy() for key in order]),
    )


def _count(partition: Sequence[exp.Expression]) -> exp.Window:
    """Return how many rows a partition has."""
    return exp.Window(this=exp.Count(this=exp.Star()), partition_by=[key.copy() for key in partition])
