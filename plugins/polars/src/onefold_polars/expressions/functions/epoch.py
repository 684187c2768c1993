"""Timestamps as numbers, and buckets of time."""

from __future__ import annotations

import operator
from collections.abc import Mapping

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering, always, never
from onefold_polars.expressions.numbers import checked

__all__ = ["LOWERINGS"]


def _epoch(microseconds: int) -> Lowering:
    """Return the lowering to whole units of so many microseconds; Polars' division rounds down."""

    def build(call: LoweredCall) -> pl.Expr:
        number = call.args[0].to_physical()
        return number if microseconds == 1 else number // microseconds

    return Lowering(build)


def _from_epoch(microseconds: int) -> Lowering:
    def build(call: LoweredCall) -> pl.Expr:
        (number,) = call.args
        if microseconds > 1:
            number = checked(operator.mul, number, pl.lit(microseconds, dtype=pl.Int64))
        return number.cast(call.dtype)

    return Lowering(build, can_fail=always if microseconds > 1 else never)


def _time_bucket(call: LoweredCall) -> pl.Expr:
    number, every = call.args[0].to_physical(), pl.lit(call.options["every"], dtype=pl.Int64)
    return (number - number % every).cast(call.dtype)


LOWERINGS: Mapping[str, Lowering] = {
    "epoch_seconds": _epoch(1_000_000),
    "epoch_milliseconds": _epoch(1_000),
    "epoch_microseconds": _epoch(1),
    "from_epoch_seconds": _from_epoch(1_000_000),
    "from_epoch_milliseconds": _from_epoch(1_000),
    "from_epoch_microseconds": _from_epoch(1),
    "time_bucket": Lowering(_time_bucket),
}
