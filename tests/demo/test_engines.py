"""The demo's training set is the same whatever engine computes which of its views."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.demo.conftest import DemoRun

import onefold as of
from onefold.api.repository import load_repository

SAMPLE = 5_003
"""A prime number of flights, spread over the year: every so many rows of the spine."""

ASSIGNMENTS = [
    ("polars",),  # all views on one engine; rift is what is compared with
    ("rift", "spark", "polars"),  # neighbours on different ones
]


@pytest.fixture(scope="module")
def spine(demo_run: DemoRun) -> pa.Table:
    whole = pq.read_table(demo_run.folder / "data" / "spine.parquet")
    return whole.take(pa.array(range(0, len(whole), len(whole) // SAMPLE)))


@pytest.fixture(scope="module")
def expected(demo_run: DemoRun, spine: pa.Table) -> pa.Table:
    """The same flights in the training set that the demo wrote, from rift and all rows of the spine."""
    whole = pq.read_table(demo_run.folder / "training")
    keys = ["scheduled_at", "carrier", "flight", "origin", "dest"]
    numbers = {key: number for number, key in enumerate(zip(*(whole[name].to_pylist() for name in keys), strict=True))}
    return whole.take([numbers[key] for key in zip(*(spine[name].to_pylist() for name in keys), strict=True)])


@pytest.mark.parametrize("engines", ASSIGNMENTS, ids="-".join)
def test_values_do_not_depend_on_engines(
    demo_run: DemoRun, spine: pa.Table, expected: pa.Table, engines: tuple[str, ...]
) -> None:
    views = load_repository(demo_run.folder / "features.py").select()
    assigned = {view.name: engines[number % len(engines)] for number, view in enumerate(views)}
    found = of.training_set(spine, views, time="scheduled_at", engines=assigned).to_arrow()
    assert found.schema.names == expected.schema.names
    different = [name for name in found.schema.names if not found[name].equals(expected[name])]
    assert different == []
