"""Mutants of as-of joins, trailing aggregates and tiles: keys, ties, nulls, the rows of the spine, and what nodes share."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from onefold.errors import SourceError
from onefold.plan import (
    AsOfColumn,
    AsOfJoin,
    Call,
    Column,
    Expression,
    Filter,
    Relation,
    TimeBuckets,
    TrailingAggregate,
    TrailingMeasure,
)
from onefold.types import FLOAT64, INT64, STRING, DataType, List
from onefold_conformance.mutants.habits import is_nan
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.time import AS_OF, BUCKETS, TRAILING, of_rules
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.relations.temporal import as_of_join, time_buckets, trailing_aggregate
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Row, Value, order_key

__all__ = ["MUTANTS"]

_Rows: TypeAlias = Callable[[list[Row], Any], list[Row]]
"""``change(rows, node)`` returns other rows for those of a node, or of what it reads."""

_STEPS: dict[type[Relation], Step] = {AsOfJoin: as_of_join, TrailingAggregate: trailing_aggregate, TimeBuckets: time_buckets}  # fmt: skip
_RIGHT = Rules()
_COUNTS = ("count", "count_distinct", "approx_count_distinct")


def _with(context: Context, relation: Relation, rows: list[Row]) -> Context:
    """Return a run in which a relation gives other rows."""
    right = context.result(relation)
    known = {**context._known, relation.fingerprint: dataclasses.replace(right, rows=rows)}
    return dataclasses.replace(context, _known=known)


def _steps(name: str, what: str, change: Callable[[Step], Step], *kinds: type[Relation]) -> Mutant:
    """Return a mutant that runs temporal relations in another way."""
    return Mutant(name, what, relations={kind: change(_STEPS[kind]) for kind in kinds or (AsOfJoin, TrailingAggregate)})


def _node(name: str, what: str, change: Callable[[Any], Any], *kinds: type[Relation]) -> Mutant:
    """Return a mutant that runs another node than it was given."""
    return _steps(name, what, lambda step: lambda context, node: step(context, change(node)), *kinds)


def _events(name: str, what: str, change: _Rows, *kinds: type[Relation]) -> Mutant:
    """Return a mutant that sees other events."""

    def changed(step: Step) -> Step:
        return lambda context, node: step(
            _with(context, node.events, change(context.result(node.events).rows, node)), node
        )

    return _steps(name, what, changed, *kinds or (AsOfJoin, TrailingAggregate, TimeBuckets))


def _spine(name: str, what: str, change: _Rows) -> Mutant:
    """Return a mutant that gives features for other rows of the spine."""

    def changed(step: Step) -> Step:
        return lambda context, node: step(
            _with(context, node.spine, change(context.result(node.spine).rows, node)), node
        )

    return _steps(name, what, changed)


def _result(name: str, what: str, change: _Rows, *kinds: type[Relation]) -> Mutant:
    """Return a mutant that changes the rows that come out."""

    def changed(step: Step) -> Step:
        def wrong(context: Context, node: Any) -> Result:
            right = step(context, node)
            return dataclasses.replace(right, rows=change(right.rows, node))

        return wrong

    return _steps(name, what, changed, *kinds)


def _each(name: str, what: str, kind: type[Relation], run: Callable[[Context, Any, Any], Result]) -> Mutant:
    """Return a mutant that computes every feature by itself: ``run(context, node, feature)`` for a node of that one."""

    def changed(step: Step) -> Step:
        def wrong(context: Context, node: Any) -> Result:
            parts = "measures" if kind is TrailingAggregate else "columns"
            results = [run(context, node.replace(**{parts: (part,)}), part) for part in getattr(node, parts)]
            rows = [
                {name: value for row in found for name, value in row.items()}
                for found in zip(*(result.rows for result in results), strict=True)
            ]
            tolerances = {name: bound for result in results for name, bound in result.tolerances.items()}
            return Result(rows, tolerances, results[0].determined)

        return wrong

    return _steps(name, what, changed, kind)


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


def _ordered(node: Any, **changes: Any) -> Any:
    return node.replace(order=node.order.model_copy(update=changes))


def _filtered(node: Any, predicate: Expression | None) -> Any:
    return node if predicate is None else node.replace(events=Filter(input=node.events, predicate=predicate))


def _not_null(expression: Expression) -> Expression:
    return Call(function="is_not_null", args=(expression,))


def _windows(node: TrailingAggregate, change: Callable[[TrailingMeasure], dict[str, Any]]) -> TrailingAggregate:
    """Return a node whose windows are others."""
    return node.replace(
        measures=tuple(
            measure.model_copy(update={"window": measure.window.model_copy(update=change(measure))})
            for measure in node.measures
        )
    )


def _calls(node: TrailingAggregate, change: Callable[[TrailingMeasure], Any]) -> TrailingAggregate:
    """Return a node whose aggregations are others."""
    return node.replace(measures=tuple(m.model_copy(update={"call": change(m)}) for m in node.measures))


def _before_counting(context: Context, node: TrailingAggregate, predicate: Expression | None, measure: Any) -> Result:
    return trailing_aggregate(context, node if measure.window.last_rows is None else _filtered(node, predicate))


def _after_nulls(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    args = measure.call.args if measure.call.options.get("nulls") != "keep" else ()
    return _before_counting(context, node, _not_null(args[0]) if args else None, measure)


def _per_secondary_key(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    if measure.call.by is None:
        return trailing_aggregate(context, node)
    key = context.compile(measure.call.by, node.events.output)

    class Wrong(Rules):
        def last_rows(self, events: Sequence[Any], count: int) -> Sequence[Any]:
            keys = [key(event.row) for event in events]
            return [event for place, event in enumerate(events) if keys[place:].count(keys[place]) <= count]

    return trailing_aggregate(dataclasses.replace(context, rules=Wrong(), _known=dict(context._known)), node)


def _by_known_values(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    call = measure.call
    return trailing_aggregate(context, _filtered(node, _not_null(call.args[0])) if call.by and call.args else node)


def _only_known(context: Context, node: AsOfJoin, column: AsOfColumn) -> Result:
    return as_of_join(context, _filtered(node, _not_null(Column(name=column.column))))


def _by_prefixes(context: Context, node: TrailingAggregate, measure: TrailingMeasure) -> Result:
    """Sums as the difference of two sums since the beginning: huge values and NaN that have left are never forgotten."""
    right = trailing_aggregate(context, node)
    window = measure.window
    if measure.call.function not in ("sum", "mean") or measure.call.by or window.size is None or window.last_rows:
        return right
    dtype = node.output[measure.name].dtype
    counted = _calls(node, lambda m: m.call.model_copy(update={"function": "collect", "options": {"limit": 100_000, "nulls": "skip"}}))  # fmt: skip

    def totals(**change: Any) -> list[Any]:
        found = trailing_aggregate(context, _windows(counted, lambda m: {"size": None, **change})).rows
        return [sum(row[measure.name] or ()) for row in found]

    until = totals()
    if any(isinstance(total, Decimal) for total in until):
        return right
    before = totals(offset=window.offset + window.size, closed="left" if window.include_start else "right")
    for total in until:
        if isinstance(total, int) and not -(2**63) <= total < 2**63:
            raise ValueFailure("a running total does not fit in int64")
    mean = measure.call.function == "mean"
    sizes = [len(row[measure.name] or ()) for row in trailing_aggregate(context, counted).rows]
    rows = []
    for row, end, start, size in zip(right.rows, until, before, sizes, strict=True):
        value = end - start
        rows.append({**row, measure.name: None if not size else value / size if mean else value})
    return dataclasses.replace(right, rows=rows) if dtype in (FLOAT64, INT64) else right


def _different_rows(rows: Iterable[Row], names: Sequence[str]) -> list[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found[repr([row[name] for name in names])] = row
    return list(found.values())


def _first_of_key_and_time(rows: list[Row], node: Any) -> list[Row]:
    keys = node.by if isinstance(node, TimeBuckets) else node.event_keys
    return _different_rows(reversed(rows), [*keys, node.order.time])[::-1]


def _without_late(rows: list[Row], node: Any) -> list[Row]:
    """Rows that come after one that happened later are late, and lost."""
    keys = node.by if isinstance(node, TimeBuckets) else node.event_keys
    latest: dict[str, int] = {}
    kept = []
    for row in rows:
        key, time = repr([row[name] for name in keys]), row[node.order.time]
        if time is None or time >= latest.get(key, time):
            kept.append(row)
        if time is not None:
            latest[key] = max(time, latest.get(key, time))
    return kept


def _times_filled(value: int) -> _Rows:
    return lambda rows, node: [
        {**row, node.order.time: value if row[node.order.time] is None else row[node.order.time]} for row in rows
    ]


def _null_spine_time_is(value: int) -> Callable[[Step], Step]:
    def changed(step: Step) -> Step:
        def wrong(context: Context, node: Any) -> Result:
            rows, name = context.result(node.spine).rows, node.spine_time
            filled = [{**row, name: value if row[name] is None else row[name]} for row in rows]
            found = step(_with(context, node.spine, filled), node)
            back = [{**row, name: old[name]} for row, old in zip(found.rows, rows, strict=True)]
            return dataclasses.replace(found, rows=back)

        return wrong

    return changed


def _features(node: Any) -> list[str]:
    return [part.name for part in (node.measures if isinstance(node, TrailingAggregate) else node.columns)]


def _nothing_becomes(value: Callable[[Any, str], Value]) -> _Rows:
    """Return what changes the features that are null."""
    return lambda rows, node: [
        {**row, **{name: value(node, name) for name in _features(node) if row[name] is None}} for row in rows
    ]


def _zero(node: Any, name: str) -> Value:
    zeros: dict[DataType, Value] = {FLOAT64: 0.0, INT64: 0}
    return zeros.get(node.output[name].dtype)


def _empty_list(node: Any, name: str) -> Value:
    return [] if isinstance(node.output[name].dtype, List) else None


def _no_count_is_null(rows: list[Row], node: TrailingAggregate) -> list[Row]:
    counts = [m.name for m in node.measures if m.call.function in _COUNTS and m.call.by is None]
    return [{**row, **{name: row[name] or None for name in counts}} for row in rows]


def _carried_over(rows: list[Row], node: Any) -> list[Row]:
    """A row without events gets the features of the row before it."""
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found else row
        found.append({**row, **{name: before[name] for name in _features(node) if row[name] is None}})
    return found


def _only_matched(rows: list[Row], node: Any) -> list[Row]:
    return [row for row in rows if any(row[name] not in (None, 0) for name in _features(node))]


def _sharing(same: Callable[[TrailingMeasure], Any]) -> _Rows:
    """Measures that are the same in some parts share the value of the first of them."""

    def change(rows: list[Row], node: TrailingAggregate) -> list[Row]:
        first: dict[str, str] = {}
        of = {m.name: first.setdefault(repr(same(m)), m.name) for m in node.measures}
        types = node.output
        return [
            {**row, **{name: row[o] for name, o in of.items() if types[name].dtype == types[o].dtype}} for row in rows
        ]

    return change


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
                and _RIGHT.keys_match(key, [event[name] for name in node.event_keys], types)
                and _RIGHT.is_known(event[node.order.time] + node.order.delay, at, include_exact=node.include_exact)
            ]
            rows += [row] * max(1, mine.count(max(mine, default=0)))
        return dataclasses.replace(right, rows=rows)

    return wrong


def _from_the_future(step: Step) -> Step:
    """A key without a past takes its earliest event of the future."""

    def wrong(context: Context, node: AsOfJoin) -> Result:
        right = step(context, node)
        schema = node.events.output
        types = [schema[name].dtype for name in node.event_keys]
        rows = []
        for row in right.rows:
            key = [row[name] for name in node.spine_keys]
            mine = [
                event
                for event in context.result(node.events).rows
                if event[node.order.time] is not None
                and _RIGHT.keys_match(key, [event[name] for name in node.event_keys], types)
            ]
            at = row[node.spine_time]
            if at is not None and mine and all(event[node.order.time] >= at for event in mine):
                first = min(mine, key=lambda event: event[node.order.time])
                rows.append({**row, **{item.name: first[item.column] for item in node.columns}})
            else:
                rows.append(row)
        return dataclasses.replace(right, rows=rows)

    return wrong


def _unique_by_sequence(step: Step) -> Step:
    """The promise of unique events is checked for key, time and sequence together."""

    def wrong(context: Context, node: Any) -> Result:
        names = [*node.event_keys, node.order.time, *node.order.sequence]
        rows = [row for row in context.result(node.events).rows if None not in (row[name] for name in names)]
        if node.order.unique and len(_different_rows(rows, names)) < len(rows):
            raise SourceError("The events are declared unique, but two share key, time and sequence.")
        return step(context, _ordered(node, unique=False))

    return wrong


def _unique_rows(step: Step) -> Step:
    """Rows that are equal in everything do not break the promise of unique events."""

    def wrong(context: Context, node: Any) -> Result:
        if not node.order.unique:
            return step(context, node)
        rows = _different_rows(context.result(node.events).rows, node.events.output.names)
        return step(_with(context, node.events, rows), node)

    return wrong


def _unique_with_nulls(step: Step) -> Step:
    """Null keys and times are held to the promise of unique events as well."""

    def wrong(context: Context, node: Any) -> Result:
        rows, names = context.result(node.events).rows, [*node.event_keys, node.order.time]
        if node.order.unique and len(_different_rows(rows, names)) < len(rows):
            raise SourceError("The events are declared unique by key and time, but two share them.")
        return step(context, node)

    return wrong


def _with_null_keys(context: Context, node: TimeBuckets) -> Result:
    rows = context.result(node.events).rows
    blank: dict[DataType, Value] = {INT64: 0, FLOAT64: 0.0, STRING: ""}
    schema = node.events.output
    filled = [
        {**row, **{name: blank.get(schema[name].dtype) if row[name] is None else row[name] for name in node.by}}
        for row in rows
    ]
    return time_buckets(_with(context, node.events, filled), node)


def _delayed_values(context: Context, node: TimeBuckets) -> Result:
    rows, name = context.result(node.events).rows, node.order.time
    moved = [{**row, name: None if row[name] is None else row[name] + node.order.delay} for row in rows]
    return time_buckets(_with(context, node.events, moved), _ordered(node, delay=0))


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
    return (2,) if value is None else _RIGHT.ascending(value, dtype)


def _like_text(value: Value, dtype: DataType) -> tuple[Any, ...]:
    return (0,) if value is None else (1, str(value))


def _unsorted_nan(value: Value, dtype: DataType) -> tuple[Any, ...]:
    key = _RIGHT.ascending(value, dtype)
    return (1, (-1, 0.0)) if dtype == FLOAT64 and is_nan(value) else key


def _like_floats(value: Value, dtype: DataType) -> tuple[Any, ...]:
    return (1, float(value)) if dtype == INT64 and value is not None else _RIGHT.ascending(value, dtype)


def _windows_of_rows(node: TrailingAggregate) -> TrailingAggregate:
    return _windows(node, lambda m: {"size": None, "last_rows": m.window.last_rows or 3} if m.window.size else {})


def _longest(node: TrailingAggregate) -> TrailingAggregate:
    sizes = [measure.window.size for measure in node.measures]
    return _windows(node, lambda m: {"size": None if None in sizes else max(size for size in sizes if size)})


def _first(node: TrailingAggregate) -> TrailingAggregate:
    return node.replace(measures=tuple(m.model_copy(update={"window": node.measures[0].window}) for m in node.measures))


_ORDER = (AsOfJoin, TrailingAggregate, TimeBuckets)

MUTANTS: tuple[Mutant, ...] = (
    # -- keys
    _matching("null-is-a-value", "Lets null keys match each other.", lambda left, right, types: all(a is b is None or _RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("null-of-an-event-matches-all", "Takes an event with a null key for one of every key.", lambda left, right, types: None not in left and all(b is None or _RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("null-of-the-spine-matches-all", "Gives a spine row with a null key the events of all keys.", lambda left, right, types: None not in right and all(a is None or _RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("first-only", "Compares the first key only.", lambda left, right, types: _RIGHT.keys_match(left[:1], right[:1], types[:1])),
    _matching("last-only", "Compares the last key only.", lambda left, right, types: _RIGHT.keys_match(left[-1:], right[-1:], types[-1:])),
    _matching("any-of-them", "Takes keys for equal when one of them is.", lambda left, right, types: None not in [*left, *right] and any(_RIGHT.keys_match([a], [b], [t]) for a, b, t in zip(left, right, types, strict=True))),
    _matching("joined-as-text", "Puts the keys together as text.", lambda left, right, types: _RIGHT.keys_match(left, right, types) or (len(left) > 1 and None not in [*left, *right] and _as_text(left, "") == _as_text(right, ""))),
    _matching("joined-with-a-bar", "Puts the keys together as text, with a bar between.", lambda left, right, types: _RIGHT.keys_match(left, right, types) or (len(left) > 1 and None not in [*left, *right] and _as_text(left, "|") == _as_text(right, "|"))),
    _matching("joined-with-a-zero-byte", "Puts the keys together as text, with a zero byte between.", lambda left, right, types: _RIGHT.keys_match(left, right, types) or (len(left) > 1 and None not in [*left, *right] and _as_text(left, "\0") == _as_text(right, "\0"))),
    _matching("in-any-order", "Compares keys as a set.", lambda left, right, types: None not in [*left, *right] and sorted(map(repr, left)) == sorted(map(repr, right))),
    _matching("by-their-sum", "Takes numbers for equal keys when their sums are: a hash that is too simple.", lambda left, right, types: _RIGHT.keys_match(left, right, types) if None in [*left, *right] or len(left) < 2 or any(t != INT64 for t in types) else sum(left) == sum(right)),
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
    _order_rule("ties-reversed", "Takes the smallest of several values at one time for the latest.", lambda value, dtype: (_Descending(_RIGHT.ascending(value, dtype)),), "ascending"),
    _order_rule("ties-by-place", "Leaves the order of several values at one time to that of the rows.", lambda value, dtype: (0,), "ascending"),
    _order_rule("ties-nulls-last", "Takes a null for the latest of several values at one time.", _nulls_last, "ascending"),
    _order_rule("ties-as-text", "Orders the values of one time as text.", _like_text, "ascending"),
    _order_rule("ties-nan-first", "Takes NaN for the smallest of several values at one time.", _unsorted_nan, "ascending"),
    _order_rule("sequence-descending", "Orders events of one time by their sequence, descending.", lambda value, dtype: (_Descending(_RIGHT.ascending(value, dtype)),), "sequence"),
    _order_rule("sequence-ignored", "Ignores the sequence.", lambda value, dtype: (0,), "sequence"),
    _order_rule("sequence-nulls-last", "Takes an event without a sequence for the latest.", _nulls_last, "sequence"),
    _order_rule("sequence-as-text", "Orders sequences as text.", _like_text, "sequence"),
    _order_rule("sequence-as-floats", "Orders sequences as floats.", _like_floats, "sequence"),
    _order_rule("sequence-nan-first", "Takes NaN for the smallest sequence.", _unsorted_nan, "sequence"),
    _node("sequence-first-column-only", "Orders events of one time by the first sequence column only.", lambda node: _ordered(node, sequence=node.order.sequence[:1]), *_ORDER),
    _node("sequence-last-column-first", "Orders events of one time by the last sequence column first.", lambda node: _ordered(node, sequence=node.order.sequence[::-1]), *_ORDER),
    _steps("as-of-ties-by-the-last-column", "Breaks ties by the taken columns, the last of them first.", lambda step: lambda context, node: step(context, node.replace(columns=node.columns[::-1])), AsOfJoin),
    _each("as-of-mixes-rows", "Takes each column by itself, and so from different rows of a tie.", AsOfJoin, lambda context, node, column: as_of_join(context, node)),
    _steps("as-of-ties-fan-out", "Gives a row for every event of the latest time.", _fanned_out, AsOfJoin),
    # -- nulls
    _each("as-of-skips-nulls", "Fills a null of the latest event from an older one.", AsOfJoin, _only_known),
    _node("as-of-skips-rows-with-nulls", "Takes the latest event without a null in its first column.", lambda node: _filtered(node, _not_null(Column(name=node.columns[0].column))), AsOfJoin),
    _steps("null-spine-time-is-the-end", "Takes a null time of the spine for the end of time.", _null_spine_time_is(2**61), AsOfJoin, TrailingAggregate),
    _steps("null-spine-time-is-1970", "Takes a null time of the spine for 1970.", _null_spine_time_is(0), AsOfJoin, TrailingAggregate),
    _steps("null-spine-time-is-now", "Takes a null time of the spine for now.", _null_spine_time_is(1_800_000_000_000_000), AsOfJoin, TrailingAggregate),
    _events("null-event-time-is-1970", "Takes a null time of an event for 1970.", _times_filled(0)),
    _events("null-event-time-is-the-beginning", "Takes a null time of an event for the beginning of time.", _times_filled(-(2**61))),
    _each("by-drops-keys-without-values", "Leaves out secondary keys that have no value.", TrailingAggregate, _by_known_values),
    of_rules("by-with-a-null-key", "Takes null for a secondary key.", TRAILING, has_secondary_key=lambda rules, key: True),
    of_rules("by-without-keys-is-empty", "Returns an empty list where there is no secondary key.", TRAILING, no_groups=lambda rules, groups: groups),
    _each("by-is-ignored-for-counts", "Counts keys without values as if they had one.", TrailingAggregate, lambda context, node, m: trailing_aggregate(context, _calls(node, lambda m: m.call.model_copy(update={"args": ()})) if m.call.function == "count" and m.call.by else node)),
    Mutant("bucket-keeps-null-keys", "Keeps the events of null keys in tiles.", relations={TimeBuckets: _with_null_keys}),
    Mutant("bucket-delays-values", "Adds the delay to the times that tiles hold.", relations={TimeBuckets: _delayed_values}),
    # -- nothing
    _result("nothing-is-zero", "Returns zero where there is no event.", _nothing_becomes(_zero)),
    _result("nothing-is-an-empty-list", "Returns an empty list where there is no event.", _nothing_becomes(_empty_list), TrailingAggregate),
    _result("no-count-is-null", "Returns null for a count of nothing.", _no_count_is_null, TrailingAggregate),
    _result("nothing-is-carried-over", "Gives a row without events the features of the row before it.", _carried_over),
    _result("rows-without-events-are-lost", "Drops spine rows that meet no event, as an inner join does.", _only_matched),
    # -- rows
    _spine("spine-deduplicated", "Gives equal spine rows once.", lambda rows, node: _different_rows(rows, node.spine.output.names)),
    _spine("spine-deduplicated-by-key-and-time", "Gives spine rows of one key and time once.", lambda rows, node: _different_rows(rows, [*node.spine_keys, node.spine_time])),
    _spine("spine-sorted", "Gives spine rows in the order of their times.", lambda rows, node: sorted(rows, key=lambda row: _RIGHT.ascending(row[node.spine_time], INT64))),
    _spine("spine-without-nulls", "Drops spine rows with a null key or time.", lambda rows, node: [row for row in rows if None not in [row[name] for name in (*node.spine_keys, node.spine_time)]]),
    _spine("spine-reversed", "Gives spine rows in the opposite order.", lambda rows, node: rows[::-1]),
    _events("events-deduplicated", "Counts events that are equal in everything once.", lambda rows, node: _different_rows(rows, node.events.output.names)),
    _events("events-deduplicated-by-key-and-time", "Counts one event of each key and time.", _first_of_key_and_time),
    _events("late-events-lost", "Loses events that come after one that happened later.", _without_late),
    _events("earliest-event-lost", "Loses the earliest event of all.", lambda rows, node: sorted(rows, key=lambda row: _RIGHT.ascending(row[node.order.time], INT64))[1:]),
    _events("latest-event-lost", "Loses the latest event of all.", lambda rows, node: sorted(rows, key=lambda row: _RIGHT.ascending(row[node.order.time], INT64))[:-1]),
    _steps("as-of-takes-from-the-future", "Takes the next event where there is none before.", _from_the_future, AsOfJoin),
    _node("unique-never-checked", "Trusts that events are unique.", lambda node: _ordered(node, unique=False)),
    _steps("unique-by-sequence", "Lets the sequence keep the promise of unique events.", _unique_by_sequence),
    _steps("unique-rows", "Lets equal rows keep the promise of unique events.", _unique_rows),
    _steps("unique-with-nulls", "Takes null keys and times for ties.", _unique_with_nulls),
    # -- what nodes and measures share
    _node("windows-of-rows", "Takes windows for a number of rows.", _windows_of_rows, TrailingAggregate),
    _node("windows-share-the-longest", "Computes all measures over the longest window.", _longest, TrailingAggregate),
    _node("windows-share-the-first", "Computes all measures over the window of the first.", _first, TrailingAggregate),
    _node("conditions-ignored", "Ignores the conditions of measures.", lambda node: _calls(node, lambda m: m.call.model_copy(update={"where": None})), TrailingAggregate),
    _node("conditions-shared", "Applies the condition of the first measure to all.", lambda node: _calls(node, lambda m: m.call.model_copy(update={"where": node.measures[0].call.where})), TrailingAggregate),
    _node("last-rows-without-a-window", "Takes the last rows however old they are.", lambda node: _windows(node, lambda m: {"size": None} if m.window.last_rows else {}), TrailingAggregate),
    _each("last-rows-after-conditions", "Counts the last rows of those for which the condition holds.", TrailingAggregate, lambda context, node, m: _before_counting(context, node, m.call.where, m)),
    _each("last-rows-after-nulls", "Counts the last rows of those whose argument is not null.", TrailingAggregate, _after_nulls),
    _each("last-rows-of-each-secondary-key", "Counts the last rows of each secondary key.", TrailingAggregate, _per_secondary_key),
    _result("measures-by-window", "Computes measures of one aggregation and window once, whatever their argument and condition.", _sharing(lambda m: (m.call.function, m.window)), TrailingAggregate),
    _result("measures-by-function", "Computes measures of one aggregation and argument once, whatever their window.", _sharing(lambda m: (m.call.function, m.call.args)), TrailingAggregate),
    _result("measures-without-options", "Computes measures that differ in their options once.", _sharing(lambda m: (m.call.function, m.call.args, m.call.where, m.call.by, m.window)), TrailingAggregate),
    _result("windows-without-their-ends", "Computes windows once that differ in their ends only.", _sharing(lambda m: (m.call, m.window.size, m.window.offset, m.window.every, m.window.last_rows)), TrailingAggregate),
    _each("sums-by-prefixes", "Subtracts two running totals: what has left the window stays in the error.", TrailingAggregate, _by_prefixes),
)  # fmt: skip
"""Wrong ways to bring events and spine together."""
