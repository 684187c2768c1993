"""Sessions: options, streaming, inputs, errors, cancellation, threads, sinks, temporal relations, and what is left behind."""

from __future__ import annotations

import datetime as dt
import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.errors import (
    Cancelled,
    ConfigurationError,
    EngineError,
    PlanError,
    SourceError,
    UnsupportedOperation,
)
from onefold.plan import (
    AGGREGATIONS,
    FUNCTIONS,
    RANKINGS,
    AggCall,
    Aggregate,
    AsOfColumn,
    AsOfJoin,
    Call,
    Column,
    EventOrder,
    Filter,
    Input,
    Join,
    Literal,
    Measure,
    NamedExpression,
    Project,
    Relation,
    Scan,
    Sink,
    Sort,
    SortKey,
    Table,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
    Union,
    Write,
)
from onefold.types import Schema, schema_to_arrow
from onefold_rift.backend import RiftBackend
from onefold_rift.connection import describe
from onefold_rift.session import RiftSession

KV = Schema.of(k="string", n="int64")
ROWS = Input(name="rows", columns=KV)
DATA = pa.table({"k": ["a", "b", "a", None], "n": [1, 2, 3, 4]})


@pytest.fixture
def session(tmp_path: Path) -> Iterator[RiftSession]:
    spill = tmp_path / "spill"
    spill.mkdir()
    with RiftBackend().open({"threads": 2, "memory_limit": "300MB", "spill_directory": str(spill)}) as opened:
        yield opened
    assert list(spill.iterdir()) == []  # nothing is left behind


def stream(table: pa.Table) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(table.schema, iter(table.to_batches(max_chunksize=2)))


def number(function: str, value: int) -> Call:
    return Call(function=function, args=(Column(name="n"), Literal.of(value)))


def total(relation: Relation) -> Aggregate:
    measures = (
        Measure(name="n", call=AggCall(function="sum", args=(Column(name="n"),))),
        Measure(name="rows", call=AggCall(function="count")),
    )
    return Aggregate(input=relation, measures=measures)


def tables(session: RiftSession) -> list[str]:
    cursor = session._database.cursor()
    names = [name for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    cursor.close()
    return names


# ---------------------------------------------------------------------------- the backend


def test_registering_imports_no_engine() -> None:
    code = (
        "import sys, onefold_rift.plugin as plugin\n"
        "(entry,) = plugin.onefold_register_backends()\n"
        "assert (entry.name, entry.aliases) == ('rift', ('duckdb',))\n"
        "assert 'duckdb' not in sys.modules and 'pandas' not in sys.modules\n"
        "assert entry.create().name == 'rift' and 'duckdb' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_health() -> None:
    health = RiftBackend().health()
    assert health.ok
    assert health.version.startswith("2.")
    assert health.detail == ""


def test_capabilities_cover_the_catalogue() -> None:
    offered = RiftBackend.capabilities
    for name in (
        *(entry.capability for entry in FUNCTIONS.values()),
        *(entry.capability for entry in AGGREGATIONS.values()),
        *(f"window.{name}" for name in RANKINGS),
        *(f"source.{name}" for name in ("parquet", "csv", "json")),
        "relation.trailing_aggregate",
        "sink.parquet",
        "sql.duckdb",
    ):
        assert offered.offers(name), name
    for name in ("relation.map_batches", "source.table", "sink.table", "sql.snowflake", "relation.nonsense"):
        assert not offered.offers(name), name


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"memory": "1GB"}, "no option 'memory'.*'memory_limit'"),
        ({"memory_limit": "much"}, 'a size such as "4GB"'),
        ({"memory_limit": "-1GB"}, 'a size such as "4GB"'),
        ({"memory_limit": "1MB"}, "at least 32 MiB"),
        ({"memory_limit": True}, "a size"),
        ({"threads": 0}, "a whole number from 1 to 1024, not 0"),
        ({"threads": "2"}, "a whole number"),
        ({"spill_directory": "/does/not/exist"}, "not a directory"),
        ({"spill_directory": 3}, "is a path"),
    ],
)
def test_options_are_checked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        RiftBackend().open(options)


