"""Publishing: a row is what a training set has for its key and time, and publishing again changes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import onefold as of
from onefold import col
from onefold.api.moments import moments_of
from onefold.api.publication import Publication
from onefold.errors import ConfigurationError, DefinitionError, EngineError, UnsupportedOperation
from onefold.plan import AsOfJoin, Distinct, Scan, TrailingAggregate

DAY = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
USER = of.Entity("user", keys=["user"])


def hour(number: float) -> dt.datetime:
    return DAY + dt.timedelta(hours=number)


ORDERS = pa.table(
    {
        "user": ["a", "a", "b", "a", None, "b"],
        "at": pa.array([hour(1), hour(3), hour(3), hour(30), hour(2), None], pa.timestamp("us", "UTC")),
        "amount": [10.0, 5.0, 1.0, 7.0, 3.0, 2.0],
    }
)


def views(rows: pa.Table = ORDERS, **options: Any) -> list[of.FeatureView]:
    orders = of.ArrowSource("orders", rows, time="at")
    spend = of.FeatureView(
        "spend",
        source=orders,
        entity=USER,
        features=[of.sum("amount").over("1d"), of.count().over("7d").named("orders_7d")],
        **options,
    )
    latest = of.FeatureView("latest", source=orders, entity=USER, attributes={"last_amount": "amount"}, **options)
    return [spend, latest]


def published(tmp_path: Path, given: Any = None, **options: Any) -> Publication:
    return of.publication(given or views(), **{"to": "rift", "table": str(tmp_path / "{view}"), **options})


def stored(tmp_path: Path, view: str = "spend") -> list[dict[str, Any]]:
    rows = pq.read_table(tmp_path / view).to_pylist()
    return sorted(rows, key=lambda row: (row.get("as_of") or DAY, row["user"]))


def test_a_row_holds_what_was_known_before_its_own_time(tmp_path: Path) -> None:
    spend, latest = published(tmp_path).run()
    assert (spend.view, spend.table, spend.rows) == ("spend", str(tmp_path / "spend"), 4)
    assert [tuple(row.values()) for row in stored(tmp_path)] == [
        ("a", hour(1), None, 0, "2025-01-01"),
        ("a", hour(3), 10.0, 1, "2025-01-01"),
        ("b", hour(3), None, 0, "2025-01-01"),
        ("a", hour(30), None, 2, "2025-01-02"),
    ]
    assert [row["last_amount"] for row in stored(tmp_path, "latest")] == [None, 10.0, None, 5.0]
    assert latest.rows == 4


@pytest.mark.parametrize("options", [{}, {"every": "6h", "start": "2025-01-01", "end": "2025-01-04"}])
def test_rows_are_those_of_a_training_set(tmp_path: Path, options: dict[str, Any]) -> None:
    published(tmp_path, **options).run()
    for view in views():
        table = pq.read_table(tmp_path / view.name)
        expected = of.training_set(table.select(["user", "as_of"]), view, time="as_of").to_arrow()
        assert table.select(expected.column_names).equals(expected)
        assert len(table) > 3


def test_again_changes_nothing_and_another_span_adds_its_rows(tmp_path: Path) -> None:
    first = published(tmp_path, start="2025-01-01", end="2025-01-02")
    assert first.run()[0].rows == 3
    once = stored(tmp_path)
    assert [row["as_of"] for row in once] == [hour(1), hour(3), hour(3)]
    assert first.run()[0].rows == 3
    assert stored(tmp_path) == once
    for _ in range(2):
        assert published(tmp_path, start=dt.date(2025, 1, 2)).run()[0].rows == 1
        assert stored(tmp_path)[:3] == once
        assert [row["as_of"] for row in stored(tmp_path)[3:]] == [hour(30)]
    assert published(tmp_path, end=hour(24), overwrite=True).run()[0].rows == 3
    assert stored(tmp_path) == once


def test_an_event_that_comes_late_corrects_what_was_published(tmp_path: Path) -> None:
    published(tmp_path).run()
    late = pa.table({"user": ["a"], "at": pa.array([hour(2)], pa.timestamp("us", "UTC")), "amount": [100.0]})
    published(tmp_path, views(pa.concat_tables([ORDERS, late]))).run()
    assert [row["amount_sum_1d"] for row in stored(tmp_path)] == [None, 10.0, 110.0, None, None]
    assert [row["orders_7d"] for row in stored(tmp_path)] == [0, 1, 2, 0, 3]


def test_a_grid_has_each_key_from_its_first_event_on(tmp_path: Path) -> None:
    options = {"start": "2025-01-02T00:00Z", "end": "2025-01-04", "every": "1d"}
    published(tmp_path, **options).run()
    assert [tuple(row.values())[:4] for row in stored(tmp_path)] == [
        ("a", hour(24), 15.0, 2),
        ("b", hour(24), 1.0, 1),
        ("a", hour(48), 7.0, 3),
        ("b", hour(48), None, 1),
    ]
    published(tmp_path / "before", start="2024-12-31", end="2025-01-02", every="1d").run()
    assert not list((tmp_path / "before").rglob("spend/*/*.parquet"))  # nobody had an event before midnight


def test_static_views_have_a_row_per_key_and_no_time(tmp_path: Path) -> None:
    users = of.ArrowSource("users", {"user": ["a", "b", None], "born": [1990, 1980, 1970]})
    facts = of.FeatureView("facts", source=users, entity=USER, attributes=["born"], static=True)
    for _ in range(2):
        assert published(tmp_path, facts).run()[0].rows == 2
        assert stored(tmp_path, "facts") == [{"user": "a", "born": 1990}, {"user": "b", "born": 1980}]


def test_keys_and_times_that_are_given(tmp_path: Path) -> None:
    """Only engines that replace single rows take them: elsewhere the other rows of their days would be lost."""
    spine = pa.table({"user": ["a", "c", None, "a"], "t": [hour(4), hour(4), hour(4), hour(4)], "label": [1, 2, 3, 4]})
    moments = moments_of(start=None, end=None, every=None, spine=spine, time="t", time_zone=None)
    rows = moments.rows(views()[0]).collect().to_pylist()
    assert sorted(rows, key=repr) == [{"user": "a", "as_of": hour(4)}, {"user": "c", "as_of": hour(4)}]
    with pytest.raises(DefinitionError, match="'rift' replaces the rows of whole days"):
        published(tmp_path, spine=spine, time="t")


def test_a_failure_leaves_a_table_as_it_was(tmp_path: Path) -> None:
    published(tmp_path).run()
    before = stored(tmp_path)
    endless = pa.table({"user": ["z"], "at": [hour(50)], "amount": [float("inf")]}, schema=ORDERS.schema)
    failing = views(
        pa.concat_tables([ORDERS, endless]),
        transform=lambda rows: rows.with_columns(amount=col("amount").cast("int64").cast("float64")),
    )
    with pytest.raises(EngineError):
        published(tmp_path, failing).run()
    assert stored(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_scans_read_what_the_span_can_reach(tmp_path: Path) -> None:
    pq.write_table(ORDERS, tmp_path / "orders.parquet")
    source = of.ParquetSource("orders", tmp_path / "orders.parquet", time="at")
    view = of.FeatureView("spend", source=source, entity=USER, features=[of.sum("amount").over("1d")])
    (table,) = published(tmp_path, view, start="2025-01-02", end="2025-01-03").tables
    ranges = {
        (node.time_range.start, node.time_range.end)
        for report in table.explain().stages
        for node in report.stage.plan.walk()
        if isinstance(node, Scan) and node.time_range is not None
    }
    day = 86_400_000_000
    second = int(hour(24).timestamp()) * 1_000_000
    assert ranges == {(second, second + day), (second - day, second + day - 1)}
    assert table.run().rows == 1


def test_what_will_be_written_is_known_before(tmp_path: Path) -> None:
    publication = published(tmp_path)
    spend, _ = publication.tables
    assert [(field.name, str(field.dtype)) for field in spend.schema] == [
        ("user", "string"),
        ("as_of", "timestamp[us, UTC]"),
        ("amount_sum_1d", "float64"),
        ("orders_7d", "int64"),
        ("as_of_date", "date32"),
    ]
    assert {type(node) for node in spend.plan.root.walk()} > {TrailingAggregate, Distinct}
    assert any(isinstance(node, AsOfJoin) for node in publication.tables[1].plan.root.walk())
    shown = publication.explain()
    assert f"spend into the directory '{tmp_path}/spend' of rift (in place of rows with the same as_of_date)" in shown
    assert "latest into the directory" in shown
    assert "stage 0 on rift" in shown
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_a_view_that_is_called_like_the_time(tmp_path: Path) -> None:
    (spend, _) = views()
    view = of.FeatureView(
        "named", source=spend.source, entity=USER, features=[of.sum("amount").over("1d").named("as_of_date")]
    )
    assert published(tmp_path, view).tables[0].schema.names == ("user", "as_of_", "as_of_date", "as_of__date")


def test_views_go_on_where_they_are_assigned(tmp_path: Path) -> None:
    publication = published(tmp_path, engines={"latest": "polars"})
    stages = [[report.stage.engine for report in table.explain().stages] for table in publication.tables]
    assert stages == [["rift"], ["polars", "rift"]]
    publication.run()
    assert [row["last_amount"] for row in stored(tmp_path, "latest")] == [None, 10.0, None, 5.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": "1d"}, "every= needs start= and end="),
        ({"every": "1d", "start": "2025-01-01"}, "every= needs start= and end="),
        ({"every": "1us", "start": "2025-01-01", "end": "2025-01-02"}, "gives 86,400,000,000 times for each key"),
        ({"start": "2025-01-02", "end": "2025-01-02"}, "nothing lies between"),
        ({"start": "yesterday"}, "start='yesterday' is not a time"),
        ({"start": 5}, "start=5 is not a time"),
        ({"end": "2025-01-01T10:00"}, "end='2025-01-01T10:00' has no time zone. .*'2025-01-01T10:00:00Z'"),
        ({"end": DAY.replace(tzinfo=None)}, "has no time zone"),
        ({"end": "2025-01-01T10:00Z"}, "end=2025-01-01T10:00:00\\+00:00 is within a day, and 'rift' replaces"),
        ({"time": "t"}, "time= and time_zone= are about the rows of spine="),
        ({"spine": {"user": ["a"]}}, "spine= needs time="),
    ],
)
def test_times_that_do_not_fit(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        published(tmp_path, **options)


def test_tables_and_engines_that_do_not_fit(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"2 views would be published into one table, 'features'.*\{view\}"):
        published(tmp_path, table="features")
    with pytest.raises(ConfigurationError, match="to= names the engine 'rfit'"):
        published(tmp_path, to="rfit")
    with pytest.raises(UnsupportedOperation, match=r"'sqlite' does not offer .* Publish to another engine"):
        published(tmp_path, to="sqlite")
    with pytest.raises(DefinitionError, match="A publication is made of feature views"):
        published(tmp_path, ["spend"])
