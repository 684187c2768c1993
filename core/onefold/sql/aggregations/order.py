"""Aggregations that depend on the order of the rows, as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import expressions as exp

from onefold.sql.aggregations.call import AggregationLowering, LoweredAggregate, reversed_order
from onefold.sql.template import LoweredCall, render

__all__ = ["LOWERINGS", "ordered_list"]


def _ordered(value: exp.Expression, order: Sequence[exp.Ordered]) -> exp.Expression:
    if not order:
        return value.copy()
    return exp.Order(this=value.copy(), expressions=[key.copy() for key in order])


def ordered_list(value: exp.Expression, order: Sequence[exp.Ordered]) -> exp.Expression:
    """Return the aggregate that collects a value in an order; null over no rows."""
    return exp.Anonymous(this="LIST", expressions=[_ordered(value, order)])


def _end(*, latest: bool) -> AggregationLowering:
    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call, LoweredAggregate)
        order = reversed_order(call.order) if latest else call.order
        return exp.Anonymous(this="ARBITRARY", expressions=[_ordered(call.args[0], order)])

    return AggregationLowering(lowering, drops_nulls=False)


def _several(option: str, *, latest: bool) -> AggregationLowering:
    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call, LoweredAggregate)
        order = reversed_order(call.order) if latest else call.order
        text = f"LIST_REVERSE({{0}}[1:{{{option}}}])" if latest else f"{{0}}[1:{{{option}}}]"
        values = ordered_list(call.args[0], order)
        return render(text, LoweredCall([values], call.arg_types, call.result_type, call.types, call.options))

    return AggregationLowering(lowering, drops_nulls=False)


LOWERINGS: Mapping[str, AggregationLowering] = {
    "first": _end(latest=False),
    "last": _end(latest=True),
    "first_n": _several("n", latest=False),
    "last_n": _several("n", latest=True),
    "collect": _several("limit", latest=True),
}
