"""Merging tiles: two partial states of a measure as one, by the merge rules of the catalogue."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from onefold.plan import AggCall, TimeBuckets
from onefold.types import FLOAT64
from onefold_conformance.oracle.values import order_key

__all__ = ["can_merge", "merged", "same_state"]

State = Mapping[str, Any]
"""The fields of a partial state, by their names."""

_OF_ORDER = ("first", "last", "first_n", "last_n")
_MOMENTS = ("var_samp", "var_pop", "stddev_samp", "stddev_pop")


def can_merge(buckets: TimeBuckets) -> bool:
    """Return whether the states of all measures can be merged exactly, or within :func:`same_state`.

    A secondary key makes a state of states. A sequence orders what the states no longer tell apart. A sum of floats
    depends on their order, and the states do not say by how much.
    """
    schema = buckets.events.output
    for measure in buckets.measures:
        call = measure.call
        if call.by is not None or (call.function in _OF_ORDER and buckets.order.sequence):
            return False
        if call.options.get("nulls") == "keep":  # the times of first_n are those of the rows that are not null
            return False
        if call.function in ("sum", "mean") and _argument_type(call, schema) == FLOAT64:
            return False
    return True


def _argument_type(call: AggCall, schema: Any) -> Any:
    return AggCall(function="max", args=call.args).infer(schema).dtype


def merged(call: AggCall, left: State, right: State, dtype: Any) -> dict[str, Any]:
    """Return the state of the values of both states.

    Args:
        call: The aggregation.
        left: The fields of one state; the names are those of the catalogue's partials.
        right: The fields of the other.
        dtype: The type of the aggregated values, by which they are ordered.
    """
    if call.function in _MOMENTS:
        return _merged_moments(left, right)
    if call.function in _OF_ORDER:
        return _merged_order(call, left, right, dtype)
    return {
        partial.name: _merged_field(partial.function, left[partial.name], right[partial.name], call, dtype)
        for partial in call.entry.partial
    }


def _merged_field(function: str, left: Any, right: Any, call: AggCall, dtype: Any) -> Any:
    if left is None or right is None:
        return right if left is None else left
    match function:
        case "count" | "sum":
            return left + right
        case "any":
            return left or right
        case "all":
            return left and right
        case "min":
            return min(left, right, key=lambda value: order_key(value, dtype))
        case "max":
            return max(left, right, key=lambda value: order_key(value, dtype))
        case "min_n" | "max_n":
            both = sorted([*left, *right], key=lambda value: order_key(value, dtype), reverse=function == "max_n")
            return both[: _count(call)]
        case "histogram":
            return _added(left, right, dtype)
    raise AssertionError(f"no merge rule for {function!r}")


def _count(call: AggCall) -> int:
    count = call.options["n"]
    assert isinstance(count, int)
    return count


def _added(left: list[dict[str, Any]], right: list[dict[str, Any]], dtype: Any) -> list[dict[str, Any]]:
    counts: dict[Any, dict[str, Any]] = {}
    for entry in (*left, *right):
        key = order_key(entry["key"], dtype)
        known = counts.get(key, {"key": entry["key"], "value": 0})
        counts[key] = {"key": known["key"], "value": known["value"] + entry["value"]}
    return [counts[key] for key in sorted(counts)]


def _merged_moments(left: State, right: State) -> dict[str, Any]:
    """Combine count, mean and variance by the formula of Chan, Golub and LeVeque."""
    if not left["count"] or not right["count"]:
        return dict(left if left["count"] else right)
    count = left["count"] + right["count"]
    distance = right["mean"] - left["mean"]
    squares = left["var_pop"] * left["count"] + right["var_pop"] * right["count"]
    squares += distance * distance * left["count"] * right["count"] / count
    mean = left["mean"] + distance * right["count"] / count
    return {"count": count, "mean": mean, "var_pop": squares / count}


def _merged_order(call: AggCall, left: State, right: State, dtype: Any) -> dict[str, Any]:
    """Take the earliest or latest of both states by time, then by value."""
    values, times = (partial.name for partial in call.entry.partial)
    single = call.function in ("first", "last")
    rows = []
    for state in (left, right):
        if state[values] is not None:
            pairs = [(state[times], state[values])] if single else zip(state[times], state[values], strict=True)
            rows += list(pairs)
    if not rows:
        return {values: None, times: None}
    rows.sort(key=lambda row: (row[0], order_key(row[1], dtype)))
    count = 1 if single else _count(call)
    kept = rows[:count] if call.function.startswith("first") else rows[-count:]
    if single:
        return {values: kept[0][1], times: kept[0][0]}
    return {values: [value for _, value in kept], times: [time for time, _ in kept]}


def same_state(left: Any, right: Any) -> bool:
    """Return whether two fields are equal; floats within the rounding of a merge.

    Moments are those of values within 1024, of which a merge loses far less than a millionth.
    """
    if isinstance(left, float) and isinstance(right, float):
        both_nan = math.isnan(left) and math.isnan(right)
        return both_nan or left == right or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_state, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_state(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right
