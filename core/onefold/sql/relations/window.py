"""Windows over rows as SQL; the frame is always written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import expressions as exp

from onefold.errors import UnsupportedOperation
from onefold.plan import AggCall, Frame, Measure, RankCall, Window, WindowMeasure
from onefold.rewriting.naming import fresh
from onefold.sql.expressions import column
from onefold.sql.relations.calls import Facts, lower_call
from onefold.sql.relations.context import Context
from onefold.sql.relations.facts import facts_by_group, facts_by_partition
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.sql.relations.ordering import lower_keys, settled
from onefold.sql.relations.secondary import collect, taking_part
from onefold.sql.template import LoweredCall, render
from onefold.types import DATE, INT64, DataType, Decimal, List, Schema

__all__ = ["RANKED", "lower_window"]

RANKED: Mapping[str, Callable[[], exp.Expression]] = {
    "row_number": exp.RowNumber,
    "rank": lambda: exp.Anonymous(this="RANK"),
    "dense_rank": lambda: exp.Anonymous(this="DENSE_RANK"),
    "percent_rank": lambda: exp.Anonymous(this="PERCENT_RANK"),
    "cume_dist": lambda: exp.Anonymous(this="CUME_DIST"),
}
"""Window functions without an argument."""


def lower_window(context: Context, node: Window) -> Fragment:
    """Return all columns and the measures beside them."""
    plain = [measure for measure in node.measures if not _is_keyed(measure)]
    keyed = [measure for measure in node.measures if _is_keyed(measure)]
    source = context.table(node.input)
    number = fresh("row", node.output.names)
    if keyed:
        source = _numbered(context, source, node.input.output, number)
    informed, facts = facts_by_partition(
        context,
        source,
        node.input.output,
        partition=node.partition_by,
        calls=[measure.call for measure in plain if isinstance(measure.call, AggCall)],
        carried=(number,) if keyed else (),
    )
    query = Fragment(table_named(informed), node.input.output).select()
    if keyed:
        query.select(column(number), copy=False)
    for measure in plain:
        value = _Measure(context, node, measure).lower(facts)
        query.select(aliased(context.typed(value, node.output[measure.name].dtype), measure.name), copy=False)
    table = context.named(query, node.kind)
    if keyed:
        table = _with_keyed(context, node, keyed, table, numbered=source, number=number)
    return Fragment(table_named(table), node.output, heavy=True)


def _is_keyed(measure: WindowMeasure) -> bool:
    return isinstance(measure.call, AggCall) and measure.call.by is not None


def _numbered(context: Context, source: str, schema: Schema, number: str) -> str:
    """Return the rows with a number each; kept, so that all who read it see the same numbers."""
    query = Fragment(table_named(source), schema).select()
    query.select(aliased(exp.Window(this=exp.RowNumber()), number), copy=False)
    return context.named(query, "numbered", materialised=True)


def _with_keyed(
    context: Context, node: Window, keyed: Sequence[WindowMeasure], table: str, *, numbered: str, number: str
) -> str:
    """Return the rows with measures that have a secondary key: each row is joined with the rows of its frame."""
    items: list[exp.Expression] = []
    query = exp.select().from_(table_named(table, "w"))
    tables: dict[str, str] = {}
    for position, measure in enumerate(keyed):
        tables[measure.name] = f"k{position}"
        collected = _collected(context, node, measure, numbered, number)
        same = exp.EQ(this=column(_owner(node), f"k{position}"), expression=column(number, "w"))
        query.join(table_named(collected, f"k{position}"), on=same, join_type="LEFT", copy=False)
    items += [column(name, tables.get(name, "w")) for name in node.output.names]
    return context.named(query.select(*items, copy=False), "windows")


def _owner(node: Window) -> str:
    """Return the name of the column that says whose frame a row is in."""
    return fresh("frame_of", node.input.output.names)


def _collected(context: Context, node: Window, measure: WindowMeasure, numbered: str, number: str) -> str:
    assert isinstance(measure.call, AggCall)
    schema, owner = node.input.output, _owner(node)
    lowering = _Measure(context, node, measure)
    lowering.check(measure.call)
    condition = exp.and_(*taking_part(context, measure.call, schema), copy=False)
    window = lowering.over()
    members = exp.Anonymous(this="LIST", expressions=[column(number)])
    window.set("this", exp.Filter(this=members, expression=exp.Where(this=condition)))
    frames = exp.select(aliased(column(number), owner), aliased(window, "members"), copy=False)
    framed = context.named(frames.from_(table_named(numbered)), "frames")
    listed = LoweredCall([column("members")], [List(INT64)], INT64, context.dialect.types)
    pairs = exp.select(column(owner), aliased(render(context.dialect.unnest, listed), "member"), copy=False)
    unnested = context.named(pairs.from_(table_named(framed)), "members")
    joined = exp.select(column(owner, "m"), *(column(name, "n") for name in schema.names), copy=False)
    joined = joined.from_(table_named(unnested, "m")).join(
        table_named(numbered, "n"), on=exp.EQ(this=column(number, "n"), expression=column("member", "m")), copy=False
    )
    order = settled(node.order_by, schema)
    rows, facts = facts_by_group(
        context,
        context.named(joined, "framed"),
        schema,
        group=(owner,),
        calls=[measure.call],
        by=measure.call.by,
    )
    return collect(
        context,
        rows,
        schema,
        group=(owner,),
        measures=[Measure(name=measure.name, call=measure.call)],
        lower=lambda call: lower_call(
            context, call, schema, order=order if call.entry.order_sensitive else (), facts=facts
        ),
    )


class _Measure:
    """The lowering of one measure of a window."""

    def __init__(self, context: Context, node: Window, measure: WindowMeasure) -> None:
        self.context = context
        self.node = node
        self.call = measure.call
        self.frame = measure.frame
        self.schema = node.input.output

    def lower(self, facts: Facts) -> exp.Expression:
        if isinstance(self.call, RankCall):
            return self._ranked(self.call)
        return self._aggregated(self.call, facts)

    def _ranked(self, call: RankCall) -> exp.Expression:
        peers = call.function not in ("row_number", "lag", "lead")
        order = lower_keys(self.node.order_by) if peers else settled(self.node.order_by, self.schema)
        if call.arg is None:
            function = RANKED[call.function]()
        else:
            value = self.context.expression(call.arg, self.schema)
            offset = exp.Literal.number(int(str(call.options["offset"])))
            function = exp.Anonymous(this=call.function.upper(), expressions=[value, offset])
        return self._window(function, order, None)

    def check(self, call: AggCall) -> None:
        """Raise unless the aggregation can be computed over frames."""
        if (reason := self.context.dialect.without_frames.get(call.function)) is not None:
            raise UnsupportedOperation(
                node=f"{call.entry.capability} in a window",
                engine=self.context.dialect.engine,
                reason=reason,
                way_out="Aggregate by the partition and join the result back, or use a trailing aggregate.",
            )

    def _aggregated(self, call: AggCall, facts: Facts) -> exp.Expression:
        self.check(call)
        order = settled(self.node.order_by, self.schema) if call.entry.order_sensitive else ()
        return lower_call(self.context, call, self.schema, order=order, over=self.over, facts=facts)

    def over(self) -> exp.Window:
        """Return the window of an aggregation, its frame written out, around nothing."""
        keys = self.node.order_by
        rows = self.frame is not None and self.frame.unit == "rows"
        order = settled(keys, self.schema) if rows else lower_keys(keys)
        if not rows and self.frame is not None and (self.frame.start or self.frame.end):
            order = [self._wide(key) for key in order]
        return self._window(None, order, self._spec(order))

    def _wide(self, key: exp.Ordered) -> exp.Ordered:
        """Return the key of a range in a type in which the bounds do not overflow: they may lie beyond 64 bits."""
        if self.schema[self.node.order_by[0].column].dtype == INT64:
            key.set("this", exp.Cast(this=key.this, to=self.context.dialect.types(Decimal(38, 0))))
        return key

    def _window(
        self, function: exp.Expression | None, order: list[exp.Ordered], spec: exp.WindowSpec | None
    ) -> exp.Window:
        return exp.Window(
            this=function,
            partition_by=[column(name) for name in self.node.partition_by],
            order=exp.Order(expressions=[key.copy() for key in order]) if order else None,
            spec=spec,
        )

    def _spec(self, order: list[exp.Ordered]) -> exp.WindowSpec | None:
        frame = self.frame or Frame(unit="range", start=None, end=0)
        if not order:
            return None
        dtype = self.schema[self.node.order_by[0].column].dtype if self.node.order_by else INT64
        start, start_side = _bound(frame.start, frame.unit, dtype, first=True)
        end, end_side = _bound(frame.end, frame.unit, dtype, first=False)
        return exp.WindowSpec(kind=frame.unit.upper(), start=start, start_side=start_side, end=end, end_side=end_side)


def _bound(distance: int | None, unit: str, dtype: DataType, *, first: bool) -> tuple[str | exp.Expression, str | None]:
    if distance is None:
        return "UNBOUNDED", "PRECEDING" if first else "FOLLOWING"
    if distance == 0:
        return "CURRENT ROW", None
    size: exp.Expression = exp.Literal.number(abs(distance))
    if unit == "range" and dtype != INT64:
        maker = "TO_DAYS" if dtype == DATE else "TO_MICROSECONDS"
        size = exp.Anonymous(this=maker, expressions=[size])
    return size, "PRECEDING" if distance < 0 else "FOLLOWING"
