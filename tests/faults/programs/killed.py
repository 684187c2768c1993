"""Kills the JVM of Spark at three moments; run in a process of its own, whose temporary files nobody else uses."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark import SparkContext
from tests.faults.data import training_set, view
from tests.faults.gates import Gate
from tests.faults.leftovers import MARK, files, gone, threads

import onefold as of
from onefold.execution import close_all

HERE = Path.cwd()
TEMPORARY = Path(tempfile.gettempdir())


def kill() -> None:
    gateway: Any = SparkContext._gateway
    process = gateway.proc
    process.kill()
    process.wait()


def nothing_in(left: object) -> None:
    assert not left, left


def waiting(gate: str) -> of.FeatureView:
    """Return a view on Spark whose transform never returns."""

    def wait(rows: pa.Table) -> pa.Table:
        import time

        with open(gate, "w") as pipe:  # noqa: PTH123 - also sent to executors, which do not know this module
            pipe.write("here")
        time.sleep(600)
        return rows

    return view("waiting", engine="spark", function=wait)


def killed_at(gate: Gate) -> threading.Thread:
    def watch() -> None:
        gate.wait()
        kill()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def main() -> None:
    on_rift, on_spark = view("on_rift", engine="rift"), view("on_spark", engine="spark")
    expected = training_set(on_rift, on_spark, engine="rift").to_arrow()
    usual = threads()

    while_it_runs(on_rift)
    after_the_first_batch(on_rift, on_spark, expected)
    while_it_writes(on_rift)

    close_all()
    assert threads() <= usual
    nothing_in(files(TEMPORARY))
    nothing_in(gone(os.environ[MARK], but=os.getpid()))


def while_it_runs(on_rift: of.FeatureView) -> None:
    gate = Gate(HERE / "running").made()
    killer = killed_at(gate)
    train = training_set(on_rift, waiting(gate.path))
    stage = next(report.stage for report in train.explain().stages if report.stage.engine == "spark")
    with pytest.raises(
        of.EngineError, match=r"engine 'spark' failed in stage \d+: .* was killed .*Run it again"
    ) as raised:
        train.to_arrow()
    killer.join()
    assert raised.value.engine == "spark"
    assert raised.value.stage == stage.id
    # What was the killed JVM's alone is gone with the next use of Spark; workers end by themselves.
    nothing_in(gone(os.environ[MARK], but=os.getpid()))


def after_the_first_batch(on_rift: of.FeatureView, on_spark: of.FeatureView, expected: pa.Table) -> None:
    """Rows that have left Spark are complete; the run after that notices that its JVM is gone."""
    train = training_set(on_rift, on_spark, options={"rift": {"threads": 1}})
    reader = train.batches()
    first = next(reader)
    assert first.num_rows
    kill()
    rest = reader.read_all()
    assert pa.concat_tables([pa.Table.from_batches([first]), rest]).equals(expected)

    between = training_set(on_rift, on_spark)
    assert between.to_arrow().equals(expected)
    directories = [path.name for path in TEMPORARY.iterdir() if path.name.startswith("onefold-spark-jvm-")]
    assert len(directories) == 1, "the files of the killed JVM are gone"


def while_it_writes(on_rift: of.FeatureView) -> None:
    target = HERE / "out"
    target.mkdir()
    (target / "kept.txt").write_text("as it was")
    gate = Gate(HERE / "writing").made()
    killer = killed_at(gate)
    train = training_set(waiting(gate.path))
    assert [report.stage.engine for report in train.explain().stages][-1] == "spark", "it writes itself"
    with pytest.raises(of.EngineError, match=r"engine 'spark' failed.* was killed"):
        train.write_parquet(target, mode="overwrite")
    killer.join()
    assert files(target) == ["kept.txt"]
    assert [path.name for path in HERE.iterdir() if path.name.endswith((".partial", ".old"))] == []


if __name__ == "__main__":
    main()
