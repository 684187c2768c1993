"""Comparison: NaN equals NaN and is greater than every number, text is ordered by its bytes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from onefold_conformance.oracle.functions.boolean import all_of, any_of
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["RULES"]


def _key(call: Application, value: Value) -> Any:
    return order_key(value, call.arg_types[0])


def equal(call: Application, left: Value, right: Value) -> bool:
    """Return whether two values are equal."""
    return bool(_key(call, left) == _key(call, right))


def not_equal(call: Application, left: Value, right: Value) -> bool:
    """Return whether two values differ."""
    return not equal(call, left, right)


def lt(call: Application, left: Value, right: Value) -> bool:
    """Return whether the first value is less than the second."""
    return bool(_key(call, left) < _key(call, right))


def lte(call: Application, left: Value, right: Value) -> bool:
    """Return whether the first value is less than or equal to the second."""
    return not lt(call, right, left)


def gt(call: Application, left: Value, right: Value) -> bool:
    """Return whether the first value is greater than the second."""
    return lt(call, right, left)


def gte(call: Application, left: Value, right: Value) -> bool:
    """Return whether the first value is greater than or equal to the second."""
    return not lt(call, left, right)


def is_not_distinct_from(call: Application, left: Value, right: Value) -> bool:
    """Return whether two values are equal, where null is a value like any other."""
    if left is None or right is None:
        return left is right
    return equal(call, left, right)


def is_distinct_from(call: Application, left: Value, right: Value) -> bool:
    """Return whether two values differ, where null is a value like any other."""
    return not is_not_distinct_from(call, left, right)


def between(call: Application, value: Value, low: Value, high: Value) -> bool | None:
    """Return whether the first value is at least the second and at most the third."""
    return all_of(
        None if value is None or low is None else gte(call, value, low),
        None if value is None or high is None else lte(call, value, high),
    )


def is_in(call: Application, value: Value, *others: Value) -> bool | None:
    """Return whether the first value is equal to one of the others."""
    if value is None:
        return None
    return any_of(*(None if other is None else equal(call, value, other) for other in others))


def is_null(call: Application, value: Value) -> bool:
    """Return whether the value is null."""
    return value is None


def is_not_null(call: Application, value: Value) -> bool:
    """Return whether the value is not null."""
    return value is not None


def is_nan(call: Application, value: float) -> bool:
    """Return whether the number is NaN."""
    return math.isnan(value)


def is_finite(call: Application, value: float) -> bool:
    """Return whether the number is neither infinite nor NaN."""
    return math.isfinite(value)


def is_infinite(call: Application, value: float) -> bool:
    """Return whether the number is positive or negative infinity."""
    return math.isinf(value)


RULES: Mapping[str, FunctionRule] = {
    "equal": equal,
    "not_equal": not_equal,
    "lt": lt,
    "lte": lte,
    "gt": gt,
    "gte": gte,
    "is_distinct_from": is_distinct_from,
    "is_not_distinct_from": is_not_distinct_from,
    "between": between,
    "is_in": is_in,
    "is_null": is_null,
    "is_not_null": is_not_null,
    "is_nan": is_nan,
    "is_finite": is_finite,
    "is_infinite": is_infinite,
}
