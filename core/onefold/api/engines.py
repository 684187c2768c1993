"""The engine of each view of a training set, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onefold.choosing import Choice, choose_engine, engine_name, estimate_reading, sized_files, time_span
from onefold.contract import Estimate
from onefold.errors import ConfigurationError, listed
from onefold.execution import Placement
from onefold.features import FeatureView, Table
from onefold.plan import Cast, Column, Input, Project, Relation, Scan

__all__ = ["chosen_engines", "known_span"]


def chosen_engines(
    views: Sequence[FeatureView],
    *,
    engine: str | None = None,
    engines: Mapping[str, str] | None = None,
    project: str | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    spine: Table | None = None,
    time: str | None = None,
) -> dict[str, Choice]:
    """Return the engine of each view, by name, and why it is that one; see :func:`onefold.choosing.choose_engine`.

    Args:
        views: The views.
        engine: The engine that the call names for all of them, or ``"auto"``.
        engines: The engines that it names for some, by view name.
        project: The engine that the project file names for views that name none.
        options: Options per engine, for engines that are asked how large their tables are.
        spine: The spine: with its span of times, ``"auto"`` counts only what windows can reach.
        time: The spine's time column.

    Raises:
        ConfigurationError: If a view or an engine does not exist; the message says where it was named.
        PluginError: If a plugin that chooses fails.
    """
    names = [view.name for view in views]
    for name, given in (engines or {}).items():
        if name not in names:
            raise ConfigurationError(f"engines= names the view {name!r}. {listed(name, names, what='views here')}")
        engine_name(given, what=f"engines= for the view {name!r}")
    if engine is not None:
        engine_name(engine, what="engine=")
    spans: list[tuple[int, int] | None] = []

    def estimate(view: FeatureView) -> Estimate:
        if not spans:  # looked up once, and only when an engine is to be chosen
            spans.append(None if spine is None or time is None else known_span(spine, time))
        own = Placement().with_options(options or {}, view.options).options
        return estimate_reading(view.example_plan, view.bindings, span=spans[0], options=own)

    return {
        view.name: choose_engine(view, partial(estimate, view), engine=engine, engines=engines, project=project)
        for view in views
    }


def known_span(spine: Table, time: str) -> tuple[int, int] | None:
    """Return the first and last time of a spine, in microseconds since 1970; None where finding out means reading it.

    Args:
        spine: The spine: in memory, or Parquet files whose footers say it.
        time: Its time column, an instant.
    """
    leaf: Relation = spine.relation
    if isinstance(leaf, Project):  # a time that was stated to be in UTC
        source = next(column.expression for column in leaf.columns if column.name == time)
        if isinstance(source, Cast):
            source = source.arg
        if not isinstance(source, Column):
            return None
        leaf, time = leaf.input, source.name
    if isinstance(leaf, Input):
        data = spine.bindings.get(leaf.name)
        if not isinstance(data, pa.Table):
            return None
        bounds = pc.min_max(data[time].cast(pa.timestamp("us", tz="UTC")))
        if not bounds["min"].is_valid:
            return None
        return bounds["min"].cast(pa.int64()).as_py(), bounds["max"].cast(pa.int64()).as_py()
    if not isinstance(leaf, Scan) or leaf.table.format != "parquet":
        return None
    try:
        return time_span(time, sized_files(leaf.table) or ())
    except (OSError, pa.ArrowException):  # reading it will say what is wrong
        return None
