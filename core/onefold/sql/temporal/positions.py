"""Events by their positions: the one with a number, of those of its key that take part, in their order.

How many events there are up to a point says which is the last one before it and the first one after it. Numbering them
costs a sort, and taking their values a join on equal numbers; nothing depends on the length of windows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onefold.plan import Expression, Filter, RankCall, Relation, Window, WindowMeasure
from onefold.sql.temporal.building import ascending, col, extended, joined, projected
from onefold.sql.temporal.sides import TIME, Moments

__all__ = ["at_position"]

_NUMBER = "number"


def at_position(
    moments: Moments,
    rows: Relation,
    events: Relation,
    *,
    position: Expression,
    taking_part: Expression | None,
    order: Sequence[str],
    values: Mapping[str, str],
) -> Relation:
    """Return moments with values of the event at a position beside them, or nulls where there is none.

    Args:
        moments: The keys and times of the spine.
        rows: The moments, with anything else.
        events: The events.
        position: The number of the event, from 1, over the columns of ``rows``.
        taking_part: Which events are numbered; all of them when None.
        order: What orders events of one time: columns of the events, ascending, nulls first.
        values: The columns of the events that are taken, by the names that they get.
    """
    known = events if taking_part is None else Filter(input=events, predicate=taking_part)
    measure = WindowMeasure(name=_NUMBER, call=RankCall(function="row_number"))
    numbered = Window(
        input=projected(
            known, {name: col(name) for name in dict.fromkeys([*moments.keys, TIME, *order, *values.values()])}
        ),
        partition_by=moments.keys,
        order_by=ascending(dict.fromkeys([TIME, *order])),
        measures=(measure,),
    )
    right = projected(
        numbered,
        {
            **{f"right_{name}": col(name) for name in moments.keys},
            "right_number": col(_NUMBER),
            **{name: col(column) for name, column in values.items()},
        },
    )
    left = extended(rows, {f"at_{'_'.join(values)}": position})
    return joined(
        left,
        right,
        (*moments.keys, f"at_{'_'.join(values)}"),
        (*(f"right_{name}" for name in moments.keys), "right_number"),
    )
