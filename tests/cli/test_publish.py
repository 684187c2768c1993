"""``onefold publish``: from files to a table for each view."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.cli.command import onefold
from typer.testing import CliRunner

from onefold.cli.main import app


def run(repository: Path, *args: str, to: str = "rift") -> Any:
    fixed = [str(repository / "features.py"), "--to", to, "--table", str(repository / "out" / "{view}")]
    return CliRunner().invoke(app, ["publish", *fixed, *args], env={"COLUMNS": "160"})


def test_each_view_gets_a_table(repository: Path) -> None:
    for _ in range(2):
        done = run(repository)
        assert done.exit_code == 0, done.stderr
        assert f"3 rows of spend into the directory '{repository}/out/spend' of rift" in done.stdout
        table = pq.read_table(repository / "out" / "spend").sort_by([("as_of", "ascending"), ("user", "ascending")])
        assert table["user"].to_pylist() == ["a", "a", "b"]
        assert table["amount_sum_1d"].to_pylist() == [None, 10.0, None]
        assert len(pq.read_table(repository / "out" / "latest")) == 3


def test_json_says_what_was_written(repository: Path) -> None:
    (made,) = json.loads(
        run(repository, "--views", "spend", "--start", "2025-01-01", "--end", "2025-01-02", "--json").stdout
    )
    assert made["rows"] == 3
    assert made["view"] == "spend"
    assert made["table"] == str(repository / "out" / "spend")
    assert made["mode"] == "overwrite_partitions"
    assert made["replaced_by"] == ["as_of_date"]
    assert [column["name"] for column in made["columns"]][:2] == ["user", "as_of"]
    assert made["engine"] == {"name": "rift", "reason": "the default"}
    assert made["seconds"] >= 0


def test_a_dry_run_shows_the_plan_and_the_queries_and_writes_nothing(repository: Path) -> None:
    done = run(repository, "--every", "1d", "--start", "2025-01-01", "--end", "2025-01-08", "--dry-run")
    assert done.exit_code == 0, done.stderr
    assert (
        f"spend into the directory '{repository}/out/spend' of rift (in place of rows with the same as_of_date)"
        in done.stdout
    )
    assert "latest into the directory" in done.stdout
    assert "native query" in done.stdout
    assert "orders.parquet" in done.stdout
    as_json = json.loads(run(repository, "--dry-run", "--json").stdout)
    assert "rows" not in as_json[0]
    assert "stage 0 on rift" in as_json[0]["plan"]
    assert not (repository / "out").exists()


def test_the_engine_of_views_and_of_tables_are_two_things(repository: Path) -> None:
    (made,) = json.loads(run(repository, "--views", "latest", "--engine", "polars", "--json").stdout)
    assert made["to"] == "rift"
    assert made["engine"]["name"] == "polars"
    assert made["rows"] == 3


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--every", "1d"], 1, "every= needs start= and end="),
        (["--start", "2025-01-01T10:00"], 1, "has no time zone"),
        (["--views", "spned"], 1, "Did you mean 'spend'?"),
        (["--views", ","], 2, "give at least one name"),
        (["--spine", "spine.parquet"], 1, "spine= needs time="),
    ],
)
def test_mistakes_give_one_clear_error_and_write_nothing(
    args: list[str], code: int, said: str, repository: Path
) -> None:
    done = run(repository, *args)
    assert done.exit_code == code
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert not (repository / "out").exists()


def test_an_engine_that_has_no_tables(repository: Path) -> None:
    done = run(repository, to="sqlite")
    assert done.exit_code == 1
    assert "Publish to another engine" in " ".join(done.stderr.split())


def test_json_is_all_there_is_on_standard_output(repository: Path) -> None:
    done = onefold("publish", "features.py", "--to", "rift", "--table", "out/{view}", "--json", cwd=repository)
    assert [made["view"] for made in json.loads(done.stdout)] == ["spend", "latest"]
    assert done.stderr == "definitions may print\n"
