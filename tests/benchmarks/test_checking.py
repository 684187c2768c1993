from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.cases import LIFETIME, MEASURES, Case, Feature, View, parse_windows
from benchmarks.checking import Result, compare_all, compare_sample
from benchmarks.checking.oracle import expected

START = 1_735_689_600_000_000
HOUR = 3_600_000_000
INSTANT = pa.timestamp("us", tz="UTC")


def case_of(folder: Path, ts: list[int], amounts: list[float | None], spine_ts: list[int], *extra: Feature) -> Case:
    events = {"k": [1] * len(ts), "ts": pa.array([START + at for at in ts]).cast(INSTANT), "amount": amounts}
    rows = list(range(len(spine_ts)))
    spine = {"row": rows, "k": [1] * len(rows), "ts": pa.array([START + at for at in spine_ts]).cast(INSTANT)}
    pq.write_table(pa.table(events), folder / "events.parquet")
    pq.write_table(pa.table(spine), folder / "spine.parquet")
    windows = parse_windows("1h,lifetime")
    features = extra or tuple(Feature(measure, measure, "amount", windows) for measure in MEASURES)
    return Case(str(folder / "spine.parquet"), (View("view", str(folder / "events.parquet"), "k", features),))


def test_oracle_by_hand(tmp_path: Path) -> None:
    # The event at exactly T does not count, the one at exactly T - 1h does; the latest amount is skipped when null.
    case = case_of(tmp_path, [-2, 0, 10, HOUR, HOUR + 6], [7.0, 1.0, 3.0, None, 100.0], [HOUR, HOUR + 1, -2])
    found = expected(case, np.array([0, 1, 2]))
    assert found["count_1h"] == [2, 2, 0]
    assert found["count_lifetime"] == [3, 4, 0]
    assert found["sum_1h"] == [4.0, 3.0, None]
    assert found["mean_1h"] == [2.0, 3.0, None]
    assert found["stddev_1h"] == [2.0**0.5, None, None]
    assert found["min_lifetime"] == [1.0, 1.0, None]
    assert found["max_lifetime"] == [7.0, 7.0, None]
    assert found["last_1h"] == [3.0, 3.0, None]
    assert found["median_lifetime"] == [3.0, 3.0, None]
    assert found["distinct_lifetime"] == [3, 3, 0]
    assert found["last_10_lifetime"] == [[7.0, 1.0, 3.0], [7.0, 1.0, 3.0], None]


def test_oracle_of_the_latest_row_keeps_nulls(tmp_path: Path) -> None:
    case = case_of(tmp_path, [0, 10], [7.0, None], [11, 10, 0], Feature("amount", "latest", "amount"))
    assert expected(case, np.array([0, 1, 2])) == {"amount": [None, 7.0, None]}


def changed(folder: Path, name: str, change: Callable[[dict[str, list[Any]]], object]) -> Result:
    columns: dict[str, list[Any]] = {
        "row": [0, 1, 2],
        "count_lifetime": [1, 2, 0],
        "sum_lifetime": [1.0, 5.0, None],
        "last_10_lifetime": [[1.0], [1.0, 4.0], None],
    }
    change(columns)
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return Result(folder / f"{name}.parquet", 3)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda columns: columns.update(count_lifetime=[1, 3, 0]), id="count off by one"),
        pytest.param(lambda columns: columns.update(sum_lifetime=[1.0, 5.0, 0.0]), id="zero for null"),
        pytest.param(lambda columns: columns.update(sum_lifetime=[1.0, float("nan"), None]), id="NaN"),
        pytest.param(lambda columns: columns.update(sum_lifetime=[1.0, 5.0 + 1e-4, None]), id="inexact"),
        pytest.param(lambda columns: columns.update(last_10_lifetime=[[1.0], [4.0, 1.0], None]), id="order in a list"),
        pytest.param(lambda columns: columns.update(last_10_lifetime=[[1.0, 1.0], [4.0], None]), id="lengths of lists"),
        pytest.param(lambda columns: columns.update(last_10_lifetime=[[1.0], [1.0, 4.0], []]), id="empty for null"),
        pytest.param(lambda columns: columns.update(last_10_lifetime=[[1.0], [None, 4.0], None]), id="null in a list"),
        pytest.param(lambda columns: columns.update(row=[1, 0, 2]), id="rows swapped"),
        pytest.param(lambda columns: columns.pop("count_lifetime"), id="column missing"),
    ],
)
def test_wrong_values_do_not_agree(tmp_path: Path, change: Callable[[dict[str, list[Any]]], object]) -> None:
    features = tuple(Feature(measure, measure, "amount", (LIFETIME,)) for measure in ("count", "sum", "last_10"))
    case = Case("", (View("view", "", "k", features),))
    right = changed(tmp_path, "right", lambda columns: None)
    results = {"same": changed(tmp_path, "same", lambda columns: None), "wrong": changed(tmp_path, "wrong", change)}
    agreements = compare_all(case, right, results, dict.fromkeys(results, 1e-6))
    assert agreements["same"]
    assert not agreements["wrong"]


def test_a_difference_within_one_tolerance_is_beyond_another(tmp_path: Path) -> None:
    case = Case("", (View("view", "", "k", (Feature("sum", "sum", "amount", (LIFETIME,)),)),))
    right = changed(tmp_path, "right", lambda columns: None)
    close = changed(tmp_path, "close", lambda columns: columns.update(sum_lifetime=[1.0, 5.0 + 5e-9, None]))
    found = compare_all(case, right, {"loose": close, "exact": close}, {"loose": 1e-6, "exact": 1e-11})
    assert found["loose"]
    assert not found["exact"]
    assert found["loose"].deviation["sum"] == pytest.approx(1e-9, rel=1e-3)


def test_missing_and_repeated_rows_are_no_result(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"did not come out exactly once: there are 3 rows, and 1 of the spine's"):
        changed(tmp_path, "repeated", lambda columns: columns.update(row=[0, 1, 1]))


def test_sample_is_compared_with_the_truth(tmp_path: Path) -> None:
    case = case_of(tmp_path, [0, 10], [7.0, 1.0], [11, 5], Feature("sum", "sum", "amount", (LIFETIME,)))
    pq.write_table(pa.table({"row": [1, 0], "sum_lifetime": [7.0, 8.0]}), tmp_path / "right.parquet")
    pq.write_table(pa.table({"row": [0, 1], "sum_lifetime": [7.0, 8.0]}), tmp_path / "wrong.parquet")
    results = {name: Result(tmp_path / f"{name}.parquet", 2) for name in ("right", "wrong")}
    found = compare_sample(case, results, dict.fromkeys(results, 1e-6), np.array([0, 1]))
    assert found["right"].problems == []
    assert found["wrong"].problems == ["sum_lifetime: 2 of 2 values differ"]
