"""The command as a whole: help, version, exit codes, errors, and what it imports."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.cli.command import MAIN, onefold
from typer.testing import CliRunner

from onefold.cli.main import app
from onefold.errors import Cancelled, SourceError

COMMANDS = ("demo", "training-set", "explain", "engines", "functions", "errors", "new-backend")


def test_help_lists_every_command() -> None:
    done = onefold("--help")
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)
    assert done.stderr == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_examples_and_the_json_option(command: str) -> None:
    done = CliRunner().invoke(app, [command, "-h"], env={"COLUMNS": "120"})
    assert done.exit_code == 0
    assert f"onefold {command}" in done.stdout.split("Examples")[1]
    assert "--json" in done.stdout


def test_help_imports_neither_arrow_nor_engines() -> None:
    check = (
        "import sys, atexit; sys.argv = ['onefold', '--help']\n"
        "heavy = {'pyarrow', 'numpy', 'pandas', 'polars', 'duckdb', 'sqlglot', 'pydantic', 'sklearn'}\n"
        "atexit.register(lambda: print('HEAVY', sorted(heavy & set(sys.modules))))\n"
        "from onefold.cli.main import main; main()"
    )
    assert "HEAVY []" in onefold(code=check).stdout


def test_version() -> None:
    assert onefold("--version").stdout == f"onefold {version('onefold')}\n"


def test_no_arguments_show_the_help() -> None:
    done = onefold()
    assert done.returncode == 2
    assert "Usage" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("engine",), "engines"),
        (("functions", "--famly", "string"), "--family"),
        (("explain", "features.py"), "VIEW"),
        (("training-set", "features.py", "--spine", "x.parquet", "--out", "out"), "--time"),
    ],
    ids=["command", "option", "argument", "required option"],
)
def test_wrong_use_exits_with_2_and_says_what_was_meant(args: tuple[str, ...], said: str) -> None:
    done = onefold(*args)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_an_error_exits_with_1_and_shows_no_traceback(tmp_path: Path) -> None:
    done = onefold("explain", str(tmp_path / "features.py"), "spend")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: There is no file ")
    assert done.stderr.endswith("\nOF100: onefold errors OF100\n")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("place", ["before", "after"])
def test_debug_shows_the_traceback(place: str, tmp_path: Path) -> None:
    command = ["explain", str(tmp_path / "features.py"), "spend"]
    done = onefold(*(["--debug", *command] if place == "before" else [*command, "--debug"]))
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "DefinitionError" in done.stderr


@pytest.mark.parametrize(
    ("raised", "code"), [(KeyboardInterrupt(), 130), (Cancelled("stopped"), 130), (SourceError("no rows"), 1)], ids=repr
)
def test_exit_codes_of_what_happens_while_it_runs(
    raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise raised

    monkeypatch.setattr("onefold.demo.run_demo", fail)
    assert CliRunner().invoke(app, ["demo"]).exit_code == code


def test_markup_in_a_message_is_not_interpreted() -> None:
    done = onefold("functions", "[bold]x[/]")
    assert done.returncode == 1
    assert "'[bold]x[/]'" in done.stderr


def test_a_reader_that_stops_early_is_no_crash() -> None:
    shell = subprocess.run(
        f"{sys.executable} -c {json.dumps(MAIN)} functions --json | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert shell.stdout == "[\n"
    assert "Traceback" not in shell.stderr
