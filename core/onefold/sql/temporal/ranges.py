"""The smallest and greatest values over windows, by sliding frames of the engine.

A frame is measured in microseconds from the end of the window, in an order of the events and the spine's moments: one
sort for each different end, and what the engine's own frames cost.
"""

from __future__ import annotations

from onefold.plan import AggCall, Expression, Filter, Frame, Relation, Window, WindowMeasure
from onefold.plan.windows import TrailingWindow
from onefold.sql.temporal.building import ascending, col, null, present, projected, union
from onefold.sql.temporal.prefixes import MOMENT
from onefold.sql.temporal.sides import AT, TIME, Instant, Moments
from onefold.types import TIMESTAMP_UTC

__all__ = ["Ranges"]


class Ranges:
    """Aggregations over frames that end at one instant of each spine moment.

    Args:
        moments: The keys and times of the spine.
        end: The instant.
        prefix: What the columns are called.
    """

    def __init__(self, moments: Moments, end: Instant, prefix: str) -> None:
        self._moments = moments
        self._end = end
        self._prefix = prefix
        self._values: dict[Expression, str] = {}
        self._measures: dict[tuple[str, str, Frame], str] = {}

    def __bool__(self) -> bool:
        return bool(self._measures)

    def over(self, function: str, value: Expression, window: TrailingWindow) -> Expression | None:
        """Return an aggregation of the values in a window that ends there; None when it can hold no event."""
        frame = _frame(window)
        if frame is None:
            return None
        name = self._values.setdefault(value, f"v{len(self._values)}")
        return col(self._measures.setdefault((function, name, frame), f"{self._prefix}_{len(self._measures)}"))

    def relation(self, events: Relation) -> Relation:
        """Return the moments of the spine with all that was asked for."""
        keys = self._moments.key_columns
        values = projected(
            events,
            {**keys, AT: null(TIMESTAMP_UTC), MOMENT: col(TIME), **{n: value for value, n in self._values.items()}},
        )
        moments = self._moments.located({MOMENT: self._end})
        nothing = {name: null(values.output[name].dtype) for name in self._values.values()}
        points = projected(moments, {**keys, AT: col(AT), MOMENT: col(MOMENT), **nothing})
        measures = tuple(
            WindowMeasure(name=column, call=AggCall(function=function, args=(col(name),)), frame=frame)
            for (function, name, frame), column in self._measures.items()
        )
        over = Window(
            input=union([points, values]),
            partition_by=self._moments.keys,
            order_by=ascending([MOMENT]),
            measures=measures,
        )
        found = Filter(input=over, predicate=present([AT]))
        return projected(found, {name: col(name) for name in (*self._moments.by, *self._measures.values())})


def _frame(window: TrailingWindow) -> Frame | None:
    """Return a window as a frame around its end; None when it holds nothing."""
    end = 0 if window.include_end else -1
    if window.size is None:
        return Frame(unit="range", start=None, end=end)
    start = -window.size if window.include_start else 1 - window.size
    return Frame(unit="range", start=start, end=end) if start <= end else None
