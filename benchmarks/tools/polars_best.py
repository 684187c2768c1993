"""Polars, the fast way: running values looked up by as-of joins at both ends of each window.

The same as ``duckdb_best``, measure by measure: running totals (not exact: what is small beside the totals is lost),
latest values with their times, and events that count until the next one of the same value. Minima, maxima and medians are
rolling, as in ``polars_rolling``. Columns of the latest event are an as-of join.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchmarks.cases import Case, Feature, View, Window
from benchmarks.tools.polars_frames import events_of, spine_of, write
from benchmarks.tools.polars_rolling import rolled

__all__ = ["run"]

_ROLLED: Final = ("min", "max", "median")
_TOTALS: Final = ("count", "sum", "mean", "stddev")


def _before(spine: pl.DataFrame, events: pl.DataFrame, at: str) -> pl.DataFrame:
    """Return the spine with the columns of the latest event of its key before a time."""
    # Both are sorted by key and time, so that each key's times are in order, which the check can not know.
    return spine.join_asof(
        events, left_on=at, right_on="at", by="key", allow_exact_matches=False, check_sortedness=False
    )


def _sums(view: View, column: str) -> list[pl.Expr]:
    """Return the running totals of a column: n values, their sum s, and q of their squares where that is needed."""
    value = pl.col(column)
    sums = [
        value.is_not_null().cum_sum().cast(pl.Int64).over("key").alias(f"n_{column}"),
        value.fill_null(0).cum_sum().over("key").alias(f"s_{column}"),
    ]
    if any(feature.measure == "stddev" and feature.column == column for feature in view.features):
        sums.append((value * value).fill_null(0).cum_sum().over("key").alias(f"q_{column}"))
    return sums


def _lasts(features: Sequence[Feature], events: pl.DataFrame, spine: pl.DataFrame) -> pl.DataFrame:
    """Return the latest values of a column, from the latest ones so far, each with its time."""
    column = features[0].column
    backs = range(10 if any(feature.measure == "last_10" for feature in features) else 1)
    values = events.filter(pl.col(column).is_not_null()).select(
        "key",
        "at",
        *(pl.col(column).shift(back).over("key").alias(f"v{back}") for back in backs),
        *(pl.col("at").shift(back).over("key").alias(f"t{back}") for back in backs),
    )
    found = _before(spine, values, "at")
    earliest_first = pl.concat_list(f"v{back}" for back in reversed(backs))
    outputs = []
    for feature in features:
        for name, window in feature.outputs.items():
            start = pl.lit(0) if window is None or window.micros is None else pl.col("at") - window.micros
            value = pl.col("v0")
            if feature.measure == "last_10":
                inside = pl.sum_horizontal((pl.col(f"t{back}") >= start).fill_null(False) for back in backs)
                value = earliest_first.list.tail(inside)
            outputs.append(pl.when(pl.col("t0") >= start).then(value).alias(name))
    return found.select(outputs)


def _formula(feature: Feature) -> pl.Expr:
    """Return a measure from the differences of running totals."""
    if feature.measure == "count":
        return pl.col("c_")
    count, total = pl.col(f"n_{feature.column}_"), pl.col(f"s_{feature.column}_")
    squares = pl.col(f"q_{feature.column}_")
    formulas = {
        "sum": lambda: pl.when(count > 0).then(total),
        "mean": lambda: pl.when(count > 0).then(total / count),
        "stddev": lambda: pl.when(count > 1).then(
            ((squares - total * total / count).clip(lower_bound=0) / (count - 1)).sqrt()
        ),
    }
    return formulas[feature.measure]()


def _window(view: View, window: Window, end: pl.DataFrame, running: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in running.columns if name[:2] in ("c", "n_", "s_", "q_")]
    zero = {name: pl.col(name).fill_null(0) for name in names}
    if window.micros is None:
        differences = end.with_columns(expression.alias(f"{name}_") for name, expression in zero.items())
    else:
        start = end.with_columns(start=pl.col("at") - window.micros)
        found = _before(
            start, running.select("key", "at", *(pl.col(name).alias(f"{name}_") for name in names)), "start"
        )
        differences = found.with_columns(
            (expression - pl.col(f"{name}_").fill_null(0)).alias(f"{name}_") for name, expression in zero.items()
        )
    return differences.select(
        _formula(feature).alias(name)
        for feature in view.features
        for name, at in feature.outputs.items()
        if at == window
    )


def _totals(view: View, events: pl.DataFrame, spine: pl.DataFrame) -> list[pl.DataFrame]:
    running = events.select(
        "key",
        "at",
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("key").alias("c"),
        *(total for column in view.columns for total in _sums(view, column)),
    )
    end = _before(spine, running, "at")
    return [_window(view, window, end, running) for window in view.windows]


def _distinct(feature: Feature, events: pl.DataFrame, spine: pl.DataFrame) -> pl.DataFrame:
    column = pl.col(feature.column)
    numbered = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("key")
    lives = events.filter(column.is_not_null()).with_columns(again=pl.col("at").shift(-1).over("key", feature.column))
    starts = _before(spine, lives.select("key", "at", n=numbered), "at")
    counts = []
    for name, window in feature.outputs.items():
        over = (
            pl.col("again")
            if window is None or window.micros is None
            else pl.min_horizontal("again", pl.col("at") + window.micros)
        )
        # It still counts for a row at the very time at which it ends.
        ends = lives.select("key", at=over).drop_nulls("at").sort("key", "at").select("key", "at", e=numbered)
        found = _before(starts, ends.unique(["key", "at"], keep="last", maintain_order=True), "at")
        counts.append(found.select((pl.col("n").fill_null(0) - pl.col("e").fill_null(0)).alias(name)))
    return pl.concat(counts, how="horizontal")


def _computed(case: Case, view: View) -> list[pl.DataFrame]:
    """Return frames with the features of a source, each with all spine rows and their numbers."""
    micros = pl.col("ts").cast(pl.Int64).alias("at")
    scan = events_of(case, view).select(pl.col(view.key).alias("key"), micros, *view.columns)
    events = scan.sort("key", "at").collect()
    spine = spine_of(case, view).select("row", pl.col(view.key).alias("key"), micros).sort("key", "at").collect()
    if view.latest:
        found = _before(spine, events, "at")
        return [found.select("row", *(pl.col(feature.column).alias(feature.name) for feature in view.features))]
    parts = [spine.select("row")]
    if totals := view.only(*_TOTALS):
        parts += _totals(totals, events, spine)
    if latest := view.only("last", "last_10"):
        by_column = ([one for one in latest.features if one.column == column] for column in latest.columns)
        parts += [_lasts(features, events, spine) for features in by_column]
    if distinct := view.only("distinct"):
        parts += [_distinct(feature, events, spine) for feature in distinct.features]
    frames = [pl.concat(parts, how="horizontal")] if len(parts) > 1 else []
    if rolling := view.only(*_ROLLED):
        frames.append(rolled(case, rolling))
    return frames


def run(case: Case) -> None:
    """Compute the case into its output file."""
    write(case, [frame for view in case.sources for frame in _computed(case, view)])