def test_options_reach_duckdb(session: RiftSession) -> None:
    ((memory, threads, zone),) = session._database.execute(
        "SELECT current_setting('memory_limit'), current_setting('threads'), current_setting('TimeZone')"
    ).fetchall()
    assert (memory, threads, zone) == ("286.1 MiB", 2, "UTC")


# ---------------------------------------------------------------------------- inputs


@pytest.mark.parametrize("plan", [ROWS, Filter(input=ROWS, predicate=number("gt", 1))])
def test_a_stream_is_passed_through_where_it_is_scanned_once(session: RiftSession, plan: Relation) -> None:
    reader = session.execute(plan, {"rows": stream(DATA)})
    assert tables(session) == []
    assert reader.read_all()["n"].to_pylist()[-1] == 4


def test_a_stream_that_is_scanned_twice_gives_its_rows_twice(session: RiftSession) -> None:
    for plan, count in (
        (Union(relations=(ROWS, ROWS)), 8),
        (Join(left=ROWS, right=ROWS, left_on=("k",), right_on=("k",)), 5),
        (Join(left=ROWS, right=total(ROWS), how="cross"), 4),
    ):
        assert session.execute(plan, {"rows": stream(DATA)}).read_all().num_rows == count
    assert tables(session) == []


def test_an_input_larger_than_memory_goes_to_disk(tmp_path: Path) -> None:
    batches, size = 40, 500_000  # 160 MB of integers that do not compress
    random = np.random.default_rng(1)
    schema = pa.schema({"k": pa.string(), "n": pa.int64()})

    def batch() -> pa.RecordBatch:
        numbers = pa.array(random.integers(0, 2**38, size))
        return pa.record_batch({"k": pa.nulls(size, pa.string()), "n": numbers}, schema=schema)

    options = {"memory_limit": "64MB", "threads": 1, "spill_directory": str(tmp_path)}
    with RiftBackend().open(options) as small:
        data = pa.RecordBatchReader.from_batches(schema, (batch() for _ in range(batches)))
        twice = Join(left=total(ROWS), right=total(Filter(input=ROWS, predicate=number("gte", 0))), how="cross")
        spilled: list[int] = []
        reader = small.execute(twice, {"rows": data})
        spilled += [file.stat().st_size for file in tmp_path.rglob("*") if file.is_file()]
        found = reader.read_all()
    assert found["rows"].to_pylist() == found["rows_right"].to_pylist() == [batches * size]
    assert found["n"] == found["n_right"]
    assert sum(spilled) > 50_000_000
    assert list(tmp_path.iterdir()) == []


def test_frames_and_odd_arrow_types_are_normalised(session: RiftSession) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"n": [1, 2], "k": ["x", "y"]}, schema={"n": polars.UInt8, "k": polars.Categorical})
    assert session.execute(ROWS, {"rows": frame}).read_all().to_pydict() == {"k": ["x", "y"], "n": [1, 2]}
    odd = pa.table({"n": pa.array([1, 2], pa.uint16()), "k": pa.array(["x", "y"], pa.large_string())})
    assert session.execute(total(ROWS), {"rows": odd}).read_all()["n"].to_pylist() == [3]


def test_inputs_that_do_not_fit(session: RiftSession) -> None:
    with pytest.raises(PlanError, match=r"No data is bound to the input 'rows'.*'row'"):
        session.execute(ROWS, {"row": DATA})
    with pytest.raises(SourceError, match=r"the input 'rows' has other columns than declared: missing .'n'"):
        session.execute(ROWS, {"rows": DATA.select(["k"])}).read_all()
    with pytest.raises(SourceError, match="can not become int64"):
        session.execute(total(ROWS), {"rows": pa.table({"k": ["a"], "n": [1.5]})}).read_all()
    assert tables(session) == []


