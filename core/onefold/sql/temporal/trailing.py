"""Trailing aggregates as ordinary relations: the spine joined with features of its distinct keys and times."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from onefold.plan import AggCall, Expression, Project, Relation, TrailingAggregate, TrailingMeasure, infer
from onefold.plan.windows import TrailingWindow
from onefold.sql.temporal.building import call, cast, col, extended, joined, lit, null, projected, when
from onefold.sql.temporal.distinct import DistinctCounts
from onefold.sql.temporal.floats import FloatSums
from onefold.sql.temporal.positions import at_position
from onefold.sql.temporal.prefixes import AMONG, MOMENT, PHASE, Point, Prefixes
from onefold.sql.temporal.ranges import Ranges
from onefold.sql.temporal.sides import TIME, Instant, Moments, Sides, end_of, start_of
from onefold.types import FLOAT64, INT64, DataType, Decimal
from onefold.types.naming import fresh

__all__ = ["LOWERED", "MOST_DIGITS", "in_relations"]

MOST_DIGITS = 27
"""The digits of decimals whose sums over all events of a key fit in 37 digits, for fewer than 10^10 events."""


class _Lookup:
    """A value to be taken from the event at a position."""

    def __init__(self, position: Expression, measure: TrailingMeasure, value: str, name: str) -> None:
        self.position = position
        self.measure = measure
        self.value = value
        self.name = name


class _Features:
    """The features of one node: values over columns of relations that are joined in the end."""

    def __init__(self, node: TrailingAggregate, moments: Moments) -> None:
        self.node = node
        self.sides = Sides(node, moments)
        self.prefixes = Prefixes(self.sides.moments, "p")
        self.distinct: dict[str, DistinctCounts] = {}
        self.ranges: dict[Instant, Ranges] = {}
        self.floats: dict[Expression, FloatSums] = {}
        self.lookups: list[_Lookup] = []
        self.values = {measure.name: LOWERED[measure.call.function](self, measure) for measure in node.measures}

    def dtype(self, measure: TrailingMeasure) -> DataType:
        """Return the type of the argument."""
        return infer(measure.call.args[0], self.node.events.output).dtype

    def participates(self, agg: AggCall) -> Expression | None:
        """Return the condition, over the columns of the events, under which one takes part; None for all."""
        conditions: list[Expression] = [] if agg.where is None else [self.sides.held(agg.where)]
        if agg.args and agg.options.get("nulls") != "keep":
            conditions.append(call("is_not_null", self.sides.held(agg.args[0])))
        return None if not conditions else conditions[0] if len(conditions) == 1 else call("and", *conditions)

    def argument(self, agg: AggCall) -> Expression:
        """Return the argument where an event takes part, and null elsewhere."""
        where = None if agg.where is None else self.sides.held(agg.where)
        return when(where, self.sides.held(agg.args[0]))

    def points(self, window: TrailingWindow) -> tuple[Point, Point | None]:
        """Return the end of a window, and its start unless it has none."""
        delay = self.node.order.delay
        start = start_of(window, delay)
        first = None if start is None else Point(start, not window.include_start)
        return Point(end_of(window, delay), window.include_end), first

    def counted(self, measure: TrailingMeasure, condition: Expression | None) -> Expression:
        """Return how many events of a window satisfy a condition."""
        end, start = self.points(measure.window)
        mark = when(condition, lit(1))
        count = self.prefixes.count(mark, end)
        return count if start is None else call("subtract", count, self.prefixes.count(mark, start))

    def relation(self) -> Relation:
        """Return the keys and times of the spine with everything that the values are computed from."""
        moments = self.sides.moments
        # All columns of the events are known only now.
        events = self.sides.events()
        marks = extended(events, {MOMENT: col(TIME), PHASE: lit(AMONG)})
        parts = [self.prefixes.relation(marks)] if self.prefixes else []
        parts += [distinct.relation(events) for distinct in self.distinct.values()]
        parts += [sums.relation(events) for sums in self.floats.values()]
        parts += [ranges.relation(events) for ranges in self.ranges.values() if ranges]
        result = parts[0] if parts else moments.rows
        for number, part in enumerate(parts[1:]):
            other = {f"part{number}_{name}": col(name) for name in moments.by}
            rest = {name: col(name) for name in part.output.names if name not in moments.by}
            result = joined(result, projected(part, {**other, **rest}), moments.by, other)
        for lookup in self.lookups:
            agg = lookup.measure.call
            result = at_position(
                moments,
                result,
                events,
                position=lookup.position,
                taking_part=self.participates(agg),
                order=(*self.sides.sequence, lookup.value),
                values={lookup.name: lookup.value},
            )
        return result


_Lowering: TypeAlias = Callable[[_Features, TrailingMeasure], Expression]
"""Returns the value of a measure over the columns of the relation of its node's features."""


def _count(features: _Features, measure: TrailingMeasure) -> Expression:
    return features.counted(measure, features.participates(measure.call))


def _total(features: _Features, measure: TrailingMeasure) -> Expression:
    """Return an exact sum as a decimal, zero over no values."""
    end, start = features.points(measure.window)
    dtype = features.dtype(measure)
    scale = dtype.scale if isinstance(dtype, Decimal) else 0
    value = features.argument(measure.call)
    if dtype == INT64:
        value = cast(value, Decimal(19, 0))

    def up_to(point: Point) -> Expression:
        total = cast(features.prefixes.total(value, point), Decimal(37, scale))
        return call("coalesce", total, cast(lit(0), Decimal(37, scale)))

    return call("subtract", up_to(end), up_to(start) if start is not None else cast(lit(0), Decimal(37, scale)))


