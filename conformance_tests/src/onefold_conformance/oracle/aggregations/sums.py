"""Counts, sums, means, and the logical sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal as Number

from onefold.types import INT64, Decimal
from onefold_conformance.oracle.aggregations.exact import as_float, exact_sum, not_finite, rounded
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry, ValueFailure
from onefold_conformance.oracle.values import EXACT, Value

__all__ = ["RULES"]


def count(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the number of entries."""
    return len(entries)


def total(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the exact sum, rounded once when it is of floats.

    Raises:
        ValueFailure: If a sum of integers or decimals does not fit its type.
    """
    if not entries:
        return None
    values = [entry.args[0] for entry in entries]
    if call.result_type == INT64:
        whole = sum(values)
        if not -(2**63) <= whole < 2**63:
            raise ValueFailure(f"the sum {whole} does not fit in int64")
        return whole
    if isinstance(call.result_type, Decimal):
        number = Number(0)
        for value in values:
            number = EXACT.add(number, value)
        if EXACT.scaleb(number, call.result_type.scale).copy_abs() >= Number(10) ** call.result_type.precision:
            raise ValueFailure(f"the sum {number} does not fit in {call.result_type}")
        return number
    special = not_finite(values)
    return rounded(exact_sum(values)) if special is None else special


def mean(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the sum as a float, divided by the number of values."""
    if not entries:
        return None
    values = [entry.args[0] for entry in entries]
    special = not_finite(values)
    return (as_float(exact_sum(values)) if special is None else special) / len(values)


def any_true(call: Application, entries: Sequence[Entry]) -> Value:
    """Return whether at least one value is true."""
    return any(entry.args[0] for entry in entries) if entries else None


def all_true(call: Application, entries: Sequence[Entry]) -> Value:
    """Return whether no value is false."""
    return all(entry.args[0] for entry in entries) if entries else None


RULES: Mapping[str, AggregationRule] = {
    "count": count,
    "sum": total,
    "mean": mean,
    "any": any_true,
    "all": all_true,
}
"""The rules of this family, by name."""
