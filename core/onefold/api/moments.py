"""For which keys and times features are published: those of the events, of a grid, or of rows that are given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeAlias, overload

import pyarrow as pa

from onefold.errors import DefinitionError
from onefold.execution import Placement
from onefold.features import ArrowSource, FeatureView, Table, col, lit, table
from onefold.features import min as least
from onefold.features.spine import span_of, spine_table
from onefold.plan import Relation
from onefold.rewriting import limit_times, narrow_time_ranges
from onefold.types import Duration, format_duration, parse_duration

__all__ = ["Moment", "Moments", "moments_of"]

Moment: TypeAlias = str | dt.date | dt.datetime
"""How users write a time: ``"2025-01-31"`` (midnight in UTC), ``"2025-01-31T12:00Z"``, a date, a datetime with a zone."""

_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST = dt.datetime.min.replace(tzinfo=dt.UTC)
_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)
_MOST_TIMES = 1_000_000


@dataclass(frozen=True, slots=True)
class Moments:
    """Keys and times.

    Args:
        start: The first time; None: there is no first.
        end: The time before which all lie; None: there is none.
        every: The distance of the times of a grid; None: there is no grid.
        spine: Rows with keys and times; None: those of the events, or of the grid, are meant.
        time: The time column of the spine.
    """

    start: dt.datetime | None
    end: dt.datetime | None
    every: dt.timedelta | None
    spine: Table | None
    time: str

    def column(self, view: FeatureView) -> str:
        """Return the name of the column with the times: ``as_of``, unless the view has that already."""
        name = "as_of"
        while {name, f"{name}_date"} & {*view.entity.keys, *view.feature_names}:
            name += "_"
        return name

    def rows(self, view: FeatureView) -> Table:
        """Return the keys of a view and the times, each pair once; a row without a key or a time is left out."""
        keys, column = view.entity.keys, self.column(view)
        given = self.spine or Table(view.events, view.bindings)
        time = view.order.time if self.spine is None else self.time
        if not view.static:
            start = self.start if self.every is None else None  # a grid has the keys of all that was before it too
            rows = limit_times(given.relation, time, _micros(start), _micros(self.end))
            given = Table(rows, given.bindings).filter(col(time).is_not_null())
        known = given.filter(*(col(key).is_not_null() for key in keys))
        if self.every is not None and not view.static:
            return self._grid(known, keys, time, column)
        return known.select(*keys, (lit(_EPOCH) if view.static else col(time)).alias(column)).distinct()

    def narrowed(self, relation: Relation, column: str, default: Placement) -> Relation:
        """Return a plan over the rows with scans that read what their times can reach.

        Args:
            relation: The plan.
            column: The column with the times.
            default: Where a spine that lives nowhere is read to find out about its times.
        """
        span: tuple[int, int] | None = None
        if self.spine is not None:
            span = span_of(self.spine, self.time, default)
        elif self.start is not None or self.end is not None:
            span = _micros(self.start or _FIRST), _micros(_LAST if self.end is None else self.end - _MICROSECOND)
        if span is None:
            return relation
        return narrow_time_ranges(relation, spine_time=column, first=span[0], last=span[1])

    def check_whole_days(self, engine: str) -> None:
        """Raise a DefinitionError unless all of a day in UTC is published when any of it is.

        Args:
            engine: The engine that replaces whole days.
        """
        advice = f"{engine!r} replaces the rows of whole days, so that the others of a day would be lost."
        if self.spine is not None:
            raise DefinitionError(f"spine= names some rows of a day, and {advice} Leave it out, or give every=.")
        for what, moment in (("start", self.start), ("end", self.end)):
            if moment is not None and moment.time() != dt.time():
                raise DefinitionError(f"{what}={moment.isoformat()} is within a day, and {advice} Give a date.")

    def _grid(self, known: Table, keys: tuple[str, ...], time: str, column: str) -> Table:
        assert self.start is not None
        assert self.end is not None
        assert self.every is not None
        count = -((self.start - self.end) // self.every)
        times = pa.array([self.start + number * self.every for number in range(count)], pa.timestamp("us", "UTC"))
        grid = table(ArrowSource("published_times", pa.table({column: times})))
        first = f"first_{column}"
        while first in keys:
            first += "_"
        begun = known.group_by(*keys).agg(least(time).alias(first))
        return begun.join(grid, how="cross").filter(col(first) < col(column)).select(*keys, column)


def moments_of(
    *,
    start: Moment | None,
    end: Moment | None,
    every: Duration | None,
    spine: Any,
    time: str | None,
    time_zone: str | None,
) -> Moments:
    """Return the keys and times that a call names.

    Args:
        start: The first time.
        end: The time before which all lie.
        every: The distance of the times of a grid.
        spine: Rows with keys and times.
        time: The time column of the spine.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.

    Raises:
        DefinitionError: If they exclude each other, something is missing, or a value is no time.
    """
    first, last = (None if value is None else _moment(value, what) for what, value in (("start", start), ("end", end)))
    if first is not None and last is not None and first >= last:
        raise DefinitionError(f"start={first.isoformat()} is not before end={last.isoformat()}: nothing lies between.")
    if spine is None and (time is not None or time_zone is not None):
        raise DefinitionError("time= and time_zone= are about the rows of spine=, and there are none. Leave them out.")
    if spine is not None and time is None:
        raise DefinitionError("spine= needs time=, its column that says as of when features are published.")
    step = None if every is None else dt.timedelta(microseconds=parse_duration(every, what="every"))
    if step is not None:
        if spine is not None:
            raise DefinitionError(
                "every= and spine= exclude each other: both say for which times features are published."
            )
        if first is None or last is None:
            raise DefinitionError("every= needs start= and end=: the times are start, start + every, ..., before end.")
        if (count := -((first - last) // step)) > _MOST_TIMES:
            raise DefinitionError(
                f"every={format_duration(parse_duration(every or '', what='every'))!r} gives {count:,} times for each key. "
                f"At most {_MOST_TIMES:,} are published at once: publish shorter spans, one after another."
            )
    return Moments(
        first,
        last,
        step,
        None if spine is None or time is None else spine_table(spine, time=time, time_zone=time_zone),
        time or "",
    )


def _moment(value: object, what: str) -> dt.datetime:
    """Return an instant in UTC for what a user wrote."""
    moment = value
    if isinstance(value, str):
        try:
            moment = (
                dt.date.fromisoformat(value) if len(value) <= len("2025-01-31") else dt.datetime.fromisoformat(value)
            )
        except ValueError:
            moment = None
    if isinstance(moment, dt.datetime):
        if moment.tzinfo is None:
            raise DefinitionError(
                f"{what}={str(value)!r} has no time zone. Write it with one, such as '{moment.isoformat()}Z'."
            )
        return moment.astimezone(dt.UTC)
    if isinstance(moment, dt.date):
        return dt.datetime.combine(moment, dt.time(), dt.UTC)
    raise DefinitionError(
        f"{what}={value!r:.60} is not a time. Write a date such as '2025-01-31', or a time with its zone such as "
        "'2025-01-31T12:00Z'."
    )


@overload
def _micros(moment: dt.datetime) -> int: ...


@overload
def _micros(moment: dt.datetime | None) -> int | None: ...


def _micros(moment: dt.datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND
