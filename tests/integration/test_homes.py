"""Tables that live in an engine: they are read and filtered there, and views go on where they are assigned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.execution.cluster import Cluster, cluster, forget_cluster, use_cluster
from tests.integration.views import at, events, in_memory, spine, views

import onefold as of
from onefold.plan import Table
from onefold.types import Schema

__all__ = ["cluster"]

ENGINES = {"spend": "rift", "latest": "sqlite", "shape": "oracle"}


class AtHome(of.ParquetSource):
    """A table of the cluster's."""

    def _table(self, schema: Schema) -> Table:
        return super()._table(schema).model_copy(update={"home": "cluster"})


@pytest.fixture
def orders(tmp_path: Path) -> of.Source:
    """The usual events, with a column that nobody asks for, and many that are too old or too new to matter."""
    usual = events()
    old = usual.set_column(1, "at", pc.subtract(usual["at"], pa.scalar(dt.timedelta(days=2))))
    new = usual.set_column(1, "at", pc.add(usual["at"], pa.scalar(dt.timedelta(days=2))))
    table = pa.concat_tables([old, usual, new])
    pq.write_table(table.append_column("note", pa.array(["x"] * len(table))), tmp_path / "orders.parquet")
    return AtHome("orders", tmp_path / "orders.parquet", time="at", sequence=["n"])


@pytest.fixture
def expected() -> pa.Table:
    return of.training_set(spine(), views(in_memory()), time="t", engine="oracle").to_arrow()


def train(orders: of.Source, **options: object) -> of.TrainingSet:
    return of.training_set(spine(), views(orders), time="t", **{"engines": ENGINES, **options})  # type: ignore[arg-type]


def reached(before: float, *, positive: bool = False) -> int:
    """Return how many of the usual events some window can reach from the spine."""
    times = [time for time in spine()["t"].to_pylist() if time is not None]
    first, last = min(times) - dt.timedelta(seconds=before), max(times)
    rows = events().to_pylist()
    return sum(first <= row["at"] < last and (not positive or (row["amount"] or 0) > 0) for row in rows)


def test_the_home_reads_filters_and_projects_and_the_views_go_on_elsewhere(
    cluster: Cluster, orders: of.Source, expected: pa.Table
) -> None:
    job = train(orders)
    assert job.to_arrow().equals(expected)
    assert set(cluster.kinds) <= {"scan", "filter", "project"}
    reports = job.explain(analyze=True).stages
    at_home = [report for report in reports if report.stage.engine == "cluster"]
    assert at_home
    for report in at_home:
        assert report.title == f"stage {report.stage.id} on cluster ('orders' lives in cluster)"
        assert "note" not in report.tree.split("columns:")[1].split("\n")[0]
        assert "time range: 2024-12-31" in report.tree
        assert not report.reads
    others = {report.stage.engine: report for report in reports if report.stage.reads}
    names = {report.stage.name for report in at_home}
    for engine in ("rift", "sqlite", "oracle"):
        assert "Scan" not in others[engine].tree
        assert len(names & set(others[engine].reads)) == 1
    assert str(job.explain()).count("lives in cluster") == len(at_home)


def test_no_more_leaves_the_home_than_can_matter(cluster: Cluster, orders: of.Source) -> None:
    reports = train(orders).explain(analyze=True).stages
    passed = {report.stage.engine: report.reads for report in reports if report.stage.engine in ENGINES.values()}
    rows = {
        engine: [edge.traffic.rows for name, edge in reads.items() if name != "stage_0" and edge is not None]
        for engine, reads in passed.items()
    }
    assert rows == {
        "rift": [reached(3600)],
        "sqlite": [reached(3600)],  # the same rows as those for rift, read once
        "oracle": [reached(200, positive=True)],
    }
    assert reached(200, positive=True) < reached(3600) < 600


def test_a_view_at_home_stays_there(cluster: Cluster, orders: of.Source, expected: pa.Table) -> None:
    job = train(orders, engines=ENGINES | {"spend": "cluster", "shape": "cluster"})
    assert job.to_arrow().equals(expected)
    both = [report.tree for report in job.explain().stages if "TrailingAggregate" in report.tree]
    assert len(both) == 1
    assert both[0].count("TrailingAggregate") == 2
    assert "Scan orders" in both[0]
    whole = train(orders, engines=None, engine="cluster")
    assert [report.stage.engine for report in whole.explain().stages] == ["cluster"]
    assert whole.to_arrow().equals(expected)


def test_conditions_that_the_home_does_not_offer_hold_elsewhere(
    monkeypatch: pytest.MonkeyPatch, orders: of.Source, expected: pa.Table
) -> None:
    use_cluster(monkeypatch, Cluster(lacks=frozenset({"function.gt"})))
    try:
        job = train(orders)
        assert job.to_arrow().equals(expected)
        trees = {report.stage.engine: report.tree for report in job.explain().stages}
        assert "amount > 0.0" in trees["oracle"]
        at_home = [report.tree for report in job.explain().stages if report.stage.engine == "cluster"]
        assert at_home
        assert not any("amount > 0.0" in tree for tree in at_home)
    finally:
        forget_cluster()


def test_the_span_of_a_spine_is_asked_where_it_lives(cluster: Cluster, tmp_path: Path, expected: pa.Table) -> None:
    pq.write_table(spine(), tmp_path / "spine.parquet")
    asked = AtHome("asked", tmp_path / "spine.parquet", time=None)
    job = of.training_set(asked, views(in_memory()), time="t", engines=ENGINES)
    assert "time range" not in str(job.explain())  # rows in memory have none
    assert cluster.kinds == ["aggregate"]
    assert job.to_arrow().equals(expected)
    first = next(report for report in job.explain().stages if report.stage.engine == "cluster")
    assert first.stage.reason == "'asked' lives in cluster"


def test_at_home_does_not_depend_on_when(cluster: Cluster, orders: of.Source) -> None:
    """A spine of no times can reach nothing, and is an answer all the same."""
    nothing = spine().slice(0, 0)
    assert of.training_set(nothing, views(orders), time="t", engines=ENGINES).to_arrow().num_rows == 0
    late = pa.table({"user": ["a"], "t": [at(10**6)]})
    row = of.training_set(late, views(orders), time="t", engines=ENGINES).to_arrow().to_pylist()[0]
    assert row["count_1h"] == 0
