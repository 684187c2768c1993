"""The same training set with every assignment of engines to views: equal values, in the order of the spine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.execution.cluster import Cluster, cluster
from tests.integration.views import VIEWS, events, in_memory, spine, views

import onefold as of
from onefold_spark.backend import SparkBackend

__all__ = ["cluster"]

GROUPS = (("rift", "sqlite", "oracle", "cluster"), ("rift", "spark", "polars"))
"""Engines that compute all of these views without a fallback. Two groups, for time's sake: starting stages on Spark takes
most of it."""

ASSIGNMENTS = list(
    dict.fromkeys(engines for group in GROUPS for engines in itertools.product(group, repeat=len(VIEWS)))
)


@pytest.fixture(scope="module", autouse=True)
def spark() -> Iterator[None]:
    """Keep Spark running from one test to the next: it ends with its last session."""
    with SparkBackend().open({}):
        yield


@pytest.fixture(scope="module")
def expected() -> pa.Table:
    """What the oracle says: plain Python, and none of the code that joins engines."""
    return of.training_set(spine(), views(in_memory()), time="t", engine="oracle").to_arrow()


@pytest.mark.parametrize("engines", ASSIGNMENTS, ids="-".join)
def test_every_assignment_gives_equal_values(engines: tuple[str, ...], expected: pa.Table, cluster: Cluster) -> None:
    assigned = dict(zip(VIEWS, engines, strict=True))
    train = of.training_set(spine(), views(in_memory()), time="t", engines=assigned)
    assert train.to_arrow().equals(expected)


def test_the_plan_is_the_same_whatever_computes_it(cluster: Cluster) -> None:
    plans = {
        of.training_set(
            spine(), views(in_memory()), time="t", engines=dict(zip(VIEWS, engines, strict=True))
        ).plan.fingerprint
        for engines in ASSIGNMENTS
    }
    assert len(plans) == 1


@pytest.mark.parametrize(
    "assigned", [("rift", "cluster", "cluster"), ("cluster", "rift", "sqlite"), ("rift", "sqlite", "rift")]
)
def test_a_spine_in_files_is_read_once_and_keeps_its_order(
    assigned: tuple[str, ...], expected: pa.Table, cluster: Cluster, tmp_path: Path
) -> None:
    pq.write_table(spine(), tmp_path / "spine.parquet", row_group_size=7)
    train = of.training_set(
        tmp_path / "spine.parquet", views(in_memory()), time="t", engines=dict(zip(VIEWS, assigned, strict=True))
    )
    assert train.to_arrow().equals(expected)
    scans = [stage for stage in train.explain().stages if "Scan spine" in stage.tree]
    assert len(scans) == 1


def test_each_engine_gets_no_more_of_the_spine_than_it_needs() -> None:
    train = of.training_set(spine(), views(in_memory()), time="t", engines={"spend": "rift", "latest": "sqlite"})
    trees = {report.stage.engine: report.tree for report in train.explain().stages}
    assert "Input stage_0: user, t, row_" in trees["rift"]
    assert "Input stage_0: user, t, row_" in trees["sqlite"]
    assert "label" not in trees["rift"] + trees["sqlite"]


def test_views_of_one_engine_are_one_stage_whose_events_are_read_once() -> None:
    train = of.training_set(spine(), views(in_memory()), time="t")
    assert [report.stage.engine for report in train.explain().stages] == ["rift"]


def test_views_with_options_of_their_own_have_sessions_of_their_own() -> None:
    source = in_memory()
    first, second, third = views(source)
    special = views(source, options={"rift": {"threads": 1}})[0]
    train = of.training_set(
        spine(), [special, second, third], time="t", options={"rift": {"threads": 2, "memory_limit": "1GB"}}
    )
    options = [report.stage.options for report in train.explain().stages if report.stage.engine == "rift"]
    assert {"threads": 1, "memory_limit": "1GB"} in options
    assert {"threads": 2, "memory_limit": "1GB"} in options
    assert train.to_arrow().equals(of.training_set(spine(), [first, second, third], time="t").to_arrow())


def test_each_view_has_its_own_fallback(tmp_path: Path) -> None:
    pq.write_table(events(), tmp_path / "events.parquet")
    source = of.ParquetSource("orders", tmp_path / "events.parquet", time="at", sequence=["n"])
    falls, *_ = views(source, fallback="rift")
    _, refuses, _ = views(source, fallback=None)
    engines = {"spend": "sqlite", "latest": "sqlite"}
    with pytest.raises(of.UnsupportedOperation, match=r"'sqlite' does not offer source\.parquet"):
        of.training_set(spine(), [falls, refuses], time="t", engines=engines).to_arrow()
    with pytest.warns(of.FallbackWarning, match=r"'sqlite' does not offer source\.parquet"):
        alone = of.training_set(spine(), [falls, refuses], time="t", engines=engines | {"latest": "rift"}).to_arrow()
    assert alone.equals(of.training_set(spine(), [falls, refuses], time="t", engine="rift").to_arrow())