def test_python_variables_are_no_tables(session: RiftSession) -> None:
    from onefold.plan import NamedRelation, NativeSql

    secret = pa.table({"n": [1]})
    assert secret.num_rows == 1
    plan = NativeSql(
        relations=(NamedRelation(name="rows", relation=ROWS),),
        text="SELECT n FROM secret",
        dialect="duckdb",
        columns=Schema.of(n="int64"),
    )
    with pytest.raises(PlanError, match="which it was not given"):
        session.execute(plan, {"rows": DATA})
    with pytest.raises(EngineError):
        describe(session._database, "SELECT * FROM secret")


# ---------------------------------------------------------------------------- results


def test_results_have_exactly_the_declared_schema_and_canonical_floats(session: RiftSession) -> None:
    x = Input(name="x", columns=Schema.of(x="float64"))
    plan = Project(
        input=x,
        columns=(
            NamedExpression(name="x", expression=Column(name="x")),
            NamedExpression(name="y", expression=Call(function="negate", args=(Column(name="x"),))),
        ),
    )
    result = session.execute(plan, {"x": pa.table({"x": [-0.0, 0.0, float("nan")]})}).read_all()
    assert result.schema == schema_to_arrow(plan.output)
    assert str(result.to_pydict()) == "{'x': [0.0, 0.0, nan], 'y': [0.0, 0.0, nan]}"


def test_results_larger_than_memory_stream(session: RiftSession) -> None:
    """A result of about 2.4 GB passes through a session with 300 MB, and its first rows come at once."""
    numbers = Input(name="rows", columns=Schema.of(n="int64"))
    thousand = pa.table({"n": list(range(1000))})
    other = Project(input=numbers, columns=(NamedExpression(name="m", expression=Column(name="n")),))
    pairs = Join(left=numbers, right=other, how="cross")
    triples = Join(
        left=pairs,
        right=Project(input=numbers, columns=(NamedExpression(name="l", expression=Column(name="n")),)),
        how="cross",
    )
    limited = Filter(input=triples, predicate=Call(function="lt", args=(Column(name="l"), Literal.of(100))))
    before = pa.total_allocated_bytes()
    reader = session.execute(limited, {"rows": thousand})
    count = 0
    for batch in reader:
        count += batch.num_rows
        assert pa.total_allocated_bytes() - before < 200_000_000
        if count > 20_000_000:
            break
    reader.close()
    del reader, batch
    gc.collect()
    assert session._runs == []


def test_several_streams_are_read_in_turn(session: RiftSession) -> None:
    many = pa.table({"k": ["x"] * 200_000, "n": list(range(200_000))})
    readers = [session.execute(ROWS, {"rows": many}) for _ in range(3)]
    first = [reader.read_next_batch().num_rows for reader in readers]
    rest = [reader.read_all().num_rows for reader in readers]
    assert [a + b for a, b in zip(first, rest, strict=True)] == [200_000] * 3


def test_threads_share_a_session(session: RiftSession) -> None:
    assert session.thread_safe

    def run(limit: int) -> int:
        plan = total(Filter(input=ROWS, predicate=number("lte", limit)))
        return int(session.execute(plan, {"rows": stream(DATA)}).read_all()["n"].to_pylist()[0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, [1, 2, 3, 4] * 10)) == [1, 3, 6, 10] * 10
    assert session._runs == []


# ---------------------------------------------------------------------------- errors


def test_an_error_while_streaming_names_the_query(session: RiftSession) -> None:
    plan = Project(input=ROWS, columns=(NamedExpression(name="m", expression=number("add", 2**63 - 3)),))
    with pytest.raises(EngineError, match=r"engine 'rift' failed: .*Overflow in addition") as caught:
        session.execute(plan, {"rows": DATA}).read_all()
    assert caught.value.query is not None
    assert "9223372036854775805" in caught.value.query
    assert "LINE 1" not in str(caught.value)
    assert session._runs == []
    assert session.execute(total(ROWS), {"rows": DATA}).read_all()["n"].to_pylist() == [10]


def test_what_is_not_offered_is_refused_before_anything_runs(session: RiftSession) -> None:
    table = Table(name="t", format="table", paths=("db.t",), columns=KV, home="snowflake")
    with pytest.raises(UnsupportedOperation, match=r"source\.table: it keeps no tables of its own"):
        session.execute(Scan(table=table), {})
    with pytest.raises(UnsupportedOperation, match=r"sink\.table"):
        session.execute(ROWS, {"rows": DATA}, sink=Sink(format="table", path="t"))


