"""Lists and structs."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering

__all__ = ["LOWERINGS"]


def _list_get(call: LoweredCall) -> pl.Expr:
    index = call.options["index"]
    return call.args[0].list.get(index - 1 if index > 0 else index, null_on_oob=True)


def _list_length(call: LoweredCall) -> pl.Expr:
    return call.args[0].list.len().cast(pl.Int64)


def _list_contains(call: LoweredCall) -> pl.Expr:
    items, value = call.args
    # Polars finds a null among nulls, and says false beside a null list.
    return pl.when(items.is_not_null() & value.is_not_null()).then(items.list.contains(value))


def _list_sort(call: LoweredCall) -> pl.Expr:
    return call.args[0].list.sort(descending=call.options["descending"], nulls_last=True)


def _struct_get(call: LoweredCall) -> pl.Expr:
    return call.args[0].struct.field(call.options["field"])


LOWERINGS: Mapping[str, Lowering] = {
    "list_get": Lowering(_list_get),
    "list_length": Lowering(_list_length),
    "list_contains": Lowering(_list_contains),
    "list_sort": Lowering(_list_sort),
    "struct_get": Lowering(_struct_get),
}
