"""Curves: each size is what it says, measurements are written as points, a page and a drawing."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks.command import main
from benchmarks.curves import CURVES, Point, command, draw, sizes


@pytest.mark.parametrize("name", CURVES)
def test_only_one_size_changes(name: str) -> None:
    first, last = (asdict(CURVES[name].size(CURVES[name].values[place])) for place in (0, -1))
    assert len([field for field in first if first[field] != last[field]]) == 1
    assert list(CURVES[name].values) == sorted(CURVES[name].values)


def test_a_case_has_what_its_size_says(tmp_path: Path) -> None:
    case = sizes.Size(events=1_000, spine=50, keys=20, windows=3, views=2, threads=1).case(tmp_path, 1)
    assert pq.read_metadata(case.spine).num_rows == 50
    assert [pq.read_metadata(view.events).num_rows for view in case.views] == [1_000, 1_000]
    assert len(case.outputs) == len(set(case.outputs)) == 2 * 4 * 3
    assert case.threads == 1


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(CURVES["windows"], size=lambda n: sizes.Size(events=1_000, spine=50, keys=20, windows=n))
    monkeypatch.setattr(command, "CURVES", {"windows": small})
    report = tmp_path / "curves.json"
    arguments = ["curves", "--json", str(report), "--only", "windows", "--rounds", "1", "--most", "2"]
    assert main([*arguments, "--data", str(tmp_path)]) == 0
    points = json.loads(report.read_text())["points"]
    assert [(point["curve"], point["value"]) for point in points] == [("windows", 1), ("windows", 2)]
    assert all(point["seconds"] > 0 and point["peak_mib"] > 0 for point in points)
    assert "| 2 |" in report.with_suffix(".md").read_text()
    ET.fromstring(report.with_suffix(".svg").read_text())
    assert not list(tmp_path.glob("curve-*"))


def test_a_curve_that_does_not_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["curves", "--json", str(tmp_path / "x.json"), "--only", "evnts"]) == 2
    assert "There is no curve 'evnts'; there are events" in capsys.readouterr().err


def test_a_drawing_holds_every_point() -> None:
    points = [Point("events", value, seconds, 1.0, 100.0, 0.0) for value, seconds in ((10**6, 0.2), (2 * 10**6, 0.5))]
    tree = ET.fromstring(draw(points, CURVES))
    titles = [title.text for title in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["1,000,000: 0.2 s, 100 MiB", "2,000,000: 0.5 s, 100 MiB"]
