"""Grouping as SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from sqlglot import expressions as exp

from onefold.plan import AggCall, Aggregate, Measure
from onefold.sql.expressions import column
from onefold.sql.relations.calls import Facts, lower_call, lowering_of
from onefold.sql.relations.context import Context
from onefold.sql.relations.facts import END, facts_by_group, latest
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.sql.relations.ordering import lower_keys
from onefold.sql.relations.ranks import ranks_by_group
from onefold.sql.relations.secondary import collect, conditions_of
from onefold.sql.template import LoweredCall, render
from onefold.types import INT64
from onefold.types.naming import fresh

__all__ = ["lower_aggregate"]


def lower_aggregate(context: Context, node: Aggregate) -> Fragment:
    """Return one row per group; measures with a secondary key are grouped by that too, and then collected."""
    if not node.measures:
        query = exp.select(*map(column, node.by), copy=False).distinct(copy=False)
        query = query.from_(table_named(context.table(node.input)))
        return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)
    source = _Groups(context, node)
    plain = [measure for measure in node.measures if measure.call.by is None]
    keyed: dict[str, list[Measure]] = defaultdict(list)
    for measure in node.measures:
        if measure.call.by is not None:
            keyed[conditions_of(measure.call)].append(measure)
    groups = source.plain(plain)
    if not keyed:
        return Fragment(table_named(context.named(groups, node.kind)), node.output, heavy=True)
    main = context.named(groups, node.kind)
    return _joined(context, node, main, [(source.keyed(measures), measures) for measures in keyed.values()])


class _Groups:
    """The rows to group, beside them what aggregations need to know about their groups."""

    def __init__(self, context: Context, node: Aggregate) -> None:
        self.context = context
        self.by = node.by
        self.schema = node.input.output
        calls = [measure.call for measure in node.measures]
        decayed = [call for call in calls if call.entry.family == "decay"]
        times = [call.order[0].column for call in decayed if call.function != "decayed_mean"]
        twice = bool(decayed) or any(lowering_of(context, call).moved for call in calls)
        self.source, self.facts = facts_by_group(
            context,
            context.table(node.input, twice=twice),
            self.schema,
            group=self.by,
            calls=[call for call in calls if call.by is None],
            ends=times,
        )
        self.source, self.facts.ranks = ranks_by_group(
            context,
            self.source,
            self.schema,
            group=self.by,
            calls=[call for call in calls if call.by is None],
            carried=tuple(self.facts.names.values()),
        )

    def plain(self, measures: Sequence[Measure]) -> exp.Query:
        """Return the query of groups and the measures without a secondary key."""
        items: list[exp.Expression] = [column(name) for name in self.by]
        items += [aliased(self._measure(measure.call), measure.name) for measure in measures]
        if not items:  # one group, and all measures have a secondary key
            items = [aliased(exp.Count(this=exp.Star()), fresh("rows"))]
        return self._grouped(items, self.by)

    def keyed(self, measures: Sequence[Measure]) -> str:
        """Return the name of a query of groups and measures of one secondary key, already collected."""
        source, facts = facts_by_group(
            self.context,
            self.source,
            self.schema,
            group=self.by,
            calls=[measure.call for measure in measures],
            by=measures[0].call.by,
            carried=tuple(self.facts.names.values()),
        )
        source, facts.ranks = ranks_by_group(
            self.context,
            source,
            self.schema,
            group=self.by,
            calls=[measure.call for measure in measures],
            by=measures[0].call.by,
            carried=tuple(facts.names.values()),
        )
        lower = partial(self._measure, facts=facts)
        return collect(self.context, source, self.schema, group=self.by, measures=measures, lower=lower)

    def _grouped(self, items: list[exp.Expression], by: Sequence[str]) -> exp.Select:
        query = exp.select(*items, copy=False).from_(table_named(self.source))
        if by:
            query.group_by(*(column(name) for name in by), copy=False)
        return query

    def _measure(self, call: AggCall, facts: Facts | None = None) -> exp.Expression:
        facts = facts or self.facts
        age = self._age(call, facts) if call.entry.family == "decay" else None
        order = lower_keys(call.order)
        return lower_call(self.context, call, self.schema, order=order, age=age, facts=facts)

    def _age(self, call: AggCall, facts: Facts) -> exp.Expression:
        """Return how long before the greatest time of its group a row happened, in microseconds (see `latest`)."""
        key = call.order[0]
        dtype = self.schema[key.column].dtype
        if call.function == "decayed_mean":
            end = facts.column(latest(call), call, 0)
        else:
            end = column(self.facts.names[f"{END} {key.column}"])
        args = [column(key.column), end]
        ages = LoweredCall(args, [dtype, dtype], INT64, self.context.dialect.types)
        return render(self.context.dialect.functions["duration_between"], ages)


def _joined(
    context: Context, node: Aggregate, main: str, collected: Sequence[tuple[str, Sequence[Measure]]]
) -> Fragment:
    """Return the groups with their collected measures beside the others, in the order of the plan."""
    origin = {measure.name: f"k{number}" for number, (_, group) in enumerate(collected) for measure in group}
    items = [column(name, "g") for name in node.by]
    items += [column(measure.name, origin.get(measure.name, "g")) for measure in node.measures]
    query = exp.select(*items, copy=False).from_(table_named(main, "g"))
    for number, (table, _) in enumerate(collected):
        same: list[exp.Expression] = [
            exp.NullSafeEQ(this=column(name, "g"), expression=column(name, f"k{number}")) for name in node.by
        ]
        query.join(
            table_named(table, f"k{number}"),
            on=exp.and_(*same) if same else exp.true(),
            join_type="LEFT",
            copy=False,
        )
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)
