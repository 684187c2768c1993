"""The ordinary plan that gives the kernel its events: filtered, joined with the spine's keys, and projected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from onefold.kernel.asof import Lookup
from onefold.kernel.chunk import Chunk
from onefold.kernel.columns import ComputedColumns
from onefold.kernel.trailing import Request
from onefold.plan import (
    AsOfJoin,
    Call,
    Column,
    Expression,
    Filter,
    Input,
    Join,
    Literal,
    NamedExpression,
    Project,
    Relation,
    TrailingAggregate,
)
from onefold.types import INT64, Field, Schema, to_arrow

__all__ = ["CODE", "TIME", "EventRows", "EventStream", "TemporalNode", "event_rows", "event_stream", "fused", "seen"]

TemporalNode = TrailingAggregate | AsOfJoin

CODE, TIME = "code", "time"
"""The first two columns of every event stream: the code of the key, microseconds since 1970."""

MOST_DELAY = 2**63 - 1

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST = (dt.datetime.min.replace(tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)
_LAST = (dt.datetime.max.replace(tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class EventStream:
    """Events of some nodes in one stream, and what is computed from its columns.

    Args:
        plan: The plan whose result is the stream, in any order; it reads the spine's keys as the input ``keys_input``.
        keys_input: The name of the input with the distinct keys of the spine.
        key_names: The columns of that input that hold the key.
        code_name: The column of that input that holds its code.
        sequence: The columns of the stream that order events of one time.
        requests: The trailing measures of all nodes.
        lookups: The as-of look-ups of all nodes.
        unique: Whether no two events of a key may have one time.
    """

    plan: Relation
    keys_input: str
    key_names: tuple[str, ...]
    code_name: str
    sequence: tuple[str, ...]
    requests: tuple[Request, ...]
    lookups: tuple[Lookup, ...]
    unique: bool

    @property
    def delay(self) -> int:
        """How far before a spine row's time lies, at least, the last instant that the row can see."""
        return min(
            *(request.window.offset + request.delay for request in self.requests),
            *(lookup.delay for lookup in self.lookups),
            MOST_DELAY,
        )

    def first_needed(self, chunk: Chunk) -> int:
        """Return the first event of a chunk that its first spine row, or a later row of that key, can see."""
        windows = chunk.windows
        first = [windows.interval(request.window, request.delay).left[0] for request in self.requests]
        first += [windows.before(None, it.delay, include=it.include_exact)[0] - 1 for it in self.lookups]
        return max(0, int(min(first)))


def fused(nodes: Sequence[TemporalNode]) -> list[list[TemporalNode]]:
    """Return the nodes in groups that can share one stream, in an order in which they can be computed.

    Nodes share a stream when their events, keys, time and order are the same; windows and delays may differ.
    """
    groups: dict[object, list[TemporalNode]] = {}
    for node in nodes:
        order = node.order.model_copy(update={"delay": 0})
        same = (node.events.fingerprint, node.spine_keys, node.event_keys, node.spine_time, str(order))
        groups.setdefault(same, []).append(node)
    return list(groups.values())


def event_stream(nodes: Sequence[TemporalNode], span: tuple[int, int] | None) -> EventStream:
    """Return the stream of events for nodes that share one.

    Args:
        nodes: The nodes.
        span: The first and the last instant of the spine in microseconds, to leave out events that no window can
            reach; None to leave out nothing.
    """
    node = nodes[0]
    events = node.events
    prefix = next(name for name in _prefixes() if not any(column.startswith(name) for column in events.output.names))
    key_names = tuple(f"{prefix}{number}" for number in range(len(node.spine_keys)))
    key_fields = [
        Field(name, node.spine.output[key].dtype) for name, key in zip(key_names, node.spine_keys, strict=True)
    ]
    code_name = f"{prefix}code"
    key_fields.append(Field(code_name, INT64, False))
    keys_input = f"__keys_{events.fingerprint[:16]}"
    joined = Join(
        left=Filter(input=events, predicate=_reachable(nodes, span)),
        right=Input(name=keys_input, columns=Schema(key_fields)),
        left_on=node.event_keys,
        right_on=key_names,
        how="inner",
    )
    wanted = _wanted(nodes)
    plan = Project(
        input=joined,
        columns=(
            NamedExpression(name=CODE, expression=Column(name=code_name)),
            NamedExpression(name=TIME, expression=_microseconds(node)),
            *wanted.columns,
        ),
    )
    return EventStream(
        plan, keys_input, key_names, code_name, wanted.sequence, wanted.requests, wanted.lookups, node.order.unique
    )


@dataclass(frozen=True, slots=True)
class EventRows:
    """Events of some nodes as an engine spreads them by their keys, before they are coded and sorted.

    Args:
        plan: The events that have a key and a time. Its columns are the keys, the time in microseconds, and those of
            the stream, called as there.
        sequence: The columns that order events of one time; the rows of a key are sorted by time and these.
    """

    plan: Relation
    sequence: tuple[str, ...]


