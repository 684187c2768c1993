import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.training_set.agreement import Agreement, Result, compare_all, compare_sample
from benchmarks.training_set.command import main
from benchmarks.training_set.data import Shape, generate
from benchmarks.training_set.measure import Run, measure
from benchmarks.training_set.oracle import expected
from benchmarks.training_set.report import Record, ratios
from benchmarks.training_set.tools import DEFAULT_TOOLS, TOOLS
from benchmarks.training_set.workload import MEASURES, Case, parse_windows

Report = tuple[int, dict[str, Any], str, list[str]]
Change = Callable[[dict[str, list[Any]]], object]

START = 1_735_689_600_000_000
HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("benchmark")
    path, page = folder / "out" / "report.json", folder / "out" / "report.md"
    arguments = ["--events", "20_000", "--spine", "2_000", "--repeat", "1", "--data-dir", str(folder / "data")]
    status = main([*arguments, "--json", str(path), "--markdown", str(page)])
    left = sorted(found.suffix for found in (folder / "data").iterdir())
    return status, json.loads(path.read_text()), page.read_text(), left


def test_every_tool_finishes_and_agrees(report: Report) -> None:
    status, found, _, _ = report
    assert status == 0
    results = {(result["workload"], result["tool"]): result for result in found["results"]}
    assert set(results) == {("sums", tool) for tool in DEFAULT_TOOLS.split(",")} | {
        ("all", tool) for tool in DEFAULT_TOOLS.split(",")
    } - {("all", "duckdb-prefix-sums")}
    for (_, tool), result in results.items():
        assert result["seconds"] > 0, result
        assert result["peak_mib"] > 10
        if tool == "duckdb-prefix-sums":  # known to lose digits; whether too many depends on the data
            assert result["agrees"] in (True, False)
        else:
            assert result["agrees"] is (None if tool == "sort-and-stream" else True), result


def test_report_says_what_was_measured_and_the_ratios(report: Report) -> None:
    _, found, page, _ = report
    assert found["shape"]["events"] == 20_000
    assert found["shape"]["windows"] == ["1h", "1d", "7d", "30d", "90d", "lifetime"]
    assert found["environment"]["versions"]["duckdb"]
    assert {ratio["against"] for ratio in found["ratios"] if ratio["workload"] == "sums"} == set(
        DEFAULT_TOOLS.split(",")
    ) - {"onefold"}
    assert found["targets"] == []  # they are stated for another size
    assert "| polars-rolling |" in page


def test_only_generated_data_is_left(report: Report) -> None:
    *_, left = report
    assert left == [".json", ".parquet", ".parquet"]


def test_same_shape_gives_the_same_data_and_another_seed_gives_other_data(tmp_path: Path) -> None:
    one = generate(Shape(1000, 100, keys=20), tmp_path / "one")
    two = generate(Shape(1000, 100, keys=20), tmp_path / "two")
    other = generate(Shape(1000, 100, keys=20, seed=2), tmp_path / "one")
    assert pq.read_table(one.events).equals(pq.read_table(two.events))
    assert pq.read_table(one.spine).equals(pq.read_table(two.spine))
    assert not pq.read_table(one.events).equals(pq.read_table(other.events))


def test_data_holds_what_makes_the_comparison_hard(tmp_path: Path) -> None:
    data = generate(Shape(20_000, 2_000, keys=500), tmp_path)
    events, spine = pq.read_table(data.events), pq.read_table(data.spine)
    times = events["ts"].cast(pa.int64()).to_numpy()
    assert (np.diff(times) > 0).all()
    assert 0.02 < events["amount"].null_count / 20_000 < 0.04
    shares = np.sort(np.unique(events["entity_id"].to_numpy(), return_counts=True)[1])[::-1]
    assert shares[0] > 10 * shares[100]
    known = set(zip(events["entity_id"].to_pylist(), times.tolist(), strict=True))
    at = zip(spine["entity_id"].to_pylist(), spine["ts"].cast(pa.int64()).to_pylist(), strict=True)
    assert sum(pair in known for pair in at) >= 400
    assert any(entity < 0 for entity in spine["entity_id"].to_pylist())


def write_case(folder: Path, ts: list[int], amounts: list[float | None], spine_ts: list[int]) -> Case:
    instant = pa.timestamp("us", tz="UTC")
    events = {"entity_id": [1] * len(ts), "ts": pa.array([START + at for at in ts]).cast(instant), "amount": amounts}
    spine = {
        "row": list(range(len(spine_ts))),
        "entity_id": [1] * len(spine_ts),
        "ts": pa.array([START + at for at in spine_ts]).cast(instant),
    }
    pq.write_table(pa.table(events), folder / "events.parquet")
    pq.write_table(pa.table(spine), folder / "spine.parquet")
    events_path, spine_path, output = (str(folder / f"{name}.parquet") for name in ("events", "spine", "out"))
    return Case(events_path, spine_path, output, MEASURES, parse_windows("1h,lifetime"))


