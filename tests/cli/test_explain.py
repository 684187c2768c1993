"""``onefold explain``: a view, its features, and the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from onefold.cli.main import app


def run(*args: str) -> Any:
    return CliRunner().invoke(app, ["explain", *args], env={"COLUMNS": "160"})


def test_it_shows_features_types_and_the_plan(repository: Path) -> None:
    done = run(str(repository / "features.py"), "spend")
    assert done.exit_code == 0
    assert "What users spend." in done.stdout
    assert "amount_sum_7d" in done.stdout
    assert "stage 0 on rift" in done.stdout or "on rift" in done.stdout
    assert "orders" in done.stdout


def test_json_has_features_and_stages_with_native_queries(repository: Path) -> None:
    explained = json.loads(run(str(repository / "features.py"), "spend", "--json").stdout)
    assert explained["view"] == "spend"
    assert explained["entity"] == {"name": "user", "keys": ["user"]}
    assert explained["features"][0] == {"name": "amount_sum_1d", "type": "float64", "nullable": True}
    assert explained["features"][2] == {"name": "orders_1d", "type": "int64", "nullable": False}
    assert {stage["engine"] for stage in explained["stages"]} == {"rift"}
    assert any("orders.parquet" in stage["query"] for stage in explained["stages"])


def test_queries_are_shown_when_asked_for(repository: Path) -> None:
    plain = run(str(repository / "features.py"), "latest")
    full = run(str(repository / "features.py"), "latest", "--queries")
    assert "native query" in full.stdout
    assert "native query" not in plain.stdout


def test_a_service_explains_each_of_its_views(repository: Path) -> None:
    explained = json.loads(run(str(repository / "features.py"), "everything", "--json").stdout)
    assert [one["view"] for one in explained] == ["spend", "latest"]


@pytest.mark.parametrize(
    ("view", "said"),
    [("spendd", "Did you mean 'spend'?"), ("everthing", "Did you mean 'everything'?")],
)
def test_an_unknown_view_gives_near_matches(view: str, said: str, repository: Path) -> None:
    done = run(str(repository / "features.py"), view, "--json")
    assert done.exit_code == 1
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_an_unknown_engine_is_an_error(repository: Path) -> None:
    done = run(str(repository / "features.py"), "spend", "--engine", "rfit")
    assert done.exit_code == 1
    assert "rift" in done.stderr