def event_rows(nodes: Sequence[TemporalNode], span: tuple[int, int] | None) -> EventRows:
    """Return the events of nodes that share a stream, for engines that bring rows of one key together by themselves.

    Such an engine runs the kernel wherever it has brought rows of the spine and events together. There the kernel asks
    for the plan of :func:`event_stream`, and is given these rows: of the keys that it names, coded as it says.

    Args:
        nodes: The nodes.
        span: See :func:`event_stream`.
    """
    node = nodes[0]
    wanted = _wanted(nodes)
    present = tuple(Call(function="is_not_null", args=(Column(name=name),)) for name in node.event_keys)
    kept = Call(function="and", args=(*present, _reachable(nodes, span)))
    keys = (
        NamedExpression(name=f"{CODE}{number}", expression=Column(name=name))
        for number, name in enumerate(node.event_keys)
    )
    columns = (*keys, NamedExpression(name=TIME, expression=_microseconds(node)), *wanted.columns)
    return EventRows(Project(input=Filter(input=node.events, predicate=kept), columns=columns), wanted.sequence)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What nodes read of their events, as columns, and what is computed from these columns."""

    columns: tuple[NamedExpression, ...]
    sequence: tuple[str, ...]
    requests: tuple[Request, ...]
    lookups: tuple[Lookup, ...]


def _wanted(nodes: Sequence[TemporalNode]) -> _Wanted:
    columns = ComputedColumns("c")
    order = nodes[0].order
    sequence = () if order.unique else tuple(columns.name(Column(name=name)) for name in order.sequence)
    requests = tuple(_requests(nodes, columns))
    lookups = tuple(
        Lookup(
            columns=tuple((columns.name(Column(name=taken.column)), taken.name) for taken in lookup.columns),
            include_exact=lookup.include_exact,
            max_age=lookup.max_age,
            delay=lookup.order.delay,
        )
        for lookup in nodes
        if isinstance(lookup, AsOfJoin)
    )
    return _Wanted(tuple(columns), sequence, requests, lookups)


def _microseconds(node: TemporalNode) -> Expression:
    return Call(function="epoch_microseconds", args=(Column(name=node.order.time),))


def _prefixes() -> Iterator[str]:
    yield "__key_"
    for number in count(2):
        yield f"__key{number}_"


def _requests(nodes: Sequence[TemporalNode], columns: ComputedColumns) -> Iterator[Request]:
    for node in nodes:
        if not isinstance(node, TrailingAggregate):
            continue
        for measure in node.measures:
            call = measure.call
            yield Request(
                name=measure.name,
                function=call.function,
                args=tuple(columns.name(arg) for arg in call.args),
                where=None if call.where is None else columns.name(call.where),
                by=None if call.by is None else columns.name(call.by),
                options=call.options,
                window=measure.window,
                delay=node.order.delay,
                dtype=to_arrow(node.output[measure.name].dtype),
            )


def _reachable(nodes: Sequence[TemporalNode], span: tuple[int, int] | None) -> Expression:
    """Return the predicate for events with a time, between the start of the earliest and the end of the last window."""
    time = Column(name=nodes[0].order.time)
    known: Expression = Call(function="is_not_null", args=(time,))
    if span is None:
        return known
    first, last = seen(nodes, span)
    tests = [known, Call(function="lte", args=(time, _instant(last)))]
    if first is not None:
        tests.append(Call(function="gte", args=(time, _instant(first))))
    return Call(function="and", args=tuple(tests))


def seen(nodes: Sequence[TemporalNode], span: tuple[int, int]) -> tuple[int | None, int]:
    """Return the first and the last event time that spine rows of a span of time can see.

    Args:
        nodes: The nodes.
        span: The first and the last instant of the spine rows in microseconds.

    Returns:
        Event times in microseconds, both inclusive; None as the first for windows that have no start.
    """
    starts, ends = zip(*(bound for node in nodes for bound in _bounds(node, span)), strict=True)
    known = [start for start in starts if start is not None]
    return (min(known) if len(known) == len(starts) else None), max(ends)


def _bounds(node: TemporalNode, span: tuple[int, int]) -> Iterator[tuple[int | None, int]]:
    """Yield the earliest and latest event time that can matter, per window; None for no start."""
    first, last = span[0] - node.order.delay, span[1] - node.order.delay
    if isinstance(node, AsOfJoin):
        yield (None if node.max_age is None else first - node.max_age), last
        return
    for window in {measure.window for measure in node.measures}:
        end = first - _remainder(span[0], window.every) - window.offset
        yield (None if window.size is None else end - window.size), last - window.offset


def _remainder(instant: int, every: int | None) -> int:
    """Return how far an instant lies after its place on a grid."""
    return 0 if every is None else instant % every


def _instant(microseconds: int) -> Literal:
    """Return an instant as a literal; beyond the years 1 to 9999 the first or last one, which bounds as well."""
    return Literal.of(_EPOCH + dt.timedelta(microseconds=min(max(microseconds, _FIRST), _LAST)))
