"""What the tools on Polars share: reading events and spine, and writing frames side by side."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from benchmarks.cases import Case, View

__all__ = ["events_of", "spine_of", "write"]


def events_of(case: Case, view: View) -> pl.LazyFrame:
    """Return the events that a window can reach, as one would write it by hand."""
    events = pl.scan_parquet(view.events)
    if view.reach is None:
        return events
    first, last = (
        pl.scan_parquet(case.spine)
        .select(pl.col("ts").min() - pl.duration(microseconds=view.reach), pl.col("ts").max().alias("last"))
        .collect()
        .row(0)
    )
    return events.filter(pl.col("ts") >= first, pl.col("ts") < last)


def spine_of(case: Case, view: View) -> pl.LazyFrame:
    """Return the spine with the key of a view only."""
    return pl.scan_parquet(case.spine).select("row", view.key, "ts")


def write(case: Case, frames: Sequence[pl.DataFrame]) -> None:
    """Write frames, each with all spine rows, side by side."""
    if len(frames) > 1:
        # Sorting puts equal rows in equal places, which is less work than joining.
        first, *others = [frame.sort("row") for frame in frames]
        frames = [pl.concat([first, *(frame.drop("row") for frame in others)], how="horizontal")]
    frames[0].write_parquet(case.output)
