import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import benchmarks.command
import jsonschema
import pytest
from benchmarks.command import main
from benchmarks.peers import Environment
from benchmarks.peers.environments import ENVIRONMENTS, HERE, environment
from benchmarks.tools import TOOLS, Tool

SCHEMA = json.loads((Path(benchmarks.command.__file__).parent / "reporting" / "schema.json").read_text())


@dataclass(frozen=True)
class Ran:
    status: int
    folder: Path
    report: dict[str, Any]

    def result(self, tool: str) -> dict[str, Any]:
        (found,) = [result for result in self.report["results"] if result["tool"] == tool]
        return dict(found)


def ran(folder: Path, *arguments: str) -> Ran:
    path = folder / "out" / "report.json"
    given = ["run", "--scale", "T", "--peers", "here", "--data", str(folder / "data"), "--json", str(path), *arguments]
    status = main(given)
    report = json.loads(path.read_text())
    jsonschema.validate(report, SCHEMA)
    return Ran(status, folder, report)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    tools = "onefold,sort-and-stream,duckdb-best,pandas,feast-dask"
    folder = tmp_path_factory.mktemp("benchmark")
    return ran(folder, "--tools", tools, "--workloads", "larger-than-memory", "--rounds", "2", "--seed", "5")


def test_tools_finish_and_agree(report: Ran) -> None:
    assert report.status == 0
    assert len(report.report["results"]) == 5
    for tool in ("onefold", "sort-and-stream", "duckdb-best"):
        found = report.result(tool)
        assert found["seconds"] > 0
        assert len(found["runs"]) == 2
        assert found["peak_mib"] > 10
        assert found["agrees"] is (None if tool == "sort-and-stream" else True)


def test_what_a_tool_can_not_do_is_said(report: Ran) -> None:
    assert report.result("pandas")["note"] == "can not be told how much memory to use"
    assert report.result("feast-dask")["note"].startswith("can not compute count, sum, mean, stddev: Feast computes no")
    assert report.result("feast-dask")["seconds"] is None


def test_ratios_and_targets_follow_from_the_results(report: Ran) -> None:
    ratios = {one["against"]: one for one in report.report["ratios"]}
    assert set(ratios) == {"best peer", "floor", "sort-and-stream", "duckdb-best"}
    ours, theirs = report.result("onefold")["seconds"], report.result("duckdb-best")["seconds"]
    assert ratios["best peer"]["is"] == "duckdb-best"
    assert ratios["best peer"]["seconds"] == pytest.approx(ours / theirs, rel=0.01)
    assert ratios["floor"]["is"] == "sort-and-stream"
    (target,) = report.report["targets"]
    assert (target["what"], target["measured"], target["met"]) == ("workloads without right values", 0, True)


def test_page_and_plot_lie_beside_the_report_and_nothing_else_is_left(report: Ran) -> None:
    page = (report.folder / "out" / "report.md").read_text()
    assert "| duckdb-best |" in page
    assert "## Targets" in page
    plot = ET.parse(report.folder / "out" / "report.svg").getroot()
    labels = [element.text for element in plot.iter() if element.text]
    assert {"larger-than-memory", "duckdb-best"} <= set(labels)
    assert {found.suffix for found in (report.folder / "data").iterdir()} == {".parquet"}


def with_tool(monkeypatch: pytest.MonkeyPatch, name: str, **more: Any) -> None:
    monkeypatch.setitem(TOOLS, name, Tool(name, f"tests.benchmarks.tools.{name}", HERE, (), **more))


def test_wrong_values_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_tool(monkeypatch, "wrong")
    found = ran(tmp_path, "--tools", "onefold,wrong", "--workloads", "sums-1", "--rounds", "1")
    assert found.status == 1
    assert found.result("onefold")["agrees"] is True
    assert found.result("wrong")["agrees"] is False
    assert "count_1h: 1 of 100 values differ" in found.result("wrong")["note"]
    assert "best peer" not in {ratio["against"] for ratio in found.report["ratios"]}


def test_known_faults_are_reported_and_no_surprise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_tool(monkeypatch, "wrong", faults="counts one too many")
    found = ran(tmp_path, "--tools", "onefold,wrong", "--workloads", "sums-1", "--rounds", "1")
    assert found.status == 0
    assert found.result("wrong")["agrees"] is False


def test_failures_and_time_limits_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_tool(monkeypatch, "failing")
    with_tool(monkeypatch, "slow")
    tools = ("--tools", "onefold,failing,slow", "--workloads", "sums-1", "--rounds", "2", "--timeout", "5")
    found = ran(tmp_path, *tools)
    failing, slow = found.result("failing"), found.result("slow")
    assert (failing["seconds"], failing["agrees"], len(failing["runs"])) == (None, None, 1)
    assert failing["note"] == "failed with exit code 1: RuntimeError: there is no such engine"
    assert (slow["seconds"], slow["at_least_seconds"], slow["note"]) == (None, 5, "stopped after 5 s")
    assert slow["peak_mib"] > 128
    assert slow["spilled_mib"] == pytest.approx(20, abs=1)
    ratios = {ratio["against"]: ratio for ratio in found.report["ratios"]}
    assert ratios["slow"]["bound"] is True
    assert ratios["slow"]["seconds"] == pytest.approx(found.result("onefold")["seconds"] / 5, rel=0.01)
    assert "failing" not in ratios


def test_onefold_failing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_tool(monkeypatch, "failing", exact=True, peer=False)
    found = ran(tmp_path, "--tools", "failing", "--workloads", "sums-1", "--rounds", "1")
    assert found.status == 1


def test_a_peer_that_can_not_be_installed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Environment:
        return environment(name) if name == HERE else Environment(name, None, "could not be installed: no network")

    monkeypatch.setattr(benchmarks.command, "environment", missing)
    tools = ("--tools", "onefold,pandas", "--workloads", "sums-1", "--rounds", "1", "--peers", "own")
    found = ran(tmp_path, *tools)
    assert found.status == 0
    assert (found.result("pandas")["seconds"], found.result("pandas")["runs"]) == (None, [])
    assert found.result("pandas")["note"] == "could not be installed: no network"


def test_an_environment_that_pip_can_not_make_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("./nothing-is-here\n")
    monkeypatch.setitem(ENVIRONMENTS, "broken", requirements)
    found = environment("broken", tmp_path / "environments")
    assert found.python is None
    assert found.problem.startswith("could not be installed: ERROR")
    assert "nothing-is-here" in found.problem


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--windows", "1h,5x"], "'5x' is no window"),
        (["--windows", "1d,24h"], "names a window twice"),
        (["--tools", "excel"], "'excel' does not exist"),
        (["--workloads", "medians"], "'medians' does not exist"),
        (["--rounds", "0"], "0 is not a number above zero"),
        (["--scale", "XL"], "invalid choice: 'XL'"),
    ],
)
def test_mistakes_on_the_command_line(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["run", *arguments])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
