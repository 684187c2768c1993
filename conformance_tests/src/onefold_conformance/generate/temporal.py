"""Relations over time: as-of joins, trailing aggregates and tiles, on a grid of times that is full of ties."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.plan import (
    AsOfColumn,
    AsOfJoin,
    Deduplicate,
    EventOrder,
    Measure,
    TimeBuckets,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)
from onefold_conformance.generate.aggregations import aggregation
from onefold_conformance.generate.builder import Builder, Rows, fresh_names
from onefold_conformance.generate.choices import flip, pick, repeats, some
from onefold_conformance.generate.relations import Maker, comparable

__all__ = ["TEMPORAL_MAKERS"]


def _as_of_join(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    draw = builder.draw
    sides = _sides(builder, rows)
    if sides is None:
        return None
    events, spine_keys, event_keys = sides
    events, order = _event_order(builder, events, event_keys)
    taken = some(draw, events.ordered, 1, 3)
    columns = tuple(map(_taken, taken, fresh_names(rows.schema, "f")))
    join = AsOfJoin(
        spine=rows.relation,
        events=events.relation,
        spine_keys=spine_keys,
        event_keys=event_keys,
        spine_time=pick(draw, rows.clocks),
        order=order,
        columns=columns,
        include_exact=flip(draw),
        max_age=pick(draw, (None, 0, *builder.world.lengths())),
    )
    calm = {column.name for column in columns if column.column in events.calm}
    return builder.kept(join, rows.calm | calm)


def _taken(column: str, name: str) -> AsOfColumn:
    return AsOfColumn(column=column, name=name)


def _trailing_aggregate(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    draw = builder.draw
    sides = _sides(builder, rows)
    if sides is None:
        return None
    events, spine_keys, event_keys = sides
    events, order = _event_order(builder, events, event_keys)
    measures = []
    names = fresh_names(rows.schema, "f")
    for _ in repeats(draw, 1, 5 if top else 2):
        call = aggregation(draw, builder.scope(events), "trailing", inexact=top)
        if call is not None:
            measures.append(TrailingMeasure(name=next(names), call=call, window=_trailing_window(builder)))
    if not measures:
        return None
    trailing = TrailingAggregate(
        spine=rows.relation,
        events=events.relation,
        spine_keys=spine_keys,
        event_keys=event_keys,
        spine_time=pick(draw, rows.clocks),
        order=order,
        measures=tuple(measures),
    )
    return builder.kept(trailing, rows.calm)


def _time_buckets(builder: Builder, rows: Rows, top: bool) -> Rows | None:
    draw = builder.draw
    if not rows.clocks or "bucket_start" in rows.schema:
        return None
    by = tuple(some(draw, rows.ordered, 1, 2))
    events, order = _event_order(builder, rows, by)
    measures = []
    names = fresh_names(events.schema, "m")
    for _ in repeats(draw, 1, 4 if top else 2):
        call = aggregation(draw, builder.scope(events), "aggregation", inexact=top, tiled=True)
        if call is not None:
            measures.append(Measure(name=next(names), call=call))
    if not measures:
        return None
    buckets = TimeBuckets(
        events=events.relation,
        by=by,
        order=order,
        every=pick(draw, builder.world.lengths()),
        measures=tuple(measures),
    )
    return builder.kept(buckets, events.calm & frozenset(by))


def _sides(builder: Builder, rows: Rows) -> tuple[Rows, tuple[str, ...], tuple[str, ...]] | None:
    """Draw the events for a spine, and the keys of both; None when the spine has no time or no key."""
    draw = builder.draw
    if not rows.clocks:
        return None
    known = [found for found in builder.drawn if found.clocks]
    events = pick(draw, known) if known and builder.often(3) else builder.table()
    if not events.clocks:
        return None
    pairs = [
        (left, right)
        for left in rows.ordered
        for right in events.ordered
        if rows.schema[left].dtype == events.schema[right].dtype
    ]
    if not pairs:
        return None
    main = [pair for pair in pairs if pair == ("k", "k")] or pairs
    chosen = [pick(draw, main if not builder.often(8) else pairs)]
    if builder.often(5):
        chosen.append(pick(draw, pairs))
    return events, tuple(left for left, _ in chosen), tuple(right for _, right in chosen)


def _event_order(builder: Builder, events: Rows, keys: tuple[str, ...]) -> tuple[Rows, EventOrder]:
    """Draw in which order events count; events that are declared unique are made so."""
    draw = builder.draw
    time = pick(draw, events.clocks)
    sequence = tuple(some(draw, events.ordered, 0, 2))
    delay = pick(draw, (0,) * 6 + builder.world.lengths())
    unique = False
    if "deduplicate" in builder.limits.relations and builder.often(6):
        flat = comparable(builder, events)
        if flat is not None:
            by = tuple(dict.fromkeys((*keys, time)))
            events = builder.kept(Deduplicate(input=flat.relation, by=by), flat.calm)
            unique = True
    return events, EventOrder(time=time, sequence=sequence, delay=delay, unique=unique)


def _trailing_window(builder: Builder) -> TrailingWindow:
    draw, lengths = builder.draw, builder.world.lengths()
    return TrailingWindow(
        size=pick(draw, (None, None, *lengths)),
        closed=pick(draw, ("left", "right", "both", "neither")),
        offset=pick(draw, (0,) * 6 + lengths),
        every=pick(draw, (None,) * 6 + lengths),
        last_rows=pick(draw, (None, None, None, 1, 2, 3)),
    )


TEMPORAL_MAKERS: Mapping[str, Maker] = {
    "as_of_join": _as_of_join,
    "trailing_aggregate": _trailing_aggregate,
    "time_buckets": _time_buckets,
}
"""How each kind of relation over time is put on top of rows."""
