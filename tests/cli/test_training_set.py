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
    assert report["features"] == ["last_amount", "amount_sum_1d", "amount_sum_7d", "orders_1d"]
    assert report["columns"][0] == {"name": "user", "type": "string"}
    assert report["files"] == len(list((repository / "out").glob("*.parquet")))
    assert report["seconds"] > 0


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
