"""Applications of aggregations as SQL: arguments, conditions, orders and windows put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlglot import expressions as exp

from onefold.errors import UnsupportedOperation
from onefold.plan import AggCall, infer
from onefold.sql.aggregations import AggregationLowering, LoweredAggregate, Ranking
from onefold.sql.dialect import SqlDialect
from onefold.sql.expressions import column
from onefold.sql.relations.context import Context
from onefold.sql.relations.ordering import ascending
from onefold.sql.template import LoweredCall, atom, render
from onefold.types import FLOAT64, DataType, Schema

__all__ = [
    "Facts",
    "Rank",
    "condition_of",
    "fact_key",
    "finished",
    "lower_call",
    "lowering_of",
    "rank_key",
]


@dataclass(frozen=True, slots=True)
class Rank:
    """The columns beside a row that say which place it has in its group, for one aggregation.

    Args:
        rank: Its place, from 1.
        number: How many rows have places; or how many have its value, where only different values have places.
        place: Its place among the rows of its value, of which the first stands for all; None where every row counts.
    """

    rank: str
    number: str
    place: str | None


@dataclass(slots=True)
class Facts:
    """What is known about the group of each row, in columns beside it.

    Args:
        names: The names of those columns by what they hold, such as ``"centre <fingerprint>"``.
        ranks: The places of the row for aggregations, by :func:`rank_key`.
    """

    names: dict[str, str] = field(default_factory=dict)
    ranks: dict[str, Rank] = field(default_factory=dict)

    def column(self, kind: str, call: AggCall, index: int) -> exp.Column:
        """Return the column with a fact about an argument of a call."""
        return column(self.names[fact_key(kind, call, index)])


def fact_key(kind: str, call: AggCall, index: int) -> str:
    """Return what tells a fact about an argument apart: the argument, and the rows that take part."""
    where = "" if call.where is None else call.where.fingerprint
    partners = " ".join(arg.fingerprint for arg in call.args) if len(call.args) > 1 else ""
    return f"{kind} {call.args[index].fingerprint} {partners} {where}"


def rank_key(call: AggCall, ranking: Ranking) -> str:
    """Return what tells the places of rows apart: the value, the rows that take part, and their order."""
    order = (
        " ".join(f"{key.column} {key.descending} {key.nulls}" for key in call.order) if ranking.by == "order" else ""
    )
    return f"{ranking.by} {ranking.reverse} {ranking.distinct} {call.options.get('nulls')} {order} {fact_key('rank', call, 0)}"


def lowering_of(context: Context, call: AggCall, *, framed: bool = False) -> AggregationLowering:
    """Return how an aggregation is written.

    Raises:
        UnsupportedOperation: If the dialect does not offer it.
    """
    lowering = context.dialect.aggregations.get(call.function)
    if lowering is None:
        raise UnsupportedOperation(
            node=call.entry.capability,
            engine=context.dialect.engine,
            reason="the engine has no way to compute it with the portable meaning",
            way_out="Run this part on another engine.",
        )
    return lowering.framed if framed and lowering.framed is not None else lowering


def lower_call(
    context: Context,
    call: AggCall,
    schema: Schema,
    *,
    order: Sequence[exp.Ordered] = (),
    over: Callable[[], exp.Window] | None = None,
    age: exp.Expression | None = None,
    facts: Facts | None = None,
) -> exp.Expression:
    """Return an aggregation, its secondary key left aside, as SQL of its declared type.

    Args:
        context: The compilation.
        call: The aggregation.
        schema: The columns of the rows.
        order: The order of the rows, before the value itself settles ties.
        over: Returns a new window around nothing; None in a group.
        age: The age of a row in microseconds, for decayed aggregations.
        facts: What is known about the group of each row, for aggregations whose arguments are moved.

    Raises:
        UnsupportedOperation: If the dialect does not offer the aggregation.
    """
    lowering = lowering_of(context, call, framed=over is not None)
    args = [context.expression(arg, schema) for arg in call.args]
    types: list[DataType] = [infer(arg, schema).dtype for arg in call.args]
    result: DataType = call.entry.result_type(tuple(types), call.options)
    condition = condition_of(context, call, schema, args, drops_nulls=lowering.drops_nulls)
    # A constant tells no rows apart, and engines refuse to order by one.
    own = [index for index, arg in enumerate(args) if arg.find(exp.Column)]
    settled = [*order, *(ascending(args[index]) for index in own)]
    keys = [*(schema[key.this.name].dtype for key in order), *(types[index] for index in own)]
    if lowering.moved:
        assert facts is not None
        text = "CAST({0} AS DOUBLE) - {1}" if lowering.moved == "centred" else "(CAST({0} AS DOUBLE) - {1}) / {2}"
        for index, arg in enumerate(args):
            known = [facts.column(kind, call, index) for kind in ("centre", "range")]
            args[index] = render(text, LoweredCall([arg, *known], [types[index]], FLOAT64, context.dialect.types))
    if lowering.ranking is not None:
        assert facts is not None
        rank = facts.ranks[rank_key(call, lowering.ranking)]
        condition = _within(condition, rank, lowering.ranking.limit(call.options))
        args += [column(rank.rank), column(rank.number)]
    lowered = LoweredAggregate(
        args, types, result, context.dialect.types, call.options, order=settled, order_types=keys, age=age
    )
    return context.typed(finished(lowering.lower(lowered), context.dialect, condition, over), result)


def _within(condition: exp.Expression | None, rank: Rank, most: int | None) -> exp.Expression | None:
    """Return a condition that also holds only for the first places, and for one row of each value."""
    if rank.place is not None:
        first = exp.EQ(this=column(rank.place), expression=exp.Literal.number(1))
        condition = first if condition is None else exp.And(this=condition, expression=first)
    if most is not None:
        wanted = exp.LTE(this=column(rank.rank), expression=exp.Literal.number(most))
        condition = wanted if condition is None else exp.And(this=condition, expression=wanted)
    return condition


def condition_of(
    context: Context, call: AggCall, schema: Schema, args: Sequence[exp.Expression], *, drops_nulls: bool
) -> exp.Expression | None:
    """Return the condition under which a row takes part in an aggregation; None when all do."""
    conditions = [] if call.where is None else [context.expression(call.where, schema)]
    if not drops_nulls and call.options.get("nulls") != "keep":
        conditions += [exp.Not(this=exp.Is(this=atom(arg.copy()), expression=exp.null())) for arg in args]
    result: exp.Expression | None = None
    for condition in conditions:
        part = exp.Paren(this=condition) if isinstance(condition, exp.Or) else condition
        result = part if result is None else exp.And(this=result, expression=part)
    return result


def finished(
    tree: exp.Expression,
    dialect: SqlDialect,
    condition: exp.Expression | None,
    over: Callable[[], exp.Window] | None,
) -> exp.Expression:
    """Return an aggregate expression with a condition and a window at each aggregate function in it."""
    root = exp.Paren(this=tree)
    functions: list[exp.Anonymous] = []
    stack: list[exp.Expr] = [tree]
    while stack:
        node = stack.pop()
        # Rendered templates keep all functions anonymous.
        if isinstance(node, exp.Anonymous) and str(node.this).upper() in dialect.aggregate_names:
            functions.append(node)
        else:
            stack.extend(node.iter_expressions())
    if not functions:
        raise AssertionError(f"no function in {tree.sql(dialect.name)} is known to be an aggregate")
    for function in functions:
        place = exp.Placeholder()
        function.replace(place)
        finished: exp.Expression = function
        if condition is not None:
            finished = exp.Filter(this=finished, expression=exp.Where(this=condition.copy()))
        if over is not None:
            window = over()
            window.set("this", finished)
            finished = window
        place.replace(finished)
    result = root.this
    result.pop()
    assert isinstance(result, exp.Expression)
    return result
