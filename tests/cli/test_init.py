"""``onefold init``: what it writes runs as it is, in Python and in SQL, with the same values."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from tests.cli.command import onefold
from typer.testing import CliRunner

import onefold as of
from onefold.cli.main import app
from onefold.scaffold import repository_files, write_repository

KINDS = pytest.mark.parametrize("sql", [False, True], ids=["python", "sql"])


def _training_set(folder: Path) -> pa.Table:
    repository = of.load_repository(folder)
    spine = str(folder / "data" / "spine.csv")
    wanted = of.training_set(spine, repository.select(["spending", "profile"]), time="at", time_zone="UTC")
    return wanted.to_arrow()


def test_python_and_sql_give_the_same_training_set(tmp_path: Path) -> None:
    for name, sql in (("a", False), ("b", True)):
        write_repository(tmp_path / name, sql=sql)
    first, second = _training_set(tmp_path / "a"), _training_set(tmp_path / "b")
    assert first.num_rows == 100
    assert first.equals(second)
    assert {name: first[name].null_count < 50 for name in first.column_names} == dict.fromkeys(first.column_names, True)
    assert first["large_payments_30d"].to_pylist().count(0) < 90  # it says something


@KINDS
def test_its_own_test_passes_and_its_commands_run(tmp_path: Path, *, sql: bool) -> None:
    done = onefold("init", "shop", *(["--sql"] if sql else []), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "shop"
    commands = [
        line.strip().split("  ")[0].split()[1:] for line in done.stdout.splitlines() if line.startswith("  onefold ")
    ]
    assert [command[0] for command in commands] == ["validate", "training-set", "docs"]
    readme = (folder / "README.md").read_text()
    for command in commands:
        assert f"onefold {' '.join(command)}" in readme
        ran = onefold(*command, cwd=folder)
        assert ran.returncode == 0, ran.stderr
    assert list((folder / "training").glob("*.parquet"))
    assert (folder / "feature-docs" / "index.html").is_file()
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert "1 passed" in tests.stdout, tests.stdout


def test_the_data_is_the_same_everywhere() -> None:
    data = "".join(text for path, text in repository_files("x", sql=True).items() if path.startswith("data/"))
    assert hashlib.sha256(data.encode()).hexdigest() == DATA


def test_json_lists_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["init", "shop", "--json"])
    said = json.loads(done.output)
    assert (said["folder"], said["sql"]) == ("shop", False)
    assert sorted(said["files"]) == sorted(
        str(path.relative_to(tmp_path)) for path in (tmp_path / "shop").rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_nothing_is_overwritten(tmp_path: Path, what: str) -> None:
    place = tmp_path / "shop"
    if what == "folder":
        place.mkdir()
    elif what == "file":
        place.write_text("mine")
    else:
        place.symlink_to(tmp_path / "nowhere")
    done = CliRunner().invoke(app, ["init", str(place)])
    assert done.exit_code == 1
    assert "exists. Give another name, or remove the folder." in " ".join(done.output.split())
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


DATA = "78eeb55de084168c4d1df48b42a1d55516b3bbe807ebbb0f1ba71cbf1a8eec49"
