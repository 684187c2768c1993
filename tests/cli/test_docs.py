"""``onefold docs``: one page, offline, that says of each feature what it is and where it comes from."""

from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import onefold as of
from onefold import col
from onefold.cli.main import app
from onefold.feature_docs.describing import described
from onefold.feature_docs.lineage import origins
from onefold.feature_docs.page import page_text
from onefold.scaffold import write_repository

ORDERS = of.table({"k": ["a"], "n": [1], "m": [2], "t": ["x"]}, name="orders")
OTHERS = of.table({"k": ["a"], "z": [1], "n": [3]}, name="others")

LINEAGE = [
    (ORDERS.select(x=col("n") + col("m")), "x", [("orders", "m"), ("orders", "n")]),
    (ORDERS.filter(col("t") == "x").sort("m").limit(1), "n", [("orders", "n")]),
    (ORDERS.join(OTHERS, on="k"), "n_right", [("others", "n")]),
    (ORDERS.join(OTHERS, on="k"), "k", [("orders", "k")]),
    (ORDERS.join(OTHERS, on="k", how="full"), "k", [("orders", "k"), ("others", "k")]),
    (of.concat([ORDERS.select("k", "n"), OTHERS.select("k", "n")]), "n", [("orders", "n"), ("others", "n")]),
    (ORDERS.group_by("k").agg(s=of.sum("n", where=col("m") > 0)), "s", [("orders", "m"), ("orders", "n")]),
    (ORDERS.group_by("k").agg(s=of.sum("n")), "k", [("orders", "k")]),
    (
        ORDERS.with_window(w=of.sum("n"), partition_by="k", order_by="m"),
        "w",
        [("orders", "k"), ("orders", "m"), ("orders", "n")],
    ),
    (ORDERS.with_window(w=of.row_number(), order_by="m"), "n", [("orders", "n")]),
    (
        ORDERS.select("k", "n").map_batches(lambda batch: batch, schema={"k": "string", "q": "int64"}),
        "q",
        [("orders", "k"), ("orders", "n")],
    ),
]


@pytest.mark.parametrize(("table", "column", "expected"), LINEAGE, ids=range(len(LINEAGE)))
def test_lineage(table: of.Table, column: str, expected: list[tuple[str, str]]) -> None:
    assert list(origins(table.relation, [column])) == expected


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write_repository(tmp_path / "shop", sql=True)
    return tmp_path / "shop"


def test_what_is_said_of_features(shop: Path) -> None:
    profile, spending = described(of.load_repository(shop), name="shop").views
    assert [(one.name, one.dtype, one.window, one.null, one.origins) for one in spending.features[1:4]] == [
        ("spent_30d", "float64", "last 30d", "no value in the window", ("payments.amount",)),
        ("payments_30d", "int64", "last 30d", "never: 0 instead", ("rows of payments",)),
        ("large_payments_30d", "int64", "last 30d", "never: 0 instead", ("payments.amount",)),
    ]
    assert spending.prepared == (("large", "(amount >= 100.0)"),)
    assert (spending.engine, spending.reason) == ("rift", "named by onefold.toml")
    assert [(one.null, one.origins) for one in profile.features] == [
        ("no row before, or the latest row has none", ("customers.country",)),
        ("no row before, or the latest row has none", ("customers.plan",)),
    ]


class _Checked(html.parser.HTMLParser):
    """Notes ids and links, and what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        self.links |= {str(given[name]) for name in ("href", "src") if given.get(name)}
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else_and_its_links_lead_somewhere(shop: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["docs", str(shop), "--output", str(tmp_path / "out"), "--json"])
    said = json.loads(done.output)
    assert said == {"file": str(tmp_path / "out" / "index.html"), "views": 2, "features": 7}
    text = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    page = _Checked()
    page.feed(text)
    assert page.open == []
    assert page.links
    assert page.links == {link for link in page.links if link.startswith("#") and link[1:] in page.ids}
    assert not re.search(r"https?://|url\(|@import", text)
    again = CliRunner().invoke(app, ["docs", str(shop), "--output", str(tmp_path / "out")])
    assert again.exit_code == 0
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == text


def test_names_are_text_and_no_markup(tmp_path: Path) -> None:
    (tmp_path / "features.py").write_text(
        "import onefold as of\nimport datetime as dt\n"
        "at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)\n"
        "source = of.ArrowSource('<b>s', {'k': ['a'], 'at': [at], '<i>x': [1]}, time='at')\n"
        "view = of.FeatureView('<script>v', source=source, entity=of.Entity('\"e', keys=['k']), description='<img src=x>',\n"
        "                      features=[of.sum('<i>x').over('1d').named('<u>f')])\n"
    )
    text = page_text(described(of.load_repository(tmp_path / "features.py"), name="<h1>"))
    assert not re.search(r"<(b>s|i>x|u>f|script>v|img|h1><h1)", text)
    assert "&lt;script&gt;v" in text


def test_a_folder_that_can_not_be_written(shop: Path) -> None:
    (shop / "taken").write_text("")
    done = CliRunner().invoke(app, ["docs", str(shop), "--output", str(shop / "taken")])
    assert done.exit_code == 1
    assert "can not be written" in " ".join(done.output.split())
