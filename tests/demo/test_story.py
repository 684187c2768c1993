"""The demo as a user meets it: what it writes, what it tells, and what happens when something is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from tests.demo.conftest import DemoRun

from onefold.demo import story

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "flights"
PACKAGED = ROOT / "core" / "onefold" / "demo"


def test_the_report_has_the_numbers_of_the_run(demo_run: DemoRun) -> None:
    report = json.loads((demo_run.folder / "report.json").read_text())
    assert report == demo_run.report
    assert list(report) == [
        "rows", "views", "features", "seconds", "rows_per_second", "auc_with", "auc_without"
    ]  # fmt: skip
    assert report["rows"] == 336_776
    assert report["views"] >= 5
    assert report["features"] >= 40
    assert report["rows_per_second"] == pytest.approx(report["rows"] / report["seconds"], rel=0.01)
    assert report["auc_with"] is None


def test_the_training_set_has_the_features_of_the_report(demo_run: DemoRun) -> None:
    columns = pq.read_schema(next((demo_run.folder / "training").glob("*.parquet"))).names
    spine = pq.read_schema(demo_run.folder / "data" / "spine.parquet").names
    assert columns[: len(spine)] == spine
    assert len(columns) - len(spine) == demo_run.report["features"]


def test_the_story_tells_views_plan_sample_and_places(demo_run: DemoRun) -> None:
    told = demo_run.told
    for said in (
        "336,776 flights",
        "plane_last_3_arr_delays",
        "not yet known",
        "rows/s",
        "Written to",
        "TrailingAggregate",
    ):
        assert said in told
    assert str(demo_run.folder / "training") in told.replace("\n", "")


def test_each_scan_reads_only_the_columns_that_count(demo_run: DemoRun) -> None:
    scans = [line for line in demo_run.told.splitlines() if "Scan departures" in line]
    assert scans
    assert not any("distance" in line for line in scans)


@pytest.mark.parametrize(
    ("example", "packaged"), [("features.py", "template/features.py.txt"), ("train.py", "train.py")]
)
def test_the_example_is_what_the_demo_uses(example: str, packaged: str) -> None:
    assert (EXAMPLE / example).read_text() == (PACKAGED / packaged).read_text()


def test_definitions_that_were_changed_are_kept(tmp_path: Path) -> None:
    (tmp_path / "features.py").write_text("# mine\n")
    with (tmp_path / "told").open("w") as told:
        assert story._definitions(tmp_path, Console(file=told)).read_text() == "# mine\n"
    assert "used as it is" in (tmp_path / "told").read_text()


def test_without_scikit_learn_there_is_a_message_and_no_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "onefold.demo.train", raising=False)
    monkeypatch.delattr("onefold.demo.train", raising=False)
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with (tmp_path / "told").open("w") as told:
        scores = story._scores(Console(file=told, width=200), pa.table({"late": [True]}))
    assert scores == {"auc_with": None, "auc_without": None}
    assert 'pip install "onefold[demo]"' in (tmp_path / "told").read_text()