def test_secrets_in_addresses_are_never_shown(session: RiftSession) -> None:
    text = "https://user:hunter2@localhost:1/x.parquet?X-Amz-Signature=hunter2"
    plan = Scan(table=Table(name="t", format="parquet", paths=(text,), columns=KV))
    with pytest.raises((SourceError, EngineError)) as caught:
        session.explain(plan)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in str(getattr(caught.value, "query", ""))


def test_a_closed_session(tmp_path: Path) -> None:
    session = RiftBackend().open({"spill_directory": str(tmp_path)})
    (scratch,) = tmp_path.iterdir()
    reader = session.execute(ROWS, {"rows": DATA})
    session.close()
    session.close()
    assert not scratch.exists()
    with pytest.raises((EngineError, Cancelled)):
        reader.read_all()
    with pytest.raises(EngineError, match="the session is closed"):
        session.execute(ROWS, {"rows": DATA})


# ---------------------------------------------------------------------------- cancellation


def long_running() -> Relation:
    """Return a plan that would run for minutes."""
    other = Project(input=ROWS, columns=(NamedExpression(name="m", expression=Column(name="n")),))
    product = Call(function="multiply", args=(Column(name="n"), Column(name="m")))
    pairs = Project(
        input=Join(left=ROWS, right=other, how="cross"), columns=(NamedExpression(name="n", expression=product),)
    )
    measure = Measure(name="d", call=AggCall(function="count_distinct", args=(Column(name="n"),)))
    return Aggregate(input=pairs, measures=(measure,))


def test_cancel_stops_a_query_and_leaves_the_session_usable(session: RiftSession) -> None:
    many = pa.table({"k": ["x"] * 40_000, "n": list(range(40_000))})
    timer = threading.Timer(0.3, session.cancel)
    timer.start()
    began = time.perf_counter()
    with pytest.raises(Cancelled):
        session.execute(long_running(), {"rows": many}).read_all()
    assert time.perf_counter() - began < 10
    timer.join()
    assert session._runs == []
    assert session.execute(total(ROWS), {"rows": DATA}).read_all()["n"].to_pylist() == [10]


def test_cancel_stops_a_stream_between_batches(session: RiftSession) -> None:
    many = pa.table({"k": ["x"] * 400_000, "n": list(range(400_000))})
    reader = session.execute(ROWS, {"rows": many})
    reader.read_next_batch()
    session.cancel()
    with pytest.raises(Cancelled):
        reader.read_all()


# ---------------------------------------------------------------------------- explain


def test_explain_runs_nothing_and_reads_well(session: RiftSession) -> None:
    text = session.explain(Sort(input=Filter(input=ROWS, predicate=number("gt", 1)), keys=(SortKey(column="n"),)))
    assert text.splitlines()[0] == "SELECT"
    assert 'FROM "input_rows"' in text
    assert "ORDER BY" in text


# ---------------------------------------------------------------------------- temporal relations

EVENTS = Input(name="events", columns=Schema.of(k="string", t="timestamp[us, UTC]", v="int64"))
SPINE = Input(name="spine", columns=Schema.of(id="int64", k="string", at="timestamp[us, UTC]"))


def at(second: int) -> dt.datetime:
    return dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)


EVENT_ROWS = pa.table(
    {"k": ["a", "a", "b", "a"], "t": [at(0), at(10), at(10), at(20)], "v": [1, 2, 4, 8]},
    schema=schema_to_arrow(EVENTS.output),
)
SPINE_ROWS = pa.table(
    {"id": [3, 1, 2, 4], "k": ["a", "b", None, "a"], "at": [at(20), at(20), at(20), at(5)]},
    schema=schema_to_arrow(SPINE.output),
)


