"""Putting values in place of nulls, and nulls in place of values."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering

__all__ = ["LOWERINGS"]


def _coalesce(call: LoweredCall) -> pl.Expr:
    return pl.coalesce(call.args)


def _nullif(call: LoweredCall) -> pl.Expr:
    value, other = call.args
    return pl.when(value.ne_missing(other)).then(value)


def _nan_to_null(call: LoweredCall) -> pl.Expr:
    return call.args[0].fill_nan(None)


LOWERINGS: Mapping[str, Lowering] = {
    "coalesce": Lowering(_coalesce),
    "nullif": Lowering(_nullif),
    "nan_to_null": Lowering(_nan_to_null),
}
