"""Finding out where a value comes from: the row, its value by the same plan, and the events around its window."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.analysis import leakage_notes
from onefold.analysis.describe import measure_text
from onefold.debugging.classifying import Classifier, LookUp, Trailing
from onefold.debugging.comparing import same
from onefold.debugging.intervals import Interval
from onefold.debugging.provenance import Provenance
from onefold.debugging.reading import Found, KeyEvents, of_key
from onefold.errors import DefinitionError, listed
from onefold.execution import Job, Placement, explain, prepare
from onefold.plan import (
    AsOfJoin,
    Filter,
    Input,
    Literal,
    Project,
    Relation,
    Scan,
    Sort,
    TrailingAggregate,
)
from onefold.rewriting import limit_times, reach
from onefold.types import MAX_DURATION, Duration, parse_duration, schema_from_arrow

__all__ = ["Question", "spine_row"]

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """Why a row of a spine has the value that it has.

    Args:
        row: The position of the row.
        stable: Whether it is the same row in each run.
        spine: The row, as a table.
        feature: The feature.
        view: The name of its view.
        node: The relation that adds the view's features to the spine.
        inputs: Arrow data for the plan's inputs, by name.
        place: Where the view is computed.
        transformed: Whether the view has a transform.
        timed: Whether the events have a time of their own: static rows have none.
        events: How many events are shown; None: all.
        around: How far outside of the window events are looked for; None: as far as the window is long, or a day.
        columns: More columns of the events to show.
        queries: Whether the text shows the engine's own queries.
    """

    row: int
    stable: bool
    spine: pa.Table
    feature: str
    view: str
    node: TrailingAggregate | AsOfJoin
    inputs: Mapping[str, Any]
    place: Placement
    transformed: bool
    timed: bool
    events: int | None
    around: Duration | None
    columns: Sequence[str]
    queries: bool

    def answered(self) -> Provenance:
        """Return what the value is computed from.

        Raises:
            DefinitionError: If a number or a column makes no sense.
            EngineError: If the engine fails.
        """
        self._check()
        node = self._of_row()
        [row] = self.spine.to_pylist()
        keys = {
            event_key: Literal.of(row[key], node.events.output[event_key].dtype)
            for key, event_key in zip(node.spine_keys, node.event_keys, strict=True)
            if row[key] is not None
        }
        at = self.spine[node.spine_time].cast(pa.int64())[0].as_py()
        if at is None or len(keys) < len(node.event_keys):
            job = self._job(node)
            missing = "A spine row with a null key or a null time gets what an empty window gives."
            nothing = Found(pa.table({}), 0, pa.table({}), {}, 0, None)
            return self._provenance(node, row, job, found=nothing, notes=[missing])
        start, end = reach(node, at, at)
        events = of_key(limit_times(node.events, node.order.time, start, end), keys)
        job = self._job(node.replace(events=events))
        classifier = self._classifier(node, at)
        around = self._around(node)
        found = self._found(node, keys, classifier, around)
        notes = [
            f"{self.feature} can see events at exactly the row's time: {note.reason}."
            for note in leakage_notes(node)
            if self.feature in note.features
        ]
        notes += (
            [f"Events of this key without a time, which match nothing: {found.timeless:,}."] if found.timeless else []
        )
        notes += ["The events are shown as the view sees them: after its transform."] if self.transformed else []
        window = classifier.interval if self.timed else None
        return self._provenance(node, row, job, found=found, notes=notes, window=window, around=around)

    def _provenance(
        self,
        node: TrailingAggregate | AsOfJoin,
        row: Mapping[str, Any],
        job: Job,
        *,
        found: Found,
        notes: list[str],
        window: Interval | None = None,
        around: int = 0,
    ) -> Provenance:
        """Compute the value and put all together."""
        value = job.start().read_all()[self.feature][0].as_py()
        if isinstance(node, AsOfJoin) and found.count:
            column = next(taken.column for taken in node.columns if taken.name == self.feature)
            if not same(found.entered[column][0].as_py(), value):
                notes.append(
                    "The value is not that of the event shown: several events have the latest time and differ only in "
                    "lists, or the source has changed in between."
                )
        if not self.stable:
            notes.append(
                f"The rows of this spine are computed and have no order unless it is sorted: row {self.row} is that of "
                "this run."
            )
        return Provenance(
            feature=self.feature,
            view=self.view,
            computed=self._computed(node),
            row=self.row,
            spine=row,
            keys=node.spine_keys,
            time=node.spine_time,
            value=value,
            dtype=node.output[self.feature].dtype,
            window=window,
            entered=found.entered,
            count=found.count,
            outside=found.outside,
            counts=found.counts,
            around=around,
            engine=job.stages[-1].engine,
            reason=job.stages[-1].reason,
            notes=tuple(notes),
            explanation=explain(job),
            reading=found.reading,
            queries=self.queries,
        )

    def _check(self) -> None:
        known = self.node.events.output.names
        for name in self.columns:
            if name not in known:
                raise DefinitionError(
                    f"columns= names {name!r}, which the events of the view {self.view!r} do not have. "
                    f"{listed(name, known, what='columns')}"
                )
        if self.events is not None and (isinstance(self.events, bool) or self.events < 1):
            raise DefinitionError(
                f"events={self.events!r}: give how many events are shown, 1 or more, or None for all."
            )

    def _of_row(self) -> TrailingAggregate | AsOfJoin:
        """Return the relation over the one row; of trailing measures only the one that is asked for.

        A look-up keeps all of its columns: where events have one time, all of them decide which one is taken.
        """
        node = self.node.replace(spine=Input(name=self._name, columns=schema_from_arrow(self.spine.schema)))
        if isinstance(node, TrailingAggregate):
            node = node.replace(measures=tuple(one for one in node.measures if one.name == self.feature))
        return node

    def _job(self, node: TrailingAggregate | AsOfJoin) -> Job:
        return prepare(node, inputs={**self.inputs, self._name: self.spine}, default=self.place)

    @property
    def _name(self) -> str:
        """The name of the row in plans, which no data of the view has."""
        name = "spine_row"
        while name in self.inputs:
            name += "_"
        return name

    def _classifier(self, node: TrailingAggregate | AsOfJoin, at: int) -> Classifier:
        if isinstance(node, TrailingAggregate):
            return Trailing(node.measures[0], Interval.of_measure(node.measures[0], node.order.delay, at))
        return LookUp(node, Interval.of_look_up(node, at))

    def _around(self, node: TrailingAggregate | AsOfJoin) -> int:
        if self.around is not None:
            return parse_duration(self.around, what="length of time (around)")
        length = node.measures[0].window.size if isinstance(node, TrailingAggregate) else node.max_age
        return min(length or _DAY, MAX_DURATION)

    def _found(
        self, node: TrailingAggregate | AsOfJoin, keys: Mapping[str, Literal], classifier: Classifier, around: int
    ) -> Found:
        if isinstance(node, TrailingAggregate):
            read = node.measures[0].call.columns
        else:
            read = frozenset(taken.column for taken in node.columns if taken.name == self.feature)
        shown = [name for name in node.events.output.names if name in read or name in self.columns]
        events = KeyEvents(node, keys, classifier, shown=shown, timed=self.timed)
        last = 0 if self.events is None else self.events // 2
        first = None if self.events is None else self.events - last
        outside = None if self.events is None else max(1, self.events // 2)
        return events.read(inputs=self.inputs, place=self.place, around=around, first=first, last=last, outside=outside)

    def _computed(self, node: TrailingAggregate | AsOfJoin) -> str:
        if isinstance(node, TrailingAggregate):
            return measure_text(node.measures[0])
        column = next(taken.column for taken in node.columns if taken.name == self.feature)
        return f"{column} of the latest row" if self.timed else f"{column} of the row of the key"


def spine_row(spine: Relation, row: int, *, inputs: Mapping[str, Any], place: Placement) -> tuple[pa.Table, bool]:
    """Return one row of a spine.

    Args:
        spine: The spine.
        row: The position of the row, from 0.
        inputs: Arrow data for its inputs.
        place: Where it is read.

    Returns:
        The row, and whether the position is the same in each run.

    Raises:
        DefinitionError: If there is no such row.
    """
    try:
        row = operator.index(row)
    except TypeError:
        raise DefinitionError(f"row is the position of a row of the spine, from 0, not {row!r:.60}.") from None
    if row < 0:
        raise DefinitionError(f"row={row}: rows of the spine are counted from 0.")
    data = inputs.get(spine.name) if isinstance(spine, Input) else None
    seen = 0
    if isinstance(data, pa.Table):
        if row < data.num_rows:
            return data.slice(row, 1), True
        seen = data.num_rows
    else:
        with prepare(spine, inputs=inputs, default=place).start() as reader:
            for batch in reader:
                if row < seen + batch.num_rows:
                    return pa.Table.from_batches([batch.slice(row - seen, 1)]), _ordered(spine)
                seen += batch.num_rows
    last = f"The spine has {seen:,} rows, 0 to {seen - 1:,}" if seen else "The spine has no rows"
    raise DefinitionError(f"There is no row {row:,}. {last}.")


def _ordered(spine: Relation) -> bool:
    """Return whether the rows of a spine come in the same order in each run."""
    while isinstance(spine, Project | Filter):
        spine = spine.input
    return isinstance(spine, Input | Scan | Sort)
