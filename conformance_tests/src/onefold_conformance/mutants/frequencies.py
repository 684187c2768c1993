"""Mutants of how often values occur."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from onefold.types import STRING, DataType
from onefold_conformance.mutants.habits import case_blind, is_nan, key_with
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes, zero_for_null
from onefold_conformance.mutants.wrong import aggregation, aggregation_but
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]

_ALL = ("mode", "top_k", "histogram")

_Item = dict[str, Value]


def _items(
    call: Application, entries: Sequence[Entry], key: Callable[[Value, DataType], Hashable] = order_key
) -> list[_Item]:
    """Each different value with its count, in the order in which they come."""
    found: dict[Hashable, _Item] = {}
    for entry in entries:
        item = found.setdefault(key(entry.args[0], call.arg_types[0]), {"key": entry.args[0], "value": 0})
        item["value"] += 1
    return list(found.values())


def _sorted_items(call: Application, items: list[_Item]) -> list[_Item]:
    """By value for a histogram, else by count and then by value."""
    ascending = sorted(items, key=lambda item: order_key(item["key"], call.arg_types[0]))
    return ascending if call.name == "histogram" else sorted(ascending, key=lambda item: -item["value"])


def _finish(call: Application, items: list[_Item]) -> Value:
    if call.name == "mode":
        return items[0]["key"] if items else None
    return (items[: call.options["k"]] if call.name == "top_k" else items) or None


def _by(key: Callable[[Value, DataType], Hashable]) -> AggregationRule:
    """The rule with another equality."""
    return lambda call, entries: _finish(call, _sorted_items(call, _items(call, entries, key)))


def _nan_apart(value: Value, dtype: DataType) -> Hashable:
    return object() if is_nan(value) else order_key(value, dtype)


def _trimmed(value: Value, dtype: DataType) -> Hashable:
    return str(value).rstrip(" ") if dtype == STRING else order_key(value, dtype)


def _ties_descending(call: Application, entries: Sequence[Entry]) -> Value:
    descending = sorted(_items(call, entries), key=lambda item: order_key(item["key"], call.arg_types[0]), reverse=True)
    return _finish(call, sorted(descending, key=lambda item: -item["value"]))


def _ties_in_order_of_rows(call: Application, entries: Sequence[Entry]) -> Value:
    return _finish(call, sorted(_items(call, entries), key=lambda item: -item["value"]))


def _ties_by_the_last(call: Application, entries: Sequence[Entry]) -> Value:
    return _finish(call, sorted(_items(call, list(reversed(entries))), key=lambda item: -item["value"]))


def _rarest(call: Application, entries: Sequence[Entry]) -> Value:
    ascending = sorted(_items(call, entries), key=lambda item: order_key(item["key"], call.arg_types[0]))
    return _finish(call, sorted(ascending, key=lambda item: item["value"]))


def _by_value(call: Application, entries: Sequence[Entry]) -> Value:
    """The right values, ascending."""
    kept: list[_Item] | None = AGGREGATIONS[call.name](call, entries)
    return kept and sorted(kept, key=lambda item: order_key(item["key"], call.arg_types[0]))


def _one_more(call: Application, entries: Sequence[Entry]) -> Value:
    return _sorted_items(call, _items(call, entries))[: call.options["k"] + 1] or None


def _with_ties(call: Application, entries: Sequence[Entry]) -> Value:
    """All values that occur as often as the last one that is kept."""
    items = _sorted_items(call, _items(call, entries))
    kept = items[: call.options["k"]]
    return kept + [item for item in items[len(kept) :] if item["value"] == kept[-1]["value"]] if kept else None


def _too_few(call: Application, entries: Sequence[Entry]) -> Value:
    value = AGGREGATIONS["top_k"](call, entries)
    return value if value is None or len(value) == call.options["k"] else None


def _only_repeated(call: Application, entries: Sequence[Entry]) -> Value:
    """Nothing is most frequent when all values occur once."""
    items = _items(call, entries)
    if len(items) > 1 and all(item["value"] == 1 for item in items):
        return None
    return AGGREGATIONS["mode"](call, entries)


def _in_order_of_rows(call: Application, entries: Sequence[Entry]) -> Value:
    return _items(call, entries) or None


def _by_count(call: Application, entries: Sequence[Entry]) -> Value:
    items = _sorted_items(call, _items(call, entries))
    return sorted(items, key=lambda item: -item["value"]) or None


def _without_nan(call: Application, entries: Sequence[Entry]) -> Value:
    return AGGREGATIONS[call.name](call, [entry for entry in entries if not is_nan(entry.args[0])])


def _nan_first(call: Application, entries: Sequence[Entry]) -> Value:
    """NaN below all numbers."""
    items = AGGREGATIONS["histogram"](call, entries) or []
    return sorted(items, key=lambda item: not is_nan(item["key"])) or None


def _numbers_as_text(call: Application, entries: Sequence[Entry]) -> Value:
    items = AGGREGATIONS["histogram"](call, entries) or []
    return (sorted(items, key=lambda item: str(item["key"])) if call.arg_types[0].is_numeric else items) or None


MUTANTS: tuple[Mutant, ...] = (
    *(aggregation_becomes(name, "counts-null", f"Takes null for a value in {name}.", zero_for_null) for name in _ALL),
    *(aggregation(name, "nan-differs", f"Takes each NaN for another value in {name}.", _by(_nan_apart)) for name in _ALL),
    *(aggregation(name, "without-nan", f"Leaves NaN out of {name}.", _without_nan) for name in _ALL),
    *(aggregation(name, "text-ignores-case", f"Takes text in either case for the same in {name}.", _by(key_with(case_blind))) for name in _ALL),
    *(aggregation(name, "ignores-blanks-at-the-end", f"Ignores blanks at the end of text in {name}.", _by(_trimmed)) for name in _ALL),
    *(aggregation(name, "ties-descending", f"Takes the greatest of values that occur as often in {name}.", _ties_descending) for name in ("mode", "top_k")),
    *(aggregation(name, "ties-in-order-of-rows", f"Takes the first of values that occur as often in {name}.", _ties_in_order_of_rows) for name in ("mode", "top_k")),
    *(aggregation(name, "ties-by-the-last", f"Takes the last of values that occur as often in {name}.", _ties_by_the_last) for name in ("mode", "top_k")),
    *(aggregation(name, "rarest", f"Takes the values that occur least in {name}.", _rarest) for name in ("mode", "top_k")),
    aggregation("mode", "only-repeated", "Returns null for the mode when all values occur once.", _only_repeated),
    aggregation("top_k", "by-value", "Returns top_k ascending by value.", _by_value),
    aggregation("top_k", "one-more", "Returns one value more than asked for in top_k.", _one_more),
    aggregation("top_k", "with-ties", "Returns more values than asked for in top_k when they occur as often.", _with_ties),
    aggregation("top_k", "too-few-is-null", "Returns null from top_k when there are fewer values.", _too_few),
    aggregation("histogram", "in-order-of-rows", "Returns a histogram in the order of the rows.", _in_order_of_rows),
    aggregation("histogram", "by-count", "Returns a histogram by count.", _by_count),
    aggregation("histogram", "nan-first", "Orders NaN below all numbers in histograms.", _nan_first),
    *(aggregation_but(name, "nothing-is-empty", f"Returns an empty list from {name} of nothing.", lambda es: not es, lambda es: []) for name in ("top_k", "histogram")),
    aggregation("histogram", "numbers-as-text", "Orders numbers in histograms as text.", _numbers_as_text),
)  # fmt: skip
"""Wrong frequencies."""
