"""A small feature repository, and a spine for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

DEFINITIONS = """
from pathlib import Path

import onefold as of

HERE = Path(__file__).parent
print("definitions may print")

orders = of.ParquetSource("orders", HERE / "orders.parquet", time="at")
user = of.Entity("user", keys=["user"])

spend = of.FeatureView(
    "spend",
    source=orders,
    entity=user,
    description="What users spend.",
    features=[of.sum("amount").over("1d", "7d"), of.count().over("1d").named("orders_1d")],
)
latest = of.FeatureView("latest", source=orders, entity=user, attributes={"last_amount": "amount"})
everything = of.FeatureService("everything", views=[spend, latest])
"""


def hour(number: float) -> dt.datetime:
    return dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=number)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with features.py, its data, and spine.parquet and spine.csv."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "features.py").write_text(DEFINITIONS, encoding="utf-8")
    orders = {"user": ["a", "a", "b"], "at": [hour(1), hour(3), hour(3)], "amount": [10.0, 5.0, 1.0]}
    pq.write_table(pa.table(orders), folder / "orders.parquet")
    spine = pa.table({"user": ["a", "b", "a", None], "t": [hour(3), hour(4), hour(30), hour(4)]})
    pq.write_table(spine, folder / "spine.parquet")
    pyarrow.csv.write_csv(spine, folder / "spine.csv")
    return folder
