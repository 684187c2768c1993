"""onefold on rift, through the public API, the way a user writes it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import onefold as of
from benchmarks.cases import Case, Feature, View

__all__ = ["run", "views"]

# onefold imports its parts, the engine and the writer when they are first used; importing is not what is measured.
for _name in ("onefold.api", "onefold_rift.backend", "pyarrow.dataset"):
    import_module(_name)


def _aggregation(feature: Feature) -> of.AggExpr:
    column = feature.column
    measures: dict[str, Callable[[], of.AggExpr]] = {
        "count": of.count,
        "sum": lambda: of.sum(column),
        "mean": lambda: of.mean(column),
        "stddev": lambda: of.std(column),
        "min": lambda: of.min(column),
        "max": lambda: of.max(column),
        "last": lambda: of.last(column),
        "last_10": lambda: of.last(column, 10),
        "distinct": lambda: of.count_distinct(column),
        "median": lambda: of.median(column),
    }
    windows = [of.lifetime if window.micros is None else window.name for window in feature.windows]
    # "{window}" also names the window where there is only one.
    return measures[feature.measure]().over(*windows).named(feature.name + "_{window}")


def views(case: Case) -> list[of.FeatureView]:
    """Return the views of a case as feature views; those over the same file share a source, as a user would write them."""
    sources: dict[str, of.ParquetSource] = {}
    return [_view(view, _source(sources, case, view)) for view in case.views]


def _source(sources: dict[str, of.ParquetSource], case: Case, view: View) -> of.ParquetSource:
    if view.events not in sources:
        sources[view.events] = of.ParquetSource(f"{view.name}_events", view.events, time="ts", unique=case.unique)
    return sources[view.events]


def _view(view: View, source: of.ParquetSource) -> of.FeatureView:
    entity = of.Entity(view.key, keys=[view.key])
    if view.latest:
        attributes = {feature.name: of.col(feature.column) for feature in view.features}
        return of.FeatureView(view.name, source=source, entity=entity, attributes=attributes)
    features = [_aggregation(feature) for feature in view.features]
    return of.FeatureView(view.name, source=source, entity=entity, features=features)


def run(case: Case) -> None:
    """Compute the case into its output folder."""
    options: dict[str, str | int] = {}
    if case.memory_mib is not None:
        options["memory_limit"] = f"{case.memory_mib}MiB"
    if case.threads is not None:
        options["threads"] = case.threads
    of.training_set(case.spine, views(case), time="ts", options={"rift": options}).write_parquet(case.output)
