"""Windows over rows: rankings, and aggregations over frames."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onefold.plan import AggCall, Frame, RankCall, Relation, Window, WindowMeasure
from onefold_conformance.oracle.calls import AppliedCall, Member
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.rows import identity_of, settled, sort_key
from onefold_conformance.oracle.result import Result, tolerance_of
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row, Value

__all__ = ["STEPS"]


@dataclass(frozen=True, slots=True)
class _Partition:
    """The rows that see each other, in an order without ties.

    Args:
        rows: The rows.
        peers: For each of them, the positions of the rows with equal order keys.
        before: For each of them, how many different order keys come before its own.
        values: For each of them, the value of the first order key.
        nulls_first: Whether the nulls of the first order key come first.
    """

    rows: Sequence[Row]
    peers: Sequence[range]
    before: Sequence[int]
    values: Sequence[Value]
    nulls_first: bool


def window(context: Context, node: Window) -> Result:
    """Return all rows and columns, and the measures beside them."""
    below = context.result(node.input)
    schema = node.input.output
    groups: dict[Hashable, list[int]] = {}
    for number, row in enumerate(below.rows):
        groups.setdefault(identity_of(context.rules, row, node.partition_by, schema), []).append(number)
    measures = [_Measure(context, node, measure, below) for measure in node.measures]
    rows: list[Row] = []
    for numbers in groups.values():
        partition = _partition(context.rules, node, [below.rows[number] for number in numbers])
        for position, row in enumerate(partition.rows):
            rows.append({**row, **{measure.name: measure.value(partition, position) for measure in measures}})
    # The order decides about values, not about rows.
    exact = below.is_exact(schema.names)
    tolerances = {
        **below.tolerances,
        **{measure.name: measure.tolerance if exact else Tolerance.unknown() for measure in measures},
    }
    return Result(rows, tolerances, below.determined)


def _partition(rules: Rules, node: Window, rows: Sequence[Row]) -> _Partition:
    schema = node.input.output
    ordered = settled(rules, rows, node.order_by, schema)
    keys = [sort_key(rules, row, node.order_by, schema) for row in ordered]
    starts = [place for place in range(len(keys)) if not place or keys[place] != keys[place - 1]]
    peers: list[range] = []
    before: list[int] = []
    for number, (start, stop) in enumerate(zip(starts, [*starts[1:], len(keys)], strict=True)):
        peers += [range(start, stop)] * (stop - start)
        before += [number] * (stop - start)
    first = node.order_by[0] if node.order_by else None
    values = [None if first is None else row[first.column] for row in ordered]
    return _Partition(ordered, peers, before, values, first is not None and first.nulls == "first")


class _Measure:
    """A measure of a window.

    Args:
        context: The run.
        node: The window.
        measure: The measure.
        below: The rows of the input.
    """

    def __init__(self, context: Context, node: Window, measure: WindowMeasure, below: Result) -> None:
        schema = node.input.output
        self.name = measure.name
        self._rules = context.rules
        self._frame = measure.frame
        self._call: AppliedCall | None = None
        self._ranking: RankCall | None = None
        self._tolerance = Tolerance()
        if isinstance(measure.call, AggCall):
            self._call = AppliedCall(context, measure.call, schema, below.tolerances)
        else:
            self._ranking = measure.call
            if measure.call.arg is not None:
                self._arg = context.compile(measure.call.arg, schema)
                self._tolerance = tolerance_of(measure.call.arg, below.tolerances)

    @property
    def tolerance(self) -> Tolerance:
        """How far the values that were computed so far may be off."""
        return self._tolerance if self._call is None else self._call.tolerance

    def value(self, partition: _Partition, position: int) -> Value:
        """Return the value for a row of a partition."""
        if self._call is not None:
            frame = _positions(self._rules, partition, position, self._frame)
            return self._call.value(_members(partition, frame))
        assert self._ranking is not None
        return self._ranked(self._ranking.function, partition, position)

    def _ranked(self, function: str, partition: _Partition, position: int) -> Value:
        peers, rows = partition.peers[position], len(partition.rows)
        if function in ("lag", "lead"):
            assert self._ranking is not None
            offset: Any = self._ranking.options["offset"]
            place = self._rules.shifted(position, rows, -offset if function == "lag" else offset)
            return None if place is None else self._arg(partition.rows[place])
        match function:
            case "rank":
                return self._rules.rank(peers)
            case "dense_rank":
                return self._rules.dense_rank(partition.before[position])
            case "percent_rank":
                return self._rules.percent_rank(peers, rows)
            case "cume_dist":
                return self._rules.cume_dist(peers, rows)
        return position + 1


def _members(partition: _Partition, frame: range) -> list[Member]:
    """Return the rows of a frame in their order, with their ages: those of decays count from its latest time."""
    times = [partition.values[place] for place in frame]
    end = max((time for time in times if isinstance(time, int)), default=0)
    ages = [end - time if isinstance(time, int) else None for time in times]
    return [Member(partition.rows[place], place, age) for place, age in zip(frame, ages, strict=True)]


def _positions(rules: Rules, partition: _Partition, position: int, frame: Frame | None) -> range:
    """Return the positions of the rows that a frame holds."""
    rows, peers = len(partition.rows), partition.peers[position]
    if frame is None:
        return rules.default_frame(position, peers)
    if frame.unit == "rows":
        return rules.rows_frame(position, rows, frame.start, frame.end)
    current = partition.values[position]
    if current is None or not (frame.start or frame.end):  # nothing to measure from: the ends are those of the peers
        first = 0 if frame.start is None else peers.start
        last = rows - 1 if frame.end is None else peers.stop - 1
        return range(first, last + 1)
    # Nulls are beyond every distance, at their end of the order: only a frame without a bound there holds them.
    held: list[int] = []
    for place, value in enumerate(partition.values):
        if value is None:
            unbounded = frame.start if partition.nulls_first else frame.end
            inside = unbounded is None
        else:
            inside = rules.in_distance(value, current, frame.start, frame.end)
        if inside:
            held.append(place)
    return range(held[0], held[-1] + 1) if held else range(0)


STEPS: Mapping[type[Relation], Step] = {Window: window}
"""The interpreters of this family."""
