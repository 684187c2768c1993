"""Mutants of how events and spine meet: keys, ties, and the latest row."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from onefold.plan import (
    AsOfColumn,
    AsOfJoin,
    Column,
)
from onefold.types import FLOAT64, INT64, STRING, DataType
from onefold_conformance.mutants.habits import is_nan
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.nodes import (
    RIGHT,
    TEMPORAL,
    filtered,
    not_null,
    of_each,
    of_node,
    of_steps,
    ordered,
)
from onefold_conformance.mutants.time import AS_OF, BUCKETS, TRAILING, of_rules
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.temporal import as_of_join
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row, Value, order_key

__all__ = ["MUTANTS"]


def _keys(name: str, what: str, key: Callable[[Value, DataType], Any]) -> Mutant:
    """Return a mutant that compares keys in another way."""
    return of_rules(
        f"keys-{name}",
        what,
        AS_OF,
        TRAILING,
        keys_match=lambda rules, left, right, types: all(
            a is not None and b is not None and key(a, dtype) == key(b, dtype)
            for a, b, dtype in zip(left, right, types, strict=True)
        ),
    )


def _text_keys(name: str, what: str, text: Callable[[str], str]) -> Mutant:
    return _keys(name, what, lambda value, dtype: text(value) if dtype == STRING else order_key(value, dtype))


def _as_text(values: Sequence[Value], between: str) -> str | None:
    return None if None in values else between.join(map(str, values))


def _matching(name: str, what: str, match: Callable[[Sequence[Value], Sequence[Value], Sequence[DataType]], bool]) -> Mutant:  # fmt: skip
    return of_rules(
        f"keys-{name}", what, AS_OF, TRAILING, keys_match=lambda rules, left, right, types: match(left, right, types)
    )


def _order_rule(name: str, what: str, key: Callable[[Value, DataType], tuple[Any, ...]], method: str) -> Mutant:
    return of_rules(name, what, TRAILING, AS_OF, BUCKETS, **{method: lambda rules, value, dtype: key(value, dtype)})


class _Descending:
    """A key in the opposite order."""

    def __init__(self, key: Any) -> None:
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and bool(self.key == other.key)

    def __lt__(self, other: _Descending) -> bool:
        return bool(other.key < self.key)

    __hash__ = None  # type: ignore[assignment]


def _nulls_last(value: Value, dtype: DataType) -> tuple[Any, ...]:
    return (2,) if value is None else RIGHT.ascending(value, dtype)


def _like_text(value: Value, dtype: DataType) -> tuple[Any, ...]:
    return (0,) if value is None else (1, str(value))


def _unsorted_nan(value: Value, dtype: DataType) -> tuple[Any, ...]:
    key = RIGHT.ascending(value, dtype)
    return (1, (-1, 0.0)) if dtype == FLOAT64 and is_nan(value) else key


def _like_floats(value: Value, dtype: DataType) -> tuple[Any, ...]:
    return (1, float(value)) if dtype == INT64 and value is not None else RIGHT.ascending(value, dtype)


def _only_known(context: Context, node: AsOfJoin, column: AsOfColumn) -> Result:
    return as_of_join(context, filtered(node, not_null(Column(name=column.column))))


def _fanned_out(step: Step) -> Step:
    """Every event of the latest time gives a row."""

    def wrong(context: Context, node: AsOfJoin) -> Result:
        right = step(context, node)
        events = context.result(node.events).rows
        rows: list[Row] = []
        types = [node.events.output[name].dtype for name in node.event_keys]
        for row in right.rows:
            key, at = [row[name] for name in node.spine_keys], row[node.spine_time]
            mine = [
                (event[node.order.time] + node.order.delay)
                for event in events
                if at is not None
                and event[node.order.time] is not None
                and RIGHT.keys_match(key, [event[name] for name in node.event_keys], types)
                and RIGHT.is_known(event[node.order.time] + node.order.delay, at, include_exact=node.include_exact)
            ]
            rows += [row] * max(1, mine.count(max(mine, default=0)))
        return dataclasses.replace(right, rows=rows)

    return wrong


MUTANTS: tuple[Mutant, ...] = (
    # -- keys
    _matching("null-is-a-value", "Lets null keys match each other.", lambda left, right, types: all(a is b is None or RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("null-of-an-event-matches-all", "Takes an event with a null key for one of every key.", lambda left, right, types: None not in left and all(b is None or RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("null-of-the-spine-matches-all", "Gives a spine row with a null key the events of all keys.", lambda left, right, types: None not in right and all(a is None or RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("first-only", "Compares the first key only.", lambda left, right, types: RIGHT.keys_match(left[:1], right[:1], types[:1])),
    _matching("last-only", "Compares the last key only.", lambda left, right, types: RIGHT.keys_match(left[-1:], right[-1:], types[-1:])),
    _matching("any-of-them", "Takes keys for equal when one of them is.", lambda left, right, types: None not in [*left, *right] and any(RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("joined-as-text", "Puts the keys together as text.", lambda left, right, types: RIGHT.keys_match(left, right, types) or (len(left) > 1 and None not in [*left, *right] and _as_text(left, "") == _as_text(right, ""))),
    _matching("joined-with-a-bar", "Puts the keys together as text, with a bar between.", lambda left, right, types: RIGHT.keys_match(left, right, types) or (len(left) > 1 and None not in [*left, *right] and _as_text(left, "|") == _as_text(right, "|"))),
    _matching("joined-with-a-zero-byte", "Puts the keys together as text, with a zero byte between.", lambda left, right, types: RIGHT.keys_match(left, right, types) or (len(left) > 1 and None not in [*left, *right] and _as_text(left, "\0") == _as_text(right, "\0"))),
    _matching("in-any-order", "Compares keys as a set.", lambda left, right, types: None not in [*left, *right] and sorted(map(repr, left)) == sorted(map(repr, right))),
    _matching("by-their-sum", "Takes numbers for equal keys when their sums are: a hash that is too simple.", lambda left, right, types: RIGHT.keys_match(left, right, types) if None in [*left, *right] or len(left) < 2 or any(t != INT64 for t in types) else sum(left) == sum(right)),
    _matching("ignored", "Gives every spine row the events of all keys.", lambda left, right, types: None not in [*left, *right]),
    _keys("nan-is-unequal", "Lets NaN match nothing.", lambda value, dtype: object() if is_nan(value) else order_key(value, dtype)),
    _keys("integers-as-floats", "Compares integer keys as floats.", lambda value, dtype: float(value) if dtype == INT64 else order_key(value, dtype)),
    _keys("integers-in-32-bits", "Compares integer keys in 32 bits.", lambda value, dtype: value % 2**32 if dtype == INT64 else order_key(value, dtype)),
    _keys("decimals-as-floats", "Compares decimal keys as floats.", lambda value, dtype: float(value) if str(dtype).startswith("decimal") else order_key(value, dtype)),
    _keys("floats-in-32-bits", "Compares float keys to six digits.", lambda value, dtype: f"{value:.6g}" if dtype == FLOAT64 else order_key(value, dtype)),
    _keys("times-in-milliseconds", "Compares instants and wall clocks that are keys in milliseconds.", lambda value, dtype: value // 1000 if dtype.is_time else order_key(value, dtype)),
    _keys("bytes-end-at-zero", "Takes a zero byte for the end of a key.", lambda value, dtype: value.partition(b"\0")[0] if isinstance(value, bytes) else order_key(value, dtype)),
    _text_keys("ignore-case", "Compares text keys without regard to case.", str.lower),
    _text_keys("ignore-blanks", "Compares text keys without the blanks at their ends.", str.strip),
    _text_keys("ignore-blanks-at-the-end", "Compares text keys without the blanks at their end.", lambda text: text.rstrip(" ")),
    _text_keys("normalise", "Composes the accents of text keys (NFC).", lambda text: unicodedata.normalize("NFC", text)),
    _text_keys("normalise-widely", "Takes text keys that look alike for equal (NFKC).", lambda text: unicodedata.normalize("NFKC", text)),
    _text_keys("end-at-a-zero", "Takes a zero character for the end of a text key.", lambda text: text.partition("\0")[0]),
    _text_keys("of-64-characters", "Compares the first 64 characters of text keys.", lambda text: text[:64]),
    _text_keys("like-numbers", "Takes text keys that are one number for equal.", lambda text: text if not text.strip("+").replace(".", "").isdecimal() else str(float(text))),
    # -- ties
    _order_rule("ties-reversed", "Takes the smallest of several values at one time for the latest.", lambda value, dtype: (_Descending(RIGHT.ascending(value, dtype)),), "ascending"),
    _order_rule("ties-by-place", "Leaves the order of several values at one time to that of the rows.", lambda value, dtype: (0,), "ascending"),
    _order_rule("ties-nulls-last", "Takes a null for the latest of several values at one time.", _nulls_last, "ascending"),
    _order_rule("ties-as-text", "Orders the values of one time as text.", _like_text, "ascending"),
    _order_rule("ties-nan-first", "Takes NaN for the smallest of several values at one time.", _unsorted_nan, "ascending"),
    _order_rule("sequence-descending", "Orders events of one time by their sequence, descending.", lambda value, dtype: (_Descending(RIGHT.ascending(value, dtype)),), "sequence"),
    _order_rule("sequence-ignored", "Ignores the sequence.", lambda value, dtype: (0,), "sequence"),
    _order_rule("sequence-nulls-last", "Takes an event without a sequence for the latest.", _nulls_last, "sequence"),
    _order_rule("sequence-as-text", "Orders sequences as text.", _like_text, "sequence"),
    _order_rule("sequence-as-floats", "Orders sequences as floats.", _like_floats, "sequence"),
    _order_rule("sequence-nan-first", "Takes NaN for the smallest sequence.", _unsorted_nan, "sequence"),
    of_node("sequence-first-column-only", "Orders events of one time by the first sequence column only.", lambda node: ordered(node, sequence=node.order.sequence[:1]), *TEMPORAL),
    of_node("sequence-last-column-first", "Orders events of one time by the last sequence column first.", lambda node: ordered(node, sequence=node.order.sequence[::-1]), *TEMPORAL),
    of_steps("as-of-ties-by-the-last-column", "Breaks ties by the taken columns, the last of them first.", lambda step: lambda context, node: step(context, node.replace(columns=node.columns[::-1])), AsOfJoin),
    of_each("as-of-mixes-rows", "Takes each column by itself, and so from different rows of a tie.", AsOfJoin, lambda context, node, column: as_of_join(context, node)),
    of_steps("as-of-ties-fan-out", "Gives a row for every event of the latest time.", _fanned_out, AsOfJoin),
    # -- the latest row
    of_each("as-of-skips-nulls", "Fills a null of the latest event from an older one.", AsOfJoin, _only_known),
    of_node("as-of-skips-rows-with-nulls", "Takes the latest event without a null in its first column.", lambda node: filtered(node, not_null(Column(name=node.columns[0].column))), AsOfJoin),
)  # fmt: skip
"""Wrong ways to bring events and spine together."""
