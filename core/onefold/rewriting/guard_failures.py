"""What can fail is computed only for rows that take part: an engine may compute it for all, and then choose among them."""

from __future__ import annotations

from onefold.analysis.failing import can_fail
from onefold.plan import (
    Aggregate,
    Call,
    Case,
    Expression,
    Filter,
    Literal,
    Measure,
    RankCall,
    Relation,
    TimeBuckets,
    TrailingAggregate,
    TrailingMeasure,
    WhenThen,
    Window,
    WindowMeasure,
)
from onefold.rewriting.mapping import map_relations

__all__ = ["both", "guard_failures"]


def guard_failures(root: Relation) -> Relation:
    """Return the plan with conditions in front of what can fail.

    An argument of an aggregation with a condition is computed where the condition is true. A filter on top of a filter is
    computed for the rows that the lower ones let through.

    Examples:
        >>> from onefold.plan import AggCall, Aggregate, Cast, Column, Input, Measure
        >>> from onefold.types import Schema
        >>> rows = Input(name="rows", columns=Schema.of(s="string", number="bool"))
        >>> call = AggCall(function="sum", args=(Cast(arg=Column(name="s"), to="int64"),), where=Column(name="number"))
        >>> plan = guard_failures(Aggregate(input=rows, measures=(Measure(name="total", call=call),)))
        >>> type(plan.measures[0].call.args[0]).__name__
        'Case'
    """
    return map_relations(root, _guarded)


def both(first: Expression | None, second: Expression) -> Expression:
    """Return a condition that is true where both are; the second is not computed where the first is not true."""
    if first is None:
        return second
    if can_fail(second):
        return Case(branches=(WhenThen(when=first, then=second),), otherwise=Literal.of(False))
    return Call(function="and", args=(first, second))


def _guarded(node: Relation) -> Relation:
    match node:
        case Filter(input=Filter()) if can_fail(node.predicate):
            predicate, rows = node.predicate, node.input
            while isinstance(rows, Filter):  # all of those below decide which rows there are
                predicate, rows = both(rows.predicate, predicate), rows.input
            return Filter(input=rows, predicate=predicate)
        case Aggregate() | Window() | TrailingAggregate() | TimeBuckets():
            measures = tuple(_guarded_measure(measure) for measure in node.measures)
            return node if measures == node.measures else node.replace(measures=measures)
    return node


def _guarded_measure(
    measure: Measure | TrailingMeasure | WindowMeasure,
) -> Measure | TrailingMeasure | WindowMeasure:
    call = measure.call
    if isinstance(call, RankCall) or call.where is None:
        return measure
    where = call.where

    def guarded(part: Expression) -> Expression:
        return Case(branches=(WhenThen(when=where, then=part),)) if can_fail(part) else part

    by = None if call.by is None else guarded(call.by)
    replaced = call.replace(args=tuple(map(guarded, call.args)), by=by)
    return measure if replaced == call else measure.model_copy(update={"call": replaced})
