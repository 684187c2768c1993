"""What wrong engines take for equal keys, and in which order they put rows: the tables from which families are made."""

from __future__ import annotations

import datetime as dt
import decimal
import itertools
import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from onefold.plan import SortKey
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP_UTC, DataType
from onefold_conformance.mutants.habits import TEXT_KEYS, is_nan, locale_like, single, utf16, zero_of
from onefold_conformance.mutants.steps import RIGHT
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["EQUALITIES", "IDENTITIES", "ORDERS", "TIES", "Placed"]

Placed: TypeAlias = Callable[[Value, DataType, SortKey], tuple[Any, ...]]
"""``placed(value, dtype, key)`` returns the key by which rows are sorted."""

_DAY = 86_400_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_numbers = itertools.count()


def _of(dtype: DataType, key: Callable[[Any], Any]) -> Callable[[Value, DataType], Any]:
    """Return the right key, but for values of one type that are not null."""
    return lambda value, found: key(value) if found == dtype else order_key(value, found)


def _in_float(value: Value, dtype: DataType) -> Any:
    return float(value) if dtype == INT64 or isinstance(value, decimal.Decimal) else order_key(value, dtype)


def _in_units(unit: int) -> Callable[[Value, DataType], Any]:
    return lambda value, dtype: value // unit if dtype.is_time else order_key(value, dtype)


def _digits(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _on_local_clocks(value: Value, dtype: DataType) -> Any:
    """An instant is what the clocks of Berlin show, which is the same twice in an hour of October."""
    if dtype != TIMESTAMP_UTC or not -(10**16) < value < 10**17:
        return order_key(value, dtype)
    return str((_EPOCH + dt.timedelta(microseconds=value)).astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None))


EQUALITIES: Mapping[str, tuple[str, Callable[[Value, DataType], Any]]] = {
    "nan-apart": ("takes no NaN for equal to another", lambda v, d: next(_numbers) + 0.5 if is_nan(v) else order_key(v, d)),
    **{f"text-{name}": (f"compares text {how}", _of(STRING, key)) for name, (how, key) in TEXT_KEYS.items()},
    "text-as-numbers": ("compares text that looks like numbers as numbers", _of(STRING, _digits)),
    "numbers-in-float": ("compares whole numbers and decimals as floats", _in_float),
    "floats-in-32-bits": ("compares floats in 32 bits", lambda v, d: single(v) if d == FLOAT64 and math.isfinite(v) else order_key(v, d)),
    "binary-without-zeros": ("ignores zero bytes at the end", _of(BINARY, lambda v: v.rstrip(b"\0"))),
    "binary-as-text": ("takes all bytes beyond ASCII for the same", _of(BINARY, lambda v: v.decode("ascii", "replace"))),
    "times-in-milliseconds": ("compares times in milliseconds", _in_units(1000)),
    "times-on-local-clocks": ("compares instants as the clocks of Berlin show them", _on_local_clocks),
    "all-bools": ("takes all truth values for the same", _of(BOOL, lambda v: True)),
}  # fmt: skip
"""What wrong engines take for equal: how it is said, and what values that are not null are compared by."""


def _identity(key: Callable[[Value, DataType], Any]) -> Callable[[Value, DataType], Hashable]:
    return lambda value, dtype: None if value is None else (key(value, dtype),)


IDENTITIES: Mapping[str, tuple[str, Callable[[Value, DataType], Hashable]]] = {
    **{name: (what, _identity(key)) for name, (what, key) in EQUALITIES.items()},
    "nulls-apart": ("takes no null for equal to another", lambda v, d: object() if v is None else (order_key(v, d),)),
    "null-is-nan": ("takes NaN for null", lambda v, d: None if v is None or is_nan(v) else (order_key(v, d),)),
    "null-is-empty": ("takes empty text, and no bytes, for null", lambda v, d: None if v is None or (isinstance(v, str | bytes) and not v) else (order_key(v, d),)),
    "null-is-zero": ("takes null for zero, or for false", lambda v, d: None if v is None and d in {STRING, BINARY} else (order_key(zero_of(d) if v is None else v, d),)),
}  # fmt: skip
"""How wrong engines tell keys apart: how it is said, and what values are compared by."""


