"""The demo's model: how columns become numbers, and that features are worth something."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.demo.conftest import DemoRun

from onefold.demo.train import TIMETABLE, columns_of, matrix, score


def test_columns_become_numbers() -> None:
    entry = pa.list_(pa.struct({"key": pa.string(), "value": pa.float64()}))
    table = pa.table(
        {
            "carrier": ["UA", "AA", "UA"],
            "count": pa.array([1, None, 3], pa.int64()),
            "by_carrier": pa.array([[{"key": "AA", "value": 1.0}, {"key": "UA", "value": 2.0}], None, []], entry),
            "latest": pa.array([[1, 2], None, []], pa.list_(pa.int64())),
            "flag": pa.array([True, False, None]),
        }
    )
    values, categories = matrix(table, table.column_names)
    assert categories == [0]
    expected = [
        [1.0, 1.0, 2.0, 1.5, 1.0],
        [0.0, math.nan, math.nan, math.nan, 0.0],
        [1.0, 3.0, math.nan, math.nan, math.nan],
    ]
    np.testing.assert_array_equal(values, expected)


def test_the_own_entry_is_found_in_a_slice() -> None:
    entry = pa.list_(pa.struct({"key": pa.string(), "value": pa.float64()}))
    lists = [[{"key": "AA", "value": 1.0}], [{"key": "AA", "value": 2.0}, {"key": "UA", "value": 3.0}]]
    table = pa.table({"carrier": ["AA", "UA"], "x": pa.array(lists, entry)}).slice(1)
    assert matrix(table, ["x"])[0].tolist() == [[3.0]]


def test_the_model_never_sees_the_label(demo_run: DemoRun) -> None:
    columns = columns_of(pq.read_table(demo_run.folder / "training"))
    assert not {"late", "scheduled_at", "month", "tailnum"} & set(columns)
    assert len(columns) == len(TIMETABLE) + demo_run.report["features"]


def test_features_make_the_ranking_better(demo_run: DemoRun) -> None:
    table = pq.read_table(demo_run.folder / "training")
    sample = table.take(np.arange(0, len(table), 24))
    columns = ("origin_dep_delay_mean_1h", "plane_last_arr_delay", "carrier_dep_delay_mean_3h")
    without, with_features = score(sample, TIMETABLE), score(sample, (*TIMETABLE, *columns))
    assert 0.55 < without < with_features < 0.95
