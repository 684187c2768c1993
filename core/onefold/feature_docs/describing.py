"""What there is to say about a repository: its views and their features, its entities and its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onefold.analysis import describe
from onefold.analysis.describe import call_text, expression_text
from onefold.api.engines import chosen_engines
from onefold.api.repository import Repository
from onefold.feature_docs.lineage import origins
from onefold.features import Entity, FeatureView
from onefold.plan import AggCall, Column, Project, Scan, TrailingAggregate, TrailingWindow
from onefold.types import format_duration

__all__ = ["Catalogue", "FeatureText", "ServiceText", "SourceText", "ViewText", "described"]


@dataclass(frozen=True, slots=True)
class FeatureText:
    """A feature: its name and type, how it is computed and over which window, when it is null, and the columns behind it.

    Attributes are computed by no aggregation, and have no window.
    """

    name: str
    dtype: str
    computed: str
    window: str
    null: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ViewText:
    """A view, its features, and where it is computed."""

    name: str
    description: str
    owner: str
    tags: Mapping[str, str]
    entity: Entity
    time: str
    engine: str
    reason: str
    prepared: tuple[tuple[str, str], ...]
    rows: str
    features: tuple[FeatureText, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source: where it lies, its columns, and the views that read it."""

    name: str
    format: str
    paths: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceText:
    """A service and its views."""

    name: str
    description: str
    owner: str
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that a page says."""

    name: str
    views: tuple[ViewText, ...]
    entities: tuple[Entity, ...]
    sources: tuple[SourceText, ...]
    services: tuple[ServiceText, ...]

    @property
    def count(self) -> int:
        """How many features there are."""
        return sum(len(view.features) for view in self.views)


def described(repository: Repository, *, name: str) -> Catalogue:
    """Return what there is to say about a repository. Nothing is computed.

    Args:
        repository: The repository.
        name: Its name.

    Raises:
        ConfigurationError: If the engine of a view does not exist.
    """
    views = tuple(repository.views.values())
    project = repository.project
    engines = chosen_engines(views, project=project.engine, options=project.options)
    services = tuple(
        ServiceText(one.name, one.description, one.owner, tuple(view.name for view in one.views))
        for one in repository.services.values()
    )
    texts = []
    for view in views:
        within = tuple(service.name for service in services if view.name in service.views)
        choice = engines[view.name]
        texts.append(_view(view, choice.engine, choice.reason, within))
    entities = {view.entity.name: view.entity for view in views}
    return Catalogue(name, tuple(texts), tuple(entities.values()), _sources(views), services)


def _view(view: FeatureView, engine: str, reason: str, services: tuple[str, ...]) -> ViewText:
    order = view.order
    clock = "static: the rows have no time" if view.static else order.time
    if order.delay:
        clock += f", known {format_duration(order.delay)} later"
    return ViewText(
        name=view.name,
        description=view.description,
        owner=view.owner,
        tags=view.tags,
        entity=view.entity,
        time=clock,
        engine=engine,
        reason=reason,
        prepared=_prepared(view),
        rows=describe(view.events),
        features=_features(view),
        services=services,
    )


def _prepared(view: FeatureView) -> tuple[tuple[str, str], ...]:
    """Return the columns that the last step before the features computes, with their expressions."""
    node = view.events
    if view.static and isinstance(node, Project) and isinstance(node.input, Project):
        node = node.input
    if not isinstance(node, Project):
        return ()
    return tuple(
        (column.name, expression_text(column.expression))
        for column in node.columns
        if not (isinstance(column.expression, Column) and column.expression.name == column.name)
        and column.name != view.order.time
    )


def _features(view: FeatureView) -> tuple[FeatureText, ...]:
    plan = view.example_plan
    rows = tuple(f"rows of {node.table.name}" for node in view.events.walk() if isinstance(node, Scan))
    if isinstance(plan, TrailingAggregate):
        return tuple(
            FeatureText(
                name=measure.name,
                dtype=str(view[measure.name].dtype),
                computed=call_text(measure.call),
                window=_window_text(measure.window),
                null=_null_text(measure.call),
                origins=_origins(view, sorted(measure.call.columns)) or rows,
            )
            for measure in plan.measures
        )
    found = []
    for column in plan.columns:
        age = f" in the last {format_duration(plan.max_age)}" if plan.max_age is not None else ""
        null = f"no row{'' if view.static else f' before{age}'}"
        if view.events.output[column.column].nullable:
            null += ", or the row has none" if view.static else ", or the latest row has none"
        origins_of = _origins(view, [column.column])
        found.append(FeatureText(column.name, str(view[column.name].dtype), "", "", null, origins_of))
    return tuple(found)


def _null_text(call: AggCall) -> str:
    if call.entry.empty == "zero" and call.by is None:
        return "never: 0 instead"
    condition = "" if call.where is None else f" where {expression_text(call.where)}"
    return f"no {'value' if call.args else 'row'} in the window{condition}"


def _origins(view: FeatureView, columns: list[str]) -> tuple[str, ...]:
    return tuple(f"{source}.{column}" for source, column in origins(view.events, columns))


def _window_text(window: TrailingWindow) -> str:
    parts = ["all time" if window.size is None else f"last {format_duration(window.size)}"]
    if window.last_rows is not None:
        parts.append(f"at most {window.last_rows} rows")
    if window.offset:
        parts.append(f"ending {format_duration(window.offset)} earlier")
    if window.every is not None:
        parts.append(f"on a grid of {format_duration(window.every)}")
    return ", ".join(parts)


def _sources(views: tuple[FeatureView, ...]) -> tuple[SourceText, ...]:
    tables = {}
    readers: dict[str, list[str]] = {}
    for view in views:
        for node in view.events.walk():
            if isinstance(node, Scan):
                tables[node.table.name] = node.table
                names = readers.setdefault(node.table.name, [])
                if view.name not in names:
                    names.append(view.name)
    return tuple(
        SourceText(
            name,
            one.format if one.home is None else f"a table of {one.home}",
            one.paths,
            tuple((field.name, str(field.dtype)) for field in one.columns),
            tuple(readers[name]),
        )
        for name, one in sorted(tables.items())
    )
