"""The bar: tasks of the engines until there are rows, and then rows."""

from __future__ import annotations

import io
import re
import threading
from pathlib import Path

import pytest
from rich.console import Console
from tests.execution.cluster import Cluster, cluster
from typer.testing import CliRunner

from onefold.cli import output
from onefold.cli.main import app
from onefold.cli.output import progress_bar
from onefold.execution import Traffic

__all__ = ["cluster"]


class Screen(io.StringIO):
    """What a terminal has been sent; says when it is about tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks_shown = threading.Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if "tasks" in text:
            self.tasks_shown.set()
        return written

    @property
    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue())


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    made = Screen()
    terminal = Console(file=made, force_terminal=True, width=120, height=30, legacy_windows=False)
    monkeypatch.setattr(output, "messages", lambda: terminal)
    return made


@pytest.mark.parametrize(
    ("total", "traffic", "shown", "not_shown"),
    [
        (500, Traffic(tasks=(3, 8)), "3/8 tasks", "rows"),
        (None, Traffic(tasks=(3, 8)), "3/8 tasks", "rows"),
        (500, Traffic(rows=120), "120/500 rows", "tasks"),
        (None, Traffic(rows=120), "120/? rows", "tasks"),
    ],
)
def test_the_bar_shows_tasks_while_there_are_some_and_rows_else(
    total: int | None, traffic: Traffic, shown: str, not_shown: str, screen: Screen
) -> None:
    with progress_bar("Computing", total=total) as report:
        assert report is not None
        report(Traffic(tasks=(1, 8)))
        report(Traffic(rows=1))
        before = len(screen.getvalue())
        report(traffic)
    last = [line for line in screen.text.splitlines() if "Computing" in line][-1]
    assert before < len(screen.getvalue())
    assert shown in last
    assert not_shown not in last


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "messages", lambda: Console(file=io.StringIO()))
    with progress_bar("Computing", total=None) as report:
        assert report is None


def test_a_command_shows_the_tasks_of_an_engine_that_writes_the_result_itself(
    repository: Path, screen: Screen, cluster: Cluster
) -> None:
    cluster.tasks = (3, 8)
    cluster.waiting["write"] = screen.tasks_shown  # the engine is at work until they have been seen
    files = ["--spine", str(repository / "spine.parquet"), "--out", str(repository / "out"), "--time", "t"]
    done = CliRunner().invoke(app, ["training-set", str(repository / "features.py"), *files, "--engine", "cluster"])
    assert done.exit_code == 0, done.stderr
    assert cluster.kinds[-1] == "write"
    assert screen.tasks_shown.is_set()
    assert re.search(r"Computing the training set .* 3/8 tasks", screen.text)
    assert "1/4 rows" not in screen.text  # what comes back is one row, about four