def trailing(spine: Relation, events: Relation = EVENTS, name: str = "s") -> TrailingAggregate:
    call = AggCall(function="sum", args=(Column(name="v"),))
    return TrailingAggregate(
        spine=spine,
        events=events,
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="at",
        order=EventOrder(time="t"),
        measures=(TrailingMeasure(name=name, call=call, window=TrailingWindow(size=15_000_000)),),
    )


def latest(spine: Relation) -> AsOfJoin:
    return AsOfJoin(
        spine=spine,
        events=EVENTS,
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="at",
        order=EventOrder(time="t"),
        columns=(AsOfColumn(column="v", name="last_v"),),
    )


@pytest.mark.parametrize("wrap", [lambda table: table, stream], ids=["tables", "streams"])
def test_a_chain_keeps_the_spine_and_its_order(session: RiftSession, wrap: Any) -> None:
    reader = session.execute(latest(trailing(SPINE)), {"events": wrap(EVENT_ROWS), "spine": wrap(SPINE_ROWS)})
    assert reader.read_all().to_pydict() == {
        "id": [3, 1, 2, 4],
        "k": ["a", "b", None, "a"],
        "at": [at(20), at(20), at(20), at(5)],
        "s": [2, 4, None, 1],
        "last_v": [2, 4, None, 1],
    }
    assert session._runs == []
    assert tables(session) == []


def test_relations_above_below_and_beside_temporal_ones(session: RiftSession) -> None:
    filtered = Filter(input=EVENTS, predicate=Call(function="gt", args=(Column(name="v"), Literal.of(1))))
    below = trailing(Sort(input=SPINE, keys=(SortKey(column="id"),)), filtered)
    above = Union(
        relations=(Filter(input=below, predicate=Call(function="is_not_null", args=(Column(name="s"),))), below)
    )
    plan = Sort(input=above, keys=(SortKey(column="id"), SortKey(column="s")))
    inputs = {"events": stream(EVENT_ROWS), "spine": stream(SPINE_ROWS)}
    found = session.execute(plan, inputs).read_all()
    assert found["id"].to_pylist() == [1, 1, 2, 3, 3, 4]
    assert found["s"].to_pylist() == [4, 4, None, 2, 2, None]


def test_events_that_are_themselves_temporal(session: RiftSession) -> None:
    as_spine = Project(
        input=EVENTS,
        columns=(
            NamedExpression(name="k", expression=Column(name="k")),
            NamedExpression(name="at", expression=Column(name="t")),
        ),
    )
    enriched = trailing(as_spine, name="before")
    renamed = Project(
        input=enriched,
        columns=(
            NamedExpression(name="k", expression=Column(name="k")),
            NamedExpression(name="t", expression=Column(name="at")),
            NamedExpression(name="v", expression=Column(name="before")),
        ),
    )
    plan = trailing(SPINE, renamed)
    found = session.execute(plan, {"events": stream(EVENT_ROWS), "spine": stream(SPINE_ROWS)}).read_all()
    # Of "a": nothing before 0, 1 before 10, 2 before 20; the spine at 20 sees the event at 10.
    assert found["s"].to_pylist() == [1, None, None, None]
    assert session.explain(plan).count("events for the temporal kernel") == 2


def test_explain_shows_the_statements_of_temporal_relations(session: RiftSession) -> None:
    text = session.explain(latest(trailing(SPINE)))
    assert text.count("-- events for the temporal kernel") == 1  # both share one sorted stream
    assert text.startswith("-- the spine\n")


def test_letting_go_of_features_half_read_frees_everything(session: RiftSession) -> None:
    reader = session.execute(trailing(SPINE), {"events": stream(EVENT_ROWS), "spine": stream(SPINE_ROWS)})
    assert tables(session) != []
    reader.close()
    del reader
    gc.collect()
    assert session._runs == []
    assert tables(session) == []


# ---------------------------------------------------------------------------- sinks


def written(path: Path) -> list[tuple[str | None, int]]:
    found = pq.read_table(path).to_pylist()
    return sorted(((row["k"], row["n"]) for row in found), key=lambda row: row[1])


