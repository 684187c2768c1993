"""Folders of views in SQL load like Python files, and say what is wrong with the file and the line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import onefold as of
from onefold import col

SOURCES = """
[entities.customer]
keys = ["customer_id"]

[sources.payments]
path = "../data/payments.csv"
time = "at"
time_zone = "UTC"
sequence = ["payment_id"]

[sources.customers]
path = "../data/customers.csv"

[services.checkout]
views = ["spending"]
"""
QUERY = """
select p.customer_id, p.at, p.payment_id, p.amount, c.country = 'DE' as domestic
from payments as p
left join customers as c on c.customer_id = p.customer_id
where p.status = 'paid'
"""
VIEW = """
entity = "customer"
source = "payments"
description = "What a customer has spent."
tags = { team = "growth" }

[[features]]
aggregation = "sum"
column = "amount"
windows = ["1d", "lifetime"]
name = "spent"

[[features]]
aggregation = "count"
where = "domestic"
windows = ["7d"]

[[features]]
aggregation = "decayed_sum"
column = "amount"
windows = ["30d"]
name = "recently"
options = { half_life = "7d" }
"""
PAYMENTS = """payment_id,customer_id,at,amount,status
1,a,2026-01-01 10:00:00,10.5,paid
2,a,2026-01-02 09:00:00,4.5,paid
3,a,2026-01-02 09:30:00,99.0,failed
4,b,2026-01-02 09:30:00,1.0,paid
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "views").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "onefold.toml").write_text('definitions = "views"\n')
    (tmp_path / "views" / "sources.toml").write_text(SOURCES)
    (tmp_path / "views" / "spending.sql").write_text(QUERY)
    (tmp_path / "views" / "spending.toml").write_text(VIEW)
    (tmp_path / "data" / "payments.csv").write_text(PAYMENTS)
    (tmp_path / "data" / "customers.csv").write_text("customer_id,country\na,DE\nb,FR\n")
    return tmp_path


def _python_view(project: Path) -> of.FeatureView:
    payments = of.CsvSource(
        "payments",
        [str(project / "views" / "../data/payments.csv")],
        time="at",
        time_zone="UTC",
        sequence=["payment_id"],
    )
    customers = of.CsvSource("customers", [str(project / "views" / "../data/customers.csv")])
    return of.FeatureView(
        "spending",
        source=payments,
        entity=of.Entity("customer", keys=["customer_id"]),
        transform=lambda t: (
            t.join(customers, on="customer_id", how="left")
            .filter(col("status") == "paid")
            .select("customer_id", "at", "payment_id", "amount", domestic=col("country") == "DE")
        ),
        features=[
            of.sum("amount").over("1d", of.lifetime).named("spent"),
            of.count(where="domestic").over("7d"),
            of.decayed_sum("amount", half_life="7d").over("30d").named("recently"),
        ],
    )


@pytest.mark.parametrize("given", [".", "views"])
def test_the_plan_is_that_of_the_same_view_in_python(project: Path, given: str) -> None:
    repository = of.load_repository(project / given)
    view = repository.views["spending"]
    assert view.feature_names == ("spent_1d", "spent_lifetime", "domestic_count_7d", "recently")
    assert view.example_plan.fingerprint == _python_view(project).example_plan.fingerprint
    assert (view.description, dict(view.tags)) == ("What a customer has spent.", {"team": "growth"})
    assert repository.services["checkout"].views == (view,)


def test_a_training_set_has_the_values_of_its_time(project: Path) -> None:
    view = of.load_repository(project).views["spending"]
    spine = {"customer_id": ["a", "b"], "at": [dt.datetime(2026, 1, 2, 9, 30, tzinfo=dt.UTC)] * 2}
    rows = of.training_set(spine, [view], time="at").to_arrow().to_pylist()
    assert [(row["spent_1d"], row["spent_lifetime"], row["domestic_count_7d"]) for row in rows] == [
        (15.0, 15.0, 2),
        (None, None, 0),
    ]


