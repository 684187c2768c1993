"""Mutants of comparison."""

from __future__ import annotations

import math
import operator
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from onefold.plan import Call, Literal
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP_UTC, DataType, Decimal
from onefold_conformance.mutants.habits import TEXT_KEYS, is_nan, key_with, locale_like, single, utf16, wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import call_becomes
from onefold_conformance.mutants.wrong import function, function_but
from onefold_conformance.oracle.functions.boolean import any_of
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]

_Key = Callable[[Value, DataType], Any]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": operator.eq,
    "not_equal": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}

_ORDERS = ("lt", "lte", "gt", "gte")


def _by(name: str, key: _Key) -> FunctionRule:
    compare = _OPERATORS[name]

    def rule(call: Application, left: Value, right: Value) -> bool:
        return compare(key(left, call.arg_types[0]), key(right, call.arg_types[0]))

    return rule


def _ieee(value: Value, dtype: DataType) -> Any:
    return value if dtype == FLOAT64 else order_key(value, dtype)


def _decimals_as_floats(value: Value, dtype: DataType) -> Any:
    return float(value) if isinstance(dtype, Decimal) else order_key(value, dtype)


def _integers_as_floats(value: Value, dtype: DataType) -> Any:
    return float(value) if dtype == INT64 else order_key(value, dtype)


def _in_32_bits(value: Value, dtype: DataType) -> Any:
    return order_key(single(value) if dtype == FLOAT64 and not is_nan(value) else value, dtype)


def _in_milliseconds(value: Value, dtype: DataType) -> Any:
    return value // 1_000 if dtype.is_time else order_key(value, dtype)


def _true_first(value: Value, dtype: DataType) -> Any:
    return not value if dtype == BOOL else order_key(value, dtype)


def _signed_bytes(value: Value, dtype: DataType) -> Any:
    return [byte - 256 if byte > 127 else byte for byte in value] if dtype == BINARY else order_key(value, dtype)


def _by_length(value: Value, dtype: DataType) -> Any:
    return (len(value), value) if dtype == STRING else order_key(value, dtype)


def _nan_below(value: Value, dtype: DataType) -> Any:
    return (-math.inf if is_nan(value) else value) if dtype == FLOAT64 else order_key(value, dtype)


def _until_a_zero_byte(value: Value, dtype: DataType) -> Any:
    return value.split(b"\0")[0] if dtype == BINARY else order_key(value, dtype)


_NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def _by_local_clock(value: Value, dtype: DataType) -> Any:
    """Instants by what a clock in New York shows, which it shows twice in autumn."""
    if dtype != TIMESTAMP_UTC or not -(2**55) < value < 2**55:
        return order_key(value, dtype)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    return value + (moment.astimezone(_NEW_YORK).utcoffset() or timedelta()) // timedelta(microseconds=1)


def _in_nanoseconds(value: Value, dtype: DataType) -> Any:
    """Dates and times in 64 bits of nanoseconds, which end with 2262."""
    if dtype == DATE:
        return wrapped(value * 86_400_000_000_000)
    return wrapped(value * 1_000) if dtype.is_time else order_key(value, dtype)


_KEYS: dict[str, tuple[str, _Key]] = {
    "bytes-until-a-zero": ("bytes up to a zero byte", _until_a_zero_byte),
    "instants-by-a-local-clock": ("instants by what a local clock shows", _by_local_clock),
    "nan-equals-nothing": ("numbers as IEEE 754 does, so that NaN is equal to nothing", _ieee),
    "decimals-in-float": ("decimals as floats", _decimals_as_floats),
    "integers-in-float": ("integers as floats", _integers_as_floats),
    "floats-in-32-bits": ("floats in 32 bits", _in_32_bits),
    "times-in-milliseconds": ("times by their milliseconds", _in_milliseconds),
    **{f"text-{name}": (f"text {how}", key_with(key)) for name, (how, key) in TEXT_KEYS.items()},
}
"""Wrong equalities."""

_ORDER_KEYS: dict[str, tuple[str, _Key]] = {
    "times-in-nanoseconds": ("dates and times in nanoseconds that end with 2262", _in_nanoseconds),
    "nan-below-numbers": ("NaN as less than all numbers", _nan_below),
    "true-before-false": ("true as less than false", _true_first),
    "text-by-utf16": ("text by its 16-bit units", key_with(utf16)),
    "text-as-in-a-dictionary": ("text as in a dictionary", key_with(locale_like)),
    "text-by-length": ("text by its length first", _by_length),
    "signed-bytes": ("bytes as signed numbers", _signed_bytes),
}
"""Wrong orders."""


