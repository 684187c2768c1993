"""Aggregations that depend on the order of the rows; entries come in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value

__all__ = ["RULES"]


def first(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the earliest value."""
    return entries[0].args[0] if entries else None


def last(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the latest value."""
    return entries[-1].args[0] if entries else None


def n_first(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the n earliest values, earliest first."""
    return [entry.args[0] for entry in entries[: call.options["n"]]] or None


def n_last(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the n latest values, earliest of them first."""
    return [entry.args[0] for entry in entries[-call.options["n"] :]] or None


def collect(call: Application, entries: Sequence[Entry]) -> Value:
    """Return all values, earliest first; of too many, the latest."""
    return [entry.args[0] for entry in entries[-call.options["limit"] :]] or None


RULES: Mapping[str, AggregationRule] = {
    "first": first,
    "last": last,
    "first_n": n_first,
    "last_n": n_last,
    "collect": collect,
}
"""The rules of this family, by name."""
