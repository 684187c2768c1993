"""Point-in-time correct training sets: a spine, and for each of its rows the features known at its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from onefold.analysis import describe
from onefold.api.engines import chosen_engines
from onefold.api.placements import placements, usual
from onefold.api.project import ProjectFile
from onefold.api.views import Views, flattened
from onefold.choosing import Choice
from onefold.debugging import Provenance, Question, spine_row
from onefold.display import card, details, facts
from onefold.errors import DefinitionError, PlanError, listed
from onefold.execution import Explanation, Job, Placement, Subplan, explain, prepare
from onefold.execution.bars import Progress, watched
from onefold.execution.sinks import WriteResult, write_parquet
from onefold.execution.writing import writes_itself, written_by_engine
from onefold.features import FeatureView, Table
from onefold.features.cards import computed, listing
from onefold.features.running import merged_bindings
from onefold.features.spine import span_of, spine_table
from onefold.plan import (
    AsOfJoin,
    Column,
    Input,
    NamedExpression,
    Plan,
    Project,
    Relation,
    Sink,
    TrailingAggregate,
    Write,
    WriteMode,
)
from onefold.rewriting import narrow_time_ranges
from onefold.transforms import to_pandas, to_polars
from onefold.types import Duration, Schema, schema_to_arrow
from onefold.types.streams import started

__all__ = ["TrainingSet", "training_set"]


def training_set(
    spine: Any,
    views: Views,
    *,
    time: str,
    engine: str | None = None,
    engines: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    time_zone: str | None = None,
    full_feature_names: bool = False,
    project: ProjectFile | None = None,
    scratch: str | Path | None = None,
) -> TrainingSet:
    """Return the features of each spine row as they were known at its time.

    Nothing runs yet: the result is read with ``to_arrow()``, ``to_polars()``, ``to_pandas()``, ``batches()`` or
    ``write_parquet()``. Every spine row comes out exactly once and in its place, with its own columns first; a
    feature without a value is null (counts are 0). As of T means strictly before T.

    Args:
        spine: The rows to enrich: a pyarrow table, a polars or pandas frame, a source, a lazy table, or the path of a
            Parquet or CSV file.
        views: Feature views and services whose features are wanted.
        time: The spine's column that says when each prediction is made: an instant (``timestamp[us, UTC]``).
        engine: The engine of all views, whatever they name themselves; ``"auto"``: for each, one that fits what it
            reads.
        engines: Engines by view name, over ``engine``.
        options: Options per engine, such as ``{"rift": {"memory_limit": "4GB"}}``; those of a view go before them.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC; without it such a column is
            refused, since local times would leak the future or hide the past.
        full_feature_names: Whether features are named ``<view>__<feature>``.
        project: What the project file of a repository says: the engine of views that name none, and options under
            those of this call. No project file is looked for: it belongs to the definitions beside it.
        scratch: The directory for rows that wait between engines, when they are many; distributed engines have to reach
            it. Left out: that of the environment variable ``ONEFOLD_SCRATCH``, or else that of temporary files.

    Raises:
        DefinitionError: If a key, the time or a name does not fit; the message says what exists instead.
        ConfigurationError: If an engine does not exist.

    Examples:
        >>> import pyarrow as pa, datetime as dt
        >>> from onefold.features import ArrowSource, Entity, FeatureView, sum
        >>> hour = lambda h: dt.datetime(2025, 1, 1, h, tzinfo=dt.timezone.utc)
        >>> orders = ArrowSource(
        ...     "orders", pa.table({"user": ["a", "a"], "at": [hour(1), hour(3)], "amount": [10.0, 5.0]}), time="at"
        ... )
        >>> user = Entity("user", keys=["user"])
        >>> spend = FeatureView("spend", source=orders, entity=user, features=[sum("amount").over("1d")])
        >>> spine = pa.table({"user": ["a", "a", "b"], "t": [hour(3), hour(4), hour(4)]})
        >>> training_set(spine, [spend], time="t").to_arrow()["amount_sum_1d"].to_pylist()
        [10.0, 15.0, None]
    """
    table = spine_table(spine, time=time, time_zone=time_zone)
    flat = flattened(views, what="A training set")
    project = project or ProjectFile()
    options = project.with_options(options)
    chosen = chosen_engines(
        flat, engine=engine, engines=engines, project=project.engine, options=options, spine=table, time=time
    )
    return TrainingSet(
        table,
        flat,
        time=time,
        engines=chosen,
        options=options,
        full_names=full_feature_names,
        scratch=scratch,
    )


class TrainingSet:
    """A training set that is ready to be computed; made by :func:`training_set`.

    Each reading method computes it anew.
    """

    def __init__(
        self,
        spine: Table,
        views: Sequence[FeatureView],
        *,
        time: str,
        engines: Mapping[str, Choice],
        options: Mapping[str, Mapping[str, Any]],
        full_names: bool,
        scratch: str | Path | None = None,
    ) -> None:
        self._spine = spine
        self._views = tuple(views)
        self._time = time
        self._placements = placements(views, engines, options)
        self._scratch = scratch
        self._full_names = full_names
        self._owners: dict[str, str] = {}
        self._relation = self._chain()
        self._columns = (*spine.schema.names, *(name for view in views for name in self._names(view)))
        self._last: Job | None = None

    @property
    def schema(self) -> Schema:
        """The columns: those of the spine, then the features in the order of the views."""
        return self._relation.output.select(self._columns)

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the features, in order."""
        return self._columns[len(self._spine.schema) :]

    @property
    def engines(self) -> dict[str, Choice]:
        """The engine of each view, by name, and why it is that one."""
        return {name: Choice(place.engine, place.reason) for name, place in self._placements.items()}

    @property
    def plan(self) -> Plan:
        """The logical plan, before rewriting; the features stand in the order in which they are computed."""
        return Plan(self._relation)

    def batches(self, progress: Progress = None) -> pa.RecordBatchReader:
        """Compute the training set as a stream of record batches, in the order of the spine.

        Args:
            progress: True for a bar, in a notebook or a terminal; or what is called after each batch with the rows, bytes
                and seconds so far, and before the first one, again and again, where an engine tells how many of its
                tasks are done.
        """
        return self._read(self._job(self._narrowed()), progress)

    def to_arrow(self, progress: Progress = None) -> pa.Table:
        """Compute the training set as a ``pyarrow.Table``; ``progress`` is that of :meth:`batches`."""
        return self.batches(progress).read_all()

    def to_polars(self, progress: Progress = None) -> Any:
        """Compute the training set as a ``polars.DataFrame``; ``progress`` is that of :meth:`batches`."""
        return to_polars(self.to_arrow(progress))

    def to_pandas(self, progress: Progress = None) -> Any:
        """Compute the training set as a ``pandas.DataFrame``; integers with nulls stay integers (``Int64``).

        Args:
            progress: That of :meth:`batches`.
        """
        return to_pandas(self.to_arrow(progress))

    def write_parquet(
        self,
        path: str | Path,
        *,
        mode: WriteMode = "error",
        partition_by: Sequence[str] = (),
        progress: Progress = None,
    ) -> WriteResult:
        """Compute the training set into a directory of Parquet files, in bounded memory.

        Args:
            path: The directory; a failure leaves it as it was.
            mode: What becomes of what it holds already: ``"error"``, ``"append"``, ``"overwrite"``, or
                ``"overwrite_partitions"`` for the partitions that get rows; see :class:`onefold.plan.Sink`.
            partition_by: Columns that become hive partitions.
            progress: True for a bar, in a notebook or a terminal; or what is called after each batch with the rows, bytes
                and seconds so far, and before the first one, again and again, where an engine tells how many of its
                tasks are done.
        """
        plan = self._narrowed()
        job = self._job(plan)
        if writes_itself(job, mode):
            columns = tuple(NamedExpression(name=name, expression=Column(name=name)) for name in self._columns)
            sink = Sink(format="parquet", path=str(path), mode=mode, partition_by=tuple(partition_by))
            self._last = self._job(Write(input=Project(input=plan, columns=columns), sink=sink))
            with watched(progress, self._label) as report:
                return written_by_engine(self._last, path, report)
        schema = schema_to_arrow(self.schema)
        return write_parquet(lambda: self._read(job, progress), schema, path, mode=mode, partition_by=partition_by)

    def explain(self, *, analyze: bool = False, queries: bool = False) -> Explanation:
        """Return what runs where: stages, engines, what each scan reads, the engines' own queries.

        Args:
            analyze: Whether to compute the training set (and drop it) to show rows, bytes and seconds per stage.
            queries: Whether the text shows the engines' own queries; HTML always holds them.
        """
        if analyze:
            for _ in self.batches():
                pass
            assert self._last is not None
            return explain(self._last, queries=queries)
        return explain(self._job(self._narrowed()), queries=queries)

    def why(
        self,
        *,
        row: int,
        feature: str,
        events: int | None = 10,
        around: Duration | None = None,
        columns: Sequence[str] = (),
        queries: bool = False,
    ) -> Provenance:
        """Return where one value comes from: the window, the events that entered, and those just outside and why.

        The value is computed for this one row by the plan of the training set, on the engine of its view. Only events
        of the row's key around its window are read.

        Args:
            row: The position of the row in the spine, from 0.
            feature: The feature.
            events: How many of the events that entered are shown at most, the first and the last ones; None: all.
            around: How far outside of the window events are looked for, such as ``"30d"``; None: as far as the window is
                long, or a day where it has no start.
            columns: More columns of the events to show.
            queries: Whether the text shows the engines' own queries; HTML always holds them.

        Raises:
            DefinitionError: If there is no such row or feature; the message says what exists instead.
        """
        if feature in self._spine.schema:
            raise DefinitionError(
                f"{feature!r} is a column of the spine: it comes out as it is. "
                f"{listed(feature, self.features, what='features')}"
            )
        owner = next((view for view in self._views if feature in self._names(view)), None)
        if owner is None:
            raise DefinitionError(
                f"The training set has no feature {feature!r}. {listed(feature, self.features, what='features')}"
            )
        place = self._placements[owner.name]
        spine, stable = spine_row(self._spine.relation, row, inputs=self._spine.bindings, place=usual(self._placements))
        return Question(
            row=row,
            stable=stable,
            spine=spine,
            feature=feature,
            view=owner.name,
            node=owner.plan(self._spine.relation, self._time, prefix=f"{owner.name}__" if self._full_names else ""),
            inputs=owner.bindings,
            place=place,
            transformed=owner.transformed,
            timed=not owner.static,
            events=events,
            around=around,
            columns=columns,
            queries=queries,
        ).answered()

    def subplan(self, id: str) -> Subplan:
        """Return one step of the computation, to be run alone.

        Args:
            id: What :meth:`explain` shows behind the step, such as ``"0.2"``; ``"0"`` is all of stage 0.
        """
        return Subplan.of(self._job(self._narrowed()), id)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Compute the training set for any library that reads Arrow streams."""
        return self.batches().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        views = ", ".join(view.name for view in self._views)
        return f"TrainingSet({len(self.features)} features of {views}; as of {self._time!r})"

    def _repr_html_(self) -> str:
        rows = []
        for view in self._views:
            place, texts = self._placements[view.name], computed(view)
            engine = f"{place.engine}{f' ({place.reason})' if place.reason else ''}"
            for name, feature in zip(self._names(view), view.feature_names, strict=True):
                rows.append([name, str(self._relation.output[name].dtype), texts[feature], view.name, engine])
        spine = ", ".join(f"{field.name}: {field.dtype}" for field in self._spine.schema)
        return card(
            "Training set",
            f"{len(rows):,} features of {len(self._views):,} views, as of {self._time}; not computed yet",
            facts([("spine", [spine])]),
            listing(["feature", "type", "computed", "view", "engine"], rows),
            details("plan", describe(self._relation)),
        )

    def _names(self, view: FeatureView) -> tuple[str, ...]:
        return tuple(f"{view.name}__{name}" if self._full_names else name for name in view.feature_names)

    def _chain(self) -> Relation:
        """Return the plan: each view enriches what the one before it gives; those of the same events stand together.

        It is the same for every engine: that views do not wait for each other is for the execution to see.
        """
        relation = self._spine.relation
        for view in sorted(self._views, key=lambda view: view.events_fingerprint):
            for name in self._names(view):
                if name in self._owners:
                    raise DefinitionError(
                        f"The views {self._owners[name]!r} and {view.name!r} both have a feature {name!r}. "
                        "Rename one with .named(...), or pass full_feature_names=True."
                    )
                self._owners[name] = view.name
            try:
                relation = view.plan(relation, self._time, prefix=f"{view.name}__" if self._full_names else "")
            except PlanError as error:
                raise error.within(f"view {view.name!r}") from None
        return relation

    def _read(self, job: Job, progress: Progress) -> pa.RecordBatchReader:
        self._last = job
        schema = schema_to_arrow(self.schema).with_metadata({"onefold.plan": self.plan.fingerprint})

        def in_order() -> Iterator[pa.RecordBatch | None]:
            with watched(progress, self._label, total=self._known_rows()) as report, job.start(report) as reader:
                yield None
                for batch in reader:
                    yield pa.RecordBatch.from_arrays([batch.column(name) for name in self._columns], schema=schema)

        return pa.RecordBatchReader.from_batches(schema, started(in_order()))

    def _known_rows(self) -> int | None:
        """Return how many rows there will be, where the spine tells without being read."""
        leaf = self._spine.relation
        data = self._spine.bindings.get(leaf.name) if isinstance(leaf, Input) else None
        return data.num_rows if isinstance(data, pa.Table) else None

    @property
    def _label(self) -> str:
        count = len(self.features)
        return f"Computing {count:,} feature{'s' * (count != 1)}"

    def _narrowed(self) -> Relation:
        """Return the plan with scans that read what the spine can reach."""
        span = span_of(self._spine, self._time, usual(self._placements))
        if span is None:
            return self._relation
        return narrow_time_ranges(self._relation, spine_time=self._time, first=span[0], last=span[1])

    def _job(self, plan: Relation) -> Job:
        inputs = merged_bindings(self._spine.bindings, *(view.bindings for view in self._views))
        default = usual(self._placements)
        return prepare(plan, inputs=inputs, default=default, place=self._placed, scratch=self._scratch)

    def _placed(self, relation: Relation) -> Placement | None:
        """Return where a view is computed, for the relation that adds its features."""
        if not isinstance(relation, TrailingAggregate | AsOfJoin) or relation.spine_time != self._time:
            return None
        first = relation.measures[0] if isinstance(relation, TrailingAggregate) else relation.columns[0]
        owner = self._owners.get(first.name)
        return None if owner is None else self._placements[owner]
