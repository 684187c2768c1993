"""Hashes: Polars has none that others have, so they are Python's, value by value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering, kernel

__all__ = ["LOWERINGS"]

_md5 = partial(hashlib.md5, usedforsecurity=False)


def _digest(hashed: Callable[[bytes], Any]) -> Lowering:
    def compute(values: pl.Series) -> pl.Series:
        digests = [None if value is None else hashed(value).hexdigest() for value in values.cast(pl.Binary)]
        return pl.Series(digests, dtype=pl.String)

    return Lowering(lambda call: kernel(compute, call.args, call.dtype))


def _hash_bucket(call: LoweredCall) -> pl.Expr:
    buckets = call.options["buckets"]

    def compute(values: pl.Series) -> pl.Series:
        numbers = [
            None if value is None else int(_md5(value).hexdigest()[:15], 16) % buckets
            for value in values.cast(pl.Binary)
        ]
        return pl.Series(numbers, dtype=pl.Int64)

    return kernel(compute, call.args, call.dtype)


LOWERINGS: Mapping[str, Lowering] = {
    "md5": _digest(_md5),
    "sha256": _digest(hashlib.sha256),
    "hash_bucket": Lowering(_hash_bucket),
}
