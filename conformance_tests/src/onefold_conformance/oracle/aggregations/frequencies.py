"""How often values occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from onefold_conformance.oracle.aggregations.distinct import different
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["RULES"]


def _counts(call: Application, entries: Sequence[Entry]) -> list[Value]:
    """Return each different value with its count, ascending by value."""
    dtype = call.arg_types[0]
    counts = Counter(order_key(entry.args[0], dtype) for entry in entries)
    values = sorted(different(call, entries), key=lambda value: order_key(value, dtype))
    return [{"key": value, "value": counts[order_key(value, dtype)]} for value in values]


def _by_count(call: Application, entries: Sequence[Entry]) -> list[Value]:
    return sorted(_counts(call, entries), key=lambda item: -item["value"])


def mode(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the value that occurs most often; of several, the smallest."""
    return _by_count(call, entries)[0]["key"] if entries else None


def top_k(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the k values that occur most often, by count descending, then by value."""
    return _by_count(call, entries)[: call.options["k"]] or None


def histogram(call: Application, entries: Sequence[Entry]) -> Value:
    """Return each different value with its count, ascending by value."""
    return _counts(call, entries) or None


RULES: Mapping[str, AggregationRule] = {
    "mode": mode,
    "top_k": top_k,
    "histogram": histogram,
}
"""The rules of this family, by name."""
