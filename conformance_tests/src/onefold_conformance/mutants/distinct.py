"""Mutants of distinct values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from onefold.types import FLOAT64, STRING, DataType
from onefold_conformance.mutants.habits import case_blind, is_nan, key_with, single
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes, zero_for_null
from onefold_conformance.mutants.wrong import aggregation, aggregation_but, values_of
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.aggregations.distinct import different
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]

_Key = Callable[[Value, DataType], Hashable]

_LISTS = ("first_distinct_n", "last_distinct_n")
_ALL = ("count_distinct", "approx_count_distinct", *_LISTS)


def _finish(call: Application, found: list[Value]) -> Value:
    """The result of an aggregation, from different values in the order in which it meets them."""
    if call.name not in _LISTS:
        return len(found)
    kept = found[: call.options["n"]]
    return (kept if call.name == "first_distinct_n" else kept[::-1]) or None


def _by(key: _Key) -> AggregationRule:
    """The rule with another equality."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        found: dict[Hashable, Value] = {}
        for entry in reversed(entries) if call.name == "last_distinct_n" else entries:
            found.setdefault(key(entry.args[0], call.arg_types[0]), entry.args[0])
        return _finish(call, list(found.values()))

    return rule


def _nan_apart(value: Value, dtype: DataType) -> Hashable:
    """Each NaN is different from all others."""
    return object() if is_nan(value) else order_key(value, dtype)


def _in_float(value: Value, dtype: DataType) -> Hashable:
    return float(value) if dtype.is_numeric and dtype != FLOAT64 else order_key(value, dtype)


def _in_32_bits(value: Value, dtype: DataType) -> Hashable:
    return single(value) if dtype == FLOAT64 and not is_nan(value) else order_key(value, dtype)


def _trimmed(value: Value, dtype: DataType) -> Hashable:
    return str(value).rstrip(" ") if dtype == STRING else order_key(value, dtype)


def _runs(call: Application, entries: Sequence[Entry]) -> Value:
    """Only neighbours are compared."""
    found: list[Entry] = []
    for entry in entries:
        if not found or order_key(found[-1].args[0], call.arg_types[0]) != order_key(entry.args[0], call.arg_types[0]):
            found.append(entry)
    values = values_of(found)
    return _finish(call, values[::-1] if call.name == "last_distinct_n" else values)


def _without_nan(call: Application, entries: Sequence[Entry]) -> Value:
    return AGGREGATIONS[call.name](call, [entry for entry in entries if not is_nan(entry.args[0])])


def _all_rows(call: Application, entries: Sequence[Entry]) -> Value:
    return len(entries)


def _thirty_percent_more(call: Application, entries: Sequence[Entry]) -> Value:
    exact = len(different(call, entries))
    return exact + max(3, exact * 3 // 10) if exact else 0


def _up_to_a_thousand(call: Application, entries: Sequence[Entry]) -> Value:
    return min(len(different(call, entries)), 1000)


def _sorted(call: Application, entries: Sequence[Entry]) -> Value:
    value: list[Value] | None = AGGREGATIONS[call.name](call, entries)
    return value and sorted(value, key=lambda item: order_key(item, call.arg_types[0]))


def _reversed(call: Application, entries: Sequence[Entry]) -> Value:
    value: list[Value] | None = AGGREGATIONS[call.name](call, entries)
    return value and value[::-1]


def _other_occurrence(call: Application, entries: Sequence[Entry]) -> Value:
    """Values by their last occurrence for the earliest, by their first for the latest."""
    if call.name == "first_distinct_n":
        return _finish(call, different(call, reversed(entries))[::-1])
    return _finish(call, different(call, entries)[::-1])


def _ties_backwards(call: Application, entries: Sequence[Entry]) -> Value:
    backwards = entries[::-1]
    return AGGREGATIONS[call.name](call, sorted(backwards, key=lambda entry: entry.rank))


def _cut_before(call: Application, entries: Sequence[Entry]) -> Value:
    """The n values first, then the different ones among them."""
    n: int = call.options["n"]
    return AGGREGATIONS[call.name](call, entries[:n] if call.name == "first_distinct_n" else entries[-n:])


def _too_few(call: Application, entries: Sequence[Entry]) -> Value:
    value = AGGREGATIONS[call.name](call, entries)
    return value if value is None or len(value) == call.options["n"] else None


MUTANTS: tuple[Mutant, ...] = (
    *(aggregation_becomes(name, "counts-null", f"Takes null for a value in {name}.", zero_for_null) for name in _ALL if name != "approx_count_distinct"),
    *(aggregation(name, "nan-differs", f"Takes each NaN for another value in {name}.", _by(_nan_apart)) for name in _ALL),
    *(aggregation(name, "without-nan", f"Leaves NaN out of {name}.", _without_nan) for name in _ALL if name != "approx_count_distinct"),
    *(aggregation(name, "text-ignores-case", f"Takes text in either case for the same in {name}.", _by(key_with(case_blind))) for name in _ALL if name != "approx_count_distinct"),
    *(aggregation(name, "ignores-blanks-at-the-end", f"Ignores blanks at the end of text in {name}.", _by(_trimmed)) for name in _ALL if name != "approx_count_distinct"),
    *(aggregation(name, "numbers-in-float", f"Compares integers and decimals as floats in {name}.", _by(_in_float)) for name in ("count_distinct", *_LISTS)),
    *(aggregation(name, "floats-in-32-bits", f"Compares floats in 32 bits in {name}.", _by(_in_32_bits)) for name in ("count_distinct",)),
    *(aggregation(name, "neighbours-only", f"Compares neighbours only in {name}.", _runs) for name in ("count_distinct", *_LISTS)),
    *(aggregation(name, "counts-all", f"Counts equal values too in {name}.", _all_rows) for name in ("count_distinct", "approx_count_distinct")),
    *(aggregation_but(name, "nothing-is-null", f"Returns null from {name} of nothing.", lambda es: not es, lambda es: None) for name in ("count_distinct", "approx_count_distinct")),
    aggregation("approx_count_distinct", "too-many", "Counts nearly a third too many values.", _thirty_percent_more),
    aggregation("approx_count_distinct", "ends-at-a-thousand", "Counts at most a thousand values.", _up_to_a_thousand),
    *(aggregation(name, "sorted", f"Returns the values of {name} sorted.", _sorted) for name in _LISTS),
    *(aggregation(name, "reversed", f"Returns the values of {name} in the opposite order.", _reversed) for name in _LISTS),
    *(aggregation(name, "other-occurrence", f"Looks at the wrong occurrence of a value in {name}.", _other_occurrence) for name in _LISTS),
    *(aggregation(name, "ties-backwards", f"Orders values of one time descending in {name}.", _ties_backwards) for name in _LISTS),
    *(aggregation(name, "cut-before", f"Looks at so many rows only in {name}.", _cut_before) for name in _LISTS),
    *(aggregation(name, "too-few-is-null", f"Returns null from {name} when there are fewer values.", _too_few) for name in _LISTS),
    *(aggregation_but(name, "nothing-is-empty", f"Returns an empty list from {name} of nothing.", lambda es: not es, lambda es: []) for name in _LISTS),
)  # fmt: skip
"""Wrong distinct values."""
