"""``onefold training-set``: from files to a folder of Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.cli.command import onefold
from typer.testing import CliRunner

from onefold.cli.main import app


def run(repository: Path, *args: str, spine: str = "spine.parquet", out: str = "out") -> Any:
    fixed = [str(repository / "features.py"), "--spine", str(repository / spine), "--out", str(repository / out)]
    return CliRunner().invoke(app, ["training-set", *fixed, *args], env={"COLUMNS": "160"})


@pytest.mark.parametrize("spine", ["spine.parquet", "spine.csv"])
def test_it_writes_every_row_of_the_spine_with_what_was_known(spine: str, repository: Path) -> None:
    done = run(repository, "--time", "t", spine=spine)
    assert done.exit_code == 0, done.stderr
    assert "4 rows with 4 features of 2 views" in done.stdout
    table = pq.read_table(repository / "out")
    assert table["user"].to_pylist() == ["a", "b", "a", None]
    assert table["amount_sum_1d"].to_pylist() == [10.0, 1.0, None, None]
    assert table["amount_sum_7d"].to_pylist() == [10.0, 1.0, 15.0, None]
    assert table["orders_1d"].to_pylist() == [1, 1, 0, 0]
    assert table["last_amount"].to_pylist() == [10.0, 1.0, 5.0, None]


def test_json_says_what_was_written(repository: Path) -> None:
    report = json.loads(run(repository, "--time", "t", "--views", "latest, spend", "--json").stdout)
    assert report["rows"] == 4
    assert report["views"] == ["latest", "spend"]
    default = {"name": "rift", "reason": "the default"}
    assert report["engines"] == {"latest": default, "spend": default}
    assert report["features"] == ["last_amount", "amount_sum_1d", "amount_sum_7d", "orders_1d"]
    assert report["columns"][0] == {"name": "user", "type": "string"}
    assert report["files"] == len(list((repository / "out").glob("*.parquet")))
    assert report["seconds"] > 0


def test_an_engine_is_named_for_all_views_and_for_one(repository: Path) -> None:
    args = ("--time", "t", "--json", "--engine", "rift", "--engine", "latest=duckdb")
    done = run(repository, *args)
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["engines"] == {
        "spend": {"name": "rift", "reason": "set for this call"},
        "latest": {"name": "rift", "reason": "set for this view in this call"},
    }


def test_options_and_engine_of_the_project_reach_the_work(repository: Path) -> None:
    (repository / "onefold.toml").write_text('engine = "auto"\n[options.rift]\nthreads = 1\n')
    report = json.loads(run(repository, "--time", "t", "--views", "spend", "--json").stdout)
    assert report["engines"]["spend"]["reason"].startswith("auto: ")
    (repository / "onefold.toml").write_text("[options.rift]\nthraeds = 1\n")
    done = run(repository, "--time", "t", "--overwrite")
    assert done.exit_code == 1
    assert "thraeds" in done.stderr


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--engine", "spned=rift"], 1, "engines= names the view 'spned'. Did you mean 'spend'?"),
        (["--engine", "spend=rfit"], 1, "engines= for the view 'spend' names the engine 'rfit'"),
        (["--engine", "rift", "--engine", "spark"], 2, "it names two engines for all views: rift, spark"),
        (["--engine", "spend=rift", "--engine", "spend=spark"], 2, "two engines for the view 'spend': rift, spark"),
    ],
    ids=["view", "engine", "twice", "twice for a view"],
)
def test_engines_that_can_not_be_named_so(args: list[str], code: int, said: str, repository: Path) -> None:
    done = run(repository, "--time", "t", *args)
    assert done.exit_code == code
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_json_is_all_there_is_on_standard_output(repository: Path) -> None:
    args = ["features.py", "--spine", "spine.parquet", "--time", "t", "--out", "out", "--json"]
    done = onefold("training-set", *args, cwd=repository)
    assert json.loads(done.stdout)["rows"] == 4
    assert done.stderr == "definitions may print\n"


def test_a_service_stands_for_its_views(repository: Path) -> None:
    report = json.loads(run(repository, "--time", "t", "--views", "everything,latest", "--json").stdout)
    assert report["views"] == ["spend", "latest"]


def test_what_the_folder_holds_is_kept_unless_told_otherwise(repository: Path) -> None:
    assert run(repository, "--time", "t").exit_code == 0
    again = run(repository, "--time", "t", "--views", "latest")
    assert again.exit_code == 1
    assert "exists already" in " ".join(again.stderr.split())
    assert "orders_1d" in pq.read_table(repository / "out").column_names
    assert run(repository, "--time", "t", "--views", "latest", "--overwrite").exit_code == 0
    assert "orders_1d" not in pq.read_table(repository / "out").column_names


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--time", "tt"), "'t'"),
        (("--time", "t", "--views", "spendd"), "Did you mean 'spend'?"),
        (("--time", "t", "--engine", "rfit"), "rift"),
    ],
    ids=["time", "view", "engine"],
)
def test_mistakes_give_one_clear_error_and_write_nothing(args: tuple[str, ...], said: str, repository: Path) -> None:
    done = run(repository, *args)
    assert done.exit_code == 1
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert not (repository / "out").exists()


def test_a_spine_that_does_not_exist(repository: Path) -> None:
    done = run(repository, "--time", "t", spine="spin.parquet")
    assert done.exit_code == 1
    assert "Did you mean 'spine.parquet'" in " ".join(done.stderr.split())


def test_no_views_is_wrong_use(repository: Path) -> None:
    assert run(repository, "--time", "t", "--views", " , ").exit_code == 2
