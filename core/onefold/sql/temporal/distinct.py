"""How many different values windows hold: a value enters with an event, and leaves with its next one, or with age.

In a window, each value is counted at its last occurrence. An occurrence is the last one from its time until the next
event with the value, or until it is older than the window, whichever comes first; so the number is that of entries less
that of exits up to the window's end. Each different length of window costs a sort of twice the events.
"""

from __future__ import annotations

from onefold.plan import Expression, Filter, RankCall, Relation, Window, WindowMeasure
from onefold.plan.windows import TrailingWindow
from onefold.sql.temporal.building import ascending, call, col, lit, null, present, projected, union, when
from onefold.sql.temporal.prefixes import AMONG, MOMENT, PHASE, Point, Prefixes
from onefold.sql.temporal.sides import TIME, Moments, end_of
from onefold.types import INT64

__all__ = ["DistinctCounts"]

_VALUE, _NEXT = "value", "next"
_ENTRY, _EXIT = "entry", "exit"
_NOTHING = null(INT64)
_LAST = 2**63 - 1


class DistinctCounts:
    """The number of different values in windows of one length.

    Args:
        moments: The keys and times of the spine.
        value: The value, over the columns of the events; null where one takes no part.
        window: The length of the windows and their ends; not their offset and grid.
        prefix: What the columns are called.
    """

    def __init__(self, moments: Moments, value: Expression, window: TrailingWindow, prefix: str) -> None:
        self._moments = moments
        self._value = value
        self._window = window
        self._prefixes = Prefixes(moments, prefix)

    def over(self, window: TrailingWindow, delay: int) -> Expression:
        """Return the number for a window."""
        end = Point(end_of(window, delay), window.include_end)
        return call("subtract", self._prefixes.count(col(_ENTRY), end), self._prefixes.count(col(_EXIT), end))

    def relation(self, events: Relation) -> Relation:
        """Return the moments of the spine with all that was asked for."""
        keys = self._moments.key_columns
        taking_part = Filter(
            input=projected(events, {**keys, TIME: col(TIME), _VALUE: self._value}), predicate=present([_VALUE])
        )
        entries = projected(
            taking_part, {**keys, MOMENT: col(TIME), PHASE: lit(AMONG), _ENTRY: lit(1), _EXIT: _NOTHING}
        )
        following = WindowMeasure(name=_NEXT, call=RankCall(function="lead", arg=col(TIME)))
        lives = Window(
            input=taking_part,
            partition_by=(*self._moments.keys, _VALUE),
            order_by=ascending([TIME]),
            measures=(following,),
        )
        return self._prefixes.relation(union([entries, self._exits(lives)]))

    def _exits(self, lives: Relation) -> Relation:
        keys = self._moments.key_columns
        followed, size = call("is_not_null", col(_NEXT)), self._window.size
        if size is None:
            return projected(
                Filter(input=lives, predicate=followed),
                {**keys, MOMENT: col(_NEXT), PHASE: lit(AMONG), _ENTRY: _NOTHING, _EXIT: lit(1)},
            )
        # An event at exactly the start of a window that includes it leaves just after the window's end has passed.
        by_age = AMONG + 2 if self._window.include_start else AMONG - 2
        ages = call("lte", col(TIME), lit(_LAST - size))  # others stay for good
        aged = call("add", when(ages, col(TIME), lit(0)), lit(size))
        sooner = call("lte" if self._window.include_start else "lt", col(_NEXT), aged)
        replaced = call("and", followed, call("or", call("not", ages), sooner))
        leaving = Filter(input=lives, predicate=call("or", ages, followed))
        return projected(
            leaving,
            {
                **keys,
                MOMENT: when(replaced, col(_NEXT), aged),
                PHASE: when(replaced, lit(AMONG), lit(by_age)),
                _ENTRY: _NOTHING,
                _EXIT: lit(1),
            },
        )