def test_a_view_of_a_source_needs_no_query(project: Path) -> None:
    (project / "views" / "latest.toml").write_text(
        'entity = "customer"\nsource = "payments"\nattributes = ["amount", "status"]\n'
    )
    assert of.load_repository(project).views["latest"].feature_names == ("amount", "status")


def test_yaml_says_the_same(project: Path) -> None:
    pytest.importorskip("yaml")
    before = of.load_repository(project).views["spending"].example_plan.fingerprint
    (project / "views" / "spending.toml").unlink()
    (project / "views" / "spending.yml").write_text(
        "entity: customer\nsource: payments\nfeatures:\n"
        "  - {aggregation: sum, column: amount, windows: [1d, lifetime], name: spent}\n"
        "  - {aggregation: count, where: domestic, windows: [7d]}\n"
        "  - {aggregation: decayed_sum, column: amount, windows: [30d], name: recently, options: {half_life: 7d}}\n"
    )
    assert of.load_repository(project).views["spending"].example_plan.fingerprint == before


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("spending.toml", 'where = "domestic"', 'were = "domestic"', "spending.toml, line 15: there is no setting 'features.1.were'"),
        ("spending.toml", 'entity = "customer"', "", "spending.toml: the setting 'entity' is missing"),
        ("spending.toml", 'aggregation = "count"', "", "spending.toml, line 13: the setting 'features.1.aggregation' is missing"),
        ("spending.toml", '["7d"]', '["7 days"]', "spending.toml: '7 days' is not a window"),
        ("spending.toml", '["7d"]', "7", "spending.toml, line 16: 'features.1.windows' can not be 7: "),
        ("spending.toml", '"count"', '"counted"', "spending.toml: .*'counted'"),
        ("spending.toml", '"amount"', '"amonut"', "spending.toml: .*There is no column 'amonut'"),
        ("spending.toml", '"customer"', '"custmer"', "spending.toml: sources.toml declares no entity 'custmer'. Did you mean"),
        ("spending.toml", '"payments"', '"customs"', "spending.toml: source is 'customs', but spending.sql reads payments, customers"),
        ("spending.toml", 'source = "payments"', "", "spending.sql reads payments, customers. Say which of them"),
        ("spending.toml", "[[features]]", "[[features", "spending.toml is not valid TOML"),
        ("spending.sql", "p.amount", "p.amonut", "spending.sql, line 2, column 43: There is no column 'amonut'"),
        ("sources.toml", "customers.csv", "clients.csv", "spending.toml: .*clients.csv"),
        ("sources.toml", 'time_zone = "UTC"', 'timezone = "UTC"', "sources.toml, line 8: there is no setting 'sources.payments.timezone'"),
        ("sources.toml", '["spending"]', '["spendings"]', "sources.toml: The service 'checkout' names the view 'spendings'. Did you mean"),
        ("sources.toml", "payments.csv", "payments.txt", "sources.toml: .*Say it: format = 'parquet'"),
        (
            "sources.toml",
            'path = "../data/customers.csv"',
            'path = "../data/customers.csv"\ntime = "at"\ndelay = "1h"',
            "spending.sql joins 'customers', whose rows become known later",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_file(project: Path, file: str, old: str, new: str, message: str) -> None:
    _replace(project / "views" / file, old, new)
    if "delay" in new:
        (project / "data" / "customers.csv").write_text("customer_id,country,at\na,DE,2026-01-01T00:00:00Z\n")
    with pytest.raises(of.OnefoldError, match=message):
        of.load_repository(project)


def test_a_query_needs_a_declaration(project: Path) -> None:
    (project / "views" / "spending.toml").unlink()
    with pytest.raises(of.DefinitionError, match=r"spending.sql has no declaration. Write spending.toml"):
        of.load_repository(project)


def test_a_view_is_declared_once(project: Path) -> None:
    (project / "views" / "spending.yml").write_text("entity: customer\n")
    with pytest.raises(of.DefinitionError, match="declare the same"):
        of.load_repository(project)
