from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from benchmarks.cases import MEASURES, Case, parse_windows
from benchmarks.checking import Result, compare_sample
from benchmarks.checking.agreement import EXACT, LOOSE
from benchmarks.data_sets import Events, Spine, generate
from benchmarks.suites import SCALES, SUITES, WORKLOADS, Setting
from benchmarks.suites.workload import so_many
from benchmarks.tools import TOOLS

LOCAL = ("onefold", "duckdb-frames", "duckdb-best", "polars-rolling", "polars-best", "pandas")
"""The tools that the environment of the tests has, but for Spark, which takes too long to start."""


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize("workload", [name for name, found in WORKLOADS.items() if "T" in found.scales])
def test_local_tools_compute_the_truth(data: Path, tmp_path: Path, workload: str) -> None:
    case = WORKLOADS[workload].case(Setting(SCALES["T"], data))
    rows = pq.read_metadata(case.spine).num_rows
    results, able = {}, [name for name in LOCAL if not TOOLS[name].reason_against(case)]
    for name in able:
        output = tmp_path / f"{name}.parquet"
        import_module(TOOLS[name].module).run(replace(case, output=str(output), scratch=str(tmp_path)))
        results[name] = Result(output, rows)
    assert "onefold" in results
    assert "duckdb-best" in results
    tolerances = {name: EXACT if TOOLS[name].exact else LOOSE for name in able}
    found = compare_sample(case, results, tolerances, np.arange(rows))
    assert {name: agreement.problems for name, agreement in found.items()} == {name: [] for name in able}


def test_every_measure_is_in_a_workload_and_most_spine_rows_have_values(data: Path, tmp_path: Path) -> None:
    case = WORKLOADS["all-6"].case(Setting(SCALES["T"], data))
    assert case.measures == set(MEASURES)
    output = tmp_path / "out.parquet"
    import_module(TOOLS["duckdb-best"].module).run(replace(case, output=str(output), scratch=str(tmp_path)))
    found = pq.read_table(output)
    assert found["last_10_lifetime"].null_count < 25
    assert 0 < found["sum_1d"].null_count < 100


def test_windows_of_a_run_are_in_the_cases(data: Path) -> None:
    setting = Setting(SCALES["T"], data, windows=parse_windows("2h,11d"))
    names = [window.name for window in WORKLOADS["sums-30"].case(setting).views[0].windows]
    assert names[:2] == ["2h", "11d"]
    assert len(set(names)) == 30
    assert [window.name for window in WORKLOADS["sums-1"].case(setting).views[0].windows] == ["2h"]


def test_windows_without_a_length_are_made_up_to_as_many_as_wanted() -> None:
    assert len({window.micros for window in so_many(parse_windows("lifetime"), 30)}) == 30
    assert len({window.micros for window in so_many(parse_windows("1s,2s"), 30)}) == 30


@pytest.mark.parametrize("workload", list(WORKLOADS))
def test_case_survives_the_way_to_another_process(data: Path, workload: str) -> None:
    case = WORKLOADS[workload].case(Setting(SCALES["T"], data))
    assert Case.from_json(case.to_json()) == case


def test_suites_name_what_exists() -> None:
    for suite in SUITES.values():
        assert set(suite.workloads) <= set(WORKLOADS)
        assert set(suite.tools) <= set(TOOLS)


def test_what_makes_the_comparison_hard_is_in_the_data(tmp_path: Path) -> None:
    shape = Events(20_000, keys=500)
    spine = pq.read_table(generate(Spine(2_000, (shape,)), tmp_path))
    events = pq.read_table(generate(shape, tmp_path))
    times = events["ts"].cast("int64").to_numpy()
    assert (np.diff(times) > 0).all()
    assert 0.02 < events["amount"].null_count / 20_000 < 0.04
    shares = np.sort(np.unique(events["entity_id"].to_numpy(), return_counts=True)[1])[::-1]
    assert shares[0] > 10 * shares[100]
    known = set(zip(events["entity_id"].to_pylist(), times.tolist(), strict=True))
    at = zip(spine["entity_id"].to_pylist(), spine["ts"].cast("int64").to_pylist(), strict=True)
    assert sum(pair in known for pair in at) == 400
    assert any(entity < 0 for entity in spine["entity_id"].to_pylist())
    assert spine["row"].to_pylist() == list(range(2_000))


def test_a_heavy_key_and_wide_rows(tmp_path: Path) -> None:
    events = pq.read_table(generate(Events(20_000, keys=500, skew=0.0, heavy=0.2, wide=55), tmp_path))
    assert 0.19 < float(np.mean(events["entity_id"].to_numpy() == 5)) < 0.21
    assert events.num_columns == 60


def test_data_is_made_once_and_depends_on_its_shape_only(tmp_path: Path) -> None:
    one = generate(Events(1000, keys=20), tmp_path / "one")
    before = one.stat().st_mtime_ns
    assert generate(Events(1000, keys=20), tmp_path / "one").stat().st_mtime_ns == before
    two = generate(Events(1000, keys=20), tmp_path / "two")
    other = generate(Events(1000, keys=20, seed=2), tmp_path / "one")
    assert pq.read_table(one).equals(pq.read_table(two))
    assert not pq.read_table(one).equals(pq.read_table(other))


def test_rows_of_the_spine_are_late_where_few_days_are_asked_for(tmp_path: Path) -> None:
    shape = Events(20_000, keys=500)
    spine = pq.read_table(generate(Spine(1_000, (shape,), days=9), tmp_path))
    events = pq.read_table(generate(shape, tmp_path))
    first, last = (events["ts"].cast("int64").to_numpy()[place] for place in (0, -1))
    assert spine["ts"].cast("int64").to_numpy().min() > last - 0.051 * (last - first)
