"""Training sets over several engines, made of few rows or many, whose transforms can wait inside an engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

import onefold as of

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
USERS = 50

ENGINES = ("rift", "spark", "polars")

COLUMNS = {"user": "int64", "at": "timestamp[us, UTC]", "amount": "float64", "n": "int64"}
"""The columns of the events."""

Transform = Callable[[pa.Table], pa.Table]


def events(rows: int = 2_000) -> pa.Table:
    number = np.arange(rows)
    return pa.table(
        {
            "user": pa.array(number * 7 % USERS),
            "at": _times(number * 13 % 86_400),
            "amount": pa.array(number % 97 - 40.0),
            "n": pa.array(number),
        }
    )


def spine(rows: int = 500) -> pa.Table:
    number = np.arange(rows)
    return pa.table(
        {
            "user": pa.array(number * 3 % (USERS + 5)),
            "t": _times(number * 17 % 90_000),
            "label": pa.array(number),
        }
    )


@cache
def in_memory() -> of.Source:
    return of.ArrowSource("events", events(), time="at", sequence=["n"])


def view(name: str, *, function: Transform | None = None, transform: Any = None, **options: Any) -> of.FeatureView:
    """Return a view of two features; its events pass a function of Python, or a transform, where one is given."""
    if function is not None:
        transform = of.transform(function, schema=COLUMNS)
    return of.FeatureView(
        name,
        source=in_memory(),
        entity=of.Entity("user", keys=["user"]),
        features=[
            of.sum("amount").over("1h").named(f"{name}_spent"),
            of.last("n").over("6h").named(f"{name}_newest"),
        ],
        transform=transform,
        **options,
    )


def training_set(*views: of.FeatureView, rows: Any = None, **options: Any) -> of.TrainingSet:
    """Return the features of some views for a spine, by default a small one."""
    return of.training_set(spine() if rows is None else rows, views, time="t", **options)


def _times(seconds: Any) -> pa.Array:
    micros = seconds.astype(np.int64) * 1_000_000 + int(START.timestamp()) * 1_000_000
    return pa.array(micros).cast(pa.timestamp("us", "UTC"))
