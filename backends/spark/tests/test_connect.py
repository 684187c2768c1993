"""Spark Connect: a server of its own runs all that a classic Spark does, beside one in the same process."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest

from onefold.contract import StagedRows
from onefold.errors import Cancelled, ConfigurationError, EngineError, SourceError, TransformError
from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfColumn,
    AsOfJoin,
    Call,
    Column,
    Deduplicate,
    Distinct,
    EventOrder,
    Filter,
    Frame,
    Input,
    Join,
    Limit,
    Literal,
    MapBatches,
    Measure,
    NamedExpression,
    NamedRelation,
    NativeSql,
    Project,
    RankCall,
    Relation,
    Scan,
    Sink,
    Sort,
    SortKey,
    Table,
    TimeBuckets,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
    Union,
    Unnest,
    Window,
    WindowMeasure,
)
from onefold.transforms import reference
from onefold.types import Schema
from onefold_conformance.runner import run_suite
from onefold_spark import connection, drivers
from onefold_spark.backend import SparkBackend
from onefold_spark.executors import chains, skew
from onefold_spark.session import SparkEngineSession

KV = Schema.of(k="string", n="int64")
ROWS = Input(name="rows", columns=KV)
DATA = pa.table({"k": ["a", "b", "a", None], "n": [1, 2, 3, 4]})
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextlib.contextmanager
def server(scratch: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a Spark Connect server; gives its address and its process."""
    port = free_port()
    conf = {
        "spark.ui.enabled": "false",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.connect.progress.reportInterval": "100ms",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": scratch,
    }
    settings = [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    main = "org.apache.spark.sql.connect.service.SparkConnectServer"
    command = [str(submit), "--master", "local[2]", "--class", main, *settings, "spark-internal"]
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
        yield f"sc://localhost:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("server")) as (address, _):
        yield address


@pytest.fixture(scope="module")
def session(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngineSession]:
    with SparkBackend().open({"remote": address, "staging": tmp_path_factory.mktemp("staging")}) as opened:
        yield opened


# ---------------------------------------------------------------------------- every kind of relation

EVENTS = Schema.of(k="string", t="timestamp[us, UTC]", v="float64", q="int64")
SIDE = Input(name="side", columns=EVENTS)
LISTS = Input(name="lists", columns=Schema.of(n="int64", l="list<string>"))
TOTAL = AggCall(function="sum", args=(Column(name="n"),))
LATEST = AggCall(function="last_n", args=(Column(name="v"),), options={"n": 2})
HOUR = 3_600_000_000


def moments(count: int) -> pa.Table:
    """Return events of three keys, some of them null, whose times jump to and fro."""
    places = [number * 61 % count for number in range(count)]
    return pa.table(
        {
            "k": ["abc"[place % 3] if place % 7 else None for place in places],
            "t": pa.array([place * HOUR // 4 for place in places], pa.timestamp("us", "UTC")),
            "v": [None if place % 5 == 0 else place / 3 for place in places],
            "q": [place % 2 for place in places],
        }
    )


INPUTS = {"rows": DATA, "side": moments(97), "lists": pa.table({"n": [1, 2, 3], "l": [["x", None], [], None]})}


def sorted_up(relation: Relation) -> Sort:
    return Sort(
        input=relation, keys=tuple(SortKey(column=field.name) for field in relation.output if not field.dtype.is_nested)
    )


def joined(**changes: Any) -> AsOfJoin:
    seen = (AsOfColumn(name="seen", column="t"), AsOfColumn(name="value", column="v"))
    order = EventOrder(time="t", sequence=("q",))
    return AsOfJoin(
        spine=SIDE,
        events=SIDE,
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="t",
        order=order,
        columns=seen,
        **changes,
    )


def trailing(spine: Relation, events: Relation = SIDE) -> TrailingAggregate:
    day = TrailingWindow(size=6 * HOUR)
    return TrailingAggregate(
        spine=spine,
        events=events,
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="t",
        order=EventOrder(time="t", sequence=("q",)),
        measures=(
            TrailingMeasure(name="c", call=AggCall(function="count"), window=day),
            TrailingMeasure(name="latest", call=LATEST, window=day),
        ),
    )


def upper(batch: pa.Table) -> pa.Table:
    return pa.table({"k": [None if k is None else k.upper() * FACTOR for k in batch["k"].to_pylist()], "n": batch["n"]})


FACTOR = 2

PLANS: list[Relation] = [
    ROWS,
    sorted_up(Filter(input=ROWS, predicate=Call(function="gt", args=(Column(name="n"), Literal.of(1))))),
    Project(
        input=ROWS,
        columns=(NamedExpression(name="m", expression=Call(function="add", args=(Column(name="n"), Literal.of(1)))),),
    ),
    sorted_up(Aggregate(input=ROWS, by=("k",), measures=(Measure(name="total", call=TOTAL),))),
    sorted_up(Join(left=ROWS, right=ROWS, left_on=("k",), right_on=("k",), how="full")),
    sorted_up(Union(relations=(ROWS, ROWS))),
    sorted_up(Distinct(input=Union(relations=(ROWS, ROWS)))),
    sorted_up(Deduplicate(input=ROWS, by=("k",), order=(SortKey(column="n"),))),
    Limit(input=sorted_up(ROWS), count=2, offset=1),
    sorted_up(Unnest(input=LISTS, column="l")),
    sorted_up(
        Window(
            input=SIDE,
            partition_by=("k",),
            order_by=(SortKey(column="t"),),
            measures=(
                WindowMeasure(name="row", call=RankCall(function="row_number")),
                WindowMeasure(name="latest", call=LATEST, frame=Frame(start=-3, end=0)),
            ),
        )
    ),
    Window(input=SIDE, order_by=(SortKey(column="t"),), measures=(WindowMeasure(name="c", call=LATEST),)),
    sorted_up(Aggregate(input=SIDE, by=("k",), measures=(Measure(name="median", call=AggCall(function="median", args=(Column(name="v"),))),))),
    Aggregate(
        input=Filter(input=SIDE, predicate=Literal.of(False)),
        measures=(Measure(name="latest", call=AggCall(function="mode", args=(Column(name="v"),))),),
    ),
    joined(max_age=3 * HOUR),
    trailing(joined()),
    trailing(sorted_up(SIDE)),
    sorted_up(
        TimeBuckets(
            events=SIDE,
            by=("k",),
            order=EventOrder(time="t"),
            every=5 * HOUR,
            measures=(Measure(name="total", call=AggCall(function="sum", args=(Column(name="q"),))),),
        )
    ),
    MapBatches(input=sorted_up(ROWS), function=reference(upper), columns=KV),
    NativeSql(
        relations=(NamedRelation(name="rows", relation=ROWS),),
        text="SELECT k, n * 2 AS n FROM rows ORDER BY n",
        dialect="spark",
        columns=KV,
    ),
]  # fmt: skip


def test_every_kind_of_relation_gives_what_a_classic_spark_gives(
    session: SparkEngineSession, shared_session: SparkEngineSession
) -> None:
    """Both run in this process, one after the other for each plan."""
    seen = set()
    for plan in PLANS:
        seen |= {relation.kind for relation in plan.walk()}
        names = {leaf.name for leaf in plan.walk() if isinstance(leaf, Input)}
        bound = {name: rows for name, rows in INPUTS.items() if name in names}
        ours, classic = (side.execute(plan, bound).read_all() for side in (session, shared_session))
        assert ours.equals(classic), plan.kind
    kinds = {kind.kind for kind in Relation.__subclasses__() if kind.__module__.startswith("onefold.plan.")}
    assert kinds - seen == {"scan", "write"}  # see below


def test_values_are_right(session: SparkEngineSession) -> None:
    """What is compared above could be wrong on both."""
    rows = session.execute(trailing(SIDE), {"side": INPUTS["side"]}).read_all()
    assert rows.select(EVENTS.names).equals(INPUTS["side"].cast(rows.select(EVENTS.names).schema))
    events = INPUTS["side"].to_pylist()
    for row in rows.to_pylist():
        before = [
            event
            for event in events
            if row["k"] is not None
            and event["k"] == row["k"]
            and 0 < (row["t"] - event["t"]).total_seconds() <= 6 * 3600
        ]
        values = [event["v"] for event in sorted(before, key=lambda event: event["t"]) if event["v"] is not None]
        assert row["c"] == len(before)
        assert (row["latest"] or []) == values[-2:]


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_sources_are_read_and_their_columns_found(session: SparkEngineSession, tmp_path: Path, format: Any) -> None:
    if format == "parquet":
        pq.write_table(DATA, tmp_path / "part-0.parquet")
    else:
        (tmp_path / "part-0.csv").write_text("k,n\na,1\nb,2\na,3\n,4\n")
    table = Table(name="events", format=format, paths=(str(tmp_path),), columns=KV)
    assert session.execute(Scan(table=table), {}).read_all().to_pylist() == DATA.to_pylist()
    assert session.schema_of(table) == KV


def test_first_lines_are_skipped(session: SparkEngineSession, tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"part-{number}.csv").write_text(f"made by hand\n\nk,n\na,{number}\nb,2\n")
    table = Table(name="events", format="csv", paths=(str(tmp_path),), columns=KV, options={"skip": 2})
    assert sorted(session.execute(Scan(table=table), {}).read_all()["n"].to_pylist()) == [0, 1, 2, 2]
    (tmp_path / "part-2.csv").write_text("made by hand\n\nk,n\na,1,2\n")
    with pytest.raises(SourceError, match="more or fewer values than there are columns"):
        session.execute(Scan(table=table), {}).read_all()


# ---------------------------------------------------------------------------- rows in and out


def test_staged_rows_are_read_in_their_order(session: SparkEngineSession, tmp_path: Path) -> None:
    for number, part in enumerate(([3, 4], [1], [2])):
        pq.write_table(pa.table({"k": ["x"] * len(part), "n": part}), tmp_path / f"part-{number}.parquet")
    (tmp_path / "_SUCCESS").touch()
    assert session.execute(ROWS, {"rows": StagedRows(tmp_path, KV)}).read_all()["n"].to_pylist() == [3, 4, 1, 2]
    numbered = StagedRows(tmp_path, Schema.of(k="string", n="int64", at="int64"), number="at")
    rows = Input(name="rows", columns=numbered.columns)
    found = session.execute(rows, {"rows": numbered}).read_all()
    assert found.select(["n", "at"]).to_pydict() == {"n": [3, 4, 1, 2], "at": [0, 1, 2, 3]}


def test_many_staged_files_are_sorted(
    session: SparkEngineSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onefold_spark.inputs.MOST_PARTS", 1)
    for number, part in enumerate(([3, 4], [1], [2])):
        pq.write_table(pa.table({"k": ["x"] * len(part), "n": part}), tmp_path / f"part '{number}'.parquet")
    assert session.execute(ROWS, {"rows": StagedRows(tmp_path, KV)}).read_all()["n"].to_pylist() == [3, 4, 1, 2]


def test_rows_through_files_keep_their_order(address: str, tmp_path: Path) -> None:
    options = {"remote": address, "staging": tmp_path, "collect_limit": 0, "small_input": 0}
    with SparkBackend().open(options) as other:
        expected = other.execute(trailing(SIDE), {"side": INPUTS["side"]}).read_all()
        assert expected.select(["t", "q"]).to_pylist() == INPUTS["side"].select(["t", "q"]).to_pylist()
        staging = other._place.staging.path
        other._place.workers.close()  # what is cleared away in its threads is
        assert list(staging.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_directories_and_tables_are_written(session: SparkEngineSession, tmp_path: Path) -> None:
    target = tmp_path / "out"
    sink = Sink(format="parquet", path=str(target), partition_by=("k",))
    report = session.execute(ROWS, {"rows": DATA}, sink=sink).read_all().to_pylist()
    assert report == [{"path": str(target), "rows": 4}]
    assert sorted(path.name for path in target.iterdir()) == ["k=__HIVE_DEFAULT_PARTITION__", "k=a", "k=b"]
    assert sorted(pq.read_table(target / "k=a", partitioning=None)["n"].to_pylist()) == [1, 3]
    with pytest.raises(ConfigurationError, match="exists already"):
        session.execute(ROWS, {"rows": DATA}, sink=sink)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    table = Table(name="features", format="table", paths=("features",), columns=KV)
    for mode, count in (("error", 4), ("append", 8), ("overwrite", 4)):
        kept = Sink(format="table", path="features", mode=mode)  # type: ignore[arg-type]
        assert session.execute(ROWS, {"rows": DATA}, sink=kept).read_all()["rows"].to_pylist() == [4]
        assert session.execute(Scan(table=table), {}).read_all().num_rows == count


# ---------------------------------------------------------------------------- on executors


def failing(batch: pa.Table) -> pa.Table:
    return batch.set_column(0, "n", [1 // 0])  # the user's own line


def test_an_error_in_a_transform_shows_the_users_own_line(session: SparkEngineSession) -> None:
    plan = MapBatches(input=ROWS, function=reference(failing), columns=KV)
    with pytest.raises(TransformError, match="ZeroDivisionError") as caught:
        session.execute(plan, {"rows": DATA}).read_all()
    assert "# the user's own line" in str(caught.value)
    assert f"{__file__}:" in str(caught.value)


def test_an_error_in_a_query_names_it_and_shows_no_java(session: SparkEngineSession) -> None:
    above = Call(function="add", args=(Column(name="n"), Literal.of(2**63 - 3)))
    plan = Project(input=ROWS, columns=(NamedExpression(name="m", expression=above),))
    with pytest.raises(EngineError, match="ARITHMETIC_OVERFLOW") as caught:
        session.execute(plan, {"rows": DATA}).read_all()
    assert "SELECT" in str(caught.value.query)
    assert "org.apache" not in str(caught.value)


def test_heavy_keys_are_cut(session: SparkEngineSession, monkeypatch: pytest.MonkeyPatch) -> None:
    times = pa.array([number * 7919 % 4000 * HOUR for number in range(4000)], pa.timestamp("us", "UTC"))
    keys = ["heavy" if number % 10 else "light" for number in range(4000)]
    rows = pa.table({"k": keys, "t": times, "v": [1.0] * 4000, "q": [0] * 4000})
    whole = session.execute(trailing(SIDE), {"side": rows}).read_all()
    made: list[skew.Piece] = []

    def noted(part: Any, pieces: list[skew.Piece], **options: Any) -> Any:
        made[:] = pieces
        return skew.cut(part, pieces, **options)

    monkeypatch.setattr(chains, "cut", noted)
    monkeypatch.setattr(skew, "SAMPLED", 1.0)
    monkeypatch.setattr(connection, "LARGE_READ", 0)
    assert session.execute(trailing(SIDE), {"side": rows}).read_all().equals(whole)
    assert {piece.key for piece in made} == {("heavy",), ("light",)}
    assert len(made) > 10


# ---------------------------------------------------------------------------- stopping, progress, and servers that die


def long_plan() -> Relation:
    product = Call(function="multiply", args=(Column(name="n"), Column(name="m")))
    others = Project(input=ROWS, columns=(NamedExpression(name="m", expression=Column(name="n")),))
    each = Project(
        input=Join(left=ROWS, right=others, how="cross"), columns=(NamedExpression(name="n", expression=product),)
    )
    return Aggregate(input=each, measures=(Measure(name="n", call=TOTAL),))


NUMBERS = pa.table({"k": ["x"] * 60_000, "n": list(range(60_000))})


def test_a_query_shows_its_progress_until_it_is_cancelled(session: SparkEngineSession) -> None:
    reader = session.execute(long_plan(), {"rows": NUMBERS})
    seen: list[tuple[int, int]] = []

    def watch() -> None:
        end = time.monotonic() + PATIENCE / 2
        while not any(total for _, total in seen) and time.monotonic() < end:
            time.sleep(0.05)
            seen.append(session.progress())
        session.cancel()

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        reader.read_all()
    watcher.join()
    assert time.monotonic() - started < PATIENCE / 2
    assert seen[-1][1] > 0
    assert session.execute(Aggregate(input=ROWS, measures=(Measure(name="n", call=TOTAL),)), {"rows": DATA}).read_all()[
        "n"
    ].to_pylist() == [10]


def test_a_server_that_dies_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "_RETRIES", 2)
    for name in ("server", "staging"):
        (tmp_path / name).mkdir()
    with server(tmp_path / "server") as (address, process):
        with SparkBackend().open({"remote": address, "staging": tmp_path / "staging"}) as opened:
            reader = opened.execute(long_plan(), {"rows": NUMBERS})
            killer = threading.Timer(2, process.kill)
            killer.start()
            with pytest.raises(EngineError, match="connection to the Spark Connect server broke"):
                reader.read_all()
            killer.join()
            assert not opened.is_alive()
        assert list((tmp_path / "staging").iterdir()) == []
        with pytest.raises(EngineError, match=f"server {address!r} can not be reached: .*refused"):
            SparkBackend().open({"remote": address})


# ---------------------------------------------------------------------------- options, and whose session it is


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"remote": "sc://localhost", "master": "local[2]"}, "remote and master exclude each other"),
        ({"remote": "sc://localhost", "memory": "2GB"}, "remote and memory exclude each other"),
        ({"remote": "sc://localhost", "app_name": "mine"}, "remote and app_name exclude each other"),
        ({"remote": "sc://localhost:1/;x"}, "no address"),
    ],
)
def test_options_that_a_server_decides(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        SparkBackend().open(options)


def test_settings_of_a_server_are_its_own(address: str, tmp_path: Path) -> None:
    options = {"remote": address, "staging": tmp_path, "conf": {"spark.executor.memory": "5g"}}
    with pytest.raises(
        ConfigurationError, match=r"'spark\.executor\.memory' can not become '5g'.*Spark Connect server"
    ):
        SparkBackend().open(options)
    assert list(tmp_path.iterdir()) == []


_THEIRS = """
import os, sys, warnings
import pyarrow as pa
from pyspark.sql import SparkSession
from onefold.plan import Input, MapBatches
from onefold.transforms import reference
from onefold.types import Schema
from onefold_spark.backend import SparkBackend
warnings.simplefilter("ignore")  # PySpark's own, about pandas
remote, staging = sys.argv[1:]
def same(batch): return batch
rows = Input(name="rows", columns=Schema.of(n="int64"))
plan = MapBatches(input=rows, function=reference(same), columns=rows.columns)
def run(options):
    with SparkBackend().open({"staging": staging, **options}) as session:
        assert session._place.driver.remote
        assert session.execute(plan, {"rows": pa.table({"n": [1, 2]})}).read_all()["n"].to_pylist() == [1, 2]
run({"remote": remote})
theirs = SparkSession.builder.remote(remote).getOrCreate()
theirs.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
theirs.range(3).createOrReplaceTempView("mine")
run({})
run({"remote": remote})
assert SparkSession.active() is theirs
assert theirs.sql("SELECT count(*) FROM mine").collect()[0][0] == 3
assert theirs.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
assert [table.name for table in theirs.catalog.listTables() if table.isTemporary] == ["mine"]
theirs.stop()
"""


def test_an_active_session_is_used_and_stays_as_it_was(address: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _THEIRS, address, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr


def test_a_program_without_a_file_is_not_ended() -> None:
    """PySpark takes `python -c` for its doctests, and ends it without a word if Connect lacks a package."""
    program = (
        "import sys; sys.modules['grpc_status'] = None\n"
        "from onefold_spark.backend import SparkBackend\n"
        "SparkBackend().open({'remote': 'sc://localhost:1'})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 1
    assert "Spark Connect needs more packages" in done.stderr
    assert "pip install 'onefold-spark[connect]'" in done.stderr


# ---------------------------------------------------------------------------- the suite


def test_a_part_of_the_suite_passes(address: str, tmp_path: Path) -> None:
    report = run_suite(
        "spark",
        filters=["training-sets/", "pipeline/transforms/", "write-parquet/p", "scan-partitions/", "window/lag/"],
        options={"remote": address, "staging": str(tmp_path)},
        isolate=False,
        sample=True,
    )
    assert [result for result in report.cases if result.status != "pass"] == []
    assert len(report.cases) >= 60


def test_a_warning_about_pandas_is_no_missing_package() -> None:
    program = (
        "import pyspark.testing.utils as packages\n"
        "from onefold_spark.drivers import _find_packages\n"
        "assert 'does not yet fully support' in packages.pandas_requirement_message\n"
        "_find_packages()\n"
        "assert packages.should_test_connect\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::FutureWarning", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
