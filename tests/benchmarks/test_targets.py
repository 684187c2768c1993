from typing import Any

import pytest
from benchmarks.checking import Agreement
from benchmarks.reporting import Record, ratios, targets
from benchmarks.running import Run


def record(workload: str, tool: str, *seconds: float, right: bool = True, peak: float = 500.0) -> Record:
    made = Record(workload, "M", tool, [Run(one, one, peak) for one in seconds])
    made.sample = Agreement(problems=[] if right else ["sum_1h: 1 of 100 values differ"])
    return made


def stopped(workload: str, tool: str, limit: float) -> Record:
    return Record(workload, "M", tool, [Run(None, None, 10.0, 0.0, f"stopped after {limit} s", limit)])


def reached(records: list[Record], scale: str = "M") -> dict[tuple[str, str], Any]:
    return {(found["workload"], found["what"]): found for found in targets(records, scale)}


def test_targets_are_computed_from_medians() -> None:
    ours = record("sums-6", "onefold", 4.0, 3.0, 9.0, peak=1300.0)
    found = reached([ours, record("sums-6", "sort-and-stream", 3.2), record("sums-6", "duckdb-best", 9.0)])
    floor = found["sums-6", "seconds, as a multiple of sort-and-stream"]
    assert (floor["limit"], floor["measured"], floor["met"]) == (1.3, 1.25, True)
    sql = found["sums-6", "times as fast as the best SQL"]
    assert (sql["limit"], sql["measured"], sql["met"]) == (2.5, 2.25, False)
    assert found["sums-6", "peak MiB"]["met"] is False
    assert found["sums-6", "times as fast as Polars"]["measured"] is None
    assert found["sums-6", "times as fast as Polars"]["met"] is None


def test_a_bound_meets_a_target_or_leaves_it_open() -> None:
    what = ("median-6", "times as fast as Polars")
    met = reached([record("median-6", "onefold", 10.0), stopped("median-6", "polars-rolling", 60.0)])[what]
    assert (met["measured"], met["bound"], met["met"]) == (6.0, True, True)
    still_open = reached([record("median-6", "onefold", 50.0), stopped("median-6", "polars-rolling", 60.0)])[what]
    assert (still_open["measured"], still_open["met"]) == (1.2, None)


def test_wrong_values_are_no_best_peer() -> None:
    quick, slow = record("sums-6", "polars-best", 1.0, right=False), record("sums-6", "polars-rolling", 8.0)
    ours = record("sums-6", "onefold", 2.0)
    found = reached([ours, quick, slow])["sums-6", "times as fast as Polars"]
    assert (found["measured"], found["met"]) == (4.0, True)
    against = {ratio["against"]: ratio["is"] for ratio in ratios([ours, quick, slow])}
    assert against["best peer"] == "polars-rolling"


def test_onefold_not_finishing_misses_its_targets() -> None:
    found = reached([stopped("all-6", "onefold", 300.0)])
    assert found["all-6", "seconds"]["met"] is False
    assert found["all workloads", "workloads without right values"]["measured"] == 1


def test_targets_across_workloads() -> None:
    found = reached(
        [
            record("sums-1", "onefold", 2.0),
            record("sums-6", "onefold", 2.8),
            record("sums-lifetime", "onefold", 2.5),
            record("heavy-key", "onefold-spark", 30.0),
            record("even-keys", "onefold-spark", 24.0),
        ]
    )
    assert found["sums-6", "seconds, as a multiple of one window"]["measured"] == pytest.approx(1.4)
    assert found["sums-lifetime", "seconds, as a multiple of one short window"]["met"] is False
    assert found["heavy-key", "seconds on Spark, as a multiple of even keys"]["met"] is True


def test_targets_are_stated_for_a_scale() -> None:
    records = [record("sums-6", "onefold", 1.0), record("small-10", "onefold", 0.06)]
    found = reached(records, "S")
    assert set(found) == {("small-10", "seconds"), ("all workloads", "workloads without right values")}
    assert found["small-10", "seconds"]["met"] is False
