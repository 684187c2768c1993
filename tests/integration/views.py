"""A small training set with all that can go wrong between engines: duplicates, nulls, ties, empty windows."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa

import onefold as of
from onefold import col

VIEWS = ("spend", "latest", "shape")


def at(second: float) -> dt.datetime:
    return dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)


def events(rows: int = 200, seed: int = 3) -> pa.Table:
    draw = random.Random(seed)
    return pa.table(
        {
            "user": [draw.choice(["a", "b", "c", None]) for _ in range(rows)],
            "at": [at(draw.randrange(1000)) for _ in range(rows)],
            "amount": [draw.choice([None, 1.5, 2.25, -3.0]) for _ in range(rows)],
            "n": pa.array(range(rows)),
        }
    )


def spine(rows: int = 60, seed: int = 4) -> pa.Table:
    draw = random.Random(seed)
    table = pa.table(
        {
            "user": [draw.choice(["a", "b", "c", "d", None]) for _ in range(rows)],
            "label": pa.array(range(rows)),
            "t": pa.array(
                [draw.choice([None, *(at(draw.randrange(1100)) for _ in range(9))]) for _ in range(rows)],
                pa.timestamp("us", "UTC"),
            ),
            "row": ["taken"] * rows,  # the name that the number of a row would get
        }
    )
    return pa.concat_tables([table, table.slice(5, 10)])  # rows may come twice


def views(source: of.Source, **options: Any) -> list[of.FeatureView]:
    user = of.Entity("user", keys=["user"])
    return [
        of.FeatureView(
            "spend",
            source=source,
            entity=user,
            features=[of.sum("amount").over("100s"), of.count().over("1h"), of.last("n").over("1h").named("newest")],
            **options,
        ),
        of.FeatureView("latest", source=source, entity=user, attributes=["amount"], max_age="10m", **options),
        of.FeatureView(
            "shape",
            source=source,
            entity=user,
            transform=lambda t: t.filter(col("amount") > 0),
            features=[of.max("n").over("200s").named("greatest")],
            **options,
        ),
    ]


def in_memory() -> of.Source:
    return of.ArrowSource("orders", events(), time="at", sequence=["n"])
