"""A slow, plain interpreter of temporal nodes, and an engine made of Python lists: what the kernel is compared with."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from onefold.plan import (
    AsOfJoin,
    Call,
    Column,
    Expression,
    Filter,
    Input,
    Join,
    Literal,
    Project,
    Relation,
    Sort,
    TrailingAggregate,
    TrailingWindow,
)
from onefold.types import schema_to_arrow

Row = dict[str, Any]
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def micros(instant: dt.datetime) -> int:
    micro = dt.timedelta(microseconds=1)
    return int((instant - EPOCH) // micro)


# -- order of values: nulls smallest, NaN greatest


def compare(left: Any, right: Any) -> int:
    left_key, right_key = _rank(left), _rank(right)
    if left_key != right_key or left_key in (0, 2):
        return (left_key > right_key) - (left_key < right_key)
    if isinstance(left, str):
        left, right = left.encode(), right.encode()
    return int(left > right) - int(left < right)


def _rank(value: Any) -> int:
    if value is None:
        return 0
    return 2 if isinstance(value, float) and math.isnan(value) else 1


class Order:
    """Compares tuples of values in the order of the kernel."""

    def __init__(self, *values: Any) -> None:
        self.values = values

    def __lt__(self, other: Order) -> bool:
        for left, right in zip(self.values, other.values, strict=True):
            sign = compare(left, right)
            if sign:
                return sign < 0
        return False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Order) and not self < other and not other < self

    __hash__ = None  # type: ignore[assignment]


def same(left: Any, right: Any) -> bool:
    """Whether two results are equal; NaN is NaN, null is not."""
    if isinstance(left, float) and isinstance(right, float):
        return left == right or (math.isnan(left) and math.isnan(right))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    return type(left) is type(right) and left == right


# -- expressions and relations


def value(expression: Expression, row: Row) -> Any:
    """Return the value of an expression for a row."""
    match expression:
        case Column(name=name):
            return row[name]
        case Literal():
            return expression.python_value
        case Call(function="is_not_null", args=(arg,)):
            return value(arg, row) is not None
        case Call(function="epoch_microseconds", args=(arg,)):
            instant = value(arg, row)
            return None if instant is None else micros(instant)
        case Call(function="and", args=args):
            found = [value(arg, row) for arg in args]
            return False if False in found else None if None in found else True
        case Call(function="gte" | "lte" as function, args=(left, right)):
            a, b = value(left, row), value(right, row)
            return None if a is None else (a >= b if function == "gte" else a <= b)
    raise AssertionError(expression)


def engine(
    tables: Mapping[str, pa.Table], batch: int = 7
) -> Callable[[Relation, Mapping[str, pa.Table]], pa.RecordBatchReader]:
    """Return an ``execute`` for the kernel over Python lists, which shuffles what the plan leaves without an order."""

    def rows(plan: Relation, inputs: Mapping[str, pa.Table]) -> list[Row]:
        match plan:
            case Input(name=name):
                return list(reversed(inputs[name].to_pylist()))
            case Filter(input=below, predicate=predicate):
                return [row for row in rows(below, inputs) if value(predicate, row) is True]
            case Project(input=below, columns=columns):
                return [{c.name: value(c.expression, row) for c in columns} for row in rows(below, inputs)]
            case Join(left=left, right=right, how="inner"):
                assert plan.right_columns[-1][1] == right.output.names[-1]
                return [
                    {**{k: v for k, v in b.items() if k not in plan.right_on}, **a}
                    for a in rows(left, inputs)
                    for b in rows(right, inputs)
                    if all(
                        a[x] is not None and same(a[x], b[y]) for x, y in zip(plan.left_on, plan.right_on, strict=True)
                    )
                ]
            case Join(left=left, right=right, how="semi"):
                keys = {tuple(b[y] for y in plan.right_on) for b in rows(right, inputs)}
                return [a for a in rows(left, inputs) if tuple(a[x] for x in plan.left_on) in keys]
            case Sort(input=below, keys=keys):
                assert all(key.nulls == "first" and not key.descending for key in keys)
                return sorted(rows(below, inputs), key=lambda row: Order(*(row[key.column] for key in keys)))
        raise AssertionError(plan)

    def execute(plan: Relation, inputs: Mapping[str, pa.Table]) -> pa.RecordBatchReader:
        table = pa.Table.from_pylist(rows(plan, {**tables, **inputs}), schema_to_arrow(plan.output))
        return table.to_reader(max_chunksize=batch)

    return execute


# -- temporal nodes


def in_window(event: int, spine: int, window: TrailingWindow) -> bool:
    end = spine if window.every is None else spine // window.every * window.every
    end -= window.offset
    if not (event < end or (event == end and window.closed in ("right", "both"))):
        return False
    if window.size is None:
        return True
    start = end - window.size
    return event > start or (event == start and window.closed in ("left", "both"))


def trailing(node: TrailingAggregate, spine: list[Row], events: list[Row]) -> list[Row]:
    """Return the measures of a node for each spine row."""
    out = []
    for row in spine:
        mine = _known(node, row, events)
        result = {}
        for measure in node.measures:
            call = measure.call
            parts = [*call.args, *(part for part in (call.by, call.where) if part is not None)]
            held = sorted(
                (e for e in mine if in_window(_clock(node, e), micros(row[node.spine_time]), measure.window)),
                key=lambda e: Order(
                    e[node.order.time], *(e[s] for s in node.order.sequence), *(value(part, e) for part in parts)
                ),
            )
            if measure.window.last_rows is not None:
                held = held[-measure.window.last_rows :]
            result[measure.name] = keyed(call, held)
        out.append(result)
    return out


def as_of(node: AsOfJoin, spine: list[Row], events: list[Row]) -> list[Row]:
    """Return the taken columns of a node for each spine row."""
    out = []
    for row in spine:
        window = TrailingWindow(closed="both" if node.include_exact else "left")
        mine = [
            e for e in _known(node, row, events) if in_window(_clock(node, e), micros(row[node.spine_time]), window)
        ]
        if node.max_age is not None:
            mine = [e for e in mine if micros(row[node.spine_time]) - _clock(node, e) <= node.max_age]
        best = max(
            mine,
            default=None,
            key=lambda e: Order(
                e[node.order.time], *(e[s] for s in node.order.sequence), *(e[c.column] for c in node.columns)
            ),
        )
        out.append({c.name: None if best is None else best[c.column] for c in node.columns})
    return out


def _known(node: AsOfJoin | TrailingAggregate, row: Row, events: list[Row]) -> list[Row]:
    key = [row[k] for k in node.spine_keys]
    if row[node.spine_time] is None or None in key:
        return []
    return [
        e
        for e in events
        if e[node.order.time] is not None and all(same(e[k], v) for k, v in zip(node.event_keys, key, strict=True))
    ]


def _clock(node: AsOfJoin | TrailingAggregate, event: Row) -> int:
    return micros(event[node.order.time]) + node.order.delay


# -- aggregations


def keyed(call: Any, rows: list[Row]) -> Any:
    """Return an aggregation over rows in their final order, with its condition and secondary key."""
    rows = [row for row in rows if call.where is None or value(call.where, row) is True]
    if call.by is None:
        return aggregate(call, rows)
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        key = value(call.by, row)
        if key is not None:
            groups.setdefault(_hashable(key), []).append(row)
    entries = [{"key": value(call.by, mine[0]), "value": aggregate(call, mine)} for mine in groups.values()]
    return sorted(entries, key=lambda entry: Order(entry["key"])) or None


def aggregate(call: Any, rows: list[Row]) -> Any:
    """Return an aggregation over rows in their final order."""
    options = dict(call.options)
    if not call.args:
        assert call.function == "count"
        return len(rows)
    values = [value(call.args[0], row) for row in rows]
    if options.get("nulls") != "keep":
        values = [v for v in values if v is not None]
    if call.function in ("count", "count_distinct"):
        return len(values) if call.function == "count" else len({_hashable(v) for v in values})
    return _FUNCTIONS[call.function](values, options) if values else None


def _sum(values: list[Any], options: Mapping[str, Any]) -> Any:
    if isinstance(values[0], float):
        return _fsum(values)
    return sum(values) if isinstance(values[0], int) else sum(values, Decimal(0))


def _fsum(values: list[float]) -> float:
    if not all(map(math.isfinite, values)):
        return math.nan if len({v for v in values if not math.isfinite(v)}) > 1 else sum(values)
    exact = sum(map(Fraction, values), Fraction(0))
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def _mean(values: list[Any], options: Mapping[str, Any]) -> float:
    if isinstance(values[0], float):
        return _fsum(values) / len(values) + 0.0
    exact = sum(map(Fraction, values), Fraction(0))
    return exact.numerator / exact.denominator / len(values)


def _histogram(values: list[Any], options: Mapping[str, Any]) -> list[Row]:
    counts = Counter(map(_hashable, values))
    kept = {_hashable(v): v for v in values}
    return [{"key": kept[k], "value": counts[k]} for k in sorted(kept, key=lambda k: Order(kept[k]))]


def _hashable(v: Any) -> Any:
    return "nan" if isinstance(v, float) and math.isnan(v) else v


def _sorted(values: list[Any]) -> list[Any]:
    return sorted(values, key=functools.cmp_to_key(compare))


_FUNCTIONS: dict[str, Callable[[list[Any], Mapping[str, Any]], Any]] = {
    "sum": _sum,
    "mean": _mean,
    "any": lambda v, o: any(v),
    "all": lambda v, o: all(v),
    "min": lambda v, o: _sorted(v)[0],
    "max": lambda v, o: _sorted(v)[-1],
    "min_n": lambda v, o: _sorted(v)[: o["n"]],
    "max_n": lambda v, o: _sorted(v)[::-1][: o["n"]],
    "first": lambda v, o: v[0],
    "last": lambda v, o: v[-1],
    "first_n": lambda v, o: v[: o["n"]],
    "last_n": lambda v, o: v[-o["n"] :],
    "collect": lambda v, o: v[-o["limit"] :],
    "histogram": _histogram,
}
