"""Windows over rows as SQL; the frame is always written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import expressions as exp

from onefold.errors import UnsupportedOperation
from onefold.plan import AggCall, Frame, RankCall, Window, WindowMeasure, infer
from onefold.sql.expressions import column
from onefold.sql.relations.calls import Facts, lower_call
from onefold.sql.relations.context import Context
from onefold.sql.relations.facts import facts_by_partition
from onefold.sql.relations.fragment import Fragment, aliased, table_named
from onefold.sql.relations.ordering import ascending, lower_keys, settled
from onefold.sql.template import LoweredCall, render
from onefold.types import INT64, DataType, Decimal

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
    calls = [measure.call for measure in node.measures if isinstance(measure.call, AggCall)]
    if any(call.by is not None for call in calls):
        raise UnsupportedOperation(
            node="window.by",
            engine=context.dialect.engine,
            reason="it would cost the number of rows times the length of the frame",
            way_out="Run the plan through a session, which leaves such windows to the kernel.",
        )
    informed, facts = facts_by_partition(
        context, context.table(node.input), node.input.output, partition=node.partition_by, calls=calls
    )
    query = Fragment(table_named(informed), node.input.output).select()
    for measure in node.measures:
        value = _Measure(context, node, measure).lower(facts)
        query.select(aliased(context.typed(value, node.output[measure.name].dtype), measure.name), copy=False)
    return Fragment(table_named(context.named(query, node.kind)), node.output, heavy=True)


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
        # Some engines demand an order. By a constant, all rows are peers, as they are without one.
        order = order or [ascending(exp.Cast(this=exp.null(), to=self.context.dialect.types(INT64)))]
        if call.arg is None:
            function = RANKED[call.function]()
        else:
            value = self.context.expression(call.arg, self.schema)
            rows, most = int(str(call.options["offset"])), self.context.dialect.most_rows
            if most is not None and rows > most:  # as far away as no row is
                return exp.Cast(this=exp.null(), to=self.context.dialect.types(infer(call.arg, self.schema).dtype))
            function = exp.Anonymous(this=call.function.upper(), expressions=[value, exp.Literal.number(rows)])
        return self._window(function, order, None)

    def _aggregated(self, call: AggCall, facts: Facts) -> exp.Expression:
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
        start, start_side = self._bound(frame.start, frame.unit, dtype, first=True)
        end, end_side = self._bound(frame.end, frame.unit, dtype, first=False)
        return exp.WindowSpec(kind=frame.unit.upper(), start=start, start_side=start_side, end=end, end_side=end_side)

    def _bound(
        self, distance: int | None, unit: str, dtype: DataType, *, first: bool
    ) -> tuple[str | exp.Expression, str | None]:
        if distance is None:
            return "UNBOUNDED", "PRECEDING" if first else "FOLLOWING"
        if distance == 0:
            return "CURRENT ROW", None
        size: exp.Expression = exp.Literal.number(abs(distance))
        if unit == "range" and dtype != INT64:
            call = LoweredCall([size], [INT64], INT64, self.context.dialect.types)
            size = render(self.context.dialect.distances[dtype], call)
        return size, "PRECEDING" if distance < 0 else "FOLLOWING"