def write(session: RiftSession, path: Path, relation: Relation = ROWS, **sink: Any) -> dict[str, Any]:
    plan = Write(input=relation, sink=Sink(format="parquet", path=str(path), **sink))
    (row,) = session.execute(plan, {"rows": DATA}).read_all().to_pylist()
    return dict(row)


def test_write_makes_a_directory_and_says_so(session: RiftSession, tmp_path: Path) -> None:
    target = tmp_path / "new" / "out"
    assert write(session, target) == {"path": str(target), "rows": 4}
    assert written(target) == [("a", 1), ("b", 2), ("a", 3), (None, 4)]
    assert [entry.name for entry in target.parent.iterdir()] == ["out"]
    by_argument = session.execute(ROWS, {"rows": DATA}, sink=Sink(format="parquet", path=str(tmp_path / "two")))
    assert by_argument.read_all()["rows"].to_pylist() == [4]


def test_modes(session: RiftSession, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(session, target)
    with pytest.raises(ConfigurationError, match="exists already"):
        write(session, target)
    assert len(written(target)) == 4
    write(session, target, mode="append")
    assert len(written(target)) == 8
    write(session, target, mode="overwrite")
    assert len(written(target)) == 4
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ConfigurationError, match="exists already"):
        write(session, tmp_path / "file", mode="overwrite")
    assert (tmp_path / "file").read_text() == "mine"


def test_partitions_come_back_as_they_went(session: RiftSession, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(session, target, partition_by=("k",))
    write(session, target, partition_by=("k",), mode="append")
    assert sorted(entry.name for entry in target.iterdir()) == ["k=__HIVE_DEFAULT_PARTITION__", "k=a", "k=b"]
    back = Scan(table=Table(name="back", format="parquet", paths=(str(target),), columns=KV))
    found = session.execute(Sort(input=back, keys=(SortKey(column="n"),)), {}).read_all()
    assert found["k"].to_pylist() == ["a", "a", "b", "b", "a", "a", None, None]
    with pytest.raises(ConfigurationError, match="All columns are partitions"):
        write(session, tmp_path / "none", partition_by=("k", "n"))


def test_nothing_is_written_when_a_run_fails(session: RiftSession, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(session, target)
    failing = Project(
        input=ROWS,
        columns=(
            NamedExpression(name="k", expression=Column(name="k")),
            NamedExpression(name="n", expression=number("add", 2**63 - 3)),
        ),
    )
    for mode in ("append", "overwrite"):
        with pytest.raises(EngineError, match="Overflow"):
            write(session, target, failing, mode=mode)
    with pytest.raises(EngineError, match="Overflow"):
        write(session, tmp_path / "other", failing)
    assert len(written(target)) == 4
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out", "spill"]


def test_features_and_nothing_at_all_can_be_written(session: RiftSession, tmp_path: Path) -> None:
    plan = Write(input=trailing(SPINE), sink=Sink(format="parquet", path=str(tmp_path / "features")))
    inputs = {"events": EVENT_ROWS, "spine": SPINE_ROWS}
    assert session.execute(plan, inputs).read_all()["rows"].to_pylist() == [4]
    assert pq.read_table(tmp_path / "features")["s"].to_pylist() == [2, 4, None, 1]
    empty = Filter(input=ROWS, predicate=number("gt", 99))
    assert write(session, tmp_path / "empty", empty)["rows"] == 0
    assert pq.read_table(tmp_path / "empty").schema.names == ["k", "n"]
    assert write(session, tmp_path / "none", empty, partition_by=("k",))["rows"] == 0


def test_an_address_is_no_directory(session: RiftSession) -> None:
    with pytest.raises(UnsupportedOperation, match=r"sink\.remote: files are moved into place"):
        session.execute(Write(input=ROWS, sink=Sink(format="parquet", path="s3://bucket/key")), {"rows": DATA})


def test_a_write_in_the_middle_of_a_plan(session: RiftSession) -> None:
    inner = Write(input=ROWS, sink=Sink(format="parquet", path="x"))
    with pytest.raises(PlanError, match="at the very end of a plan"):
        session.execute(Sort(input=inner, keys=(SortKey(column="rows"),)), {"rows": DATA})
