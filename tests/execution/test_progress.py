"""Progress: what engines tell while there are no rows, and then the rows; whatever goes wrong there is not lost."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.execution.cluster import Cluster, cluster
from tests.execution.fakes import Engines, engines
from tests.integration.views import in_memory, spine, views

import onefold as of
from onefold.execution import Traffic, prepare, progress
from onefold.execution.progress import Reporter
from onefold.plan import Input
from onefold.types import Schema

__all__ = ["cluster", "engines"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", 0.005)


def train(engine: str = "cluster") -> of.TrainingSet:
    return of.training_set(spine(), views(in_memory()), time="t", engine=engine)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "onefold-progress"]


def test_tasks_are_told_until_the_first_row_and_rows_from_then_on(cluster: Cluster) -> None:
    seen: list[tuple[int, tuple[int, int] | None, bool]] = []
    cluster.tasks = (2, 5)
    came = threading.Event()
    cluster.waiting[train().explain().stages[-1].stage.plan.kind] = came

    def report(traffic: Traffic) -> None:
        seen.append((traffic.rows, traffic.tasks, threading.current_thread() is threading.main_thread()))
        came.set()

    table = train().to_arrow(report)
    assert seen[0] == (0, (2, 5), False)
    assert seen[-1] == (len(table), None, True)
    assert {entry for entry in seen if entry[1] is None and entry[0] == 0} == set()
    assert threads() == []


def test_what_is_equal_is_told_once() -> None:
    counts = iter([(0, 0), (1, 4), (1, 4), (2, 4)])
    enough = threading.Event()

    class Telling:
        def progress(self) -> tuple[int, int]:
            done = next(counts, None)
            if done is None:
                enough.set()
                return 2, 4
            return done

    class Silent:
        pass

    seen: list[tuple[int, int] | None] = []
    traffic = Traffic()
    sessions: list[object] = [Telling(), Silent()]
    reporter = Reporter(sessions, traffic, lambda one: seen.append(one.tasks))  # type: ignore[arg-type]
    assert enough.wait(10)
    reporter.stop()
    reporter.stop()
    assert seen == [(1, 4), (2, 4)]
    assert traffic.tasks is None
    assert threads() == []


def test_tasks_of_several_sessions_are_added() -> None:
    class Telling:
        def __init__(self, done: int, total: int) -> None:
            self._tasks = done, total

        def progress(self) -> tuple[int, int]:
            return self._tasks

    seen: list[tuple[int, int] | None] = []
    came = threading.Event()

    def report(traffic: Traffic) -> None:
        seen.append(traffic.tasks)
        came.set()

    sessions: list[object] = [Telling(1, 10), Telling(2, 20)]
    reporter = Reporter(sessions, Traffic(), report)  # type: ignore[arg-type]
    assert came.wait(10)
    reporter.stop()
    assert seen == [(3, 30)]


def test_an_error_of_the_callback_is_raised_to_who_reads_the_result(cluster: Cluster) -> None:
    cluster.tasks = (2, 5)
    failed = threading.Event()
    cluster.waiting[train().explain().stages[-1].stage.plan.kind] = failed

    def report(traffic: Traffic) -> None:
        failed.set()
        raise ValueError(f"no place for {traffic.tasks}")

    with pytest.raises(ValueError, match=r"no place for \(2, 5\)"):
        train().to_arrow(report)
    assert threads() == []


def test_an_error_of_the_callback_about_rows_is_not_one_of_the_engine(engines: Engines) -> None:
    def report(traffic: Traffic) -> None:
        raise KeyError(f"row {traffic.rows}")

    job = prepare(
        Input(name="rows", columns=Schema.of(v="int64")), inputs={"rows": pa.table({"v": [1, 2]})}, engine="quick"
    )
    with pytest.raises(KeyError, match="row 1"):
        job.start(report).read_all()
    gc.collect()
    assert engines.log[-1] == "quick closed input"


def test_of_a_result_that_the_engine_writes_no_rows_are_counted(cluster: Cluster, tmp_path: Path) -> None:
    """What comes back is one row, which says how many there are."""
    pq.write_table(spine(), tmp_path / "spine.parquet")
    cluster.tasks = (2, 5)
    told = cluster.waiting["write"] = threading.Event()
    seen: list[tuple[int, tuple[int, int] | None]] = []

    def report(traffic: Traffic) -> None:
        seen.append((traffic.rows, traffic.tasks))
        told.set()

    job = of.training_set(tmp_path / "spine.parquet", views(in_memory()), time="t", engine="cluster")
    assert job.write_parquet(tmp_path / "out", progress=report).rows == 70
    assert seen == [(0, (2, 5))]


def test_engines_that_tell_nothing_are_not_asked(engines: Engines) -> None:
    rows = Input(name="rows", columns=Schema.of(v="int64"))
    asking: list[list[str]] = []
    job = prepare(rows, inputs={"rows": pa.table({"v": [1, 2]})}, engine="quick")
    job.start(lambda traffic: asking.append(threads())).read_all()
    assert asking == [[], []]
