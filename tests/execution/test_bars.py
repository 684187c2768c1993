"""Bars: shown where people look, in notebooks and terminals, and taken down however a run ends."""

from __future__ import annotations

import io
import sys
import types
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.integration.views import in_memory, spine, views

import onefold as of
from onefold.errors import DefinitionError
from onefold.execution import Traffic, bars
from onefold.execution.bars import NotebookBar, TerminalBar, watched


class Notebook:
    """A notebook's display: what was shown, each picture in place of the one before."""

    def __init__(self) -> None:
        self.pictures: list[dict[str, str]] = []

    def display(self, bundle: dict[str, str], *, raw: bool, display_id: bool) -> Notebook:
        assert raw
        assert display_id
        return self.update(bundle, raw=True)

    def update(self, bundle: dict[str, str], *, raw: bool) -> Notebook:
        assert raw
        ET.fromstring(bundle["text/html"])
        self.pictures.append(bundle)
        return self

    @property
    def texts(self) -> list[str]:
        return [picture["text/plain"].partition(" · ")[0].partition(" in ")[0] for picture in self.pictures]


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """Return the notebook that tests seem to run in: IPython need not be there."""
    made = Notebook()
    ipython, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    monkeypatch.setattr(ipython, "get_ipython", lambda: types.SimpleNamespace(kernel=object()), raising=False)
    monkeypatch.setattr(display, "display", made.display, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    monkeypatch.setattr(bars, "SECONDS_BETWEEN", 0.0)
    return made


def train() -> of.TrainingSet:
    return of.training_set(spine(), views(in_memory()), time="t")


@pytest.mark.parametrize("read", ["to_arrow", "to_polars", "to_pandas", "batches"])
def test_a_notebook_shows_a_bar_and_at_the_end_what_there_was(read: str, notebook: Notebook) -> None:
    result = getattr(train(), read)(progress=True)
    if read == "batches":
        result = result.read_all()
    assert len(result) == 70
    assert notebook.texts[0] == "Computing 5 features: 0 of 70 rows"
    assert notebook.texts[-2] == "Computing 5 features: 70 of 70 rows"
    assert notebook.texts[-1].startswith("Computing 5 features: 70 rows, ")
    bar = ET.fromstring(notebook.pictures[-2]["text/html"]).find("progress")
    assert bar is not None
    assert (bar.attrib["value"], bar.attrib["max"]) == ("70", "70")
    assert "<progress" not in notebook.pictures[-1]["text/html"]


def test_writing_shows_it_too(notebook: Notebook, tmp_path: Path) -> None:
    train().write_parquet(tmp_path / "out", progress=True)
    assert notebook.texts[-1].startswith("Computing 5 features: 70 rows, ")


def test_a_bar_without_a_total_has_no_value(notebook: Notebook) -> None:
    with watched(True, "Reading") as report:
        assert report is not None
        report(Traffic(rows=1200))
    bar = ET.fromstring(notebook.pictures[1]["text/html"]).find("progress")
    assert bar is not None
    assert "value" not in bar.attrib
    assert notebook.texts == ["Reading: 0 rows", "Reading: 1,200 rows", "Reading: 1,200 rows"]


def test_tasks_are_shown_while_there_are_some(notebook: Notebook) -> None:
    with watched(True, "Reading", total=9) as report:
        assert report is not None
        report(Traffic(tasks=(3, 8)))
    assert notebook.texts[1] == "Reading: 3 of 8 tasks"


def test_few_pictures_are_sent(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "SECONDS_BETWEEN", 3600.0)
    with watched(True, "Reading") as report:
        assert report is not None
        for rows in range(1000):
            report(Traffic(rows=rows))
    assert notebook.texts == ["Reading: 0 rows", "Reading: 999 rows"]


def test_a_failure_and_a_stream_that_is_dropped_take_the_bar_down(notebook: Notebook) -> None:
    def failing() -> None:
        with watched(True, "Reading") as report:
            assert report is not None
            report(Traffic(rows=3))
            raise KeyError("x")

    with pytest.raises(KeyError):
        failing()
    assert notebook.texts[-1] == "Reading: stopped after 3 rows"
    reader = train().batches(progress=True)
    del reader
    assert notebook.texts[-1] == "Computing 5 features: stopped after 0 rows"


def test_a_shell_in_a_terminal_is_no_notebook(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", types.SimpleNamespace)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with watched(True, "Reading") as report:
        assert report is None
    assert notebook.pictures == []


def test_a_terminal_shows_a_bar_that_is_gone_at_the_end() -> None:
    screen = io.StringIO()
    bar = TerminalBar(Console(file=screen, force_terminal=True, width=100, legacy_windows=False), "Reading", 8)
    bar.report(Traffic(rows=3))
    bar._bars.refresh()
    assert "3/8 rows" in screen.getvalue().replace("\x1b[32m", "").replace("\x1b[0m", "")
    bar.close(finished=True)
    assert screen.getvalue().endswith("\x1b[2K")  # the line is empty again


def test_a_function_is_called_and_nothing_is_shown(notebook: Notebook) -> None:
    seen: list[int] = []
    train().to_arrow(progress=lambda traffic: seen.append(traffic.rows))
    assert seen[-1] == 70
    for nothing in (False, None):
        train().to_arrow(progress=nothing)
    assert notebook.pictures == []


def test_what_is_neither_is_refused() -> None:
    wrong: Any = "yes"
    with pytest.raises(DefinitionError, match=r"progress is True for a bar, or a function .*, not 'yes'"):
        train().to_arrow(progress=wrong)


def test_labels_are_text(notebook: Notebook) -> None:
    NotebookBar(notebook.display, "<b>", None).close(finished=True)
    assert notebook.texts == ["<b>: 0 rows", "<b>: 0 rows"]
