"""Mutants of aggregations that depend on the order of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from onefold.plan import AggCall
from onefold.types import Schema
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes
from onefold_conformance.mutants.wrong import aggregation, aggregation_but, values_of
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]

_ORDERED = ("first", "last", "first_n", "last_n", "collect")
_LISTS = ("first_n", "last_n", "collect")


def _keeping_nulls(call: AggCall, reads: Schema) -> AggCall:
    return call.replace(options={**call.options, "nulls": "keep"})


def _skipping_nulls(call: AggCall, reads: Schema) -> AggCall:
    return call.replace(options={**call.options, "nulls": "skip"})


def _with_entries(of: str, change: Callable[[Sequence[Entry]], Sequence[Entry]]) -> AggregationRule:
    return lambda call, entries: AGGREGATIONS[of](call, change(entries))


def _ties_backwards(entries: Sequence[Entry]) -> list[Entry]:
    """Rows of one time in the opposite order."""
    backwards = entries[::-1]
    return sorted(backwards, key=lambda entry: entry.rank)


def _nulls_last(entries: Sequence[Entry]) -> list[Entry]:
    """Nulls behind the other values of their time."""
    return sorted(entries, key=lambda entry: (entry.rank, entry.args[0] is None))


def _by_value(call: Application, entries: Sequence[Entry]) -> list[Entry]:
    """In the order of the values, whatever the time."""
    nulls = [entry for entry in entries if entry.args[0] is None]
    known = [entry for entry in entries if entry.args[0] is not None]
    return nulls + sorted(known, key=lambda entry: order_key(entry.args[0], call.arg_types[0]))


def _once(call: Application, entries: Sequence[Entry]) -> Value:
    """Each value once, where it comes first."""
    seen: list[object] = []
    kept = []
    for entry in entries:
        value = entry.args[0]
        key = None if value is None else order_key(value, call.arg_types[0])
        if key not in seen:
            seen.append(key)
            kept.append(entry)
    return AGGREGATIONS[call.name](call, kept)


def _reversed(call: Application, entries: Sequence[Entry]) -> Value:
    value: list[Value] | None = AGGREGATIONS[call.name](call, entries)
    return value and value[::-1]


def _size(call: Application) -> int:
    size: int = call.options["limit" if call.name == "collect" else "n"]
    return size


def _too_few(call: Application, entries: Sequence[Entry]) -> Value:
    return AGGREGATIONS[call.name](call, entries) if len(entries) >= _size(call) else None


def _other_end(call: Application, entries: Sequence[Entry]) -> Value:
    kept = entries[-_size(call) :] if call.name == "first_n" else entries[: _size(call)]
    return values_of(kept) or None


def _one_more(call: Application, entries: Sequence[Entry]) -> Value:
    more = _size(call) + 1
    return values_of(entries[:more] if call.name == "first_n" else entries[-more:]) or None


def _all(call: Application, entries: Sequence[Entry]) -> Value:
    return values_of(entries) or None


def _too_many_fail(call: Application, entries: Sequence[Entry]) -> Value:
    return values_of(entries) or None if len(entries) <= _size(call) else None


MUTANTS: tuple[Mutant, ...] = (
    *(aggregation_becomes(name, "keeps-nulls", f"Keeps nulls in {name}, also where they are to be left out.", _keeping_nulls) for name in _ORDERED),
    *(aggregation_becomes(name, "skips-nulls", f"Leaves nulls out of {name}, also where they are to be kept.", _skipping_nulls) for name in _ORDERED),
    *(aggregation(name, "ties-backwards", f"Orders values of one time descending in {name}.", _with_entries(name, _ties_backwards)) for name in _ORDERED),
    *(aggregation(name, "nulls-last", f"Orders nulls behind the other values of their time in {name}.", _with_entries(name, _nulls_last)) for name in _ORDERED),
    *(aggregation(name, "by-value", f"Orders rows by their values in {name}.", lambda call, es: AGGREGATIONS[call.name](call, _by_value(call, es))) for name in _ORDERED),
    *(aggregation(name, "reversed", f"Returns {name} in the opposite order.", _reversed) for name in _LISTS),
    *(aggregation(name, "once", f"Returns each value once from {name}.", _once) for name in _LISTS),
    *(aggregation_but(name, "nothing-is-empty", f"Returns an empty list from {name} of nothing.", lambda es: not es, lambda es: []) for name in _LISTS),
    *(aggregation(name, "too-few-is-null", f"Returns null from {name} when there are fewer values than asked for.", _too_few) for name in ("first_n", "last_n")),
    *(aggregation(name, "other-end", f"Keeps the values at the other end in {name}.", _other_end) for name in _LISTS),
    *(aggregation(name, "one-more", f"Keeps one value more than asked for in {name}.", _one_more) for name in _LISTS),
    aggregation("collect", "without-limit", "Ignores the limit of collect.", _all),
    aggregation("collect", "too-many-is-null", "Returns null from collect when there are more values than its limit.", _too_many_fail),
    aggregation("first", "is-last", "Returns the last value for the first.", AGGREGATIONS["last"]),
    aggregation("last", "is-first", "Returns the first value for the last.", AGGREGATIONS["first"]),
)  # fmt: skip
"""Wrong order."""
