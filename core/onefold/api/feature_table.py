"""One view as a table: its rows for some keys and times, and how they are written."""

from __future__ import annotations

import time as clock
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from onefold.api.moments import Moments
from onefold.choosing import Choice
from onefold.contract import Unsupported
from onefold.errors import UnsupportedOperation
from onefold.execution import Explanation, Job, Placement, explain, prepare
from onefold.execution.bars import Progress, watched
from onefold.execution.interrupts import interruptibly
from onefold.execution.runner import offered_by
from onefold.features import FeatureView, Table, col
from onefold.features.running import merged_bindings
from onefold.plan import Plan, Relation, Sink, Write
from onefold.types import Schema

__all__ = ["FeatureTable", "Published", "TableForm"]


@dataclass(frozen=True, slots=True)
class TableForm:
    """How an engine writes tables of features.

    Args:
        engine: The engine.
        format: What it writes.
        merges: Whether it replaces rows one by one.
    """

    engine: str
    format: Literal["table", "parquet"]
    merges: bool

    @classmethod
    def of(cls, engine: str) -> Self:
        """Return how an engine writes.

        Raises:
            UnsupportedOperation: If it writes nothing that can be replaced in parts.
        """
        offered = offered_by(engine)
        format: Literal["table", "parquet"] = "table" if offered.offers("sink.table") else "parquet"
        for name in ("relation.write", f"sink.{format}", "sink.overwrite_partitions"):
            if not offered.offers(name):
                statement = offered.get(name)
                raise UnsupportedOperation(
                    node=name,
                    engine=engine,
                    reason=statement.reason if isinstance(statement, Unsupported) else "it is not implemented",
                    way_out="Publish to another engine: one with tables, or 'rift' for a directory of Parquet files.",
                )
        return cls(engine, format, format == "table" and offered.offers("sink.merge"))

    @property
    def noun(self) -> str:
        """What messages call what it writes."""
        return "table" if self.format == "table" else "directory"


@dataclass(frozen=True, slots=True)
class Published:
    """What was written.

    Args:
        view: The view's name.
        table: The table, or the directory.
        rows: How many rows were written, those that replace others included.
        seconds: How long it took.
    """

    view: str
    table: str
    rows: int
    seconds: float


class FeatureTable:
    """One view as a table; a part of a :class:`~onefold.api.publication.Publication`.

    Args:
        view: The view.
        form: How the engine of the table writes it.
        table: The table, or the directory.
        moments: For which keys and times.
        place: Where the view is computed.
        overwrite: Whether the table is made anew.
        scratch: The directory for rows that wait between engines.
    """

    def __init__(
        self,
        view: FeatureView,
        form: TableForm,
        table: str,
        moments: Moments,
        place: Placement,
        *,
        overwrite: bool = False,
        scratch: str | Path | None = None,
    ) -> None:
        self.view = view
        self.table = table
        self.choice = Choice(place.engine, place.reason)
        self._form = form
        self._moments = moments
        self._place = place
        self._scratch = scratch
        self._time = time = moments.column(view)
        rows = moments.rows(view)
        self._bindings = merged_bindings(rows.bindings, view.bindings)
        keys = view.entity.keys if view.static else (*view.entity.keys, time)
        shown = Table(view.plan(rows.relation, time), self._bindings).select(*keys, *view.feature_names)
        partitions = keys
        if not form.merges:
            partitions = ()
            if not view.static:
                partitions = (f"{time}_date",)
                shown = shown.with_columns(col(time).cast("date32").alias(*partitions))
        self._rows: Relation = shown.relation
        self.sink = Sink(
            format=form.format,
            path=table,
            mode="overwrite" if overwrite or not partitions else "overwrite_partitions",
            partition_by=partitions,
        )

    @property
    def schema(self) -> Schema:
        """The columns: keys, time, features."""
        return self._rows.output

    @property
    def engine(self) -> str:
        """The engine that holds the table."""
        return self._form.engine

    @property
    def plan(self) -> Plan:
        """The logical plan, before rewriting."""
        return Plan(Write(input=self._rows, sink=self.sink))

    @property
    def title(self) -> str:
        """What is written where."""
        by = ", ".join(self.sink.partition_by)
        how = "made anew" if self.sink.mode == "overwrite" else f"in place of rows with the same {by}"
        return f"{self.view.name} into the {self._form.noun} {self.table!r} of {self._form.engine} ({how})"

    def run(self, progress: Progress = None) -> Published:
        """Compute the view and write its table.

        Args:
            progress: True for a bar, in a notebook or a terminal; or what is called while the engine works, where it tells
                how far it is.
        """
        began = clock.perf_counter()
        job = self._job()
        with watched(progress, f"Publishing {self.view.name}") as told:
            report = interruptibly(lambda: job.start(told).read_all())
        return Published(self.view.name, self.table, report["rows"][0].as_py(), clock.perf_counter() - began)

    def explain(self, *, queries: bool = True) -> Explanation:
        """Return what would run where: stages, engines, what each scan reads, the engines' own queries.

        Args:
            queries: Whether the text shows the engines' own queries.
        """
        return explain(self._job(), queries=queries)

    def __repr__(self) -> str:
        return f"FeatureTable({self.title})"

    def _job(self) -> Job:
        rows = self._rows
        if not self.view.static:
            rows = self._moments.narrowed(rows, self._time, self._place)
        target = Placement(self._form.engine, "where it is published", self._place.fallback, self._place.options)

        def place(relation: Relation) -> Placement:
            return target if isinstance(relation, Write) else self._place

        plan = Write(input=rows, sink=self.sink)
        return prepare(plan, inputs=self._bindings, default=self._place, place=place, scratch=self._scratch)
