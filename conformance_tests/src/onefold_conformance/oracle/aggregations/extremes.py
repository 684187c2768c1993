"""The smallest and greatest values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["RULES", "ascending"]


def ascending(call: Application, entries: Sequence[Entry]) -> list[Value]:
    """Return the values of the first argument, the smallest first."""
    return sorted((entry.args[0] for entry in entries), key=lambda value: order_key(value, call.arg_types[0]))


def smallest(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the smallest value."""
    return ascending(call, entries)[0] if entries else None


def greatest(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the greatest value."""
    return ascending(call, entries)[-1] if entries else None


def n_smallest(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the n smallest values, ascending."""
    return ascending(call, entries)[: call.options["n"]] or None


def n_greatest(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the n greatest values, descending."""
    return ascending(call, entries)[::-1][: call.options["n"]] or None


RULES: Mapping[str, AggregationRule] = {
    "min": smallest,
    "max": greatest,
    "min_n": n_smallest,
    "max_n": n_greatest,
}
"""The rules of this family, by name."""
