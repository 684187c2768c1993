"""Two threads at once: equal results, and one that is stopped does not disturb the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from tests.faults.data import ENGINES, spine, training_set, view
from tests.faults.gates import PATIENCE, Gate

import onefold as of


def together(*works: Callable[[], pa.Table]) -> list[pa.Table]:
    """Return what functions return that begin at the same moment."""
    barrier = threading.Barrier(len(works))

    def begun(work: Callable[[], pa.Table]) -> pa.Table:
        barrier.wait(PATIENCE)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begun, works))


@pytest.mark.parametrize("engine", ENGINES)
def test_one_training_set_read_by_two_threads_gives_both_its_rows(engine: str, spark: SparkSession) -> None:
    train = training_set(view("one", engine=engine), view("other", engine="rift"))
    expected = training_set(view("one", engine="rift"), view("other", engine="rift")).to_arrow()
    assert all(table.equals(expected) for table in together(train.to_arrow, train.to_arrow, train.to_arrow))


def test_training_sets_on_crossed_engines_do_not_wait_for_each_other(spark: SparkSession) -> None:
    first = training_set(view("a", engine="polars"), view("b", engine="spark"), view("c", engine="rift"))
    second = training_set(view("a", engine="rift"), view("b", engine="polars"), view("c", engine="spark"))
    expected = training_set(*(view(name, engine="rift") for name in "abc")).to_arrow()
    assert all(table.equals(expected) for table in together(first.to_arrow, second.to_arrow))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_is_dropped_does_not_disturb_another_one(engine: str, spark: SparkSession, tmp_path: Path) -> None:
    train = training_set(view("read", engine=engine), rows=spine(100_000))
    expected = training_set(view("read", engine="rift"), rows=spine(100_000)).to_arrow()
    going, dropped = train.batches(), train.batches()
    first = next(going)
    next(dropped)
    del dropped
    rest = going.read_all()
    assert pa.concat_tables([pa.Table.from_batches([first]), rest]).equals(expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_fails_does_not_disturb_another_one(engine: str, spark: SparkSession, tmp_path: Path) -> None:
    """The one that goes on is inside of the engine while the other one fails there."""
    inside, go_on = Gate(tmp_path / "inside").made(), Gate(tmp_path / "go on").made()
    here, there = inside.path, go_on.path

    first = str(tmp_path / "first")

    def slow(rows: pa.Table) -> pa.Table:
        import os

        try:
            os.mkdir(first)  # noqa: PTH102
        except FileExistsError:  # Spark runs it on several parts at once
            return rows
        with open(here, "w") as pipe:  # noqa: PTH123 - also sent to executors, which do not know this module
            pipe.write("here")
        with open(there) as pipe:  # noqa: PTH123
            pipe.read()
        return rows

    def failing(rows: pa.Table) -> pa.Table:
        raise ValueError("not these rows")

    expected = training_set(view("slow", engine="rift")).to_arrow()
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(training_set(view("slow", engine=engine, function=slow)).to_arrow)
        inside.wait()
        with pytest.raises(of.TransformError, match="not these rows"):
            training_set(view("bad", engine=engine, function=failing)).to_arrow()
        go_on.arrive()
        assert going.result(PATIENCE).equals(expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_cancelling_a_session_stops_all_that_runs_on_it_and_nothing_after_that(
    engine: str, spark: SparkSession, tmp_path: Path
) -> None:
    """``cancel`` is a session's: all runs on it end as stopped, and the next one is a run as any other."""
    from onefold.execution import session_for

    train = training_set(view("read", engine=engine), rows=spine(150_000))
    expected = train.to_arrow()
    readers = [train.batches(), train.batches()]
    for reader in readers:
        next(reader)
    session_for(engine).cancel()
    for reader in readers:
        with pytest.raises(of.Cancelled):
            reader.read_all()
    assert train.to_arrow().equals(expected)
