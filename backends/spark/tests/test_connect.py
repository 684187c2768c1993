"""Spark Connect: what runs on a server of its own, and what is refused there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest

from onefold.contract import StagedRows
from onefold.errors import ConfigurationError, UnsupportedOperation
from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfColumn,
    AsOfJoin,
    Call,
    Column,
    EventOrder,
    Filter,
    Input,
    Literal,
    Measure,
    Scan,
    Sink,
    Sort,
    SortKey,
    Table,
)
from onefold.types import Schema
from onefold_spark.backend import SparkBackend
from onefold_spark.session import SparkEngineSession

KV = Schema.of(k="string", n="int64")
ROWS = Input(name="rows", columns=KV)
DATA = pa.table({"k": ["a", "b", "a", None], "n": [1, 2, 3, 4]})
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    scratch = tmp_path_factory.mktemp("server")
    port = free_port()
    conf = {
        "spark.ui.enabled": "false",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": scratch,
    }
    settings = [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    command = [str(submit), "--master", "local[2]", "--class", server, *settings, "spark-internal"]
    log = scratch / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=scratch, env={**os.environ, "PYSPARK_PYTHON": sys.executable}
        )
    try:
        end = time.monotonic() + PATIENCE
        while "Spark Connect server started" not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(log.read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        yield f"sc://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def session(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngineSession]:
    with SparkBackend().open({"remote": address, "staging": tmp_path_factory.mktemp("staging")}) as opened:
        yield opened


def test_ordinary_relations_run(session: SparkEngineSession, tmp_path: Path) -> None:
    large = Filter(input=ROWS, predicate=Call(function="gt", args=(Column(name="n"), Literal.of(1))))
    total = Measure(name="n", call=AggCall(function="sum", args=(Column(name="n"),)))
    plan = Sort(input=Aggregate(input=large, by=("k",), measures=(total,)), keys=(SortKey(column="n"),))
    rows = [{"k": "b", "n": 2}, {"k": "a", "n": 3}, {"k": None, "n": 4}]
    assert session.execute(plan, {"rows": DATA}).read_all().to_pylist() == rows
    pq.write_table(DATA, tmp_path / "part-0.parquet")
    assert session.execute(plan, {"rows": StagedRows(tmp_path, KV)}).read_all().to_pylist() == rows
    table = Table(name="events", format="parquet", paths=(str(tmp_path),), columns=KV)
    assert session.execute(Scan(table=table), {}).read_all().to_pylist() == DATA.to_pylist()
    assert session.schema_of(table) == KV


def test_what_does_not_run_is_refused(session: SparkEngineSession, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedOperation, match=r"\(Spark Connect\)' does not offer relation\.write"):
        session.execute(ROWS, {"rows": DATA}, sink=Sink(format="parquet", path=str(tmp_path / "out")))
    times = Schema.of(k="string", t="timestamp[us, UTC]")
    side = Input(name="side", columns=times)
    join = AsOfJoin(
        spine=side,
        events=side,
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="t",
        order=EventOrder(time="t"),
        columns=(AsOfColumn(name="seen", column="t"),),
    )
    with pytest.raises(UnsupportedOperation, match=r"does not offer relation\.as_of_join"):
        session.execute(
            join, {"side": pa.table({"k": ["a"], "t": pa.array([0], pa.timestamp("us", "UTC"))})}
        ).read_all()
    for number in range(2):
        pq.write_table(DATA, tmp_path / f"part-{number}.parquet")
    with pytest.raises(UnsupportedOperation, match="several files"):
        session.execute(ROWS, {"rows": StagedRows(tmp_path, KV)}).read_all()


def test_options_that_a_server_decides() -> None:
    with pytest.raises(ConfigurationError, match="remote and master exclude each other"):
        SparkBackend().open({"remote": "sc://localhost", "master": "local[2]"})


def test_a_program_without_a_file_is_not_ended() -> None:
    """PySpark takes `python -c` for its doctests, and ends it without a word if Connect lacks a package."""
    program = (
        "import sys; sys.modules['grpc_status'] = None\n"
        "from onefold_spark.backend import SparkBackend\n"
        "SparkBackend().open({'remote': 'sc://localhost:1'})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 1
    assert "Spark Connect needs more packages" in done.stderr
    assert "pip install 'onefold-spark[connect]'" in done.stderr
