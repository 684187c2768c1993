"""Keys and times of joins, and as-of joins between lazy tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onefold.errors import DefinitionError
from onefold.features.deferred import ColumnRef
from onefold.features.expressions import Expr
from onefold.features.projecting import flat
from onefold.plan import AsOfColumn, AsOfJoin, EventOrder, Relation
from onefold.types import Duration, parse_duration

__all__ = ["AsOf", "join_keys", "names_of"]


def names_of(columns: Iterable[Any]) -> tuple[str, ...]:
    """Return the names of columns given as text or ``col(...)``.

    Raises:
        DefinitionError: If something else is among them.
    """
    names = []
    for column in flat(columns):
        if isinstance(column, Expr) and isinstance(column.node, ColumnRef):
            names.append(column.node.name)
        elif isinstance(column, str) and column:
            names.append(column)
        else:
            raise DefinitionError(
                f"{column!r:.80} is not the name of a column. Compute it as a column first, with with_columns(...)."
            )
    return tuple(names)


def join_keys(
    on: str | Sequence[str] | None,
    left_on: str | Sequence[str] | None,
    right_on: str | Sequence[str] | None,
    *,
    how: str,
    what: str = "on",
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that a join compares, on the left and on the right.

    Args:
        on: Columns that both sides have.
        left_on: Columns of the left side.
        right_on: Columns of the right side, as many.
        how: The kind of join; a cross join has no columns.
        what: ``"on"`` or ``"by"``, for errors.

    Raises:
        DefinitionError: If they are missing, given twice, or not as many on both sides.
    """
    left_word, right_word = ("left_on", "right_on") if what == "on" else ("by_left", "by_right")
    if how == "right":
        raise DefinitionError('There is no join with how="right": swap the tables and use how="left".')
    if how == "cross":
        if on is not None or left_on is not None or right_on is not None:
            raise DefinitionError("A cross join pairs all rows and takes no keys. Leave them out.")
        return (), ()
    if on is not None and (left_on is not None or right_on is not None):
        raise DefinitionError(f"Give either {what}=, or {left_word}= and {right_word}=, not both.")
    if on is not None:
        names = names_of([on])
        left, right = names, names
    elif left_on is None or right_on is None:
        raise DefinitionError(f"The {how} join needs {what}=, or {left_word}= and {right_word}=.")
    else:
        left, right = names_of([left_on]), names_of([right_on])
    if not left or len(left) != len(right):
        raise DefinitionError(
            f"The {how} join has {len(left)} columns on the left and {len(right)} on the right; give as many on both "
            "sides, and at least one."
        )
    return left, right


@dataclass(frozen=True, slots=True)
class AsOf:
    """What an as-of join of two tables was asked for; see :meth:`~onefold.features.Table.join_asof`."""

    time: tuple[tuple[str, ...], tuple[str, ...]]
    keys: tuple[tuple[str, ...], tuple[str, ...]]
    columns: tuple[str, ...] | None
    sequence: tuple[str, ...]
    delay: Duration | None
    max_age: Duration | None
    include_exact: bool
    suffix: str

    def relation(self, left: Relation, right: Relation) -> AsOfJoin:
        """Return the as-of join of two relations.

        Raises:
            PlanError: If a column is missing or of the wrong type.
        """
        if len(self.time[0]) != 1:
            raise DefinitionError(f"An as-of join has one time column on each side, not {list(self.time[0])}.")
        left_time, right_time = self.time[0][0], self.time[1][0]
        skipped = {*self.keys[1], right_time} if (self.time[0] == self.time[1]) else set(self.keys[1])
        taken = self.columns or tuple(name for name in right.output.names if name not in skipped)
        return AsOfJoin(
            spine=left,
            events=right,
            spine_keys=self.keys[0],
            event_keys=self.keys[1],
            spine_time=left_time,
            order=EventOrder(
                time=right_time,
                sequence=self.sequence,
                delay=0 if self.delay is None else parse_duration(self.delay, what="delay", zero=True),
            ),
            columns=tuple(
                AsOfColumn(column=name, name=name + self.suffix if name in left.output else name) for name in taken
            ),
            include_exact=self.include_exact,
            max_age=None if self.max_age is None else parse_duration(self.max_age, what="max_age"),
        )