def _null_is_false(call: Call) -> Call:
    return Call(function="coalesce", args=(call, Literal.of(False)))


def _with_tolerance(name: str) -> Mutant:
    return function_but(
        name,
        "within-a-tolerance",
        f"Takes floats that are nearly the same for equal in {name}.",
        lambda a, b: isinstance(a, float) and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12),
        lambda a, b: name in ("equal", "lte", "gte"),
    )


def _distinct(name: str, key: _Key) -> FunctionRule:
    """The rule of is_distinct_from or its negation by another equality."""

    def rule(call: Application, left: Value, right: Value) -> bool:
        if left is None or right is None:
            same = left is right
        else:
            same = key(left, call.arg_types[0]) == key(right, call.arg_types[0])
        return same == (name == "is_not_distinct_from")

    return rule


def _of_distinct(name: str) -> list[Mutant]:
    same = name == "is_not_distinct_from"
    return [
        function_but(name, "null-with-a-null", f"Returns null from {name} when a side is null.", lambda a, b: a is None or b is None),
        function_but(name, "nulls-differ", f"Takes two nulls for different in {name}.", lambda a, b: a is None and b is None, lambda a, b: not same),
        function_but(name, "null-is-anything", f"Takes null for the same as any value in {name}.", lambda a, b: a is None or b is None, lambda a, b: same),
        *(function(name, suffix, f"Compares {how} in {name}.", _distinct(name, key)) for suffix, (how, key) in _KEYS.items()),
    ]  # fmt: skip


def _in(key: _Key) -> FunctionRule:
    def rule(call: Application, value: Value, *others: Value) -> bool | None:
        if value is None:
            return None
        dtype = call.arg_types[0]
        return any_of(*(None if other is None else key(value, dtype) == key(other, dtype) for other in others))

    return rule


def _between(key: _Key) -> FunctionRule:
    def rule(call: Application, value: Value, low: Value, high: Value) -> bool | None:
        if None in (value, low, high):
            return FUNCTIONS["between"](call, value, low, high)  # type: ignore[no-any-return]
        at, first, last = (key(item, call.arg_types[0]) for item in (value, low, high))
        return bool(first <= at <= last)

    return rule


def _any_null_is_false(call: Application, *args: Value) -> bool:
    return FUNCTIONS[call.name](call, *args) is True


def _found_needs_all_known(call: Application, value: Value, *others: Value) -> bool | None:
    return None if value is None or None in others else FUNCTIONS["is_in"](call, value, *others)


def _nulls_are_equal(call: Application, value: Value, *others: Value) -> bool | None:
    return None in others if value is None else FUNCTIONS["is_in"](call, value, *others)


def _bounds_in_any_order(call: Application, value: Value, low: Value, high: Value) -> bool | None:
    right = FUNCTIONS["between"]
    return any_of(right(call, value, low, high), right(call, value, high, low))


def _empty(value: Value) -> bool:
    return value in ("", b"") if isinstance(value, str | bytes) else value == []


def _all_fields_null(value: Value) -> bool:
    return isinstance(value, dict) and all(item is None for item in value.values())


def _a_field_null(value: Value) -> bool:
    return isinstance(value, dict) and None in value.values()


