"""Boolean logic with three values, which is Polars' own."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering

__all__ = ["LOWERINGS", "joined"]


def joined(operation: Callable[[pl.Expr, pl.Expr], pl.Expr], args: Sequence[pl.Expr]) -> pl.Expr:
    """Return arguments joined by an associative operation, in a tree that is as flat as can be."""
    while len(args) > 1:
        pairs = [operation(left, right) for left, right in zip(args[::2], args[1::2], strict=False)]
        args = pairs + list(args[2 * len(pairs) :])
    return args[0]


def _chain(operation: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Lowering:
    return Lowering(lambda call: joined(operation, call.args))


def _not(call: LoweredCall) -> pl.Expr:
    return ~call.args[0]


LOWERINGS: Mapping[str, Lowering] = {
    "and": _chain(operator.and_),
    "or": _chain(operator.or_),
    "xor": _chain(operator.xor),
    "not": Lowering(_not),
}
