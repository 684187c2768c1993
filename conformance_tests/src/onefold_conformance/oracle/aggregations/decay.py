"""Exponentially decayed sums, with sixty digits and an exponent without a practical end, rounded once."""

from __future__ import annotations

import decimal
from collections.abc import Mapping, Sequence
from decimal import Decimal

from onefold_conformance.oracle.aggregations.exact import not_finite
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, canonical

__all__ = ["RULES", "WIDE", "weight"]

WIDE = decimal.Context(prec=60, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=[])
"""Decimal arithmetic in which no weight vanishes."""


def weight(call: Application, entry: Entry) -> Decimal:
    """Return 2^(-age / half_life)."""
    assert entry.age is not None
    return WIDE.power(Decimal(2), WIDE.divide(Decimal(-entry.age), Decimal(call.options["half_life"])))


def _sum(terms: Sequence[Decimal]) -> Decimal:
    result = Decimal(0)
    for term in terms:
        result = WIDE.add(result, term)
    return result


def _weighted(call: Application, entries: Sequence[Entry]) -> Decimal:
    return _sum([WIDE.multiply(Decimal(entry.args[0]), weight(call, entry)) for entry in entries])


def _count(call: Application, entries: Sequence[Entry]) -> Decimal:
    return _sum([weight(call, entry) for entry in entries])


def decayed_sum(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the sum of x 2^(-age / half_life); NaN and infinities count however old they are."""
    if not entries:
        return None
    special = not_finite([entry.args[0] for entry in entries])
    return canonical(float(_weighted(call, entries))) if special is None else canonical(special)


def decayed_count(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the sum of 2^(-age / half_life)."""
    return float(_count(call, entries)) if entries else None


def decayed_mean(call: Application, entries: Sequence[Entry]) -> Value:
    """Return the decayed sum over the decayed count, which stays what it is however old the values are."""
    if not entries:
        return None
    special = not_finite([entry.args[0] for entry in entries])
    if special is not None:
        return canonical(special)
    return canonical(float(WIDE.divide(_weighted(call, entries), _count(call, entries))))


RULES: Mapping[str, AggregationRule] = {
    "decayed_sum": decayed_sum,
    "decayed_count": decayed_count,
    "decayed_mean": decayed_mean,
}
"""The rules of this family, by name."""
