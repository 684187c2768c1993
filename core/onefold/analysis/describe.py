"""Plans as text that people read: expressions in infix form, relations as a tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfJoin,
    Call,
    Case,
    Cast,
    Column,
    Deduplicate,
    Distinct,
    Expression,
    Filter,
    Input,
    Join,
    Limit,
    Literal,
    MapBatches,
    NativeSql,
    Project,
    RankCall,
    Relation,
    Scan,
    Sort,
    TimeBuckets,
    TrailingAggregate,
    TrailingMeasure,
    Union,
    Unnest,
    Window,
    Write,
)
from onefold.types import format_duration

__all__ = ["call_text", "describe", "expression_text", "headline", "measure_text"]

_INFIX = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "equal": "=",
    "not_equal": "!=",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "and": "and",
    "or": "or",
}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

MOST = 120
"""Longer lists and expressions are cut to about this many characters."""


def describe(root: Relation, mark: Callable[[Relation], str] = lambda relation: "") -> str:
    """Return a plan as an indented tree, the result first and its sources below.

    Args:
        root: The plan.
        mark: Returns what stands behind the line of a relation.

    Examples:
        >>> from onefold.plan import Column, Filter, Input
        >>> from onefold.types import Schema
        >>> rows = Input(name="rows", columns=Schema.of(k="string", late="bool"))
        >>> print(describe(Filter(input=rows, predicate=Column(name="late"))))
        Filter late
        └─ Input rows: k, late
    """
    lines: list[str] = []
    _tree(root, "", "", lines, {}, mark=mark)
    return "\n".join(lines)


def _tree(
    relation: Relation,
    first: str,
    rest: str,
    lines: list[str],
    shown: dict[str, int],
    *,
    mark: Callable[[Relation], str],
) -> None:
    if relation.fingerprint in shown and relation.inputs:
        lines.append(f"{first}(as in line {shown[relation.fingerprint]}) {type(relation).__name__}")
        return
    shown[relation.fingerprint] = len(lines) + 1
    head, *details = headline(relation)
    lines.append(first + head + mark(relation))
    below = relation.inputs
    lines.extend(f"{rest}{'│ ' if below else '  '} {detail}" for detail in details)
    for number, child in enumerate(below):
        last = number == len(below) - 1
        _tree(child, f"{rest}{'└─' if last else '├─'} ", f"{rest}{'   ' if last else '│  '}", lines, shown, mark=mark)


def headline(relation: Relation) -> list[str]:
    """Return one line that says what a relation does, and further lines with its details."""
    describe_one = _HEADLINES.get(type(relation))
    return describe_one(relation) if describe_one else [type(relation).__name__]


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


def _names(names: tuple[str, ...] | list[str]) -> str:
    return _cut(", ".join(names))


def _instant(micros: int | None) -> str:
    if micros is None:
        return ""
    try:
        return (_EPOCH + dt.timedelta(microseconds=micros)).isoformat(sep=" ").removesuffix("+00:00") + "Z"
    except OverflowError:
        return f"{micros} us"


def _scan(node: Scan) -> list[str]:
    lines = [f"Scan {node.table.name} ({node.table.format})"]
    lines.append(f"columns: {_names(node.output.names)} ({len(node.output)} of {len(node.table.columns)})")
    if node.time_range is not None:
        range_ = node.time_range
        start = f"{_instant(range_.start)} <= " if range_.start is not None else ""
        end = f" < {_instant(range_.end)}" if range_.end is not None else ""
        lines.append(f"time range: {start}{range_.column}{end}")
    if node.predicate is not None:
        lines.append(f"predicate: {_cut(expression_text(node.predicate))}")
    return lines


def _project(node: Project) -> list[str]:
    parts = [
        column.name
        if isinstance(column.expression, Column) and column.expression.name == column.name
        else f"{column.name} = {expression_text(column.expression)}"
        for column in node.columns
    ]
    return [f"Project {_cut(', '.join(parts))}"]


def _join(node: Join) -> list[str]:
    keys = ", ".join(f"{left} = {right}" for left, right in zip(node.left_on, node.right_on, strict=True))
    return [f"Join {node.how}{f' on {keys}' if keys else ''}"]


def _as_of(node: AsOfJoin) -> list[str]:
    keys = ", ".join(f"{left} = {right}" for left, right in zip(node.spine_keys, node.event_keys, strict=True))
    bound = "<=" if node.include_exact else "<"
    clock = node.order.time + (f" + {format_duration(node.order.delay)}" if node.order.delay else "")
    age = "" if node.max_age is None else f", at most {format_duration(node.max_age)} old"
    return [
        f"AsOfJoin on {keys}: latest event with {clock} {bound} {node.spine_time}{age}",
        f"takes: {_names([column.name for column in node.columns])}",
    ]


def _trailing(node: TrailingAggregate) -> list[str]:
    keys = ", ".join(f"{left} = {right}" for left, right in zip(node.spine_keys, node.event_keys, strict=True))
    clock = node.order.time + (f" + {format_duration(node.order.delay)}" if node.order.delay else "")
    groups: dict[str, list[str]] = {}
    for measure in node.measures:
        groups.setdefault(str(measure.window), []).append(f"{measure.name} = {call_text(measure.call)}")
    lines = [f"TrailingAggregate on {keys}, {clock} as of {node.spine_time}: {len(node.measures)} features"]
    return lines + [f"{window}: {_cut('; '.join(parts))}" for window, parts in groups.items()]


def call_text(call: AggCall | RankCall) -> str:
    """Return an aggregation as text, such as ``sum(x) where late``."""
    if isinstance(call, RankCall):
        return f"{call.function}({'' if call.arg is None else expression_text(call.arg)})"
    declared = call.entry.options
    options = [f"{name}={value}" for name, value in call.options.items() if value != declared[name].default]
    text = f"{call.function}({', '.join([*map(expression_text, call.args), *options])})"
    if call.where is not None:
        text += f" where {expression_text(call.where)}"
    return text + (f" by {expression_text(call.by)}" if call.by is not None else "")


def measure_text(measure: TrailingMeasure) -> str:
    """Return a feature as text, such as ``sum(x) where late over 7d, offset 1d``."""
    window = measure.window
    parts = ["lifetime" if window.size is None else format_duration(window.size)]
    parts += [f"offset {format_duration(window.offset)}"] if window.offset else []
    parts += [] if window.every is None else [f"every {format_duration(window.every)}"]
    parts += [] if window.last_rows is None else [f"last {window.last_rows:,} rows"]
    return f"{call_text(measure.call)} over {', '.join(parts)}"


def expression_text(expression: Expression) -> str:
    """Return an expression as text, operators in infix form."""
    match expression:
        case Column(name=name):
            return name
        case Literal():
            return repr(expression.value) if isinstance(expression.value, str) else str(expression.value)
        case Call() if expression.function in _INFIX and len(expression.args) == 2:
            left, right = map(expression_text, expression.args)
            return f"({left} {_INFIX[expression.function]} {right})"
        case Call():
            options = [f"{name}={value!r}" for name, value in expression.options.items()]
            return f"{expression.function}({', '.join([*map(expression_text, expression.args), *options])})"
        case Cast():
            return f"cast({expression_text(expression.arg)} as {expression.to})"
        case Case():
            branches = " ".join(
                f"when {expression_text(b.when)} then {expression_text(b.then)}" for b in expression.branches
            )
            otherwise = "" if expression.otherwise is None else f" else {expression_text(expression.otherwise)}"
            return f"case {branches}{otherwise} end"
    return type(expression).__name__


_HEADLINES: dict[type[Relation], Callable[..., list[str]]] = {
    Scan: _scan,
    Input: lambda node: [f"Input {node.name}: {_names(node.output.names)}"],
    Project: _project,
    Filter: lambda node: [f"Filter {_cut(expression_text(node.predicate))}"],
    Join: _join,
    Union: lambda node: [f"Union of {len(node.relations)}"],
    Distinct: lambda node: ["Distinct"],
    Deduplicate: lambda node: [
        f"Deduplicate keep {node.keep} per {_names(node.by)}"
        + (f" by {_cut(', '.join(map(str, node.order)))}" if node.order else "")
    ],
    Sort: lambda node: [f"Sort by {_cut(', '.join(map(str, node.keys)))}"],
    Limit: lambda node: [f"Limit {node.count}" + (f" after {node.offset}" if node.offset else "")],
    Unnest: lambda node: [f"Unnest {node.column}"],
    Aggregate: lambda node: [
        f"Aggregate by {_names(node.by) or 'nothing'}: "
        + _cut("; ".join(f"{m.name} = {call_text(m.call)}" for m in node.measures))
    ],
    Window: lambda node: [
        f"Window over {_names(node.partition_by) or 'all rows'}: "
        + _cut("; ".join(f"{m.name} = {call_text(m.call)}" for m in node.measures))
    ],
    AsOfJoin: _as_of,
    TrailingAggregate: _trailing,
    TimeBuckets: lambda node: [
        f"TimeBuckets of {format_duration(node.every)} by {_names(node.by)}: "
        + _cut("; ".join(f"{m.name} = {call_text(m.call)}" for m in node.measures))
    ],
    MapBatches: lambda node: [f"MapBatches {node.function.module}.{node.function.name} ({node.format})"],
    NativeSql: lambda node: [f"NativeSql ({node.dialect}): {_cut(' '.join(node.text.split()))}"],
    Write: lambda node: [f"Write {node.sink.format} to {node.sink.path} ({node.sink.mode})"],
}