MUTANTS: tuple[Mutant, ...] = (
    *(function(name, suffix, f"Compares {how} in {name}.", _by(name, key)) for name in _OPERATORS for suffix, (how, key) in _KEYS.items()),
    *(function(name, suffix, f"Compares {how} in {name}.", _by(name, key)) for name in _ORDERS for suffix, (how, key) in _ORDER_KEYS.items()),
    *(_with_tolerance(name) for name in _OPERATORS),
    *(call_becomes(name, "null-is-false", f"Returns false from {name} when a side is null.", _null_is_false) for name in _OPERATORS),
    call_becomes("equal", "null-equals-null", "Takes two nulls for equal.", lambda call: Call(function="is_not_distinct_from", args=call.args)),
    call_becomes("not_equal", "null-differs", "Takes null for different from all values.", lambda call: Call(function="is_distinct_from", args=call.args)),
    function_but("equal", "false-differs-from-false", "Takes two values that are false for unequal.", lambda a, b: a is False and b is False, lambda a, b: False),
    function_but("not_equal", "false-differs-from-false", "Takes two values that are false for unequal in not_equal.", lambda a, b: a is False and b is False, lambda a, b: True),
    *_of_distinct("is_distinct_from"),
    *_of_distinct("is_not_distinct_from"),
    function_but("between", "low-end-open", "Leaves the lower bound out of between.", lambda v, low, high: v is not None and v == low and high is not None, lambda v, low, high: False),
    function_but("between", "high-end-open", "Leaves the upper bound out of between.", lambda v, low, high: v is not None and v == high and low is not None, lambda v, low, high: False),
    function_but("between", "null-with-a-null", "Returns null from between when a bound is null, even where the other one decides.", lambda *vs: None in vs),
    function("between", "null-is-false", "Returns false from between where it is null.", _any_null_is_false),
    function("between", "bounds-in-any-order", "Swaps the bounds of between when they are in the wrong order.", _bounds_in_any_order),
    *(function("between", suffix, f"Compares {how} in between.", _between(key)) for suffix, (how, key) in {**_KEYS, **_ORDER_KEYS}.items() if suffix != "instants-by-a-local-clock"),
    function("is_in", "null-is-false", "Returns false from is_in where it is null.", _any_null_is_false),
    function_but("is_in", "null-in-the-list-is-false", "Returns false when the value is equal to none and a null is in the list.", lambda v, *others: v is not None and None in others and v not in others, lambda *vs: False),
    function("is_in", "null-with-a-null", "Returns null when a null is in the list, even where the value is in it too.", _found_needs_all_known),
    function("is_in", "finds-null", "Takes null for one of the list when a null is in it.", _nulls_are_equal),
    function("is_in", "of-two", "Looks at the first two values of the list only.", lambda call, v, *others: FUNCTIONS["is_in"](call, v, *others[:2])),
    *(function("is_in", suffix, f"Compares {how} in is_in.", _in(key)) for suffix, (how, key) in _KEYS.items() if suffix != "instants-by-a-local-clock"),
    function_but("is_null", "nan-is-null", "Takes NaN for null.", is_nan, lambda v: True),
    function_but("is_null", "empty-is-null", "Takes empty text, bytes and lists for null.", _empty, lambda v: True),
    function_but("is_null", "fields-decide", "Takes a struct whose fields are all null for null.", _all_fields_null, lambda v: True),
    function_but("is_not_null", "nan-is-null", "Takes NaN for null in is_not_null.", is_nan, lambda v: False),
    function_but("is_not_null", "empty-is-null", "Takes empty text, bytes and lists for null in is_not_null.", _empty, lambda v: False),
    function_but("is_not_null", "fields-decide", "Takes a struct for null when one of its fields is, in is_not_null.", _a_field_null, lambda v: False),
    *(call_becomes(name, "null-is-false", f"Returns false from {name} for null.", _null_is_false) for name in ("is_nan", "is_finite", "is_infinite")),
    function_but("is_nan", "infinity-is-nan", "Takes infinities for NaN.", math.isinf, lambda v: True),
    function("is_nan", "compares", "Finds NaN by comparing it with itself, where it is equal.", lambda call, v: False),
    function_but("is_finite", "nan-is-finite", "Takes NaN for finite.", math.isnan, lambda v: True),
    function_but("is_finite", "minus-infinity-is-finite", "Takes minus infinity for finite.", lambda v: v == -math.inf, lambda v: True),
    function_but("is_finite", "large-is-infinite", "Takes numbers that are too large for 32 bits for infinite.", lambda v: abs(v) > 3.5e38, lambda v: False),
    function_but("is_infinite", "positive-only", "Takes plus infinity alone for infinite.", lambda v: v == -math.inf, lambda v: False),
    function_but("is_infinite", "nan-is-infinite", "Takes NaN for infinite.", math.isnan, lambda v: True),
    function_but("is_infinite", "large-is-infinite", "Takes numbers that are too large for 32 bits for infinite in is_infinite.", lambda v: abs(v) > 3.5e38, lambda v: True),
)  # fmt: skip
"""Wrong comparisons."""
