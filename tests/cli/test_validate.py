"""``onefold validate``: each view and source is looked at, and what is wrong is said with its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from onefold.cli.main import app
from onefold.scaffold import write_repository


def validate(*args: str) -> tuple[int, Any]:
    done = CliRunner().invoke(app, ["validate", *args, "--json"])
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write_repository(tmp_path / "shop", sql=True)
    return tmp_path / "shop"


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_all_is_right(shop: Path) -> None:
    code, said = validate(str(shop))
    assert (code, said["passed"]) == (0, True)
    assert [(one["kind"], one["name"], one["found"]) for one in said["checks"]] == [
        ("view", "profile", "2 features of customer on rift"),
        ("view", "spending", "5 features of customer on rift"),
        ("source", "customers", "4 columns"),
        ("source", "payments", "5 columns"),
    ]
    assert said["checks"][1]["file"] == str(shop / "features" / "spending.toml")


def test_one_view_that_is_wrong_does_not_hide_the_others(shop: Path) -> None:
    _replace(shop / "features" / "spending.sql", "amount >= 100", "amount / payment_id")
    _replace(shop / "features" / "profile.toml", '"plan"', '"plam"')
    code, said = validate(str(shop))
    assert (code, said["passed"]) == (1, False)
    problems = {one["name"]: one["problem"] for one in said["checks"]}
    assert set(problems) == {"profile", "spending"}
    assert "There is no column 'plam'" in problems["profile"]
    assert problems["spending"] is None or "spending" in problems["spending"]


def test_the_query_is_shown_with_a_mark(shop: Path) -> None:
    _replace(shop / "features" / "spending.sql", "amount >= 100", "concat(status, status)")
    done = CliRunner().invoke(app, ["validate", str(shop)])
    assert done.exit_code == 1
    assert "spending.sql, line 7, column 5: CONCAT of a null" in done.output
    assert "  7 |     concat(status, status) AS large\n    |     ^" in done.output
    assert "1 of 3 checks failed." in done.output


def test_a_source_that_is_not_what_is_declared(shop: Path) -> None:
    pq.write_table(
        pa.table({"customer_id": ["c01"], "changed_at": ["yesterday"], "country": ["DE"]}), shop / "data" / "c.parquet"
    )
    _replace(shop / "features" / "sources.toml", "customers.csv", "c.parquet")
    _replace(
        shop / "features" / "sources.toml",
        'time = "changed_at"\ntime_zone = "UTC"',
        'time = "changed_at"\nschema = { customer_id = "string", changed_at = "timestamp[us, UTC]", country = "string", plan = "string" }',
    )
    code, said = validate(str(shop))
    assert code == 1
    (failed,) = [one for one in said["checks"] if not one["passed"]]
    assert (failed["kind"], failed["name"]) == ("source", "customers")


def test_features_that_see_the_moment_itself_are_noted(shop: Path) -> None:
    _replace(shop / "features" / "profile.toml", 'entity = "customer"', 'entity = "customer"\ninclude_exact = true')
    code, said = validate(str(shop))
    assert code == 0
    assert said["checks"][0]["notes"] == [
        "country, plan can see an event at exactly the time of the prediction: include_exact=True"
    ]


def test_a_join_of_rows_with_a_time_is_noted(shop: Path) -> None:
    _replace(shop / "features" / "spending.sql", "FROM payments", "FROM payments JOIN customers USING (customer_id)")
    _replace(shop / "features" / "spending.toml", 'entity = "customer"', 'entity = "customer"\nsource = "payments"')
    code, said = validate(str(shop))
    assert code == 0
    assert {one["name"]: one["notes"] for one in said["checks"] if one["kind"] == "view"} == {
        "profile": [],
        "spending": ["its query joins 'customers', whose rows have a time: nothing keeps rows of later times out"],
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("onefold.toml", "definitions =", "definition =", "no setting 'definition'"),
        ("onefold.toml", '"features"', '"feature"', "There is no file"),
        ("features/sources.toml", "[entities.customer]", "[entity.customer]", "line 3: there is no setting 'entity'"),
        ("onefold.toml", '"rift"', '"rifd"', "'rifd'"),
    ],
)
def test_what_is_wrong_with_the_repository(shop: Path, file: str, old: str, new: str, message: str) -> None:
    _replace(shop / file, old, new)
    code, said = validate(str(shop))
    assert code == 1
    assert message in next(one["problem"] for one in said["checks"] if not one["passed"])


def test_python_files_too(repository: Path) -> None:
    code, said = validate(str(repository / "features.py"))
    assert (code, [one["name"] for one in said["checks"]]) == (0, ["spend", "latest", "orders"])
    (repository / "features.py").write_text("import onefold as of\nentity = of.Entity('user', keys=[])\n")
    code, said = validate(str(repository / "features.py"))
    assert code == 1
    assert "line 2" in said["checks"][0]["problem"]