def _float_total(features: _Features, measure: TrailingMeasure) -> Expression:
    """Return an exact sum of floats, rounded once; zero over no values."""
    value = features.argument(measure.call)
    argument = features.sides.held(measure.call.args[0])
    where = () if measure.call.where is None else (features.sides.held(measure.call.where),)
    end, start = features.points(measure.window)
    sums = features.floats.setdefault(value, FloatSums(features.sides.moments, value, f"s{len(features.floats)}_"))
    finite = call("coalesce", sums.between(start, end), lit(0.0))

    def any_of(number: float) -> Expression:
        same = call("is_nan", argument) if math.isnan(number) else call("equal", argument, lit(number))
        found = features.counted(measure, call("and", *where, same) if where else same)
        return call("gt", found, lit(0))

    nan, most, least = any_of(math.nan), any_of(math.inf), any_of(-math.inf)
    undefined = call("or", nan, call("and", most, least))
    return when(undefined, lit(math.nan), when(most, lit(math.inf), when(least, lit(-math.inf), finite)))


def _sum(features: _Features, measure: TrailingMeasure) -> Expression:
    dtype = features.dtype(measure)
    total = _float_total(features, measure) if dtype == FLOAT64 else _total(features, measure)
    if dtype == INT64:
        total = cast(total, INT64)  # an error where it does not fit
    return when(call("gt", _count(features, measure), lit(0)), total)


def _mean(features: _Features, measure: TrailingMeasure) -> Expression:
    if features.dtype(measure) == FLOAT64:
        total = _float_total(features, measure)
    else:
        total = cast(_total(features, measure), FLOAT64)
    # Over no values it is divided by zero, which is null.
    return call("divide", total, cast(_count(features, measure), FLOAT64))


def _logical(function: str) -> _Lowering:
    def lowering(features: _Features, measure: TrailingMeasure) -> Expression:
        argument = features.sides.held(measure.call.args[0])
        deciding = argument if function == "any" else call("not", argument)
        if measure.call.where is not None:
            deciding = call("and", features.sides.held(measure.call.where), deciding)
        found = features.counted(measure, deciding)
        known = call("gt", _count(features, measure), lit(0))
        return when(known, call("gt" if function == "any" else "equal", found, lit(0)))

    return lowering


def _distinct(features: _Features, measure: TrailingMeasure) -> Expression:
    value = features.argument(measure.call)
    window = TrailingWindow(size=measure.window.size, closed=measure.window.closed)
    counts = features.distinct.setdefault(
        f"{value.fingerprint} {window}",
        DistinctCounts(features.sides.moments, value, window, f"d{len(features.distinct)}_"),
    )
    return counts.over(measure.window, features.node.order.delay)


def _extreme(features: _Features, measure: TrailingMeasure) -> Expression:
    end = end_of(measure.window, features.node.order.delay)
    ranges = features.ranges.setdefault(end, Ranges(features.sides.moments, end, f"r{len(features.ranges)}"))
    value = ranges.over(measure.call.function, features.argument(measure.call), measure.window)
    return null(features.dtype(measure)) if value is None else value


def _end(*, latest: bool) -> _Lowering:
    def lowering(features: _Features, measure: TrailingMeasure) -> Expression:
        end, start = features.points(measure.window)
        mark = when(features.participates(measure.call), lit(1))
        until = features.prefixes.count(mark, end)
        before = lit(0) if start is None else features.prefixes.count(mark, start)
        name = f"l{len(features.lookups)}"
        position = until if latest else call("add", before, lit(1))
        value = features.sides.column(measure.call.args[0])
        features.lookups.append(_Lookup(position, measure, value, name))
        return when(call("gt", until, before), col(name))

    return lowering


LOWERED: dict[str, _Lowering] = {
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "any": _logical("any"),
    "all": _logical("all"),
    "min": _extreme,
    "max": _extreme,
    "first": _end(latest=False),
    "last": _end(latest=True),
    "count_distinct": _distinct,
    "approx_count_distinct": _distinct,
}
"""How each aggregation is computed; of the others, the kernel takes care."""


def in_relations(node: TrailingAggregate, moments: Moments) -> Project:
    """Return a trailing aggregate in terms of ordinary relations; its rows come in any order.

    Args:
        node: The trailing aggregate.
        moments: The keys and times of its spine.
    """
    features = _Features(node, moments)
    spine = node.spine.output
    relation = features.relation()
    names = {name: fresh(f"feature_{n}", spine.names) for n, name in enumerate(features.values)}
    keys = {fresh(f"key_{n}", spine.names): name for n, name in enumerate(features.sides.moments.by)}
    values = projected(
        relation,
        {
            **{key: col(name) for key, name in keys.items()},
            **{names[name]: value for name, value in features.values.items()},
        },
    )
    rows = joined(node.spine, values, (*node.spine_keys, node.spine_time), keys)
    columns: dict[str, Expression] = {name: col(name) for name in spine.names}
    for measure in node.measures:
        value: Expression = col(names[measure.name])
        if measure.call.entry.empty == "zero":
            value = call("coalesce", value, lit(0))  # of rows without a key or a time
        columns[measure.name] = value
    return projected(rows, columns)
