"""Training sets through the public names: values, order, every form of spine, and each beginner's mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import onefold as of
from onefold import col


def at(hour: float, day: int = 1) -> dt.datetime:
    return dt.datetime(2025, 1, day, tzinfo=dt.UTC) + dt.timedelta(hours=hour)


ORDERS = pa.table(
    {
        "user": ["a", "a", "a", "b", None, "b"],
        "at": [at(1), at(2), at(3), at(2), at(2), None],
        "amount": [10.0, None, 5.0, 7.0, 100.0, 1000.0],
        "item": ["x", "y", "x", "z", "z", "z"],
        "n": pa.array([1, 2, 3, 4, 5, 6], pa.int32()),
    }
)
SPINE = pa.table(
    {
        "user": ["b", "a", "a", None, "c", "a"],
        "t": [at(3), at(3), at(2), at(3), at(3), None],
        "label": [1, 2, 3, 4, 5, 6],
    }
)
USER = of.Entity("user", keys=["user"])


@pytest.fixture
def orders() -> of.ArrowSource:
    return of.ArrowSource("orders", ORDERS, time="at")


@pytest.fixture
def spend(orders: of.ArrowSource) -> of.FeatureView:
    return of.FeatureView(
        "spend",
        source=orders,
        entity=USER,
        features=[
            of.sum("amount").over("1d"),
            of.count().over("1h", of.lifetime),
            of.last("item").over("1d"),
            of.last("item", n=2).over("1d").named("items"),
        ],
    )


@pytest.fixture
def latest(orders: of.ArrowSource) -> of.FeatureView:
    return of.FeatureView("latest", source=orders, entity=USER, attributes=["amount", "n"], max_age="1h")


def test_each_spine_row_gets_what_was_known_strictly_before_its_time(spend: of.FeatureView) -> None:
    table = of.training_set(SPINE, [spend], time="t").to_arrow()
    assert table.select(SPINE.column_names).equals(SPINE)
    assert table.drop_columns(SPINE.column_names).to_pydict() == {
        "amount_sum_1d": [7.0, 10.0, 10.0, None, None, None],
        # a at 3h: the order at 2h is inside of [2h, 3h); the one at exactly 3h is not known yet
        "count_1h": [1, 1, 1, 0, 0, 0],
        "count_lifetime": [1, 2, 1, 0, 0, 0],
        "item_last_1d": ["z", "y", "x", None, None, None],
        "items": [["z"], ["x", "y"], ["x"], None, None, None],
    }


def test_an_as_of_view_takes_the_whole_latest_row_and_forgets_it_after_max_age(latest: of.FeatureView) -> None:
    table = of.training_set(SPINE, [latest], time="t").to_arrow()
    # a at 3h sees the row of 2h, whose amount is null: the row counts, not the last value
    assert table["amount"].to_pylist() == [7.0, None, 10.0, None, None, None]
    assert table["n"].to_pylist() == [4, 2, 1, None, None, None]
    later = pa.table({"user": ["a", "a"], "t": [at(4), at(4) + dt.timedelta(microseconds=1)]})
    assert of.training_set(later, [latest], time="t").to_arrow()["n"].to_pylist() == [3, None]


def test_include_exact_lets_the_event_of_the_same_instant_in(orders: of.ArrowSource) -> None:
    view = of.FeatureView("exact", source=orders, entity=USER, features=[of.sum("n").over("1h")], include_exact=True)
    table = of.training_set(SPINE, [view], time="t")
    # (2h, 3h]: the order at exactly 2h is out, the one at exactly 3h is in
    assert table.to_arrow()["n_sum_1h"].to_pylist() == [None, 3, 2, None, None, None]
    assert "exactly the spine's time" in str(table.explain())


def test_views_are_joined_in_the_order_in_which_they_are_named(spend: of.FeatureView, latest: of.FeatureView) -> None:
    both = of.training_set(SPINE, [latest, spend], time="t")
    table = both.to_arrow()
    assert table.column_names == [*SPINE.column_names, *latest.feature_names, *spend.feature_names]
    assert list(both.schema.names) == table.column_names
    for view in (latest, spend):
        alone = of.training_set(SPINE, [view], time="t").to_arrow()
        assert table.select(alone.column_names).equals(alone)


def test_a_service_is_the_set_of_its_views(spend: of.FeatureView, latest: of.FeatureView) -> None:
    service = of.FeatureService("fraud", views=[spend, latest])
    direct = of.training_set(SPINE, [spend, latest], time="t").to_arrow()
    assert of.training_set(SPINE, service, time="t").to_arrow().equals(direct)


def test_full_names_carry_the_view(spend: of.FeatureView) -> None:
    table = of.training_set(SPINE, [spend], time="t", full_feature_names=True)
    assert table.features[0] == "spend__amount_sum_1d"
    assert table.to_arrow()["spend__amount_sum_1d"].to_pylist() == [7.0, 10.0, 10.0, None, None, None]


@pytest.mark.parametrize("form", ["polars", "pandas", "reader", "parquet", "csv", "table", "source"])
def test_every_form_of_spine_gives_the_same_rows(form: str, spend: of.FeatureView, tmp_path: Path) -> None:
    spine = SPINE.filter(pa.compute.is_valid(SPINE["t"]))
    pq.write_table(spine, tmp_path / "spine.parquet")
    pl.DataFrame(spine).write_csv(tmp_path / "spine.csv")
    forms: dict[str, Callable[[], object]] = {
        "polars": lambda: pl.DataFrame(spine),
        "pandas": spine.to_pandas,
        "reader": spine.to_reader,
        "parquet": lambda: tmp_path / "spine.parquet",
        "csv": lambda: str(tmp_path / "spine.csv"),
        "table": lambda: of.table(of.ParquetSource("p", tmp_path / "spine.parquet")).filter(col("label") > 0),
        "source": lambda: of.ArrowSource("my_spine", spine, time="t"),
    }
    got = of.training_set(forms[form](), [spend], time="t").to_arrow()
    assert got["amount_sum_1d"].to_pylist() == [7.0, 10.0, 10.0, None, None]
    assert got["count_lifetime"].to_pylist() == [1, 2, 1, 0, 0]


def test_results_come_in_every_form(spend: of.FeatureView, tmp_path: Path) -> None:
    train = of.training_set(SPINE, [spend], time="t")
    arrow = train.to_arrow()
    assert pl.DataFrame(train.to_polars()).shape == (6, 8)
    frame = train.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame["count_1h"].dtype == "int64"
    assert train.batches().read_all().equals(arrow)
    assert pa.table(train).equals(arrow)
    written = train.write_parquet(tmp_path / "train")
    assert written.rows == 6
    assert pq.read_table(tmp_path / "train").equals(arrow)
    metadata = pq.read_schema(next((tmp_path / "train").glob("*.parquet"))).metadata
    assert metadata[b"onefold.plan"].decode() == train.plan.fingerprint
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_existing_directory_is_only_replaced_when_asked_to(spend: of.FeatureView, tmp_path: Path) -> None:
    train = of.training_set(SPINE, [spend], time="t")
    train.write_parquet(tmp_path / "train")
    with pytest.raises(of.ConfigurationError, match=r'use the mode "overwrite" or "append"'):
        train.write_parquet(tmp_path / "train")
    assert train.write_parquet(tmp_path / "train", mode="overwrite").rows == 6
    assert pq.read_table(tmp_path / "train").num_rows == 6


def test_rows_are_added_and_partitions_are_replaced(spend: of.FeatureView, tmp_path: Path) -> None:
    train = of.training_set(SPINE, [spend], time="t")
    target = tmp_path / "train"
    assert train.write_parquet(target, mode="append").files == 1
    assert train.write_parquet(target, mode="append").files == 1
    assert pq.read_table(target).num_rows == 12
    with pytest.raises(of.ConfigurationError, match="not partitioned by user"):
        train.write_parquet(target, mode="overwrite_partitions", partition_by=["user"])
    by_user = tmp_path / "by_user"
    train.write_parquet(by_user, partition_by=["user"])
    users = sorted(path.name for path in by_user.iterdir())
    one = of.training_set(SPINE.slice(1, 1), [spend], time="t")  # one of the three rows of a
    assert one.write_parquet(by_user, mode="overwrite_partitions", partition_by=["user"]).rows == 1
    assert sorted(path.name for path in by_user.iterdir()) == users
    assert pq.read_table(by_user).num_rows == 6 - 3 + 1
    with pytest.raises(of.ConfigurationError, match="The mode 'replace' does not exist"):
        train.write_parquet(target, mode="replace")  # type: ignore[arg-type]


def test_a_failed_write_leaves_the_old_files(spend: of.FeatureView, orders: of.ArrowSource, tmp_path: Path) -> None:
    of.training_set(SPINE, [spend], time="t").write_parquet(tmp_path / "train")

    def broken(batch: pa.Table) -> pa.Table:
        raise RuntimeError("half way")

    view = of.FeatureView(
        "broken",
        source=orders,
        entity=USER,
        transform=of.transform(broken, schema={"user": "string", "at": "timestamp[us, UTC]", "amount": "float64"}),
        features=[of.sum("amount").over("1d").named("s")],
    )
    with pytest.raises(of.TransformError, match="half way") as caught:
        of.training_set(SPINE, [view], time="t").write_parquet(tmp_path / "train", mode="overwrite")
    assert 'raise RuntimeError("half way")' in str(caught.value)
    assert pq.read_table(tmp_path / "train").num_rows == 6
    assert [path.name for path in tmp_path.iterdir()] == ["train"]


@pytest.mark.parametrize("format", ["arrow", "polars", "pandas"])
def test_python_transforms_run_between_stages(
    format: Literal["arrow", "polars", "pandas"], orders: of.ArrowSource
) -> None:
    def doubled(frame: object) -> object:
        if isinstance(frame, pa.Table):
            return frame.set_column(2, "amount", pa.compute.multiply(frame["amount"], 2.0)).select([0, 1, 2])
        if isinstance(frame, pl.DataFrame):
            return frame.select("user", "at", pl.col("amount") * 2)
        assert isinstance(frame, pd.DataFrame)
        return frame.assign(amount=frame["amount"] * 2)[["user", "at", "amount"]]

    view = of.FeatureView(
        "twice",
        source=orders,
        entity=USER,
        transform=of.transform(
            doubled, schema={"user": "string", "at": "timestamp[us, UTC]", "amount": "float64"}, format=format
        ),
        features=[of.sum("amount").over("1d")],
    )
    train = of.training_set(SPINE, [view], time="t")
    assert train.to_arrow()["amount_sum_1d"].to_pylist() == [14.0, 20.0, 20.0, None, None, None]
    assert "on python" in str(train.explain())


def test_sql_transforms_run_on_rift(orders: of.ArrowSource) -> None:
    view = of.FeatureView(
        "by_sql",
        source=orders,
        entity=USER,
        transform=of.native_sql(
            'select "user", "at", amount * 2 as amount from orders where amount > 5',
            schema={"user": "string", "at": "timestamp[us, UTC]", "amount": "float64"},
        ),
        features=[of.sum("amount").over("1d")],
    )
    table = of.training_set(SPINE, [view], time="t").to_arrow()
    assert table["amount_sum_1d"].to_pylist() == [14.0, 20.0, 20.0, None, None, None]


def test_explain_shows_that_a_scan_reads_only_what_it_needs(tmp_path: Path) -> None:
    wide = ORDERS.append_column("unused", pa.array(["-"] * 6))
    pq.write_table(wide, tmp_path / "orders.parquet")
    view = of.FeatureView(
        "spend",
        source=of.ParquetSource("orders", tmp_path / "orders.parquet", time="at"),
        entity=USER,
        transform=lambda t: t.filter(col("item") != "y"),
        features=[of.sum("amount").over("1d", "2h")],
    )
    train = of.training_set(SPINE, [view], time="t")
    text = str(train.explain(queries=True))
    assert "columns: user, at, amount (3 of 6)" in text or "columns: user, at, amount, item (4 of 6)" in text
    # spine from 2h to 3h, the longest window is a day
    assert "time range: 2024-12-31 02:00:00Z <= at < 2025-01-01 03:00:00Z" in text
    assert "unused" not in text
    assert train.to_arrow()["amount_sum_1d"].to_pylist() == [7.0, 10.0, 10.0, None, None, None]
    assert "rows" in str(train.explain(analyze=True))
    assert "<details" in train.explain()._repr_html_()


def test_an_empty_spine_gives_no_rows_and_all_columns(spend: of.FeatureView) -> None:
    table = of.training_set(SPINE.slice(0, 0), [spend], time="t").to_arrow()
    assert table.num_rows == 0
    assert table.column_names == [*SPINE.column_names, *spend.feature_names]


def test_an_empty_source_gives_nulls_and_zero_counts(spend: of.FeatureView) -> None:
    view = of.FeatureView(
        "spend",
        source=of.ArrowSource("orders", ORDERS.slice(0, 0), time="at"),
        entity=USER,
        features=[of.sum("amount").over("1d"), of.count().over("1d")],
    )
    table = of.training_set(SPINE, [view], time="t").to_arrow()
    assert table["amount_sum_1d"].to_pylist() == [None] * 6
    assert table["count_1d"].to_pylist() == [0] * 6


def test_no_views_is_an_error() -> None:
    with pytest.raises(of.DefinitionError, match="at least one feature view"):
        of.training_set(SPINE, [], time="t")


def test_something_else_than_a_view_is_an_error(orders: of.ArrowSource) -> None:
    with pytest.raises(of.DefinitionError, match="feature views and services, not ArrowSource"):
        of.training_set(SPINE, [orders], time="t")  # type: ignore[list-item]


def test_two_views_with_one_feature_name_are_an_error(spend: of.FeatureView, orders: of.ArrowSource) -> None:
    other = of.FeatureView("other", source=orders, entity=USER, features=[of.sum("amount").over("1d")])
    with pytest.raises(of.DefinitionError, match=r"amount_sum_1d.*\.named.*full_feature_names=True"):
        of.training_set(SPINE, [spend, other], time="t")
    both = of.training_set(SPINE, [spend, other], time="t", full_feature_names=True).to_arrow()
    assert both["other__amount_sum_1d"].equals(both["spend__amount_sum_1d"])


def test_two_different_views_of_one_name_are_an_error(spend: of.FeatureView, orders: of.ArrowSource) -> None:
    twin = of.FeatureView("spend", source=orders, entity=USER, features=[of.max("amount").over("1d")])
    with pytest.raises(of.DefinitionError, match="Two different views are named 'spend'"):
        of.training_set(SPINE, [spend, twin], time="t")


def test_a_spine_without_the_key_names_what_it_has(spend: of.FeatureView) -> None:
    with pytest.raises(of.DefinitionError, match=r"user.*usr"):
        of.training_set(SPINE.rename_columns(["usr", "t", "label"]), [spend], time="t")


def test_a_spine_without_the_time_names_what_it_has(spend: of.FeatureView) -> None:
    with pytest.raises(of.DefinitionError, match=r"'tt'.*Did you mean 't'"):
        of.training_set(SPINE, [spend], time="tt")


def test_a_key_of_another_type_is_an_error(spend: of.FeatureView) -> None:
    spine = SPINE.set_column(0, "user", pa.array([1, 2, 3, 4, 5, 6]))
    with pytest.raises(of.DefinitionError, match=r"int64.*string"):
        of.training_set(spine, [spend], time="t")


def test_naive_spine_times_have_to_be_declared(spend: of.FeatureView) -> None:
    naive = SPINE.set_column(1, "t", SPINE["t"].cast(pa.timestamp("us")))
    with pytest.raises(of.DefinitionError, match="time_zone='UTC'"):
        of.training_set(naive, [spend], time="t")
    table = of.training_set(naive, [spend], time="t", time_zone="UTC").to_arrow()
    assert table["amount_sum_1d"].to_pylist() == [7.0, 10.0, 10.0, None, None, None]


def test_spine_times_in_another_zone_are_the_same_instants(spend: of.FeatureView) -> None:
    spine = SPINE.set_column(1, "t", SPINE["t"].cast(pa.timestamp("us", tz="America/New_York")))
    table = of.training_set(spine, [spend], time="t").to_arrow()
    assert table["amount_sum_1d"].to_pylist() == [7.0, 10.0, 10.0, None, None, None]
    assert table.schema.field("t").type == pa.timestamp("us", tz="UTC")


def test_an_unknown_engine_names_the_installed_ones(spend: of.FeatureView) -> None:
    with pytest.raises(of.ConfigurationError, match=r"engine= names the engine 'rfit'.*Did you mean 'rift'"):
        of.training_set(SPINE, [spend], time="t", engine="rfit").to_arrow()


def test_engines_for_a_view_that_is_not_there_are_an_error(spend: of.FeatureView) -> None:
    with pytest.raises(of.ConfigurationError, match="'spnd'"):
        of.training_set(SPINE, [spend], time="t", engines={"spnd": "rift"})


def test_a_feature_named_like_a_spine_column_is_an_error(orders: of.ArrowSource) -> None:
    view = of.FeatureView("v", source=orders, entity=USER, features=[of.sum("n").over("1d").named("label")])
    with pytest.raises(of.DefinitionError, match="already has a column 'label'"):
        of.training_set(SPINE, [view], time="t")


def test_progress_reports_rows(spend: of.FeatureView) -> None:
    seen: list[int] = []
    of.training_set(SPINE, [spend], time="t").to_arrow(progress=lambda traffic: seen.append(traffic.rows))
    assert seen[-1] == 6