def test_oracle_by_hand(tmp_path: Path) -> None:
    # The event at exactly T does not count, the one at exactly T - 1h does; the latest amount is skipped when null.
    case = write_case(tmp_path, [-1, 0, 10, HOUR, HOUR + 5], [7.0, 1.0, 3.0, None, 100.0], [HOUR, HOUR + 1, -1])
    found = expected(case, np.array([0, 1, 2]))
    assert found["count_1h"] == [2, 2, 0]
    assert found["count_lifetime"] == [3, 4, 0]
    assert found["sum_1h"] == [4.0, 3.0, None]
    assert found["mean_1h"] == [2.0, 3.0, None]
    assert found["stddev_1h"] == [2.0**0.5, None, None]
    assert found["min_lifetime"] == [1.0, 1.0, None]
    assert found["max_lifetime"] == [7.0, 7.0, None]
    assert found["last_1h"] == [3.0, 3.0, None]


@pytest.mark.parametrize("tool", [name for name, tool in TOOLS.items() if tool.measures == MEASURES and tool.computes])
def test_tools_at_the_edges_of_windows(tmp_path: Path, tool: str) -> None:
    spine_ts = [HOUR, HOUR + 1, -1, 0, 2 * HOUR + 6]
    case = write_case(tmp_path, [-1, 0, 10, HOUR, HOUR + 5], [7.0, 1.0, 3.0, None, 100.0], spine_ts)
    run = measure(tool, case, scratch=tmp_path, timeout=300)
    assert run.note == ""
    result = Result(Path(case.output), len(spine_ts))
    assert compare_sample(case, {tool: result}, np.arange(len(spine_ts)))[tool].problems == []


def wrong(folder: Path, name: str, change: Change) -> Result:
    columns: dict[str, list[Any]] = {"row": [0, 1, 2], "count_1h": [1, 2, 0], "sum_1h": [1.0, 5.0, None]}
    change(columns)
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return Result(folder / f"{name}.parquet", 3)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda columns: columns.update(count_1h=[1, 3, 0]), id="count off by one"),
        pytest.param(lambda columns: columns.update(sum_1h=[1.0, 5.0, 0.0]), id="zero for null"),
        pytest.param(lambda columns: columns.update(sum_1h=[1.0, float("nan"), None]), id="NaN"),
        pytest.param(lambda columns: columns.update(sum_1h=[1.0, 5.0 + 1e-7, None]), id="inexact"),
        pytest.param(lambda columns: columns.update(row=[1, 0, 2]), id="rows swapped"),
    ],
)
def test_wrong_values_do_not_agree(tmp_path: Path, change: Change) -> None:
    case = Case("", "", "", ("count", "sum"), parse_windows("1h"))
    right = wrong(tmp_path, "right", lambda columns: None)
    results = {"same": wrong(tmp_path, "same", lambda columns: None), "wrong": wrong(tmp_path, "wrong", change)}
    agreements: dict[str, Agreement] = compare_all(case, right, results)
    assert agreements["same"]
    assert not agreements["wrong"]


def test_missing_and_repeated_rows_are_no_result(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="did not come out exactly once"):
        wrong(tmp_path, "repeated", lambda columns: columns.update(row=[0, 1, 1]))


def test_a_tool_that_takes_too_long_is_stopped_and_said_so(tmp_path: Path) -> None:
    case = write_case(tmp_path, [0], [1.0], [1])
    run = measure("polars-rolling", case, scratch=tmp_path, timeout=0.05)
    assert run.seconds is None
    assert run.note == "timed out after 0.05 s"
    ours = Record("onefold", "all", [Run(0.01, 0.01, 50.0)])
    stopped = Record("polars-rolling", "all", [run])
    assert stopped.seconds is None
    assert stopped.agrees is None
    (ratio,) = ratios([ours, stopped])
    assert (ratio["seconds"], ratio["bound"]) == (0.2, True)


def test_a_tool_that_fails_says_why(tmp_path: Path) -> None:
    case = write_case(tmp_path, [0], [1.0], [1])
    (tmp_path / "events.parquet").unlink()
    run = measure("sort-and-stream", case, scratch=tmp_path, timeout=60)
    assert run.seconds is None
    assert run.note.startswith("failed with exit code 1:")
    assert "events.parquet" in run.note


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--windows", "1h,5x"], "'5x' is no window"),
        (["--windows", "1h,1h"], "names a window twice"),
        (["--tools", "excel"], "'excel' does not exist"),
        (["--workload", "medians"], "'medians' does not exist"),
        (["--events", "0"], "0 is not a number above zero"),
    ],
)
def test_mistakes_on_the_command_line(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
