"""Counts and sums over windows as differences: what there is up to the window's end, less what there is up to its start.

Events and the instants that windows begin and end at are put in one order, in which a growing window counts and sums.
That costs one sort of the events and of a few rows for each spine moment, however long the windows are. A difference of
sums is exact because the sums are: of whole numbers and decimals, never of floats.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from onefold.plan import AggCall, Aggregate, Column, Expression, Filter, Measure, Relation, Window, WindowMeasure
from onefold.sql.temporal.building import ascending, call, col, lit, null, present, projected, union
from onefold.sql.temporal.sides import AT, Instant, Moments
from onefold.types import INT64, TIMESTAMP_UTC

__all__ = ["AMONG", "MOMENT", "PHASE", "Point", "Prefixes"]

MOMENT, PHASE, _POINT = "moment", "phase", "point"
"""Where a row stands: at an instant, and within it; and which point of its spine moment it is, if any."""

AMONG = 1
"""The phase of events, between points that do not count those of their own instant and points that do."""


class Point(NamedTuple):
    """A place in the order of events, seen from a spine row.

    Args:
        instant: Its instant.
        after: Whether it stands after the events of that instant.
    """

    instant: Instant
    after: bool

    @property
    def phase(self) -> int:
        """Where it stands within its instant."""
        return AMONG + (1 if self.after else -1)


class Prefixes:
    """Counts and sums of what stands before points.

    Args:
        moments: The keys and times of the spine.
        prefix: What the columns are called, so that several of these can be joined.
    """

    def __init__(self, moments: Moments, prefix: str) -> None:
        self._moments = moments
        self._prefix = prefix
        self._values: dict[tuple[Literal["count", "sum"], Expression], str] = {}
        self._points: dict[Point, int] = {}
        self._wanted: dict[tuple[str, Point], str] = {}

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def count(self, value: Expression, point: Point) -> Expression:
        """Return how many values that are not null stand before a point."""
        return self._before("count", value, point)

    def total(self, value: Expression, point: Point) -> Expression:
        """Return the sum of the values before a point; null where there are none."""
        return self._before("sum", value, point)

    def _before(self, function: Literal["count", "sum"], value: Expression, point: Point) -> Column:
        name = self._values.setdefault((function, value), f"v{len(self._values)}")
        self._points.setdefault(point, len(self._points))
        return col(self._wanted.setdefault((name, point), f"{self._prefix}{len(self._wanted)}"))

    def relation(self, marks: Relation) -> Relation:
        """Return the moments of the spine with all that was asked for.

        Args:
            marks: What is counted and summed: rows with the keys, ``MOMENT``, ``PHASE``, and what the values are
                computed from.
        """
        keys = self._moments.key_columns
        contributions = {name: value for (_, value), name in self._values.items()}
        nowhere = {AT: null(TIMESTAMP_UTC), _POINT: null(INT64)}
        placed = {MOMENT: col(MOMENT), PHASE: col(PHASE)}
        events = projected(marks, {**keys, **nowhere, **placed, **contributions})
        instants = {f"i{number}": instant for number, instant in enumerate({p.instant: 0 for p in self._points})}
        names = {instant: name for name, instant in instants.items()}
        moments = self._moments.located(instants)
        rows: list[Relation] = [
            projected(
                moments,
                {
                    **keys,
                    AT: col(AT),
                    _POINT: lit(number),
                    MOMENT: col(names[point.instant]),
                    PHASE: lit(point.phase),
                    **{name: null(events.output[name].dtype) for name in contributions},
                },
            )
            for point, number in self._points.items()
        ]
        measures = tuple(
            WindowMeasure(name=f"up_to_{name}", call=AggCall(function=function, args=(col(name),)))
            for (function, _), name in self._values.items()
        )
        order = ascending([MOMENT, PHASE])
        before = Window(
            input=union([*rows, events]), partition_by=self._moments.keys, order_by=order, measures=measures
        )
        points = Filter(input=before, predicate=present([_POINT]))
        picked = tuple(
            Measure(
                name=column,
                call=AggCall(
                    function="max",  # of the one row
                    args=(col(f"up_to_{name}"),),
                    where=call("equal", col(_POINT), lit(self._points[point])),
                ),
            )
            for (name, point), column in self._wanted.items()
        )
        return Aggregate(input=points, by=self._moments.by, measures=picked)
