"""What is known about the group of each row, put beside it before the group is aggregated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlglot import expressions as exp

from onefold.plan import AggCall, Expression
from onefold.sql.expressions import column
from onefold.sql.relations.calls import Facts, condition_of, fact_key, finished, lowering_of
from onefold.sql.relations.context import Context
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import FLOAT64, Schema
from onefold.types.naming import fresh

__all__ = ["END", "facts_by_group", "facts_by_partition", "latest"]

END = "end"
"""The kind of fact that decayed aggregations need: the greatest time of the group."""


def latest(call: AggCall) -> str:
    """Return the kind of fact that a decayed mean needs: the greatest time of a row that takes part.

    Measured from there one weight is 1, however long ago that was. It does not matter to a quotient from where ages are
    measured; from the end of the group, all weights may be too small for a float64.
    """
    return f"latest {call.order[0].column}"


def _centre(number: exp.Expression, context: Context) -> exp.Expression:
    # Any constant near the values will do, so that sums that overflow, and groups without values, need no care.
    mean = _rendered("AVG({0})", context, number)
    return _rendered("CASE WHEN {0} THEN {1} ELSE 0e0 END", context, _is_finite(mean.copy(), context), mean)


def _range(number: exp.Expression, context: Context) -> exp.Expression:
    return _rendered("CASE WHEN MAX({0}) > MIN({0}) THEN MAX({0}) - MIN({0}) ELSE 1e0 END", context, number)


def _is_finite(number: exp.Expression, context: Context) -> exp.Expression:
    return _rendered(context.dialect.functions["is_finite"], context, number)


def _rendered(lowering: Lowering, context: Context, *args: exp.Expression) -> exp.Expression:
    return render(lowering, LoweredCall(args, [FLOAT64] * len(args), FLOAT64, context.dialect.types))


_FACTS: Mapping[str, Callable[[exp.Expression, Context], exp.Expression]] = {"centre": _centre, "range": _range}
"""The facts that aggregations need whose arguments are moved, over the finite values."""


class _Wanted:
    """The facts that some measures need, each once."""

    def __init__(self, context: Context, schema: Schema, taken: Iterable[str]) -> None:
        self.context = context
        self.schema = schema
        self.taken = [*schema.names, *taken]
        self.facts = Facts()
        self.items: dict[str, exp.Expression] = {}

    def add(self, calls: Iterable[AggCall], over: exp.Window | None) -> None:
        """Add what aggregations need whose arguments are moved."""
        for call in calls:
            lowering = lowering_of(self.context, call, framed=over is not None)
            # Of pairs, only those without a null: a value that takes no part may be far from the others.
            args = [self.context.expression(arg, self.schema) for arg in call.args]
            if call.function == "decayed_mean" and (key := fact_key(latest(call), call, 0)) not in self.facts.names:
                tree = _rendered("MAX({0})", self.context, column(call.order[0].column))
                known = condition_of(self.context, call, self.schema, args, drops_nulls=False)
                self._put(
                    key, "latest", finished(tree, self.context.dialect, known, None if over is None else over.copy)
                )
            for index in range(len(call.args) if lowering.moved else 0):
                number = _rendered("CAST({0} AS DOUBLE)", self.context, args[index].copy())
                for kind, fact in _FACTS.items():
                    if (key := fact_key(kind, call, index)) in self.facts.names:
                        continue
                    tree = fact(number.copy(), self.context)
                    finite = _is_finite(number.copy(), self.context)
                    known = condition_of(self.context, call, self.schema, args, drops_nulls=len(args) < 2)
                    condition = finite if known is None else exp.And(this=exp.Paren(this=known), expression=finite)
                    window = None if over is None else over.copy
                    self._put(key, kind, finished(tree, self.context.dialect, condition, window))

    def add_ends(self, times: Iterable[str]) -> None:
        """Add the greatest value of some columns."""
        for time in dict.fromkeys(times):
            self._put(f"{END} {time}", END, exp.Max(this=column(time)))

    def _put(self, key: str, kind: str, value: exp.Expression) -> None:
        name = fresh(kind, self.taken, self.items)
        self.facts.names[key] = name
        self.items[name] = value


def facts_by_group(
    context: Context,
    source: str,
    schema: Schema,
    *,
    group: Sequence[str],
    calls: Sequence[AggCall],
    by: Expression | None = None,
    ends: Iterable[str] = (),
    carried: Sequence[str] = (),
) -> tuple[str, Facts]:
    """Return a table with rows and the facts about their groups, and what those are called.

    Args:
        context: The compilation.
        source: The table with the rows.
        schema: The columns of the rows that aggregations read.
        group: The columns to group by.
        calls: The aggregations.
        by: A secondary key to group by as well.
        ends: Time columns of which the greatest of the group is wanted.
        carried: Further columns of the table, to keep.
    """
    wanted = _Wanted(context, schema, [*group, *carried])
    wanted.add(calls, None)
    wanted.add_ends(ends)
    if by is not None:
        # Where a secondary key is collected, the rows that take part are chosen before, and the condition is gone.
        for call in calls:
            for index in range(len(call.args)):
                for kind in (*_FACTS, *([latest(call)] if call.order else [])):
                    if (key := fact_key(kind, call, index)) in wanted.facts.names:
                        bare = fact_key(kind, call.replace(where=None), index)
                        wanted.facts.names[bare] = wanted.facts.names[key]
    if not wanted.items:
        return source, wanted.facts
    keys: dict[str, exp.Expression] = {name: column(name) for name in group}
    same: list[exp.Expression] = [
        exp.NullSafeEQ(this=column(name, "r"), expression=column(name, "f")) for name in group
    ]
    if by is not None:
        name = fresh("secondary", wanted.taken, wanted.items)
        keys[name] = context.expression(by, schema)
        same.append(
            exp.NullSafeEQ(this=exp.Paren(this=context.expression(by, schema, table="r")), expression=column(name, "f"))
        )
    items = [aliased(value, name) for name, value in (keys | wanted.items).items()]
    query = exp.select(*items, copy=False).from_(table_named(source))
    if keys:
        query.group_by(*(exp.Literal.number(index + 1) for index in range(len(keys))), copy=False)
    facts = context.named(query, "facts")
    columns = dict.fromkeys([*schema.names, *group, *carried])
    rows = exp.select(
        *(column(name, "r") for name in columns), *(column(name, "f") for name in wanted.items), copy=False
    )
    rows = rows.from_(table_named(source, "r"), copy=False).join(
        table_named(facts, "f"), on=exp.and_(*same) if same else exp.true(), join_type="INNER", copy=False
    )
    return context.named(rows, "informed"), wanted.facts


def facts_by_partition(
    context: Context,
    source: str,
    schema: Schema,
    *,
    partition: Sequence[str],
    calls: Sequence[AggCall],
) -> tuple[str, Facts]:
    """Return a table with rows and the facts about their partitions of a window, and what those are called.

    Args:
        context: The compilation.
        source: The table with the rows.
        schema: The columns of the rows.
        partition: The columns that rows of one partition share.
        calls: The aggregations.
    """
    wanted = _Wanted(context, schema, ())
    wanted.add(calls, exp.Window(partition_by=[column(name) for name in partition]))
    if not wanted.items:
        return source, wanted.facts
    query = Fragment(table_named(source), schema).select()
    query.select(*(aliased(value, name) for name, value in wanted.items.items()), copy=False)
    return context.named(query, "informed"), wanted.facts
