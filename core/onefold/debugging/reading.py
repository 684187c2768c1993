"""The events of one key around a window: read once, from the latest to the earliest, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.analysis.describe import expression_text
from onefold.debugging.classifying import AFTER, ENTERED, Classifier
from onefold.debugging.sampling import Sample
from onefold.execution import Explanation, Placement, explain, prepare
from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfJoin,
    Call,
    Column,
    Expression,
    Filter,
    Literal,
    Measure,
    NamedExpression,
    Project,
    Relation,
    Sort,
    SortKey,
    TrailingAggregate,
)
from onefold.rewriting import limit_times

__all__ = ["Found", "KeyEvents", "of_key"]

WHY, KNOWN = "why", "known_at"
_WHEN, _PLACE = "when", "place"


@dataclass(frozen=True, slots=True)
class Found:
    """The events of a key around a window.

    Args:
        entered: Those that entered the value, the earliest first; the first and the last of them when there are many.
        count: How many entered.
        outside: Those just outside, each with why; the earliest first.
        counts: How many of those that were looked at are in each class outside.
        timeless: How many have no time.
        reading: What was read, on which engine.
    """

    entered: pa.Table
    count: int
    outside: pa.Table
    counts: Mapping[str, int]
    timeless: int
    reading: Explanation | None


def of_key(events: Relation, keys: Mapping[str, Literal]) -> Relation:
    """Return the events of one key.

    Args:
        events: The events.
        keys: The value of each key column.
    """
    for name, value in keys.items():
        events = Filter(input=events, predicate=Call(function="equal", args=(Column(name=name), value)))
    return events


class KeyEvents:
    """The events of one key, and how they are shown.

    Args:
        node: The relation that computes the value.
        keys: The value of each key column of the events.
        classifier: Puts them into classes.
        shown: The columns that are shown, besides the time and what the value is computed from.
        timed: Whether the time is shown: static rows have none.
    """

    def __init__(
        self,
        node: TrailingAggregate | AsOfJoin,
        keys: Mapping[str, Literal],
        classifier: Classifier,
        *,
        shown: Sequence[str],
        timed: bool,
    ) -> None:
        self._node, self._keys, self._classifier = node, keys, classifier
        order = node.order
        self._columns: dict[Expression, str] = {}
        self._time = self._column(Column(name=order.time))
        self._sequence = [self._column(Column(name=name)) for name in order.sequence]
        self._reads = [self._column(part) for part in classifier.reads]
        names = [*([order.time] if timed else []), *order.sequence, *shown]
        self._labels = {self._column(Column(name=name)): name for name in dict.fromkeys(names)}
        if isinstance(node, TrailingAggregate):
            computed = [part for part in classifier.reads if not isinstance(part, Column)]
            computed = [part for part in computed if part != node.measures[0].call.where]
            self._labels.update({self._column(part): self._free(expression_text(part)) for part in computed})

    def read(
        self,
        *,
        inputs: Mapping[str, Any],
        place: Placement,
        around: int,
        first: int | None,
        last: int,
        outside: int | None,
    ) -> Found:
        """Read them.

        Args:
            inputs: Arrow data for the plan's inputs.
            place: Where they are read.
            around: How far outside of the window events are looked for, in microseconds.
            first: How many of the latest events that entered are held; None: all.
            last: How many of the earliest ones are held.
            outside: How many of each class outside are held, those nearest to the window; None: all.
        """
        samples: dict[str, Sample] = {}
        position = 0
        job = prepare(self._plan(around), inputs=inputs, default=place)
        with job.start() as reader:
            schema = self._shown(pa.RecordBatch.from_pylist([], schema=reader.schema), 0).schema
            samples[ENTERED] = Sample(schema, first=first, last=last)
            for batch in reader:
                rows = self._shown(batch, position)
                position += batch.num_rows
                values = [batch.column(name) for name in self._reads]
                sequence = [batch.column(name) for name in self._sequence]
                for what, mask in self._classifier.classes(self._known(batch), sequence, values).items():
                    if what not in samples:
                        samples[what] = _nearest(what, schema, outside)
                    samples[what].add(rows.filter(pa.array(mask)))
        entered = samples.pop(ENTERED)
        return Found(
            self._ascending(entered.rows),
            entered.count,
            self._with_reasons(samples, schema),
            {what: sample.count for what, sample in samples.items() if sample.count},
            self._timeless(inputs, place),
            explain(job),
        )

    def _column(self, expression: Expression) -> str:
        return self._columns.setdefault(expression, f"c{len(self._columns)}")

    def _plan(self, around: int) -> Relation:
        """Return the events around the window, the latest first."""
        interval, order = self._classifier.interval, self._node.order
        start = None if interval.start is None else interval.start - around - order.delay
        end = max(interval.end, interval.at) + around - order.delay + 1
        events = of_key(limit_times(self._node.events, order.time, start, end), self._keys)
        columns = tuple(NamedExpression(name=name, expression=part) for part, name in self._columns.items())
        rows = Project(input=events, columns=columns)
        ordered = [
            name for name in dict.fromkeys((*self._sequence, *self._reads)) if rows.output[name].dtype.is_ordered
        ]
        names = dict.fromkeys((self._time, *ordered))
        return Sort(input=rows, keys=tuple(SortKey(column=name, descending=True, nulls="last") for name in names))

    def _known(self, batch: pa.RecordBatch) -> Any:
        times = batch.column(self._time).cast(pa.timestamp("us", "UTC")).cast(pa.int64())
        return times.to_numpy(zero_copy_only=False) + self._node.order.delay

    def _shown(self, batch: pa.RecordBatch, place: int) -> pa.Table:
        """Return the columns that are shown, when each event became known, and its place in the stream."""
        columns = {}
        known = pa.array(self._known(batch))
        for name in self._labels:
            columns[name] = batch.column(name)
            if name == self._time and self._node.order.delay:
                columns[KNOWN] = known.cast(pa.timestamp("us", "UTC"))
        columns[_WHEN] = known
        columns[_PLACE] = pa.array(np.arange(place, place + batch.num_rows))
        return pa.table(columns)

    def _with_reasons(self, samples: Mapping[str, Sample], schema: pa.Schema) -> pa.Table:
        """Return the events outside, each with why."""
        tables = []
        for what, sample in samples.items():
            rows = sample.rows
            why = [self._classifier.why(what, known) for known in rows[_WHEN].to_pylist()]
            tables.append(rows.append_column(WHY, pa.array(why, pa.string())))
        return self._ascending(pa.concat_tables(tables or [schema.append(pa.field(WHY, pa.string())).empty_table()]))

    def _ascending(self, rows: pa.Table) -> pa.Table:
        """Return events as they are shown, the earliest first."""
        rows = rows.take(pc.sort_indices(rows, sort_keys=[(_PLACE, "descending")])).drop_columns([_WHEN, _PLACE])
        return rows.rename_columns([self._labels.get(name) or self._free(name) for name in rows.schema.names])

    def _free(self, label: str) -> str:
        """Return a label for a column that is added, which no column of the events has."""
        while label in self._labels.values():
            label += "_"
        return label

    def _timeless(self, inputs: Mapping[str, Any], place: Placement) -> int:
        """Return how many events of the key have no time."""
        time = self._node.order.time
        if not self._node.events.output[time].nullable:
            return 0
        missing = Call(function="is_null", args=(Column(name=time),))
        events = of_key(Filter(input=self._node.events, predicate=missing), self._keys)
        count = Aggregate(input=events, measures=(Measure(name="count", call=AggCall(function="count")),))
        with prepare(count, inputs=inputs, default=place).start() as reader:
            return int(reader.read_all()["count"][0].as_py())


def _nearest(what: str, schema: pa.Schema, count: int | None) -> Sample:
    """Return what holds the events of a class that are nearest to the window, of a stream that begins with the latest."""
    if what == AFTER and count is not None:
        return Sample(schema, first=0, last=count)
    return Sample(schema, first=count, last=0)
