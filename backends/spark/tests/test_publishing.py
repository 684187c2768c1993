"""Features published as tables of Spark's catalog, a day at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

import onefold as of
from onefold.api.publication import Publication
from onefold.execution import close_all

DAY = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
ORDERS = pa.table(
    {
        "user": ["a", "a", "b", "a", None],
        "at": pa.array([DAY + dt.timedelta(hours=hour) for hour in (1, 3, 3, 30, 2)], pa.timestamp("us", "UTC")),
        "amount": [10.0, 5.0, 1.0, 7.0, 3.0],
    }
)


FIRST = [("a", 1.0, None, 0, DAY.date()), ("a", 3.0, 10.0, 1, DAY.date()), ("b", 3.0, None, 0, DAY.date())]
"""What the first day has: who, hours after it began, the features, the day."""


def stored(spark: SparkSession) -> list[tuple[Any, ...]]:
    spark.sql("REFRESH TABLE published.spend")  # this session remembers the files that it has read
    rows = spark.sql("SELECT user, unix_timestamp(as_of), amount_sum_1d, count_7d, as_of_date FROM published.spend")
    return sorted((user, (at - DAY.timestamp()) / 3600, *rest) for user, at, *rest in rows.collect())


def publication(engine: str, **options: Any) -> Publication:
    view = of.FeatureView(
        "spend",
        source=of.ArrowSource("orders", ORDERS, time="at"),
        entity=of.Entity("user", keys=["user"]),
        features=[of.sum("amount").over("1d"), of.count().over("7d")],
        engine=engine,
    )
    return of.publication(view, to="spark", table="published.{view}", **options)


@pytest.mark.usefixtures("session")
def test_days_are_replaced_as_often_as_one_likes() -> None:
    spark = SparkSession.active()
    spark.sql("CREATE DATABASE published")
    try:
        publication("spark", end="2025-01-02").run()
        assert stored(spark) == FIRST
        for engine, options in (("rift", {"start": "2025-01-02"}), ("spark", {})):
            publication(engine, **options).run()
            assert stored(spark) == [*FIRST[:2], ("a", 30.0, None, 2, dt.date(2025, 1, 2)), *FIRST[2:]]
    finally:
        spark.sql("DROP DATABASE published CASCADE")
        close_all()
