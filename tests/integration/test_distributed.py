"""Distributed engines: many rows come and go as files, and what they hold is put together by them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.execution.cluster import Cluster, cluster, forget_cluster, use_cluster
from tests.integration.views import in_memory, spine, views

import onefold as of
from onefold.execution import edges, exchange

__all__ = ["cluster"]

MOST_ON_CLUSTER = {"spend": "cluster", "latest": "rift", "shape": "cluster"}


@pytest.fixture
def spine_file(tmp_path: Path) -> Path:
    pq.write_table(spine(), tmp_path / "spine.parquet", row_group_size=7)
    return tmp_path / "spine.parquet"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stage rows however few they are."""
    monkeypatch.setattr(exchange, "KEPT_BYTES", 0)
    monkeypatch.setattr(edges, "KEPT_BYTES", 0)


@pytest.fixture
def expected() -> pa.Table:
    return of.training_set(spine(), views(in_memory()), time="t", engine="oracle").to_arrow()


def train(spine: Any, scratch: Path, **engines: str) -> of.TrainingSet:
    return of.training_set(spine, views(in_memory()), time="t", engines=MOST_ON_CLUSTER | engines, scratch=scratch)


@pytest.mark.usefixtures("everything_is_large")
def test_a_spine_that_the_cluster_reads_is_put_together_there(
    cluster: Cluster, spine_file: Path, scratch: Path, expected: pa.Table
) -> None:
    assert train(spine_file, scratch).to_arrow().equals(expected)
    spine_call, final = (call for call in cluster.calls if call.plan.kind != "aggregate")
    assert spine_call.plan.kind == "scan"
    assert spine_call.sink is not None
    assert Path(spine_call.sink).is_relative_to(scratch)
    assert final.plan.kind == "project"
    assert final.inputs == {"orders": "StagedRows", "stage_0": "StagedRows", "stage_1": "StagedRows"}
    assert list(scratch.iterdir()) == []


@pytest.mark.usefixtures("everything_is_large")
def test_the_cluster_writes_the_result_itself(
    cluster: Cluster, spine_file: Path, scratch: Path, expected: pa.Table, tmp_path: Path
) -> None:
    written = train(spine_file, scratch).write_parquet(tmp_path / "out")
    assert cluster.kinds[-1] == "write"
    assert written.rows == len(expected)
    assert written.files == len(list((tmp_path / "out").glob("*.parquet")))
    assert pq.read_table(tmp_path / "out").equals(expected)
    assert list(scratch.iterdir()) == []


@pytest.mark.usefixtures("everything_is_large")
def test_a_cluster_that_numbers_no_rows_gets_the_numbers_with_them(
    monkeypatch: pytest.MonkeyPatch, spine_file: Path, scratch: Path, expected: pa.Table
) -> None:
    made = Cluster(numbers_rows=False)
    use_cluster(monkeypatch, made)
    try:
        job = train(spine_file, scratch)
        assert job.to_arrow().equals(expected)
        assert [report.stage.engine for report in job.explain().stages][-1] == "arrow"
    finally:
        forget_cluster()
    assert list(scratch.iterdir()) == []


def test_few_rows_go_to_the_cluster_as_a_table(cluster: Cluster, scratch: Path, expected: pa.Table) -> None:
    assert train(spine(), scratch).to_arrow().equals(expected)
    assert {kind for call in cluster.calls for kind in call.inputs.values()} == {"Table"}
    assert list(scratch.iterdir()) == []


@pytest.mark.usefixtures("everything_is_large")
def test_a_cluster_that_dies_is_named_with_its_stage_and_leaves_nothing(
    cluster: Cluster, spine_file: Path, scratch: Path
) -> None:
    cluster.fails_after = 0
    job = of.training_set(
        spine(), views(in_memory()), time="t", engines=MOST_ON_CLUSTER | {"latest": "rift"}, scratch=scratch
    )
    with pytest.raises(of.EngineError, match=r"engine 'cluster' failed in stage \d: the driver is gone"):
        job.to_arrow()
    assert list(scratch.iterdir()) == []


@pytest.mark.usefixtures("everything_is_large")
def test_a_result_that_is_let_go_of_leaves_nothing(cluster: Cluster, spine_file: Path, scratch: Path) -> None:
    reader = train(spine_file, scratch).batches()
    assert list(scratch.iterdir())
    del reader
    assert list(scratch.iterdir()) == []


@pytest.mark.usefixtures("everything_is_large")
def test_the_environment_says_where_scratch_files_are_made(
    cluster: Cluster, spine_file: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEFOLD_SCRATCH", str(scratch))
    reader = of.training_set(spine_file, views(in_memory()), time="t", engines=MOST_ON_CLUSTER).batches()
    assert list(scratch.iterdir())
    reader.read_all()
    del reader
    assert list(scratch.iterdir()) == []


def test_a_scratch_directory_that_is_none_is_said_so(cluster: Cluster, spine_file: Path, tmp_path: Path) -> None:
    with pytest.raises(
        of.ConfigurationError, match=r"No scratch files can be made in .*nowhere.*scratch=.*ONEFOLD_SCRATCH"
    ):
        train(spine_file, tmp_path / "nowhere").to_arrow()


def full_disk(*_: Any, **__: Any) -> Iterator[Any]:
    raise OSError(28, os.strerror(28))


@pytest.mark.usefixtures("everything_is_large")
def test_a_full_disk_says_which_directory_and_what_to_do(
    cluster: Cluster, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "write_files", full_disk)
    with pytest.raises(of.ExchangeError, match=r"No space left on device.*scratch=.*ONEFOLD_SCRATCH") as caught:
        train(spine(), scratch).to_arrow()
    assert str(scratch) in str(caught.value)
    assert list(scratch.iterdir()) == []
