"""As-of joins as ordinary relations, or by the engine's own as-of join over events without ties."""

from __future__ import annotations

from onefold.plan import AsOfJoin, Deduplicate, Expression, Project
from onefold.sql.temporal.building import ascending, call, col, extended, joined, lit, projected, when
from onefold.sql.temporal.native import NativeAsOf
from onefold.sql.temporal.positions import at_position
from onefold.sql.temporal.prefixes import AMONG, MOMENT, PHASE, Point, Prefixes
from onefold.sql.temporal.sides import TIME, Instant, Moments, Sides
from onefold.types.naming import fresh

__all__ = ["by_native_join", "by_positions"]


def _instants(node: AsOfJoin) -> tuple[Instant, Instant | None]:
    """Return the instant up to which events are known, and the earliest that is young enough."""
    delay = node.order.delay
    return Instant(None, delay), None if node.max_age is None else Instant(None, delay + node.max_age)


def by_native_join(node: AsOfJoin, moments: Moments) -> Project:
    """Return an as-of join by that of the engine: one sort of the events to leave the last of each key and time.

    The rows come in any order.

    Args:
        node: The as-of join.
        moments: The keys and times of its spine.
    """
    sides, spine = Sides(node, moments), node.spine.output
    end, oldest = _instants(node)
    taken = {item.name: sides.column(col(item.column)) for item in node.columns}
    events = sides.events()
    if not node.order.unique:
        order = dict.fromkeys([*sides.sequence, *taken.values()])
        events = Deduplicate(input=events, by=(*sides.moments.keys, TIME), order=ascending(order), keep="last")
    names = {name: fresh(f"event_{name}", spine.names) for name in events.output.names}
    until = fresh("until", spine.names, names.values())
    rows = NativeAsOf(
        left=extended(node.spine, {until: end.of(col(node.spine_time))}),
        right=projected(events, {name: col(column) for column, name in names.items()}),
        left_on=node.spine_keys,
        right_on=tuple(names[key] for key in sides.moments.keys),
        left_time=until,
        right_time=names[TIME],
        include_exact=node.include_exact,
    )
    young: Expression | None = None
    if oldest is not None:
        young = call("gte", col(names[TIME]), oldest.of(col(node.spine_time)))
    values = {name: when(young, col(names[column])) for name, column in taken.items()}
    return projected(rows, {**{name: col(name) for name in spine.names}, **values})


def by_positions(node: AsOfJoin, moments: Moments) -> Project:
    """Return an as-of join by counting: the number of events that are known is the position of the last one.

    Events are sorted twice, once among the moments of the spine. The rows come in any order.

    Args:
        node: The as-of join.
        moments: The keys and times of its spine.
    """
    sides, spine = Sides(node, moments), node.spine.output
    end, oldest = _instants(node)
    taken = {item.name: sides.column(col(item.column)) for item in node.columns}
    events = sides.events()
    prefixes = Prefixes(sides.moments, "p")
    until = prefixes.count(col(TIME), Point(end, node.include_exact))
    before = None if oldest is None else prefixes.count(col(TIME), Point(oldest, after=False))
    marks = extended(events, {MOMENT: col(TIME), PHASE: lit(AMONG)})
    values = {f"l{number}": column for number, column in enumerate(dict.fromkeys(taken.values()))}
    found = at_position(
        sides.moments,
        prefixes.relation(marks),
        events,
        position=until,
        taking_part=None,
        order=(*sides.sequence, *taken.values()),
        values=values,
    )
    young = None if before is None else call("gt", until, before)
    keys = {fresh(f"key_{n}", spine.names): name for n, name in enumerate(sides.moments.by)}
    names = {column: fresh(f"event_{value}", spine.names) for value, column in values.items()}
    right = projected(
        found,
        {
            **{key: col(name) for key, name in keys.items()},
            **{names[column]: when(young, col(value)) for value, column in values.items()},
        },
    )
    rows = joined(node.spine, right, (*node.spine_keys, node.spine_time), keys)
    result = {name: col(names[column]) for name, column in taken.items()}
    return projected(rows, {**{name: col(name) for name in spine.names}, **result})
