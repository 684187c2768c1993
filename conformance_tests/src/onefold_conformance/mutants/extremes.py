"""Mutants of the smallest and greatest values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from onefold.types import BOOL, FLOAT64, INT64, STRING, DataType
from onefold_conformance.mutants.habits import case_blind, is_nan, key_with, utf16
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes, zero_for_null
from onefold_conformance.mutants.wrong import aggregation, aggregation_but, values_of
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.aggregations.distinct import different
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]

_Key = Callable[[Value, DataType], Any]


def _by(of: str, key: _Key) -> AggregationRule:
    """The rule with another order of values."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        values = sorted(values_of(entries), key=lambda value: key(value, call.arg_types[0]))
        if of in ("max", "max_n"):
            values.reverse()
        if of in ("min", "max"):
            return values[0] if values else None
        return values[: call.options["n"]] or None

    return rule


def _nan_below(value: Value, dtype: DataType) -> Any:
    return (0, 0.0) if is_nan(value) else (1, order_key(value, dtype))


def _by_length(value: Value, dtype: DataType) -> Any:
    return (len(value), value) if dtype == STRING else order_key(value, dtype)


def _true_first(value: Value, dtype: DataType) -> Any:
    return not value if dtype == BOOL else order_key(value, dtype)


def _in_float(value: Value, dtype: DataType) -> Any:
    return float(value) if dtype.is_numeric and dtype != FLOAT64 else order_key(value, dtype)


def _without_nan(call: Application, entries: Sequence[Entry]) -> Value:
    kept = [entry for entry in entries if not is_nan(entry.args[0])]
    return AGGREGATIONS[call.name](call, kept or entries)


def _nan_decides(call: Application, entries: Sequence[Entry]) -> Value:
    """A NaN among the values is the result, as arithmetic has it."""
    nans = [entry.args[0] for entry in entries if is_nan(entry.args[0])]
    return nans[0] if nans else AGGREGATIONS[call.name](call, entries)


def _from_zero(call: Application, entries: Sequence[Entry]) -> Value:
    """The search begins with zero instead of the first value."""
    value = AGGREGATIONS[call.name](call, entries)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or call.result_type not in (INT64, call.arg_types[0])
    ):
        return value
    zero = type(value)(0)
    return max(value, zero) if call.name == "max" else min(value, zero)


def _of_distinct(call: Application, entries: Sequence[Entry]) -> Value:
    return AGGREGATIONS[call.name](call, [Entry((value,)) for value in different(call, entries)])


def _reversed(call: Application, entries: Sequence[Entry]) -> Value:
    value: list[Value] | None = AGGREGATIONS[call.name](call, entries)
    return value and value[::-1]


def _too_few(call: Application, entries: Sequence[Entry]) -> Value:
    return AGGREGATIONS[call.name](call, entries) if len(entries) >= call.options["n"] else None


def _in_order_of_rows(call: Application, entries: Sequence[Entry]) -> Value:
    """The right values, in the order in which they came."""
    kept: list[Value] = AGGREGATIONS[call.name](call, entries) or []
    left = [order_key(value, call.arg_types[0]) for value in kept]
    found = []
    for entry in entries:
        key = order_key(entry.args[0], call.arg_types[0])
        if key in left:
            left.remove(key)
            found.append(entry.args[0])
    return found or None


def _one_more(call: Application, entries: Sequence[Entry]) -> Value:
    options = {**call.options, "n": call.options["n"] + 1}
    return AGGREGATIONS[call.name](Application(call.name, call.arg_types, call.result_type, options), entries)


def _of_all(name: str) -> list[Mutant]:
    return [
        aggregation(name, "nan-below-numbers", f"Orders NaN below all numbers in {name}.", _by(name, _nan_below)),
        aggregation(name, "text-ignores-case", f"Compares text in {name} without regard to case.", _by(name, key_with(case_blind))),
        aggregation(name, "text-by-length", f"Orders text in {name} by its length first.", _by(name, _by_length)),
        aggregation(name, "text-by-utf16", f"Orders text in {name} by its 16-bit units.", _by(name, key_with(utf16))),
        aggregation(name, "true-before-false", f"Orders true below false in {name}.", _by(name, _true_first)),
        aggregation_becomes(name, "null-is-zero", f"Takes null for zero in {name}.", zero_for_null),
    ]  # fmt: skip


def _of_lists(name: str) -> list[Mutant]:
    return [
        aggregation(name, "of-distinct", f"Takes equal values once in {name}.", _of_distinct),
        aggregation(name, "reversed", f"Returns {name} in the opposite order.", _reversed),
        aggregation(name, "in-order-of-rows", f"Returns {name} in the order of the rows.", _in_order_of_rows),
        aggregation(name, "too-few-is-null", f"Returns null from {name} when there are fewer values than asked for.", _too_few),
        aggregation(name, "one-more", f"Returns one value more than asked for in {name}.", _one_more),
        aggregation_but(name, "nothing-is-empty", f"Returns an empty list from {name} for nothing.", lambda es: not es, lambda es: []),
    ]  # fmt: skip


def _without_infinities(call: Application, entries: Sequence[Entry]) -> Value:
    kept = [entry for entry in entries if not (isinstance(entry.args[0], float) and math.isinf(entry.args[0]))]
    return AGGREGATIONS[call.name](call, kept or entries)


MUTANTS: tuple[Mutant, ...] = (
    *(mutant for name in ("min", "max", "min_n", "max_n") for mutant in _of_all(name)),
    *(aggregation(name, "ignores-nan", f"Leaves NaN out of {name} when there are numbers.", _without_nan) for name in ("max", "min_n", "max_n")),
    *(mutant for name in ("min_n", "max_n") for mutant in _of_lists(name)),
    aggregation("min", "nan-decides", "Returns NaN from min when there is one.", _nan_decides),
    aggregation("min", "starts-at-zero", "Returns at most zero from min.", _from_zero),
    aggregation("max", "starts-at-zero", "Returns at least zero from max.", _from_zero),
    aggregation_but("min", "infinity-for-nan", "Returns infinity from min of NaN alone.", lambda es: bool(es) and all(is_nan(v) for v in values_of(es)), lambda es: math.inf),
    *(aggregation(name, "numbers-in-float", f"Compares integers and decimals in {name} as floats.", _by(name, _in_float)) for name in ("min", "max")),
    *(aggregation(name, "without-infinities", f"Leaves infinities out of {name} when there are other numbers.", _without_infinities) for name in ("min", "max")),
)  # fmt: skip
"""Wrong extremes."""
