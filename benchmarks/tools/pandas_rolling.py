"""pandas: events and spine in one sorted frame and ``groupby(...).rolling(...)``; ``merge_asof`` for the latest row."""

from __future__ import annotations

from typing import Any

import pandas as pd

from benchmarks.cases import Case, Feature, View

__all__ = ["run"]


def _aggregate(window: Any, feature: Feature) -> Any:
    if feature.measure == "count":
        return window["event"].count()
    column = window[feature.column]
    methods = {
        "sum": column.sum,
        "mean": column.mean,
        "stddev": column.std,
        "min": column.min,
        "max": column.max,
        "last": column.last,
        "distinct": column.nunique,
        "median": column.median,
    }
    return methods[feature.measure]()


def _rolled(case: Case, view: View, spine: Any) -> Any:
    events = pd.read_parquet(view.events, columns=[view.key, "ts", *view.columns])
    if view.reach is not None:
        first = spine["ts"].min() - pd.Timedelta(view.reach, unit="us")
        events = events[(events["ts"] >= first) & (events["ts"] < spine["ts"].max())]
    # Among equal times the order does not matter: a window ends before them.
    timeline = pd.concat([events.assign(event=1.0), spine], ignore_index=True)
    timeline = timeline.sort_values([view.key, "ts"], ignore_index=True)
    wanted = timeline["row"].notna().to_numpy()
    columns = {"row": timeline.loc[wanted, "row"].astype("int64").to_numpy()}
    for window in view.windows:
        # Longer than any history: there is no word for "from the beginning" that leaves out the row itself.
        length = pd.Timedelta(365 * 100, unit="D") if window.micros is None else pd.Timedelta(window.micros, unit="us")
        rolling = timeline.groupby(view.key, sort=False).rolling(length, on="ts", closed="left", min_periods=0)
        some = timeline.groupby(view.key, sort=False).rolling(length, on="ts", closed="left", min_periods=1)
        for feature in view.features:
            for name, at in feature.outputs.items():
                if at == window:
                    counts = feature.measure in ("count", "distinct")
                    values = _aggregate(rolling if counts else some, feature).to_numpy()[wanted]
                    columns[name] = values.astype("int64") if counts else values
    return pd.DataFrame(columns)


def _latest(view: View, spine: Any) -> Any:
    events = pd.read_parquet(view.events, columns=[view.key, "ts", *view.columns]).sort_values("ts")
    found = pd.merge_asof(spine.sort_values("ts"), events, on="ts", by=view.key, allow_exact_matches=False)
    return found[["row", *view.columns]].rename(columns={feature.column: feature.name for feature in view.features})


def run(case: Case) -> None:
    """Compute the case into its output file."""
    spine = pd.read_parquet(case.spine)
    frames = []
    for view in case.sources:
        mine = spine[["row", view.key, "ts"]]
        frame = _latest(view, mine) if view.latest else _rolled(case, view, mine)
        frames.append(frame.sort_values("row", ignore_index=True))
    first, *others = frames
    # An index is no column that anybody asked for.
    pd.concat([first, *(frame.drop(columns="row") for frame in others)], axis=1).to_parquet(case.output, index=False)
