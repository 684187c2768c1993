"""Exponentials and logarithms; Polars gives infinity or NaN for a logarithm that does not exist."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering

__all__ = ["LOWERINGS"]


def _exp(call: LoweredCall) -> pl.Expr:
    return call.args[0].exp()


def _logarithm(base: float | None = None) -> Lowering:
    def build(call: LoweredCall) -> pl.Expr:
        (value,) = call.args
        chosen = call.options.get("base", base)
        # NaN is greater than zero, and has itself as its logarithm.
        return pl.when(value > 0.0).then(value.log() if chosen is None else value.log(chosen))

    return Lowering(build)


LOWERINGS: Mapping[str, Lowering] = {
    "exp": Lowering(_exp),
    "ln": _logarithm(),
    "log10": _logarithm(10.0),
    "log2": _logarithm(2.0),
    "log": _logarithm(),
}
