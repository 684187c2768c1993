"""Feature views: what is computed about an entity, from which rows, as of any time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from onefold.choosing import Choice, choose_engine, engine_name, estimate_reading, options_by_engine
from onefold.debugging import Difference, compared
from onefold.errors import DefinitionError, PlanError, listed
from onefold.execution import Explanation, Placement, explain, prepare
from onefold.features.attributes import Attribute, bound_attributes, flat_attributes
from onefold.features.cards import view_card
from onefold.features.entity import Entity
from onefold.features.events import Transform, events_of
from onefold.features.naming import checked_flag, checked_name, checked_options
from onefold.features.running import merged_bindings
from onefold.features.sources import Source
from onefold.features.spine import span_of, spine_table
from onefold.features.table import Table
from onefold.features.temporal import bound_measures, check_spine, flat_features
from onefold.plan import AsOfColumn, AsOfJoin, EventOrder, Input, Relation, TrailingAggregate
from onefold.registry import DEFAULT_ENGINE
from onefold.rewriting import narrow_time_ranges
from onefold.types import TIMESTAMP_UTC, Duration, Field, Schema, parse_duration

__all__ = ["FeatureView"]


class FeatureView:
    """Features of one entity, computed from one source, point in time correct.

    A view with ``features`` aggregates the rows in windows that end at the spine's time; one with ``attributes`` takes
    columns of the latest row. As of T means strictly before T: a row with exactly the spine's time does not count,
    unless ``include_exact`` says so. Everything is checked when the view is made; nothing is computed.

    Args:
        name: The view's name.
        source: Where rows come from: a source, or a lazy table.
        entity: What the features describe.
        features: Aggregations such as ``mean("dep_delay").over("1d", "7d")``, in a list or by name.
        attributes: Columns and expressions of the latest row, by name, alias, or in a mapping ``{name: expression}``;
            ``"*"``: all columns but the keys and the time, of a table that holds features already.
        transform: What is done to the rows first: a function of a lazy table, such as
            ``lambda t: t.filter(~col("cancelled"))``; a Python function over batches made with
            :func:`~onefold.features.transform`; or :func:`~onefold.features.native_sql`.
        time: The time column, when it is not the source's: one that the transform makes. It is an instant.
        engine: The engine that computes the view; ``"auto"``: one that fits what it reads; None: the one that the
            project names, or ``"rift"``. A training set and ``ONEFOLD_ENGINE`` go before all of these.
        max_age: Attributes older than this are null; features have windows instead.
        include_exact: Whether a row with exactly the spine's time is known already. That is leakage when the spine's
            rows are made from the same events.
        static: Attributes that never change, from a source without a time and with one row per key.
        fallback: The engine for what ``engine`` does not offer; None: an error instead.
        options: What engines may use for this view, by engine, such as ``{"spark": {"conf": {...}}}``; it goes before what
            a training set says for all of its views.
        owner: Who answers for the view.
        description: What the features mean, for people.
        tags: Anything else, as text by name.

    Raises:
        DefinitionError: If anything does not fit together; the message says what and what to do.
        SourceError: If the source can not be found or read.

    Examples:
        >>> from onefold.features import ArrowSource, col, count, mean
        >>> import datetime as dt
        >>> at = dt.datetime(2013, 1, 1, 12, tzinfo=dt.timezone.utc)
        >>> flights = ArrowSource("flights", {"carrier": ["UA"], "at": [at], "delay": [20]}, time="at")
        >>> view = FeatureView(
        ...     "carrier_delay",
        ...     source=flights,
        ...     entity=Entity("carrier", keys=["carrier"]),
        ...     transform=lambda t: t.with_columns(late=col("delay") > 15),
        ...     features=[mean("delay").over("1d", "7d"), count(where="late").over("7d")],
        ... )
        >>> print(view.schema)
        delay_mean_1d: float64, delay_mean_7d: float64, late_count_7d: int64
    """

    def __init__(
        self,
        name: str,
        *,
        source: Source | Table,
        entity: Entity,
        features: Iterable[Any] | Mapping[str, Any] | None = None,
        attributes: Iterable[Any] | Mapping[str, Any] | None = None,
        transform: Transform | None = None,
        time: str | None = None,
        engine: str | None = None,
        max_age: Duration | None = None,
        include_exact: bool = False,
        static: bool = False,
        fallback: str | None = DEFAULT_ENGINE,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        owner: str = "",
        description: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self.name = checked_name(name, what="a feature view")
        what = self.title
        if not isinstance(entity, Entity):
            raise DefinitionError(
                f"{what}: entity is an Entity, such as Entity('user', keys=['user_id']), not {entity!r:.80}."
            )
        if (features is None) == (attributes is None):
            raise DefinitionError(
                f"{what} needs either features=[...] (aggregations over windows) or attributes=[...] (columns of the "
                f"latest row), and {'has neither' if features is None else 'has both: make two views'}."
            )
        if engine is not None:
            engine = engine_name(engine, what=what)
        if fallback not in (None, DEFAULT_ENGINE):
            fallback = engine_name(fallback, what=f"{what} (fallback)", auto=False)
        self.source = source
        self.entity = entity
        self.engine = engine
        self.fallback = fallback
        self.options = options_by_engine(checked_options(options, what=what), what=f"{what} (options)")
        self.include_exact = checked_flag(include_exact, what=f"include_exact of {what}")
        self.static = checked_flag(static, what=f"static of {what}")
        self.owner = owner
        self.description = description
        self.transformed = transform is not None
        self.tags: Mapping[str, str] = MappingProxyType(dict(tags or {}))
        self.max_age = None if max_age is None else parse_duration(max_age, what="max_age")
        self._check_kind(features is not None)
        events = events_of(source, transform, entity, time=time, static=self.static, what=what)
        self._rows: Relation = events.relation
        self._order: EventOrder = events.order
        self._bindings = events.bindings
        self._attributes: tuple[Attribute, ...] = ()
        try:
            if features is not None:
                flat = flat_features(features, what=what)
                self._measures = bound_measures(flat, self._rows.output, include_exact=self.include_exact)
            else:
                self._measures = ()
                if attributes == "*":
                    others = (*entity.keys, self._order.time)
                    attributes = [name for name in self._rows.output.names if name not in others]
                self._rows, self._attributes = bound_attributes(
                    flat_attributes(attributes or (), what=what), self._rows
                )
        except PlanError as error:
            raise error.within(what) from None
        self._check_names()

    def _check_kind(self, aggregated: bool) -> None:
        if aggregated and self.max_age is not None:
            raise DefinitionError(
                f"{self.title}: max_age is for attributes=[...]; features end with their windows, such as .over('7d')."
            )
        if aggregated and self.static:
            raise DefinitionError(
                f"{self.title}: static is for attributes=[...]; features aggregate rows that have a time."
            )
        if self.static and (self.max_age is not None or self.include_exact):
            raise DefinitionError(
                f"{self.title}: static rows have no time, so max_age and include_exact mean nothing here."
            )

    def _check_names(self) -> None:
        for name in self.feature_names:
            if name in self.entity.keys:
                raise DefinitionError(
                    f"{self.title}: the feature {name!r} has the name of a key of {self.entity!r}, which the spine has already. "
                    'Give it another name with .named("...") or .alias("...").'
                )

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The names of the features, in the order of their definition."""
        return tuple(measure.name for measure in self._measures) + tuple(one.name for one in self._attributes)

    @cached_property
    def schema(self) -> Schema:
        """The features: names, types, and whether they can be null."""
        return self.example_plan.output.select(self.feature_names)

    @property
    def events(self) -> Relation:
        """The rows that the features are computed from, after the transform."""
        return self._rows

    @property
    def order(self) -> EventOrder:
        """When those rows happen and in which order they count."""
        return self._order

    @property
    def events_fingerprint(self) -> str:
        """The fingerprint of the rows: views with the same one can share a scan and a sort."""
        return self._rows.fingerprint

    @property
    def bindings(self) -> Mapping[str, Any]:
        """The Arrow data that the plan's inputs stand for, by name."""
        return self._bindings

    def plan(self, spine: Relation, spine_time: str, *, prefix: str = "") -> TrailingAggregate | AsOfJoin:
        """Return the relation that adds the features to a spine.

        Args:
            spine: The rows to enrich; they have the entity's keys and the time.
            spine_time: The column that says when each prediction is made; an instant.
            prefix: Put before the name of every feature.

        Raises:
            PlanError: If the spine lacks a key or the time, or a type does not fit.
        """
        keys = self.entity.keys
        check_spine(spine, keys, spine_time, self._rows, keys, what=f"the entity {self.entity.name!r}")
        if self._measures:
            return TrailingAggregate(
                spine=spine,
                events=self._rows,
                spine_keys=keys,
                event_keys=keys,
                spine_time=spine_time,
                order=self._order,
                measures=tuple(
                    measure.model_copy(update={"name": prefix + measure.name}) for measure in self._measures
                ),
            )
        return AsOfJoin(
            spine=spine,
            events=self._rows,
            spine_keys=keys,
            event_keys=keys,
            spine_time=spine_time,
            order=self._order,
            columns=tuple(AsOfColumn(column=one.column, name=prefix + one.name) for one in self._attributes),
            include_exact=self.include_exact,
            max_age=self.max_age,
        )

    @cached_property
    def example_plan(self) -> TrailingAggregate | AsOfJoin:
        """The relation that adds the features to a spine which has nothing but the keys and a time."""
        time = "as_of"
        while time in self.entity.keys or time in self.feature_names:
            time += "_"
        keys = [Field(key, self._rows.output[key].dtype) for key in self.entity.keys]
        return self.plan(Input(name="spine", columns=Schema([*keys, Field(time, TIMESTAMP_UTC)])), time)

    def explain(
        self,
        *,
        engine: str | Choice | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        queries: bool = True,
    ) -> Explanation:
        """Return what would run where, for a spine of keys and times: stages, engines, scans, native queries.

        Args:
            engine: The engine, instead of the view's own; or one that was chosen already, with the reason.
            options: Options per engine.
            queries: Whether the text shows the engines' own queries.

        Raises:
            ConfigurationError: If the engine does not exist.
        """
        plan = self.example_plan
        place = Placement(fallback=self.fallback).with_options(options or {}, self.options)
        if isinstance(engine, Choice):
            chosen = engine
        else:
            chosen = choose_engine(
                self, lambda: estimate_reading(plan, self._bindings, options=place.options), engine=engine
            )
        place = replace(place, engine=chosen.engine, reason=chosen.reason)
        return explain(prepare(plan, inputs=self._bindings, default=place), queries=queries)

    def diff(
        self,
        engine: str,
        other: str,
        spine: Any,
        *,
        time: str,
        time_zone: str | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        tolerance: float | Mapping[str, float] | None = None,
        examples: int = 10,
    ) -> Difference:
        """Compute the view on two engines over the user's own data, and return where and by how much they differ.

        Both run at once, and rows are compared as they come. Each computes the features itself; what one can not read
        falls back as it would in a training set, and a note says so.

        Args:
            engine: One engine.
            other: The other one.
            spine: Keys and times, in any form that :func:`onefold.training_set` takes.
            time: The spine's column that says as of when.
            time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.
            options: Options per engine.
            tolerance: The relative difference of numbers that does not count, for all features or by feature; None: what
                the catalogue allows. It demands most values to the last bit, and moments and decayed sums within rounding,
                for which 1e-9 stands here.
            examples: How many of the values that differ are shown.

        Raises:
            ConfigurationError: If an engine does not exist.
            UnsupportedOperation: If one does not offer what the view needs.
            DefinitionError: If the spine does not fit, or its rows come in different orders.
        """
        names = [engine_name(name, what=f"diff of {self.title}", auto=False) for name in (engine, other)]
        if names[0] == names[1]:
            raise DefinitionError(f"diff compares two engines, and both are {names[0]!r}.")
        if examples < 0:
            raise DefinitionError(f"examples={examples!r}: give how many values that differ are shown.")
        rows = spine_table(spine, time=time, time_zone=time_zone)
        places = [Placement(name, fallback=self.fallback).with_options(options or {}, self.options) for name in names]
        node: Relation = self.plan(rows.relation, time)
        span = span_of(rows, time, places[0])
        if span is not None:
            node = narrow_time_ranges(node, spine_time=time, first=span[0], last=span[1])
        assert isinstance(node, TrailingAggregate | AsOfJoin)
        inputs = merged_bindings(rows.bindings, self.bindings)
        return compared(self.name, node, (places[0], places[1]), inputs=inputs, tolerance=tolerance, examples=examples)

    def __getitem__(self, name: str) -> Field:
        """Return one feature: its name, type, and whether it can be null."""
        if name not in self.feature_names:
            raise DefinitionError(
                f"{self.title} has no feature {name!r}. {listed(name, self.feature_names, what='features')}"
            )
        return self.schema[name]

    def _repr_html_(self) -> str:
        return view_card(self)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.feature_names)

    @property
    def title(self) -> str:
        """What messages call the view."""
        return f"the feature view {self.name!r}"

    def __repr__(self) -> str:
        shown = [f"{field.name}: {field.dtype}" for field in list(self.schema)[:20]]
        more = [f"... and {len(self.schema) - 20} more"] if len(self.schema) > 20 else []
        kind = ("feature" if self._measures else "attribute") + "s" * (len(self.schema) != 1)
        source = self.source.name if isinstance(self.source, Source) else "a table"
        head = f"FeatureView({self.name!r}, {len(self.schema)} {kind} of {self.entity.name!r} from {source!r})"
        return "\n  ".join([head, *shown, *more])
