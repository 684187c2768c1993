"""Sessions that only one thread may use at once: runs of different threads wait, and streams are read one by one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pytest
from tests.execution.fakes import FakeBackend, FakeSession
from tests.plan.examples import plain

from onefold.contract import BackendEntry
from onefold.execution import Placement, close_all, prepare, run, runner
from onefold.plan import Input, Limit, Project, Relation, Sink, Union
from onefold.registry import installed
from onefold.types import Schema

COLUMNS = Schema.of(k="string", v="int64")
ROWS = Input(name="rows", columns=COLUMNS)
DATA = pa.table({"k": ["a", "b", "a"] * 10, "v": list(range(30))})


class Watched(FakeSession):
    """A session that notes when two threads are inside of it, and when runs of two threads are open at once."""

    def __init__(self, name: str) -> None:
        super().__init__(name, [])
        self.inside: list[int] = []
        self.open: list[int] = []
        self.overlaps: list[str] = []
        self._lock = threading.Lock()

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        owner = threading.get_ident()
        self._enter(self.open, owner, "runs")
        rows = super().execute(plan, inputs, sink=sink)

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                while True:
                    self._enter(self.inside, threading.get_ident(), "calls")
                    try:
                        time.sleep(0.002)  # lets another thread in, if it may come
                        batch = next(rows, None)
                    finally:
                        self.inside.pop()
                    if batch is None:
                        return
                    yield batch
            finally:
                self.open.remove(owner)

        return pa.RecordBatchReader.from_batches(rows.schema, batches())

    def _enter(self, places: list[int], who: int, what: str) -> None:
        with self._lock:
            if places and places[-1] != who:
                self.overlaps.append(what)
            places.append(who)


class WatchedBackend(FakeBackend):
    def __init__(self, *, thread_safe: bool) -> None:
        super().__init__("watched", [])
        self.session = Watched("watched")
        self.session.thread_safe = thread_safe

    def open(self, options: Mapping[str, Any]) -> Any:
        return self.session


@pytest.fixture(params=[False], ids=["single"])
def watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """An engine beside the installed ones, whose session one thread may use at once."""
    backend: Any = WatchedBackend(thread_safe=request.param)
    close_all()
    entry = BackendEntry(name="watched", create=lambda: backend, distribution="tests", summary="")
    monkeypatch.setitem(installed().backends, "watched", entry)
    runner.offered_by.cache_clear()
    yield backend.session
    close_all()
    runner.offered_by.cache_clear()


def both_at_once() -> list[pa.Table]:
    begin = threading.Barrier(2)

    def work(_: int) -> pa.Table:
        begin.wait(10)
        return run(Limit(input=ROWS, count=20), inputs={"rows": DATA}, engine="watched").read_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, range(2)))


def test_runs_of_two_threads_wait_for_each_other(watched: Watched) -> None:
    assert [table.num_rows for table in both_at_once()] == [20, 20]
    assert watched.overlaps == []


@pytest.mark.parametrize("watched", [True], indirect=True, ids=["many"])
def test_what_many_threads_may_use_is_used_by_them_at_once(watched: Watched) -> None:
    """And so the test above can fail."""
    assert [table.num_rows for table in both_at_once()] == [20, 20]
    assert "runs" in watched.overlaps


def test_one_thread_reads_several_results_by_turns(watched: Watched) -> None:
    one, other = (run(ROWS, inputs={"rows": DATA}, engine="watched") for _ in range(2))
    for number in range(30):
        assert next(one)["v"].to_pylist() == next(other)["v"].to_pylist() == [number]


def test_a_run_that_is_dropped_lets_others_in(watched: Watched) -> None:
    result = run(ROWS, inputs={"rows": DATA}, engine="watched")
    next(result)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: run(ROWS, inputs={"rows": DATA}, engine="watched").read_all())
        with pytest.raises(TimeoutError):
            waiting.result(0.05)
        del result
        assert waiting.result(10).num_rows == 30


def test_a_run_that_fails_lets_others_in(watched: Watched) -> None:
    watched.fails = (2, RuntimeError("gone"))
    with pytest.raises(Exception, match="gone"):
        run(ROWS, inputs={"rows": DATA}, engine="watched").read_all()
    watched.fails = None
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(lambda: run(ROWS, inputs={"rows": DATA}, engine="watched").read_all())
        assert again.result(10).num_rows == 30


class Eager(FakeSession):
    """Reads all of its inputs at the same time, each in a thread of its own."""

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        begin = threading.Barrier(len(inputs))

        def read(rows: Any) -> pa.Table:
            begin.wait(10)
            return rows if isinstance(rows, pa.Table) else rows.read_all()

        with ThreadPoolExecutor(len(inputs)) as pool:
            tables = dict(zip(inputs, pool.map(read, inputs.values()), strict=True))
        return super().execute(plan, tables, sink=sink)


class EagerBackend(FakeBackend):
    def open(self, options: Mapping[str, Any]) -> Any:
        return Eager("eager", [])


@pytest.mark.parametrize("reader", ["rift", "polars", "eager"])
def test_stages_of_one_run_are_read_one_by_one_however_many_threads_an_engine_reads_in(
    reader: str, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = BackendEntry(name="eager", create=lambda: EagerBackend("eager", []), distribution="tests", summary="")
    monkeypatch.setitem(installed().backends, "eager", entry)
    parts = tuple(Limit(input=Project(input=ROWS, columns=plain("v", "k")), count=count) for count in (28, 29, 30))
    root = Union(relations=parts)
    on_watched = Placement("watched", fallback=None)
    job = prepare(root, inputs={"rows": DATA}, engine=reader, place=lambda node: on_watched if node in parts else None)
    assert [stage.engine for stage in job.stages] == ["watched"] * 3 + [reader]
    rows = job.start().read_all()
    assert sorted(rows["v"].to_pylist()) == sorted([*range(28), *range(29), *range(30)])
    assert "calls" not in watched.overlaps
