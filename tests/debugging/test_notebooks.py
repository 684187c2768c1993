"""What notebooks show of definitions: well-formed HTML in the colours of the page, for which nothing runs."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.integration.views import events, in_memory, spine, views

import onefold as of
from onefold import col
from onefold.display import html_table, text_table
from onefold.execution import Job

USER = of.Entity("user", keys=["user"])


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise AssertionError("something was run only to show a definition")

    monkeypatch.setattr(Job, "start", refuse)


def texts(html: str) -> list[str]:
    """Return the texts of a piece of HTML, which has to be well-formed and without scripts and colours of its own."""
    assert "<script" not in html
    assert "color:" not in html.replace("background-color:", "color:")
    root = ET.fromstring(f"<body>{html}</body>")
    return [text.strip() for text in root.itertext() if text.strip()]


def test_a_view_shows_its_features_and_what_they_compute(tmp_path: Path) -> None:
    pq.write_table(events(), tmp_path / "orders.parquet")
    source = of.ParquetSource("orders", str(tmp_path / "orders.parquet"), time="at", delay="5m")
    view = of.FeatureView(
        "spend",
        source=source,
        entity=USER,
        features=[of.sum("amount", where=col("n") > 3).over("7d", offset="1d"), of.count().over(of.lifetime)],
        description="What <people> spend.",
        owner="risk",
        tags={"team": "a"},
    )
    shown = texts(view._repr_html_())
    assert shown[:2] == ["spend", "2 features of user"]
    assert {"What <people> spend.", "risk", "team: a", "at + 5m (delay)"} <= set(shown)
    names = view.feature_names
    start = shown.index("computed") + 1
    assert shown[start : start + 6] == [
        *(names[0], "float64", "sum(amount) where (n > 3) over 7d, offset 1d"),
        *(names[1], "int64", "count() over lifetime"),
    ]
    assert view._ipython_key_completions_() == list(names)


def test_a_view_with_attributes() -> None:
    view = of.FeatureView(
        "latest",
        source=in_memory(),
        entity=USER,
        attributes=["amount"],
        max_age="10m",
        include_exact=True,
        engine="rift",
    )
    shown = texts(view._repr_html_())
    assert {"1 attribute of user", "amount of the latest row", "10m", "rift"} <= set(shown)
    assert "a row at exactly the spine's time counts (include_exact=True)" in shown


def test_a_feature_that_is_pointed_at_tells_what_it_is_without_events() -> None:
    def hints(**features: object) -> list[str]:
        view = of.FeatureView("spend", source=in_memory(), entity=USER, **features)  # type: ignore[arg-type]
        root = ET.fromstring(f"<body>{view._repr_html_()}</body>")
        return [row.attrib["title"] for row in root.iter("tr") if "title" in row.attrib]

    counted = [of.count().over("1h"), of.sum("amount").over("1h"), of.count(by="n").over("1h").named("by_n")]
    nothing = "null where no event enters"
    assert hints(features=counted) == ["0 where no event enters", nothing, nothing]
    assert hints(attributes=["amount"], max_age="10m") == [
        "null where there is no row of the key yet or the latest is older than 10m, and where the value is null"
    ]


def test_an_entity_shows_its_keys() -> None:
    route = of.Entity("route", keys=["origin", "dest"], description="Where <from> and to.")
    assert texts(route._repr_html_()) == ["route", "entity", "about", "Where <from> and to.", "keys", "origin, dest"]


def test_a_source_shows_when_its_rows_are_known_and_its_columns(tmp_path: Path) -> None:
    pq.write_table(events(), tmp_path / "orders.parquet")
    source = of.ParquetSource("orders", tmp_path / "orders.parquet", time="at", sequence=["n"], delay="5m")
    shown = texts(source._repr_html_())
    assert shown[:2] == ["orders", "ParquetSource, 4 columns"]
    assert "at + 5m (delay)" in shown
    assert "n: of rows of one time, the greatest is the latest" in shown
    assert shown[-2:] == ["n", "int64"]
    timeless = of.ArrowSource("facts", {"user": ["a"]})
    assert "none: its rows are true at all times" in texts(timeless._repr_html_())


def test_a_source_without_files_shows_what_is_wrong(tmp_path: Path) -> None:
    shown = texts(of.ParquetSource("orders", tmp_path / "none.parquet", time="at")._repr_html_())
    assert shown[:2] == ["orders", "ParquetSource"]
    assert any("none.parquet" in text for text in shown[shown.index("error") :])


def test_a_service_shows_its_views() -> None:
    service = of.FeatureService("model", views(in_memory()), owner="risk", description="What it is for.")
    shown = texts(service._repr_html_())
    assert shown[:2] == ["model", "5 features of 3 views"]
    assert {"risk", "What it is for."} <= set(shown)
    row = shown.index("latest")
    assert shown[row : row + 4] == ["latest", "user", "1", "amount"]


def test_a_table_in_memory_shows_its_first_rows_and_a_computed_one_does_not() -> None:
    data = {"user": [f"user {number}" for number in range(8)], "amount": [1.5, None, *range(6)]}
    table = of.table(data, name="orders")
    shown = texts(table._repr_html_())
    assert "2 columns and 8 rows in memory" in shown
    assert "user 4" in shown
    assert "user 5" not in shown
    assert "null" in shown
    computed = texts(table.filter(col("amount") > 1)._repr_html_())
    assert "2 columns, not computed yet" in computed
    assert "user 4" not in computed
    assert any("Filter (amount > 1.0)" in text for text in computed)
    assert table.schema._ipython_key_completions_() == ["user", "amount"]


def test_very_wide_tables_are_cut() -> None:
    table = of.table(pa.table({f"c{number}": [number] for number in range(1000)}), name="wide")
    shown = texts(table.select(*(col(f"c{number}") for number in range(1000)))._repr_html_())
    assert "c99" in shown
    assert "c500" not in shown
    assert "c999" in shown
    assert "…" in shown


def test_a_training_set_shows_where_each_feature_comes_from() -> None:
    train = of.training_set(spine(), views(in_memory()), time="t", engines={"latest": "sqlite"})
    shown = texts(train._repr_html_())
    assert "5 features of 3 views, as of t; not computed yet" in shown
    row = shown.index("amount")
    assert shown[row : row + 5] == [
        "amount",
        "float64",
        "amount of the latest row",
        "latest",
        "sqlite (set for this view in this call)",
    ]
    assert "user: string, label: int64, t: timestamp[us, UTC], row: string" in shown


def test_a_plan_shows_its_steps_and_shared_ones_once() -> None:
    train = of.training_set(spine(), views(in_memory()), time="t")
    shown = texts(train.plan._repr_html_())
    assert shown.count("TrailingAggregate") == 2
    assert shown.count("AsOfJoin") == 1
    assert shown.count("Input") == 4  # the spine, and the orders of three views: leaves are named each time
    deep = of.table(events(), name="orders")
    for _ in range(100):
        deep = deep.with_columns(n=col("n") + 1)
    assert texts(deep.plan._repr_html_()).count("Project") == 51
    doubled = of.table(events(), name="orders").filter(col("n") > 1)
    for _ in range(40):  # written out, this plan has 2**40 steps
        doubled = doubled.union(doubled)
    assert texts(doubled.plan._repr_html_()).count("as above") == 40


def test_tables_of_values() -> None:
    moment = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
    values = [["a<b", None, moment, b"\x01", [1, None], {"k": True}, "two\nlines", dt.date(2025, 3, 1), "x" * 90]]
    names = [f"c{number}" for number in range(9)]
    cut = "x" * 59 + "…"
    expected = ["a<b", "null", "2025-03-01 12:00:00Z", "0x01", "[1, null]", "{k: true}", "two lines", "2025-03-01", cut]
    header, line = text_table(names, values)
    assert line.split("  ") == [text.ljust(len(text)) for text in expected]
    assert header.split() == names
    cells = texts(html_table(names, values))[9:]
    assert [" ".join(cell.split()) for cell in cells] == expected
