"""``onefold explain``: a view, its features, and the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.command import onefold
from typer.testing import CliRunner

from onefold.cli.main import app


def run(*args: str, **environment: str) -> Any:
    return CliRunner().invoke(app, ["explain", *args], env={"COLUMNS": "160", **environment})


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


@pytest.mark.parametrize(
    ("args", "environment", "project", "reason"),
    [
        ([], "", "", "the default"),
        ([], "", 'engine = "rift"', "named by onefold.toml"),
        ([], "rift", 'engine = "far_off"', "ONEFOLD_ENGINE"),
        (["--engine", "rift"], "far_off", 'engine = "far_off"', "set for this call"),
        (["--engine", "spend=rift"], "far_off", "", "set for this view in this call"),
    ],
    ids=["default", "project", "environment", "option", "option for the view"],
)
def test_it_says_which_engine_and_why(
    args: list[str], environment: str, project: str, reason: str, repository: Path
) -> None:
    (repository / "onefold.toml").write_text(project)
    file = str(repository / "features.py")
    assert f"on rift ({reason})" in run(file, "spend", *args, ONEFOLD_ENGINE=environment).stdout
    explained = json.loads(run(file, "spend", *args, "--json", ONEFOLD_ENGINE=environment).stdout)
    assert explained["engine"] == {"name": "rift", "reason": reason}


def test_a_wrong_engine_is_an_error_also_where_it_does_not_count(repository: Path) -> None:
    done = run(str(repository / "features.py"), "spend", "--engine", "far_off", "--engine", "spend=rift")
    assert done.exit_code == 1
    assert "engine= names the engine 'far_off'" in " ".join(done.stderr.split())


def test_auto_says_what_there_is_to_read(repository: Path) -> None:
    explained = json.loads(run(str(repository / "features.py"), "spend", "--engine", "auto", "--json").stdout)
    assert explained["engine"]["name"] == "rift"
    assert explained["engine"]["reason"].startswith("auto: ")
    assert " to read, and this machine has " in explained["engine"]["reason"]


def test_an_installed_plugin_chooses(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "house_rules.py").write_text(
        "from onefold.contract import hookimpl\n"
        "@hookimpl\n"
        "def onefold_choose_engine(view, estimate):\n"
        "    return 'duckdb' if view.name == 'spend' and estimate.rows == 3 else None\n"
    )
    info = tmp_path / "house_rules-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text("[onefold]\nhouse-rules = house_rules\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "sys.argv = ['onefold', 'explain', 'features.py', 'everything', '--json', '--engine', 'auto']\n"
        "from onefold.cli.main import main; main()"
    )
    done = onefold(code=code, cwd=repository)
    assert done.returncode == 0, done.stderr
    spend, latest = (view["engine"] for view in json.loads(done.stdout))
    assert spend == {"name": "rift", "reason": "auto: the plugin 'house-rules'"}
    assert latest["reason"].startswith("auto: ")
    assert "to read" in latest["reason"]


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
