"""Comparison: Polars takes NaN as equal to itself and as the greatest number, and compares text by its bytes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

import polars as pl

from onefold_polars.expressions.functions.boolean import joined
from onefold_polars.expressions.lowering import LoweredCall, Lowering

__all__ = ["LOWERINGS"]


def _binary(operation: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Lowering:
    return Lowering(lambda call: operation(*call.args))


def _unary(operation: Callable[[pl.Expr], pl.Expr]) -> Lowering:
    return Lowering(lambda call: operation(*call.args))


def _between(call: LoweredCall) -> pl.Expr:
    value, low, high = call.args
    return (value >= low) & (value <= high)


def _is_in(call: LoweredCall) -> pl.Expr:
    value, *others = call.args
    # Not Expr.is_in, which says false where a null among the others makes it unknown.
    return joined(operator.or_, [value == other for other in others])


LOWERINGS: Mapping[str, Lowering] = {
    "equal": _binary(operator.eq),
    "not_equal": _binary(operator.ne),
    "lt": _binary(operator.lt),
    "lte": _binary(operator.le),
    "gt": _binary(operator.gt),
    "gte": _binary(operator.ge),
    "is_distinct_from": _binary(pl.Expr.ne_missing),
    "is_not_distinct_from": _binary(pl.Expr.eq_missing),
    "between": Lowering(_between),
    "is_in": Lowering(_is_in),
    "is_null": _unary(pl.Expr.is_null),
    "is_not_null": _unary(pl.Expr.is_not_null),
    "is_nan": _unary(pl.Expr.is_nan),
    "is_finite": _unary(pl.Expr.is_finite),
    "is_infinite": _unary(pl.Expr.is_infinite),
}
