"""The relations that make this a plan for features: as-of joins, trailing aggregates, and tiles.

The time rules (see ``docs/explanation/time.md``), the same for every engine:

* An event is known at its time plus ``delay``; every rule below is stated on that clock.
* As of T means strictly before T. ``include_exact`` (``closed="right"``) lets an event at exactly T count.
* Events of one key and time are ordered by the sequence columns; where those leave them equal, by value.
* Null keys and null times match nothing. Every spine row comes out exactly once, in its place.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from pydantic import Field as Required

from onefold.errors import PlanError, listed
from onefold.plan.aggregations import AGGREGATIONS, AggCall, Measure, TrailingMeasure, get_aggregation
from onefold.plan.expressions import Call, Column, Expression
from onefold.plan.node import Part
from onefold.plan.relations.base import Relation, check_time_column, require_columns, require_ordered
from onefold.plan.relations.combining import check_key_pair
from onefold.plan.windows import SortKey
from onefold.types import MAX_DURATION, TIMESTAMP_UTC, Field, Schema

__all__ = ["AsOfColumn", "AsOfJoin", "EventOrder", "TimeBuckets", "TrailingAggregate", "partial_calls"]


class EventOrder(Part):
    """When events happen and in which order they count.

    Args:
        time: The instant column of the events.
        sequence: Columns that order events of one time, ascending, nulls first; the last one is the latest.
        delay: How long after its time an event becomes known, in microseconds.
        unique: Whether (key, time) is declared unique, so that ties need no work; a tie is then a SourceError.
    """

    time: str
    sequence: tuple[str, ...] = ()
    delay: int = Required(default=0, ge=0, le=MAX_DURATION)
    unique: bool = False


def _check_sides(node: AsOfJoin | TrailingAggregate) -> None:
    if not node.spine_keys or len(node.spine_keys) != len(node.event_keys):
        raise PlanError(
            f"The spine has {len(node.spine_keys)} keys and the events have {len(node.event_keys)}: "
            "there must be as many, and at least one."
        )
    require_columns(node.spine.output, node.spine_keys, what="The keys of the spine")
    require_columns(node.events.output, node.event_keys, what="The keys of the events")
    for left, right in zip(node.spine_keys, node.event_keys, strict=True):
        check_key_pair(node.spine.output[left], node.events.output[right])
    check_time_column(node.spine.output, node.spine_time, what="The time of the spine")
    check_time_column(node.events.output, node.order.time, what="The time of the events")
    require_ordered(node.events.output, node.order.sequence, what="The sequence columns")


def _check_new(schema: Schema, names: tuple[str, ...]) -> None:
    for name in names:
        if name in schema:
            raise PlanError(
                f"The spine already has a column {name!r}: give the feature another name, or rename the column."
            )


class AsOfColumn(Part):
    """A column taken from the matched event, under a name in the output."""

    column: str
    name: str = Required(min_length=1)


class AsOfJoin(Relation):
    """For each spine row, the latest event of its key that is known as of its time.

    Of events with the latest time, the one with the greatest sequence counts; where that leaves several, the
    greatest by the taken columns in their order (nulls smallest). The row is taken whole, nulls included.

    Args:
        spine: The rows to enrich; all its columns come out first.
        events: The rows to look up.
        spine_keys: The key columns of the spine.
        event_keys: The key columns of the events, as many and of the same types.
        spine_time: The instant column of the spine.
        order: When events happen and in which order they count.
        columns: What is taken from the matched event.
        include_exact: Whether an event at exactly the spine's time is known already.
        max_age: Events older than this (microseconds, T - t > max_age) are not used; the values are then null.
    """

    kind: ClassVar[str] = "as_of_join"
    spine: Relation
    events: Relation
    spine_keys: tuple[str, ...]
    event_keys: tuple[str, ...]
    spine_time: str
    order: EventOrder
    columns: tuple[AsOfColumn, ...] = Required(min_length=1)
    include_exact: bool = False
    max_age: int | None = Required(default=None, ge=0, le=MAX_DURATION)

    @cached_property
    def output(self) -> Schema:
        _check_sides(self)
        _check_new(self.spine.output, tuple(column.name for column in self.columns))
        events = self.events.output
        require_columns(events, tuple(column.column for column in self.columns), what="The taken columns")
        return Schema([*self.spine.output, *(Field(c.name, events[c.column].dtype, True) for c in self.columns)])


class TrailingAggregate(Relation):
    """For each spine row, aggregates over the events of its key in windows that end at its time.

    Args:
        spine: The rows to enrich; all its columns come out first.
        events: The rows to aggregate.
        spine_keys: The key columns of the spine.
        event_keys: The key columns of the events, as many and of the same types.
        spine_time: The instant column of the spine.
        order: When events happen and in which order they count.
        measures: What is computed; many aggregations and windows share one pass.
    """

    kind: ClassVar[str] = "trailing_aggregate"
    spine: Relation
    events: Relation
    spine_keys: tuple[str, ...]
    event_keys: tuple[str, ...]
    spine_time: str
    order: EventOrder
    measures: tuple[TrailingMeasure, ...] = Required(min_length=1)

    @cached_property
    def output(self) -> Schema:
        _check_sides(self)
        _check_new(self.spine.output, tuple(measure.name for measure in self.measures))
        fields = []
        for measure in self.measures:
            try:
                if measure.call.order:
                    raise PlanError("Events are ordered by their time: leave out the call's order.")
                typed = measure.call.infer(self.events.output)
            except PlanError as error:
                raise error.within(repr(measure.name)) from None
            fields.append(Field(measure.name, typed.dtype, typed.nullable))
        return Schema([*self.spine.output, *fields])


class TimeBuckets(Relation):
    """Partial aggregates per key and epoch-aligned time bucket (tiles).

    The output has the keys, ``bucket_start`` (an instant; the bucket is ``[start, start + every)``), and for each
    measure the fields of its partial state, named ``<measure>__<field>``. Events with a null key or time are dropped.

    Args:
        events: The rows to aggregate.
        by: The key columns.
        order: When events happen and in which order they count; the delay is added before bucketing.
        every: The length of a bucket in microseconds.
        measures: What is computed; each aggregation must have a partial state.
    """

    kind: ClassVar[str] = "time_buckets"
    events: Relation
    by: tuple[str, ...] = Required(min_length=1)
    order: EventOrder
    every: int = Required(gt=0, le=MAX_DURATION)
    measures: tuple[Measure, ...] = Required(min_length=1)

    @cached_property
    def output(self) -> Schema:
        schema = self.events.output
        require_ordered(schema, self.by, what="The keys")
        check_time_column(schema, self.order.time, what="The time of the events")
        require_ordered(schema, self.order.sequence, what="The sequence columns")
        for measure in self.measures:
            if measure.call.order:
                raise PlanError(
                    "Events are ordered by their time: leave out the call's order.", path=(repr(measure.name),)
                )
        fields = [*(schema[name] for name in self.by), Field("bucket_start", TIMESTAMP_UTC, False)]
        for measure in self.measures:
            fields += [Field(name, call.infer(schema).dtype, True) for name, call in partial_calls(measure, self.order)]
        return Schema(fields)


def partial_calls(measure: Measure, order: EventOrder) -> list[tuple[str, AggCall]]:
    """Return the aggregations that compute a measure's partial state, as ``(output name, call)``.

    Raises:
        PlanError: If the aggregation has no partial state.
    """
    call = measure.call
    if not call.entry.partial:
        tiled = [name for name, entry in AGGREGATIONS.items() if entry.partial]
        raise PlanError(
            f"{call.function!r} has no partial state, so it can not be kept in tiles. "
            f"{listed(call.function, tiled, what='aggregations that can')}",
            path=(repr(measure.name),),
        )
    present: Expression | None = call.where
    if call.args and call.options.get("nulls") != "keep":
        known = Call(function="is_not_null", args=(call.args[0],))
        present = known if present is None else Call(function="and", args=(present, known))
    calls = []
    for partial in call.entry.partial:
        options = {
            name: call.options[value] if isinstance(value, str) and value in call.options else value
            for name, value in partial.options.items()
        }
        of_time = partial.of == "time"
        entry = get_aggregation(partial.function)
        sort = (SortKey(column=order.time), *(SortKey(column=name, nulls="first") for name in order.sequence))
        calls.append(
            (
                f"{measure.name}__{partial.name}",
                AggCall(
                    function=partial.function,
                    args=(Column(name=order.time),) if of_time else call.args,
                    where=present if of_time else call.where,
                    by=call.by,
                    options=options,
                    order=sort if entry.order_sensitive else (),
                ),
            )
        )
    return calls
