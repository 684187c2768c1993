"""Parquet files with known row groups, and a view over them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from onefold import features as of

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
DAY = 24 * 60


def moment(minute: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minute)


def micros(minute: int) -> int:
    return (int(START.timestamp()) + 60 * minute) * 1_000_000


def readings(first: int, rows: int) -> pa.Table:
    """Return a reading per minute: 8 bytes of key, 8 of time, 8 of value, and a comment that nobody needs."""
    return pa.table(
        {
            "sensor": pa.array([number % 50 for number in range(rows)], pa.int64()),
            "at": pa.array([moment(first + number) for number in range(rows)], pa.timestamp("us", tz="UTC")),
            "value": pa.array([number * 1.37 for number in range(rows)], pa.float64()),
            "comment": [f"comment number {number}, of no use" for number in range(rows)],
        }
    )


def written(folder: Path, *, days: int = 4, files: int = 1, name: str = "part") -> Path:
    """Write readings of some days, a row group per day, and return the folder.

    Args:
        folder: Where to.
        days: How many days each file has.
        files: How many files; each begins when the one before it ends.
        name: How the names of the files begin.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        rows = readings(number * days * DAY, days * DAY)
        pq.write_table(rows, folder / f"{name}-{number:04}.parquet", row_group_size=DAY)
    return folder


def view(source: of.Source, *windows: str, **changes: Any) -> of.FeatureView:
    return of.FeatureView(
        "recent",
        source=source,
        entity=of.Entity("sensor", keys=["sensor"]),
        features=[of.mean("value").over(*windows)],
        **changes,
    )
