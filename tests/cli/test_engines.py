"""``onefold engines``: what works, what is broken and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.cli.command import onefold
from typer.testing import CliRunner

from onefold.cli.main import app
from onefold.contract import BackendEntry, Capabilities, Emulated, Full, Health, Unsupported
from onefold.plan import FUNCTIONS
from onefold.registry import Registry


class Toy:
    """A backend that can be listed but not opened."""

    name = "toy"
    options: ClassVar[Mapping[str, str]] = {}
    capabilities = Capabilities(
        "toy",
        {
            "relation.filter": Full(),
            "function.add": Emulated(how="by counting on fingers"),
            "function.md5": Unsupported(reason="no hashes here"),
        },
    )

    def __init__(self, health: Health) -> None:
        self._health = health

    def open(self, options: Any) -> Any:
        raise NotImplementedError

    def health(self) -> Health:
        return self._health


def toy(name: str, health: Health) -> BackendEntry:
    return BackendEntry(name, lambda: Toy(health), "onefold-toy", "An engine for tests")


def missing_engine() -> Toy:
    raise ModuleNotFoundError("No module named 'toydb'")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines of every condition instead of those that are installed."""
    absent = BackendEntry("absent", missing_engine, "onefold-absent", "Its engine is not installed")
    well = toy("toy", Health(True, "1.2.3"))
    sick = toy("sick", Health(False, "0.9", "the disk is full"))
    backends = {"absent": absent, "toy": well, "t": well, "sick": sick}
    registry = Registry(backends, {"wrecked": SyntaxError("invalid syntax (plugin.py, line 3)")})
    monkeypatch.setattr("onefold.cli.inventory.installed", lambda: registry)


def run(*args: str) -> Any:
    return CliRunner().invoke(app, ["engines", *args], env={"COLUMNS": "200"})


@pytest.mark.usefixtures("installed")
def test_json_lists_each_engine_once_working_ones_first() -> None:
    entries = json.loads(run("--json").stdout)
    assert [(entry["name"], entry["status"], entry["version"]) for entry in entries] == [
        ("toy", "ok", "1.2.3"),
        ("absent", "broken", None),
        ("sick", "broken", "0.9"),
        ("wrecked", "broken", None),
    ]
    assert all({"name", "version", "status", "capabilities"} <= set(entry) for entry in entries)


@pytest.mark.usefixtures("installed")
def test_json_has_the_statement_about_every_capability_of_the_catalogue() -> None:
    capabilities = json.loads(run("toy", "--json").stdout)[0]["capabilities"]
    assert capabilities["relation.filter"] == {"status": "full"}
    assert capabilities["function.add"] == {"status": "emulated", "how": "by counting on fingers"}
    assert capabilities["function.md5"] == {"status": "unsupported", "reason": "no hashes here"}
    assert capabilities["aggregation.sum"]["status"] == "not implemented"
    assert {f"function.{name}" for name in FUNCTIONS} <= set(capabilities)


@pytest.mark.usefixtures("installed")
def test_a_broken_engine_says_why() -> None:
    shown = " ".join(run().stdout.split())
    assert "wrecked is broken: SyntaxError: invalid syntax (plugin.py, line 3)" in shown
    assert "absent is broken: PluginError: The engine of the backend 'absent' can not be imported" in shown
    assert "No module named 'toydb'" in shown
    assert "sick is broken: the disk is full" in shown


@pytest.mark.usefixtures("installed")
def test_counts_by_group_and_details_of_one() -> None:
    shown = " ".join(run("toy").stdout.split())
    assert f"1 of {len(FUNCTIONS)}" in shown
    assert "by counting on fingers" in shown
    assert "no hashes here" in shown


@pytest.mark.usefixtures("installed")
def test_an_unknown_engine_is_an_error_with_near_matches() -> None:
    done = run("tooy")
    assert done.exit_code == 1
    assert "Did you mean 'toy'?" in " ".join(done.stderr.split())


def test_without_engines_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onefold.cli.inventory.installed", lambda: Registry({}, {}))
    assert 'pip install "onefold[rift]"' in run().stdout
    assert json.loads(run("--json").stdout) == []


def test_an_installed_plugin_that_can_not_be_imported_is_shown_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "shaky_plugin.py").write_text("raise RuntimeError('built for another planet')\n")
    info = tmp_path / "onefold_shaky-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: onefold-shaky\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text("[onefold]\nshaky = shaky_plugin\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['onefold', 'engines', '--json']\n"
        "from onefold.cli.main import main; main()"
    )
    done = onefold(code=code)
    assert done.returncode == 0
    entries = {entry["name"]: entry for entry in json.loads(done.stdout)}
    assert entries["shaky"]["status"] == "broken"
    assert entries["shaky"]["problem"] == "RuntimeError: built for another planet"
    assert entries["rift"]["status"] == "ok"
    assert entries["rift"]["version"]
