"""Window functions: OVER, its keys and its frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import expressions as exp

from onefold.features.aggregations import AggExpr
from onefold.features.windowing import RankExpr, lag, lead
from onefold.plan import AGGREGATIONS, RANKINGS, SortKey
from onefold.sql_authoring.aggregations import AggregationReader
from onefold.sql_authoring.calls import called
from onefold.sql_authoring.constants import constant, interval
from onefold.sql_authoring.expressions import ExpressionReader
from onefold.sql_authoring.ordering import sort_key
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.text import SqlText
from onefold.types import format_duration

__all__ = ["WindowCall", "WindowReader", "windows_in"]


def windows_in(node: exp.Expr) -> Iterator[exp.Window]:
    """Yield the window functions in an expression, without those inside of subqueries."""
    if isinstance(node, exp.Query):
        return
    if isinstance(node, exp.Window):
        yield node
        return
    for child in node.iter_expressions():
        yield from windows_in(child)


@dataclass(frozen=True, slots=True)
class WindowCall:
    """A window function: what it computes, and over which rows.

    Args:
        node: The syntax node.
        call: The function.
        partition_by: The columns that partition the rows.
        order_by: Their order.
        rows: The frame in rows; None for the standard's own.
        preceding: The frame as a length of time; None for another frame.
    """

    node: exp.Window
    call: AggExpr | RankExpr
    partition_by: tuple[str, ...]
    order_by: tuple[SortKey, ...]
    rows: tuple[int | None, int | None] | None
    preceding: str | None

    @property
    def window(self) -> tuple[Any, ...]:
        """What window functions of one node of the plan have in common."""
        order = tuple((key.column, key.descending, key.nulls) for key in self.order_by)
        return (self.partition_by, order, self.rows, self.preceding)


class WindowReader:
    """Reads window functions over some rows.

    Args:
        reader: Reads the expressions inside of them.
        column_of: Gives the column that holds an expression, which is made when there is none.
    """

    def __init__(self, reader: ExpressionReader, column_of: Callable[[exp.Expr], str]) -> None:
        self._reader = reader
        self._query: SqlText = reader.query
        self._column_of = column_of

    def read(self, node: exp.Window) -> WindowCall:
        """Return a window function.

        Raises:
            SqlError: If it is not understood.
        """
        parts = Parts(self._query, node)
        function, partition, order = parts.take("this"), parts.take("partition_by"), parts.take("order")
        spec = parts.take("spec")
        parts.take("over")
        if parts.take("alias") is not None:
            raise self._query.error("A named WINDOW is not understood. Write its keys into OVER (...).", node)
        parts.finish()
        partition_by = tuple(self._column_of(key) for key in partition or [])
        keys = [] if order is None else self._keys(order)
        rows, preceding = (None, None) if spec is None else self._frame(spec, bool(keys))
        call = self._call(function, ordered=bool(keys))
        if isinstance(call, RankExpr) and spec is not None:
            raise self._query.error(f"{call.function.upper()} takes no frame. Leave it out.", spec)
        return WindowCall(node, call, partition_by, tuple(keys), rows, preceding)

    def _keys(self, order: exp.Order) -> list[SortKey]:
        parts = Parts(self._query, order)
        written = parts.take("expressions")
        parts.finish()
        found = []
        for key in written:
            column = self._column_of(key.this)
            found.append(sort_key(self._query, key, column, nullable=self._reader.rows.schema[column].nullable))
        return found

    def _call(self, node: exp.Expr, *, ordered: bool) -> AggExpr | RankExpr:
        nulls = "keep"
        if isinstance(node, exp.IgnoreNulls | exp.RespectNulls):
            nulls = "skip" if isinstance(node, exp.IgnoreNulls) else "keep"
            node = node.this
            if str(node.name).lower() not in ("first_value", "last_value"):
                raise self._query.error("IGNORE NULLS is understood after FIRST_VALUE and LAST_VALUE.", node)
        if not isinstance(node, exp.Anonymous):
            return AggregationReader(self._reader).read(node, within_window=True)
        written = str(node.name).lower()
        if written in ("first_value", "last_value"):
            return self._end(node, written.removesuffix("_value"), nulls, ordered=ordered)
        if written in RANKINGS:
            return self._ranking(node, written, ordered=ordered)
        name = called(self._query, node)
        if name not in AGGREGATIONS:
            raise self._query.error(
                f"{name.upper()} is no window function. There are {', '.join(RANKINGS)}, first_value, last_value and the "
                "aggregations.",
                node,
            )
        return AggregationReader(self._reader).read(node, within_window=True)

    def _end(self, node: exp.Anonymous, name: str, nulls: str, *, ordered: bool) -> AggExpr:
        arguments = self._arguments(node, least=1, most=1)
        if not ordered:
            raise self._query.error("This needs an order: OVER (... ORDER BY t NULLS LAST).", node)
        return AggExpr(name, (self._reader.read(arguments[0]).node,), options={"nulls": nulls})

    def _ranking(self, node: exp.Anonymous, name: str, *, ordered: bool) -> RankExpr:
        if not ordered:
            raise self._query.error(f"{name.upper()} needs an order: OVER (... ORDER BY t NULLS LAST).", node)
        if name not in ("lag", "lead"):
            self._arguments(node, least=0, most=0)
            return RankExpr(name)
        arguments = self._arguments(node, least=1, most=2)
        offset = constant(self._query, arguments[1], what="The number of rows") if len(arguments) == 2 else 1
        if type(offset) is not int or offset < 1:
            raise self._query.error(f"{name.upper()} looks a whole number of rows away, above zero.", node)
        value = self._reader.read(arguments[0])
        return lag(value, offset) if name == "lag" else lead(value, offset)

    def _arguments(self, node: exp.Anonymous, *, least: int, most: int) -> list[exp.Expr]:
        parts = Parts(self._query, node)
        parts.take("this")
        arguments = list(parts.take("expressions") or [])
        parts.finish()
        if not least <= len(arguments) <= most:
            many = str(most) if least == most else f"{least} or {most}"
            default = (
                " For a value instead of null write coalesce(lag(x) OVER (...), 0)." if len(arguments) == 3 else ""
            )
            raise self._query.error(f"{node.name.upper()} takes {many} arguments, not {len(arguments)}.{default}", node)
        return arguments

    # -- frames ------------------------------------------------------------------------------------------------------

    def _frame(self, spec: exp.WindowSpec, ordered: bool) -> tuple[tuple[int | None, int | None] | None, str | None]:
        parts = Parts(self._query, spec)
        kind = str(parts.take("kind")).upper()
        start, start_side = parts.take("start"), str(parts.take("start_side") or "").upper()
        end, end_side = parts.take("end"), str(parts.take("end_side") or "").upper()
        parts.finish()
        if not ordered:
            raise self._query.error("A frame needs an order: OVER (ORDER BY t NULLS LAST ROWS ...).", spec)
        if end is None:
            end = "CURRENT ROW"
        if kind == "ROWS":
            return (self._row(spec, start, start_side), self._row(spec, end, end_side)), None
        if kind == "RANGE" and start == "UNBOUNDED" and start_side == "PRECEDING":
            if end == "CURRENT ROW":
                return None, None
            if end == "UNBOUNDED" and end_side == "FOLLOWING":
                return (None, None), None
        if kind == "RANGE" and isinstance(start, exp.Interval) and start_side == "PRECEDING" and end == "CURRENT ROW":
            length = interval(self._query, start)
            if length.months or length.micros <= 0:
                raise self._query.error(
                    "The length of a frame is fixed and above zero: INTERVAL '7' DAY PRECEDING.", start
                )
            return None, format_duration(length.micros)
        raise self._query.error(
            "This frame is not understood. There are ROWS BETWEEN n PRECEDING AND m FOLLOWING, RANGE BETWEEN INTERVAL '7' DAY "
            "PRECEDING AND CURRENT ROW, and RANGE with UNBOUNDED ends.",
            spec,
        )

    def _row(self, spec: exp.WindowSpec, bound: Any, side: str) -> int | None:
        if bound == "CURRENT ROW":
            return 0
        if bound == "UNBOUNDED":
            return None
        count = constant(self._query, bound, what="The bound of a frame")
        if type(count) is not int or count < 0:
            raise self._query.error("The bound of a frame is a whole number of rows.", spec)
        return -count if side == "PRECEDING" else count
