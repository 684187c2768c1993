"""Window functions over lazy tables: rankings, neighbours, and aggregations over frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from onefold.errors import DefinitionError, PlanError
from onefold.features.aggregations import AggExpr
from onefold.features.binding import bind
from onefold.features.deferred import Deferred, label, shown
from onefold.features.expressions import as_column
from onefold.features.projecting import flat
from onefold.plan import RANKINGS, AggCall, Frame, RankCall, Relation, SortKey, Window, WindowMeasure
from onefold.types import DATE, Duration, Schema, parse_duration

__all__ = [
    "RankExpr",
    "cume_dist",
    "dense_rank",
    "lag",
    "lead",
    "percent_rank",
    "rank",
    "row_number",
    "window_relation",
]


@dataclass(frozen=True, slots=True, eq=False)
class RankExpr:
    """A window function that is no aggregation; made by :func:`row_number`, :func:`lag` and the others."""

    function: str
    arg: Deferred | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None

    def named(self, name: str) -> RankExpr:
        """Return the function under a name for the column that it makes."""
        return replace(self, name=name)

    alias = named

    @property
    def output_name(self) -> str:
        """The name of the column that it makes."""
        return self.name or (self.function if self.arg is None else f"{label(self.arg)}_{self.function}")

    def bind(self, schema: Schema) -> RankCall:
        """Return the function over rows of a schema."""
        arg = None if self.arg is None else bind(self.arg, schema)
        return RankCall(function=self.function, arg=arg, options=dict(self.options))  # type: ignore[arg-type]

    def __repr__(self) -> str:
        inside = [] if self.arg is None else [shown(self.arg)]
        inside += [f"{name}={value!r}" for name, value in self.options.items()]
        return f"{self.function}({', '.join(inside)})"


def row_number() -> RankExpr:
    """Return the position of the row in its partition, from 1.

    Examples:
        >>> row_number()
        row_number()
    """
    return RankExpr("row_number")


def rank() -> RankExpr:
    """Return the position of the first row with the same order keys, from 1."""
    return RankExpr("rank")


def dense_rank() -> RankExpr:
    """Return the number of different order keys up to this row's."""
    return RankExpr("dense_rank")


def percent_rank() -> RankExpr:
    """Return (rank - 1) / (rows in the partition - 1); 0 for a single row."""
    return RankExpr("percent_rank")


def cume_dist() -> RankExpr:
    """Return the share of rows in the partition up to and including the last one with the same order keys."""
    return RankExpr("cume_dist")


def lag(expression: Any, offset: int = 1) -> RankExpr:
    """Return the value so many rows before this one; null when there is none.

    Args:
        expression: What is looked up.
        offset: How many rows, above zero.

    Examples:
        >>> lag("amount").output_name
        'amount_lag'
    """
    return RankExpr("lag", as_column(expression), {"offset": offset})


def lead(expression: Any, offset: int = 1) -> RankExpr:
    """Return the value so many rows after this one; null when there is none.

    Args:
        expression: What is looked up.
        offset: How many rows, above zero.
    """
    return RankExpr("lead", as_column(expression), {"offset": offset})


def window_relation(
    rows_of: Relation,
    calls: Iterable[Any],
    named: Mapping[str, Any],
    *,
    partition_by: tuple[str, ...],
    order_by: tuple[SortKey, ...],
    rows: tuple[int | None, int | None] | None,
    preceding: Duration | None,
) -> Window:
    """Return the relation that adds window functions to rows; see :meth:`~onefold.features.Table.with_window`.

    Raises:
        DefinitionError: If a call is no window function, or two have one name.
        PlanError: If a column does not exist or a type does not fit.
    """
    schema = rows_of.output
    frame = _frame(schema, order_by, rows, preceding)
    measures: dict[str, WindowMeasure] = {}
    for name, call in [*((None, call) for call in flat(calls)), *named.items()]:
        if not isinstance(call, AggExpr | RankExpr):
            raise DefinitionError(
                "with_window takes aggregations such as of.sum('x') and of.row_number(), of.rank(), of.lag('x'), "
                f"not {type(call).__name__} ({call!r:.60})."
            )
        if isinstance(call, AggExpr) and call.windows:
            raise DefinitionError(
                f"{call!r} has a trailing window, which is for feature views. Here rows= or preceding= say which rows "
                "around each row count; leave out .over(...)."
            )
        column = call.output_name if name is None else name
        if column in measures or column in schema:
            raise DefinitionError(
                f"with_window would make a second column named {column!r}. Name it: with_window(new_name=...)."
            )
        try:
            bound: AggCall | RankCall = call.bind(schema)
        except PlanError as error:
            raise error.within("with_window", repr(column)) from None
        used = frame if isinstance(bound, AggCall) else None
        measures[column] = WindowMeasure(name=column, call=bound, frame=used)
    if not measures:
        raise DefinitionError(f"with_window needs something to compute, such as of.sum('x') or {', '.join(RANKINGS)}.")
    return Window(input=rows_of, partition_by=partition_by, order_by=order_by, measures=tuple(measures.values()))


def _frame(
    schema: Schema,
    order_by: tuple[SortKey, ...],
    rows: tuple[int | None, int | None] | None,
    preceding: Duration | None,
) -> Frame | None:
    if rows is not None and preceding is not None:
        raise DefinitionError("Give either rows= or preceding=, not both.")
    if rows is not None:
        return Frame(unit="rows", start=rows[0], end=rows[1])
    if preceding is None:
        return None
    length = parse_duration(preceding, what="frame (preceding)")
    if order_by and order_by[0].column in schema and schema[order_by[0].column].dtype == DATE:
        day = 86_400_000_000
        if length % day:
            raise DefinitionError(f"preceding={preceding!r}: the order is by dates, so give whole days.")
        length //= day
    return Frame(unit="range", start=-length, end=0)
