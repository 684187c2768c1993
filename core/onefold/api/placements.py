"""Where the views of a training set are computed, and with what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onefold.choosing import Choice
from onefold.execution import Placement, prepare
from onefold.features import FeatureView, Table
from onefold.plan import AggCall, Aggregate, Column, Input, Measure, Scan

__all__ = ["placements", "span_of", "usual"]

Options = Mapping[str, Mapping[str, Any]]


def placements(views: Sequence[FeatureView], choices: Mapping[str, Choice], options: Options) -> dict[str, Placement]:
    """Return where each view is computed, by its name.

    Args:
        views: The views.
        choices: The engine of each, and why it is that one.
        options: Options per engine for all views; those of a view go before them.
    """
    return {
        view.name: Placement(choices[view.name].engine, choices[view.name].reason, view.fallback).with_options(
            options, view.options
        )
        for view in views
    }


def usual(placed: Mapping[str, Placement]) -> Placement:
    """Return the place of most views; of equally many, the first."""
    counts = Counter(placement.engine for placement in placed.values())
    engine = counts.most_common(1)[0][0]
    return next(placement for placement in placed.values() if placement.engine == engine)


def span_of(spine: Table, time: str, default: Placement) -> tuple[int, int] | None:
    """Return the first and last time in a spine, in microseconds since 1970; None when it has no times.

    Args:
        spine: The spine; a table in an engine is asked there, so that nothing but the answer leaves it.
        time: Its time column.
        default: Where all else is read.
    """
    relation = spine.relation
    data = spine.bindings.get(relation.name) if isinstance(relation, Input) else None
    if isinstance(data, pa.Table):
        bounds = pc.min_max(data[time].cast(pa.timestamp("us", tz="UTC")))
        first, last = bounds["min"], bounds["max"]
    else:
        homes = [leaf.table.home for leaf in relation.walk() if isinstance(leaf, Scan) and leaf.table.home is not None]
        place = Placement(homes[0], options=default.options) if homes else default
        measures = tuple(
            Measure(name=name, call=AggCall(function=name, args=(Column(name=time),))) for name in ("min", "max")
        )
        question = Aggregate(input=relation, measures=measures)
        row = prepare(question, inputs=spine.bindings, default=place).start().read_all()
        first, last = row["min"][0], row["max"][0]
    if not first.is_valid:
        return None
    return first.cast(pa.int64()).as_py(), last.cast(pa.int64()).as_py()
