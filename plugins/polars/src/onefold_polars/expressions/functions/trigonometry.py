"""Trigonometry, as Polars has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering, one_zero

__all__ = ["LOWERINGS"]


def _unary(function: Callable[[pl.Expr], pl.Expr]) -> Lowering:
    return Lowering(lambda call: function(*call.args))


def _atan2(call: LoweredCall) -> pl.Expr:
    y, x = call.args
    # There is one zero: -0.0 would turn the angle around.
    return pl.arctan2(one_zero(y), one_zero(x))


LOWERINGS: Mapping[str, Lowering] = {
    "sin": _unary(pl.Expr.sin),
    "cos": _unary(pl.Expr.cos),
    "tan": _unary(pl.Expr.tan),
    "asin": _unary(pl.Expr.arcsin),
    "acos": _unary(pl.Expr.arccos),
    "atan": _unary(pl.Expr.arctan),
    "atan2": Lowering(_atan2),
    "sinh": _unary(pl.Expr.sinh),
    "cosh": _unary(pl.Expr.cosh),
    "tanh": _unary(pl.Expr.tanh),
    "degrees": _unary(pl.Expr.degrees),
    "radians": _unary(pl.Expr.radians),
}
