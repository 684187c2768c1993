"""Sessions: options, ways in and out, order, errors, stopping, whose Spark it is, and what is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.contract import StagedRows
from onefold.errors import Cancelled, ConfigurationError, EngineError, PlanError
from onefold.plan import (
    AggCall,
    Aggregate,
    Call,
    Column,
    EventOrder,
    Input,
    Join,
    Literal,
    Measure,
    NamedExpression,
    NamedRelation,
    NativeSql,
    Project,
    Relation,
    Sort,
    SortKey,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)
from onefold.types import Schema
from onefold_spark.backend import SparkBackend
from onefold_spark.session import SparkEngineSession

KV = Schema.of(k="string", n="int64")
ROWS = Input(name="rows", columns=KV)
DATA = pa.table({"k": ["a", "b", "a", None], "n": [1, 2, 3, 4]})
EVENTS = Schema.of(k="int64", t="timestamp[us, UTC]")


def sorted_down(relation: Relation) -> Sort:
    return Sort(input=relation, keys=(SortKey(column="n", descending=True),))


def total(relation: Relation) -> Aggregate:
    measures = (Measure(name="n", call=AggCall(function="sum", args=(Column(name="n"),))),)
    return Aggregate(input=relation, measures=measures)


def counted() -> TrailingAggregate:
    """Return how many events of its key lie before each spine row."""
    return TrailingAggregate(
        spine=Input(name="spine", columns=EVENTS),
        events=Input(name="events", columns=EVENTS),
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="t",
        order=EventOrder(time="t"),
        measures=(TrailingMeasure(name="c", call=AggCall(function="count"), window=TrailingWindow()),),
    )


def moments(count: int, keys: int) -> pa.Table:
    """Return rows whose times and keys jump to and fro."""
    places = [number * 7919 % count for number in range(count)]
    return pa.table({"k": [place % keys for place in places], "t": pa.array(places, pa.timestamp("us", "UTC"))})


# ---------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mastr": "local[2]"}, "no option 'mastr'.*'master'"),
        ({"master": "sc://host"}, "use the option remote"),
        ({"remote": "local[2]"}, "sc://host:15002"),
        ({"memory": "1MB"}, "at least 512 MiB"),
        ({"collect_limit": "much"}, "a size such as"),
        ({"staging": "/no/such/directory"}, "is not a directory"),
        ({"conf": {"spark.sql.ansi.enabled": False}}, "is always 'true', and can not be 'false'"),
        ({"conf": "no json"}, "maps names of settings to values"),
    ],
)
def test_options_are_checked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        SparkBackend().open(options)


def test_a_running_spark_keeps_its_settings(session: SparkEngineSession) -> None:
    with pytest.raises(ConfigurationError, match=r"master is 'local\[7\]', but Spark is running on"):
        SparkBackend().open({"master": "local[7]"})
    with pytest.raises(ConfigurationError, match=r"'spark\.executor\.memory' can not become '5g'"):
        SparkBackend().open({"conf": {"spark.executor.memory": "5g"}})


def python(code: str, **environment: str) -> str:
    """Return what a program prints, in which every warning is an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_java_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "from onefold.errors import ConfigurationError\n"
        "from onefold_spark.backend import SparkBackend\n"
        "try: SparkBackend().open({})\n"
        "except ConfigurationError as error: print(error)\n"
    )
    told = python(code, PATH=str(tmp_path), JAVA_HOME="")
    assert "There is no Java on this machine. Spark needs Java 17 or newer: install it" in told
    told = python(code, JAVA_HOME=str(tmp_path))
    assert f"{str(tmp_path / 'bin' / 'java')!r} (JAVA_HOME)" in told


# ---------------------------------------------------------------------------- rows in and out


@pytest.mark.parametrize("plan", [sorted_down(ROWS), total(ROWS)], ids=["sorted", "total"])
def test_rows_through_files_are_those_that_come_directly(session: SparkEngineSession, plan: Relation) -> None:
    expected = session.execute(plan, {"rows": DATA}).read_all()
    with SparkBackend().open({"collect_limit": 0, "small_input": 0}) as other:
        stream = pa.RecordBatchReader.from_batches(DATA.schema, iter(DATA.to_batches(max_chunksize=2)))
        assert other.execute(plan, {"rows": stream}).read_all().equals(expected)
        staging = other._place.staging.path
        other._place.workers.close()  # what is cleared away in its threads is
        assert list(staging.iterdir()) == []
    assert not staging.exists()


