"""Short ways to write plans and tables, and to run them on rift."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import pyarrow as pa

from onefold.plan import (
    AggCall,
    Aggregate,
    Call,
    Column,
    Expression,
    Frame,
    Input,
    Literal,
    Measure,
    Relation,
    Sort,
    SortKey,
    Window,
    WindowMeasure,
)
from onefold.types import Schema, parse_type, schema_to_arrow
from onefold_rift.backend import RiftBackend
from onefold_rift.session import RiftSession

NAN, INF = float("nan"), float("inf")
UTC = dt.UTC


def at(seconds: float) -> dt.datetime:
    """Return an instant so many seconds after 2024 began."""
    return dt.datetime(2024, 1, 1, tzinfo=UTC) + dt.timedelta(seconds=seconds)


def table(schema: Schema, *rows: tuple[Any, ...]) -> pa.Table:
    """Return rows as an Arrow table."""
    columns = [list(values) for values in zip(*rows, strict=True)] if rows else [[] for _ in schema]
    arrow = schema_to_arrow(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, arrow, strict=True)]
    return pa.table(arrays, schema=arrow)


def schema(**columns: str) -> Schema:
    """Return a schema; ``inst`` stands for instants."""
    return Schema.of(
        **{name: parse_type("timestamp[us, UTC]" if text == "inst" else text) for name, text in columns.items()}
    )


def rows(columns: Schema, name: str = "rows") -> Input:
    """Return the input of a schema."""
    return Input(name=name, columns=columns)


def col(name: str) -> Column:
    """Return a column."""
    return Column(name=name)


def lit(value: Any) -> Literal:
    """Return a constant."""
    return Literal.of(value)


def call(function: str, *args: Expression, **options: Any) -> Call:
    """Return a call of a function."""
    return Call(function=function, args=args, options=options)


def agg(function: str, *columns: str, order: tuple[SortKey, ...] = (), **rest: Any) -> AggCall:
    """Return an aggregation of columns; ``where`` and ``by`` are expressions, everything else is an option."""
    known = {name: rest.pop(name) for name in ("where", "by") if name in rest}
    return AggCall(function=function, args=tuple(map(col, columns)), order=order, options=rest, **known)


def key(column: str, *, descending: bool = False, nulls: Any = "first") -> SortKey:
    """Return a sort key; nulls come first unless stated."""
    return SortKey(column=column, descending=descending, nulls=nulls)


def by_keys(relation: Relation, *columns: str) -> Sort:
    """Return a relation in the order of columns, so that results can be compared."""
    return Sort(input=relation, keys=tuple(key(name) for name in columns))


def grouped(relation: Relation, *by: str, **measures: AggCall) -> Aggregate:
    """Return groups with named measures."""
    return Aggregate(
        input=relation, by=by, measures=tuple(Measure(name=name, call=given) for name, given in measures.items())
    )


def over(
    relation: Relation,
    partition: tuple[str, ...],
    order: tuple[str | SortKey, ...],
    frame: Frame | None = None,
    **measures: Any,
) -> Window:
    """Return a window whose measures all have one frame."""
    return Window(
        input=relation,
        partition_by=partition,
        order_by=tuple(item if isinstance(item, SortKey) else key(item) for item in order),
        measures=tuple(WindowMeasure(name=name, call=given, frame=frame) for name, given in measures.items()),
    )


@lru_cache(maxsize=1)
def session() -> RiftSession:
    """Return the session that all these tests share."""
    return RiftBackend().open({"threads": 2})


def run(plan: Relation, **tables: Any) -> list[dict[str, Any]]:
    """Return the rows of a plan on rift."""
    result = session().execute(plan, tables).read_all()
    assert result.schema == schema_to_arrow(plan.output)
    found: list[dict[str, Any]] = result.to_pylist()
    return found


def values(plan: Relation, column: str, **tables: Any) -> list[Any]:
    """Return one column of a plan's rows."""
    return [row[column] for row in run(plan, **tables)]
