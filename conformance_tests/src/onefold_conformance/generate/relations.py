"""Relations that keep, drop, compute, combine and aggregate rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from onefold.plan import (
    AGGREGATIONS,
    RANKINGS,
    AggCall,
    Aggregate,
    Column,
    Deduplicate,
    Distinct,
    Expression,
    Filter,
    Frame,
    Input,
    Join,
    Limit,
    Measure,
    NamedExpression,
    Project,
    RankCall,
    Sort,
    SortKey,
    Union,
    Unnest,
    Window,
    WindowMeasure,
)
from onefold.types import DATE, INT64, List
from onefold_conformance.generate.aggregations import aggregation, sort_keys
from onefold_conformance.generate.builder import Builder, Rows, fresh_names
from onefold_conformance.generate.choices import number, one_in, pick, repeats, some
from onefold_conformance.generate.expressions import any_column, bool_expression, expression
from onefold_conformance.generate.options import options

__all__ = ["RELATION_MAKERS", "Maker", "comparable", "project"]

Maker = Callable[[Builder, Rows, bool], Rows | None]
"""Puts a relation on top of rows; None when these rows do not allow it. The flag says whether it is the top of the
plan, where results may be inexact."""


def project(builder: Builder, rows: Rows, top: bool) -> Rows:
    """Put computed columns beside some of those that there are."""
    draw = builder.draw
    passed = [name for name in rows.schema.names if number(draw, 0, 2) > 0]
    columns = [NamedExpression(name=name, expression=Column(name=name)) for name in passed]
    failing = top and isinstance(rows.relation, Input) and builder.often(3)
    names = fresh_names(rows.schema, "x")
    for _ in repeats(draw, 1 if top or not columns else 0, 6 if top else 2):
        computed = any_column(draw, builder.scope(rows), inexact=top, failing=failing)
        columns.append(NamedExpression(name=next(names), expression=computed))
    if not builder.limits.offers("expression.column") and passed:
        columns = columns[len(passed) :]
    ordered = draw(st.permutations(columns))
    return builder.kept(Project(input=rows.relation, columns=tuple(ordered)), rows.calm & frozenset(passed))


def comparable(builder: Builder, rows: Rows) -> Rows | None:
    """Return the rows without their lists and structs; None when nothing would be left, or can not be left out."""
    if rows.is_comparable:
        return rows
    if not rows.ordered or "project" not in builder.limits.relations:
        return None
    columns = tuple(NamedExpression(name=name, expression=Column(name=name)) for name in rows.ordered)
    return builder.kept(Project(input=rows.relation, columns=columns), rows.calm)


def _filter(builder: Builder, rows: Rows, top: bool) -> Rows:
    predicate = bool_expression(builder.draw, builder.scope(rows))
    return builder.kept(Filter(input=rows.relation, predicate=predicate), rows.calm)


def _union(builder: Builder, rows: Rows, top: bool) -> Rows:
    """Put rows under those of another relation of the same columns, in another order of columns where there is one."""
    fitting = [
        other
        for other in builder.drawn
        if {(f.name, f.dtype) for f in other.schema} == {(f.name, f.dtype) for f in rows.schema}
    ]
    others = some(builder.draw, fitting, 1, 2)
    parts = [rows, *others]
    if "project" in builder.limits.relations and builder.often(2):
        shuffled = builder.draw(st.permutations(parts[-1].schema.names))
        columns = tuple(NamedExpression(name=name, expression=Column(name=name)) for name in shuffled)
        parts[-1] = Rows(Project(input=parts[-1].relation, columns=columns), parts[-1].calm)
    calm = frozenset.intersection(*(part.calm for part in parts))
    return builder.kept(Union(relations=tuple(part.relation for part in parts)), calm)


def _distinct(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    flat = comparable(builder, rows)
    return None if flat is None else builder.kept(Distinct(input=flat.relation), flat.calm)


def _deduplicate(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    flat = comparable(builder, rows)
    if flat is None:
        return None
    by = tuple(some(builder.draw, flat.ordered, 1, 2))
    order = sort_keys(builder.draw, flat.schema) if not builder.often(4) else ()
    keep: Any = pick(builder.draw, ("last", "first"))
    return builder.kept(Deduplicate(input=flat.relation, by=by, order=order, keep=keep), flat.calm)


def _sort(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    if not rows.ordered:
        return None
    return builder.kept(Sort(input=rows.relation, keys=sort_keys(builder.draw, rows.schema)), rows.calm)


def _limit(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    """Take some of the rows in an order in which only equal rows are tied; or none, or all of any."""
    draw = builder.draw
    if "sort" not in builder.limits.relations or builder.often(5):
        count = pick(draw, (0, 2**63 - 1))
        return builder.kept(Limit(input=rows.relation, count=count), rows.calm)
    flat = comparable(builder, rows)
    if flat is None:
        return None
    order = Sort(input=flat.relation, keys=sort_keys(draw, flat.schema, every=True))
    limit = Limit(input=order, count=number(draw, 0, 5), offset=pick(draw, (0, 0, 1, 2, 2**63 - 1)))
    return builder.kept(limit, flat.calm)


def _unnest(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    """Unnest a list; where there is none, make one."""
    draw = builder.draw
    lists = [field.name for field in rows.schema if isinstance(field.dtype, List)]
    if lists:
        return builder.kept(Unnest(input=rows.relation, column=pick(draw, lists)), rows.calm)
    types = [dtype for dtype in builder.limits.types if isinstance(dtype, List)]
    if not types or "project" not in builder.limits.relations:
        return None
    made = expression(draw, builder.scope(rows), pick(draw, types), 1)
    name = next(fresh_names(rows.schema, "list"))
    columns = tuple(NamedExpression(name=kept, expression=Column(name=kept)) for kept in rows.schema.names)
    with_list = Project(input=rows.relation, columns=(*columns, NamedExpression(name=name, expression=made)))
    return builder.kept(Unnest(input=with_list, column=name), rows.calm)


def _join(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    draw = builder.draw
    if not builder.limits.joins:
        return None
    how: Any = pick(draw, builder.limits.joins)
    right = pick(draw, builder.drawn) if builder.often(2) else builder.table()
    pairs = [
        (left_name, right_name)
        for left_name in rows.ordered
        for right_name in right.ordered
        if rows.schema[left_name].dtype == right.schema[right_name].dtype
    ]
    if how == "cross":
        pairs = []
    elif not pairs:
        return None
    else:
        same = [pair for pair in pairs if pair[0] == pair[1]]
        pairs = some(draw, pairs if one_in(draw, 3) or not same else same, 1, 2)
        pairs = list({right_name: (left_name, right_name) for left_name, right_name in pairs}.values())
        pairs = list({left_name: (left_name, right_name) for left_name, right_name in pairs}.values())
    taken = {*rows.schema.names, *right.schema.names}
    suffix = next(text for text in ("_right", "_other", "_r2", "_r3", "_r4") if not _clashes(taken, text))
    join = Join(
        left=rows.relation,
        right=right.relation,
        left_on=tuple(left_name for left_name, _ in pairs),
        right_on=tuple(right_name for _, right_name in pairs),
        how=how,
        suffix=suffix,
    )
    calm_right = {out for name, out in join.right_columns if name in right.calm}
    # The keys of a full join hold whichever side exists.
    keys_calm = {name for name, other in pairs if how == "full" and other not in right.calm}
    return builder.kept(join, (rows.calm | calm_right) - keys_calm)


def _clashes(names: set[str], suffix: str) -> bool:
    folded = {name.casefold() for name in names}
    return any(f"{name}{suffix}" in folded for name in folded)


def _aggregate(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    draw = builder.draw
    by = tuple(some(draw, rows.ordered, 0, 2)) if rows.ordered else ()
    measures = []
    names = fresh_names(rows.schema, "m")
    for _ in repeats(draw, 1 if top or not by else 0, 5 if top else 2):
        call = aggregation(draw, builder.scope(rows), "aggregation", inexact=top, order=rows.clocks)
        if call is not None:
            measures.append(Measure(name=next(names), call=call))
    if not by and not measures:
        return None
    return builder.kept(Aggregate(input=rows.relation, by=by, measures=tuple(measures)), rows.calm & frozenset(by))


def _window(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    draw = builder.draw
    flat = comparable(builder, rows)  # ties are settled by all columns
    if flat is None:
        return None
    partition = tuple(some(draw, flat.ordered, 0, 1))
    measured = [name for name in flat.ordered if (dtype := flat.schema[name].dtype) in (INT64, DATE) or dtype.is_time]
    if measured and builder.often(2):
        order: tuple[SortKey, ...] = (SortKey(column=pick(draw, measured), nulls=pick(draw, ("last", "first"))),)
    else:
        order = sort_keys(draw, flat.schema) if not builder.often(5) else ()
    measures = []
    names = fresh_names(flat.schema, "w")
    for _ in repeats(draw, 1, 5 if top else 2):
        call = _window_call(builder, flat, ordered=bool(order), top=top)
        if call is None:
            continue
        frame = _frame(builder, flat, order) if isinstance(call, AggCall) and order else None
        measures.append(WindowMeasure(name=next(names), call=call, frame=frame))
    if not measures:
        return None
    window = Window(input=flat.relation, partition_by=partition, order_by=order, measures=tuple(measures))
    return builder.kept(window, flat.calm)


def _window_call(builder: Builder, rows: Rows, *, ordered: bool, top: bool) -> AggCall | RankCall | None:
    draw = builder.draw
    if builder.limits.rankings and builder.often(2):
        name: Any = pick(draw, builder.limits.rankings)
        _, takes_argument, declared = RANKINGS[name]
        column = pick(draw, rows.schema.names)
        arg: Expression | None = Column(name=column) if takes_argument else None
        if not takes_argument or builder.limits.offers("expression.column"):
            return RankCall(function=name, arg=arg, options=draw(options(name, declared, {})))
    call = aggregation(draw, builder.scope(rows), "window", inexact=top)
    if call is not None and AGGREGATIONS[call.function].order_sensitive and not ordered:
        return None
    return call


def _frame(builder: Builder, rows: Rows, order: tuple[SortKey, ...]) -> Frame | None:
    draw = builder.draw
    if not builder.limits.frames or builder.often(4):
        return None
    unit: Any = pick(draw, builder.limits.frames)
    dtype = rows.schema[order[0].column].dtype
    can_measure = len(order) == 1 and not order[0].descending and (dtype in (INT64, DATE) or dtype.is_time)
    distances: tuple[int | None, ...] = (None, 0, 1, -1, 2, -2)
    if unit == "range":
        if not can_measure:
            distances = (None, 0)
        elif dtype.is_time:
            distances = (None, 0, *builder.world.lengths(), *(-length for length in builder.world.lengths()))
    start, end = pick(draw, distances), pick(draw, distances)
    if start is not None and end is not None and start > end:
        start, end = end, start
    return Frame(unit=unit, start=start, end=end)


RELATION_MAKERS: Mapping[str, Maker] = {
    "project": project,
    "filter": _filter,
    "union": _union,
    "distinct": _distinct,
    "deduplicate": _deduplicate,
    "sort": _sort,
    "limit": _limit,
    "unnest": _unnest,
    "join": _join,
    "aggregate": _aggregate,
    "window": _window,
}
"""How each kind of relation is put on top of rows."""
