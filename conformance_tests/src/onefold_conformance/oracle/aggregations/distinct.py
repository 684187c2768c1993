"""Distinct values: how many, the earliest, the latest. NaN is one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["RULES", "different"]


def different(call: Application, entries: Iterable[Entry]) -> list[Value]:
    """Return each different value of the first argument once, in the order in which they come."""
    found: dict[Value, Value] = {}
    for entry in entries:
        found.setdefault(order_key(entry.args[0], call.arg_types[0]), entry.args[0])
    return list(found.values())


def count_distinct(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the number of different values."""
    return len(different(call, entries))


def n_first_different(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the n different values that occurred earliest, in the order of their first occurrence."""
    return different(call, entries)[: call.options["n"]] or None


def n_last_different(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the n different values that occurred latest, the most recent last."""
    return different(call, reversed(entries))[: call.options["n"]][::-1] or None


RULES: Mapping[str, AggregationRule] = {
    "count_distinct": count_distinct,
    "approx_count_distinct": count_distinct,
    "first_distinct_n": n_first_different,
    "last_distinct_n": n_last_different,
}
"""The rules of this family, by name."""