def test_sorted_rows_and_a_spine_keep_their_order_over_partitions() -> None:
    spine, events = moments(5_000, keys=7), moments(3_000, keys=7)
    conf = {"spark.sql.shuffle.partitions": "5", "spark.sql.adaptive.enabled": "false"}
    with SparkBackend().open({"small_input": 0, "collect_limit": 0, "conf": conf}) as session:
        rows = session.execute(counted(), {"spine": spine, "events": events}).read_all()
        assert rows.select(["k", "t"]).equals(spine)
        pairs = zip(spine["k"].to_pylist(), spine["t"].cast(pa.int64()).to_pylist(), strict=True)
        # Every moment up to 3,000 has one event, whose key is its remainder.
        expected = [max(0, (min(moment, 3_000) - key + 6) // 7) for key, moment in pairs]
        assert rows["c"].to_pylist() == expected
        numbers = pa.table({"k": ["x"] * 5_000, "n": [number * 7919 % 5_000 for number in range(5_000)]})
        found = session.execute(sorted_down(ROWS), {"rows": numbers}).read_all()
        assert found["n"].to_pylist() == list(range(4_999, -1, -1))


def test_staged_rows_are_read_in_their_order(session: SparkEngineSession, tmp_path: Path) -> None:
    for number, part in enumerate(([3, 4], [1], [2])):
        pq.write_table(pa.table({"k": ["x"] * len(part), "n": part}), tmp_path / f"part-{number}.parquet")
    (tmp_path / "_SUCCESS").touch()
    assert session.execute(ROWS, {"rows": StagedRows(tmp_path, KV)}).read_all()["n"].to_pylist() == [3, 4, 1, 2]
    numbered = StagedRows(tmp_path, Schema.of(k="string", n="int64", at="int64"), number="at")
    rows = Input(name="rows", columns=numbered.columns)
    found = session.execute(rows, {"rows": numbered}).read_all()
    assert found.select(["n", "at"]).to_pydict() == {"n": [3, 4, 1, 2], "at": [0, 1, 2, 3]}


# ---------------------------------------------------------------------------- errors


def test_an_overflow_names_the_query_and_shows_no_java(session: SparkEngineSession) -> None:
    above = Call(function="add", args=(Column(name="n"), Literal.of(2**63 - 3)))
    plan = Project(input=ROWS, columns=(NamedExpression(name="m", expression=above),))
    with pytest.raises(EngineError, match="ARITHMETIC_OVERFLOW") as caught:
        session.execute(plan, {"rows": DATA}).read_all()
    assert "SELECT" in str(caught.value.query)
    assert "org.apache" not in str(caught.value)


def test_native_sql_that_spark_refuses_is_an_error_of_the_plan(session: SparkEngineSession) -> None:
    tables = (NamedRelation(name="rows", relation=ROWS),)
    plan = NativeSql(relations=tables, text="SELECT m FROM rows", dialect="spark", columns=Schema.of(m="int64"))
    with pytest.raises(PlanError, match=r"Spark refuses the SQL: .*UNRESOLVED_COLUMN") as caught:
        session.execute(plan, {"rows": DATA}).read_all()
    assert "org.apache" not in str(caught.value)


# ---------------------------------------------------------------------------- stopping


def test_cancel_stops_a_query_and_the_session_works_afterwards(session: SparkEngineSession) -> None:
    numbers = pa.table({"k": ["x"] * 60_000, "n": list(range(60_000))})
    product = Call(function="multiply", args=(Column(name="n"), Column(name="m")))
    others = Project(input=ROWS, columns=(NamedExpression(name="m", expression=Column(name="n")),))
    pairs = Join(left=ROWS, right=others, how="cross")
    each = Project(input=pairs, columns=(NamedExpression(name="n", expression=product),))
    reader = session.execute(total(each), {"rows": numbers})
    timer = threading.Timer(1.5, session.cancel)
    timer.start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        reader.read_all()
    assert 1 < time.monotonic() - started < 8
    timer.join()
    assert session.execute(total(ROWS), {"rows": DATA}).read_all()["n"].to_pylist() == [10]


# ---------------------------------------------------------------------------- whose Spark it is

_OWN = """
import os, tempfile, threading
from pathlib import Path
import pyarrow as pa
from onefold.plan import Input, Scan, Sink, Table
from onefold.types import Schema
from onefold_spark.backend import SparkBackend
rows = Input(name="rows", columns=Schema.of(n="int64"))
sink = Sink(format="table", path="features")
table = Table(name="f", format="table", paths=("features",), columns=rows.columns)
warehouse = os.environ["WAREHOUSE"]
with SparkBackend().open({"master": "local[1]", "conf": {"spark.sql.warehouse.dir": warehouse}}) as session:
    jvm = session._place.driver.root.sparkContext._gateway.proc
    session.execute(rows, {"rows": pa.table({"n": [1, 2]})}, sink=sink).read_all()
    assert (Path(warehouse) / "features").is_dir()
    assert session.execute(Scan(table=table), {}).read_all()["n"].to_pylist() == [1, 2]
assert jvm.poll() is not None, "Spark still runs"
assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("onefold")]
assert os.listdir(tempfile.gettempdir()) == [], os.listdir(tempfile.gettempdir())
"""


def test_a_spark_that_was_started_here_ends_and_leaves_nothing(tmp_path: Path) -> None:
    for name in ("temporary", "warehouse"):
        (tmp_path / name).mkdir()
    python(_OWN, TMPDIR=str(tmp_path / "temporary"), WAREHOUSE=str(tmp_path / "warehouse"))


_FOREIGN = """
import warnings
import pyarrow as pa
from pyspark.sql import SparkSession
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what PySpark says while it starts is not ours
    theirs = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
theirs.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
theirs.conf.set("spark.sql.ansi.enabled", "false")
theirs.range(3).createOrReplaceTempView("mine")
before = dict(theirs.sparkContext.getConf().getAll())
from onefold.plan import Input
from onefold.types import Schema
from onefold_spark.backend import SparkBackend
rows = Input(name="rows", columns=Schema.of(n="int64"))
with SparkBackend().open({}) as session:
    assert session._place.driver.root.sparkContext is theirs.sparkContext
    assert session.execute(rows, {"rows": pa.table({"n": [1, 2]})}).read_all()["n"].to_pylist() == [1, 2]
assert theirs.sql("SELECT count(*) FROM mine").collect()[0][0] == 3
assert theirs.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
assert theirs.conf.get("spark.sql.ansi.enabled") == "false"
assert [table.name for table in theirs.catalog.listTables()] == ["mine"]
assert dict(theirs.sparkContext.getConf().getAll()) == before
theirs.stop()
"""


def test_a_spark_that_was_running_is_used_and_stays_as_it_was(tmp_path: Path) -> None:
    python(_FOREIGN, TMPDIR=str(tmp_path))
