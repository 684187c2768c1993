"""Polars: events and spine in one sorted frame, and ``DataFrame.rolling`` once for each window.

Formulations of the same, timed with 1 million events and 100,000 spine rows (count, sum, mean and stddev over the six
windows, on 2 busy cores): ``rolling(group_by=...).agg(...)``, as here, 1.4 s; ``rolling_sum_by(...).over(...)`` and
its kin 6.2 s; ``group_by(...).agg(expression.rolling(...))`` 32 s.
"""

from __future__ import annotations

import polars as pl

from benchmarks.cases import Case, Feature, View, Window
from benchmarks.tools.polars_frames import events_of, spine_of, write

__all__ = ["rolled", "run"]


def _aggregate(feature: Feature) -> pl.Expr:
    column = pl.col(feature.column) if feature.column else pl.col("event")
    some = column.count() > 0
    expressions = {
        "count": lambda: pl.col("event").count().cast(pl.Int64),
        "sum": lambda: pl.when(some).then(column.sum()),
        "mean": column.mean,
        "stddev": column.std,
        "min": column.min,
        "max": column.max,
        "last": lambda: column.last(ignore_nulls=True),
        "last_10": lambda: column.drop_nulls().tail(10),
        "distinct": lambda: column.drop_nulls().n_unique().cast(pl.Int64),
        "median": column.median,
    }
    return expressions[feature.measure]()


def _window(timeline: pl.DataFrame, view: View, window: Window) -> pl.DataFrame:
    named = {name: feature for feature in view.features for name, found in feature.outputs.items() if found == window}
    frame = timeline.rolling(
        "ts",
        # Longer than any history: there is no word for "from the beginning".
        period="36500d" if window.micros is None else f"{window.micros}us",
        closed="left",
        group_by=view.key,
    ).agg(_aggregate(feature).alias(name) for name, feature in named.items())
    # No values make an empty list, where null is wanted.
    lists = [name for name, feature in named.items() if feature.measure == "last_10"]
    return frame.with_columns(pl.when(pl.col(name).list.len() > 0).then(pl.col(name)) for name in lists)


def rolled(case: Case, view: View) -> pl.DataFrame:
    """Return the spine's rows with the features of a view over windows."""
    columns = [view.key, "ts", *view.columns]
    events = events_of(case, view).select(*columns, event=pl.lit(1, pl.Int8), row=pl.lit(None, pl.Int64))
    spine = spine_of(case, view).with_columns(event=pl.lit(None, pl.Int8))
    timeline = pl.concat([events, spine], how="diagonal").sort(view.key, "ts").collect()
    is_spine = timeline["row"].is_not_null()
    # Rows come out in the order of the timeline.
    windows = [_window(timeline, view, window).drop(view.key, "ts").filter(is_spine) for window in view.windows]
    return pl.concat([timeline.filter(is_spine).select("row"), *windows], how="horizontal")


def run(case: Case) -> None:
    """Compute the case into its output file."""
    write(case, [rolled(case, view) for view in case.sources])