def _placed_by(key: Callable[[Value, DataType], Any]) -> Placed:
    """Return the order in which values that are not null are compared by another key."""
    return lambda value, dtype, sort: RIGHT.placed(None if value is None else key(value, dtype), BINARY, sort)


def _with(**changes: Any) -> Placed:
    return lambda value, dtype, sort: RIGHT.placed(value, dtype, sort.model_copy(update=changes))


def _nulls(first: Callable[[SortKey], bool]) -> Placed:
    return lambda v, d, sort: RIGHT.placed(v, d, sort.model_copy(update={"nulls": "first" if first(sort) else "last"}))


def _nan_at_the_end(value: Value, dtype: DataType, sort: SortKey) -> tuple[Any, ...]:
    """NaN comes last in both directions."""
    return (1.5,) if is_nan(value) else RIGHT.placed(value, dtype, sort)


def _nan_below(value: Value, dtype: DataType) -> Any:
    return (-1, 0.0) if is_nan(value) else order_key(value, dtype)


ORDERS: Mapping[str, tuple[str, Placed]] = {
    "nulls-always-first": ("puts nulls first, also where they are to be last", _nulls(lambda sort: True)),
    "nulls-always-last": ("puts nulls last, also where they are to be first", _nulls(lambda sort: False)),
    "nulls-as-greatest": ("takes null for greater than all values", _nulls(lambda sort: sort.descending)),
    "nulls-as-least": ("takes null for less than all values", _nulls(lambda sort: not sort.descending)),
    "nulls-turn-around": ("turns nulls around in descending order", _nulls(lambda sort: (sort.nulls == "first") != sort.descending)),
    "always-ascending": ("ignores that the order is descending", _with(descending=False)),
    "nan-below-numbers": ("takes NaN for less than all numbers", _placed_by(_nan_below)),
    "nan-at-the-end": ("puts NaN behind all numbers, also in descending order", _nan_at_the_end),
    "nan-as-null": ("puts NaN where nulls are", lambda v, d, sort: RIGHT.placed(None if is_nan(v) else v, d, sort)),
    "text-of-a-language": ("orders text as a dictionary does", _placed_by(_of(STRING, locale_like))),
    "text-ignores-case": ("orders text without regard to case", _placed_by(_of(STRING, lambda v: v.lower().encode()))),
    "text-in-utf16": ("orders text by units of 16 bits", _placed_by(_of(STRING, utf16))),
    "numbers-in-float": ("orders whole numbers and decimals as floats", _placed_by(_in_float)),
    "numbers-as-text": ("orders whole numbers and decimals as text", _placed_by(lambda v, d: str(v).encode() if d == INT64 or isinstance(v, decimal.Decimal) else order_key(v, d))),
    "true-before-false": ("orders true before false", _placed_by(_of(BOOL, lambda v: not v))),
    "bytes-with-signs": ("orders bytes beyond 7f before 00", _placed_by(_of(BINARY, lambda v: tuple(b - 256 * (b > 127) for b in v)))),
    "bytes-by-length": ("orders shorter bytes first", _placed_by(_of(BINARY, lambda v: (len(v), v)))),
    "dates-without-signs": ("orders dates before 1970 behind all others", _placed_by(_of(DATE, lambda v: v % 2**32))),
    "times-in-milliseconds": ("orders times in milliseconds", _placed_by(_in_units(1000))),
    "times-by-clock": ("orders times by what a clock shows, whatever the day", _placed_by(lambda v, d: v % _DAY if d.is_time else order_key(v, d))),
}  # fmt: skip
"""In which order wrong engines put rows: how it is said, and what they are sorted by."""

TIES: Mapping[str, tuple[str, Callable[[Value, DataType], tuple[Any, ...]]]] = {
    "in-order-of-arrival": ("leaves rows that the order makes equal in the order in which they arrive", lambda v, d: ()),
    "nulls-last": ("settles ties with nulls last", lambda v, d: (2,) if v is None else RIGHT.ascending(v, d)),
    "nan-below-numbers": ("settles ties with NaN below all numbers", lambda v, d: (1, (-1, 0.0)) if is_nan(v) else RIGHT.ascending(v, d)),
    "descending": ("settles ties in descending order", lambda v, d: RIGHT.placed(v, d, SortKey(column="any", descending=True, nulls="last")) if d.is_ordered else ()),
}  # fmt: skip
"""How wrong engines settle ties: how it is said, and what values are compared by."""
