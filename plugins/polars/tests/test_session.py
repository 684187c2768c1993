"""Sessions: options, streams, bounded memory, errors, cancellation, threads, sinks, and what is left behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.contract import StagedRows
from onefold.errors import Cancelled, ConfigurationError, EngineError, PlanError, SourceError, UnsupportedOperation
from onefold.plan import (
    AggCall,
    Aggregate,
    Call,
    Cast,
    Column,
    Filter,
    Input,
    Join,
    Limit,
    Literal,
    Measure,
    NamedExpression,
    Project,
    Relation,
    Sink,
    Sort,
    SortKey,
    Union,
)
from onefold.types import INT64, STRING, Schema, schema_to_arrow
from onefold_polars.backend import PolarsBackend
from onefold_polars.options import Options
from onefold_polars.session import PolarsSession
from onefold_polars.streaming import RunningQuery

KV = Schema.of(k="string", n="int64")
ROWS = Input(name="rows", columns=KV)
DATA = pa.table({"k": ["a", "b", "a", None], "n": [1, 2, 3, 4]})


@pytest.fixture
def session() -> Iterator[PolarsSession]:
    with PolarsBackend().open({}) as opened:
        yield opened
        assert opened._runs == []  # nothing is left behind


def stream(table: pa.Table, rows: int = 2) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(table.schema, iter(table.to_batches(max_chunksize=rows)))


def number(function: str, value: int) -> Call:
    return Call(function=function, args=(Column(name="n"), Literal.of(value)))


def total(relation: Relation) -> Aggregate:
    measures = (
        Measure(name="n", call=AggCall(function="sum", args=(Column(name="n"),))),
        Measure(name="rows", call=AggCall(function="count")),
    )
    return Aggregate(input=relation, measures=measures)


# ---------------------------------------------------------------------------- the backend


def test_registering_imports_no_engine() -> None:
    code = (
        "import sys, onefold_polars.plugin as plugin\n"
        "(entry,) = plugin.onefold_register_backends()\n"
        "assert entry.name == 'polars' and 'polars' not in sys.modules\n"
        "assert entry.create().name == 'polars' and 'polars' in sys.modules and 'pandas' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_health() -> None:
    health = PolarsBackend().health()
    assert (health.ok, health.version, health.detail) == (True, pl.__version__, "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_row": 1}, "no option 'batch_row'.*'batch_rows'"),
        ({"batch_rows": 0}, "a whole number from 1"),
        ({"batch_rows": True}, "a whole number"),
    ],
)
def test_options_are_checked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        PolarsBackend().open(options)


def test_what_is_not_offered_is_refused_before_anything_runs(session: PolarsSession) -> None:
    with pytest.raises(UnsupportedOperation, match=r"sink\.table: it keeps no tables"):
        session.execute(ROWS, {"rows": DATA}, sink=Sink(format="table", path="t"))
    with pytest.raises(UnsupportedOperation, match=r"sink\.remote"):
        session.execute(ROWS, {"rows": DATA}, sink=Sink(format="parquet", path="s3://bucket/t"))


# ---------------------------------------------------------------------------- inputs


@pytest.mark.parametrize(
    ("plan", "count"),
    [
        (ROWS, 4),
        (Union(relations=(ROWS, ROWS)), 8),
        (Join(left=ROWS, right=ROWS, left_on=("k",), right_on=("k",)), 5),
        (Join(left=ROWS, right=total(ROWS), how="cross"), 4),
    ],
)
def test_a_stream_gives_its_rows_wherever_it_is_read(session: PolarsSession, plan: Relation, count: int) -> None:
    assert session.execute(plan, {"rows": stream(DATA)}).read_all().num_rows == count


def test_a_stream_is_read_twice_where_each_side_asks_for_something_else(session: PolarsSession) -> None:
    whole = Filter(input=ROWS, predicate=Call(function="is_not_null", args=(Column(name="k"),)))
    joined = Join(left=whole, right=ROWS, how="cross")
    known = Filter(input=joined, predicate=Call(function="gt", args=(Column(name="n_right"), Literal.of(2))))
    columns = tuple(NamedExpression(name=name, expression=Column(name=name)) for name in ("k", "n_right"))
    found = session.execute(Project(input=known, columns=columns), {"rows": stream(DATA)}).read_all()
    assert sorted(zip(*found.to_pydict().values(), strict=True)) == sorted((k, n) for k in "aab" for n in (3, 4))


def test_rows_count_where_no_column_is_wanted(session: PolarsSession) -> None:
    joined = Join(left=ROWS, right=Input(name="other", columns=KV), how="cross")
    plan = Project(input=joined, columns=(NamedExpression(name="n", expression=Column(name="n_right")),))
    found = session.execute(plan, {"rows": stream(DATA), "other": DATA.slice(0, 2)}).read_all()
    assert sorted(found["n"].to_pylist()) == [1, 1, 1, 1, 2, 2, 2, 2]


def test_a_stream_is_pulled_as_far_as_its_rows_are_needed() -> None:
    pulled = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal pulled
        for pulled in range(1, 10_001):  # noqa: B007 - read afterwards
            yield pa.record_batch({"k": ["x"] * 1000, "n": list(range(1000))}, schema=schema_to_arrow(KV))

    data = pa.RecordBatchReader.from_batches(schema_to_arrow(KV), batches())
    plan = Limit(input=Filter(input=ROWS, predicate=number("gte", 500)), count=3)
    with PolarsBackend().open({}) as session:
        assert session.execute(plan, {"rows": data}).read_all()["n"].to_pylist() == [500, 501, 502]
    assert pulled < 1000


def test_staged_rows_are_read_as_files_in_their_order(session: PolarsSession, tmp_path: Path) -> None:
    for number_of, part in enumerate(([3, 4], [1], [2])):
        pq.write_table(pa.table({"k": ["x"] * len(part), "n": part}), tmp_path / f"part-{number_of}.parquet")
    (tmp_path / "_SUCCESS").touch()
    staged = StagedRows(tmp_path, KV)
    assert session.execute(ROWS, {"rows": staged}).read_all()["n"].to_pylist() == [3, 4, 1, 2]
    assert session.execute(total(ROWS), {"rows": staged}).read_all().to_pydict() == {"n": [10], "rows": [4]}
    numbered = StagedRows(tmp_path, Schema.of(k="string", n="int64", at="int64"), number="at")
    rows = Input(name="rows", columns=numbered.columns)
    last = Filter(input=rows, predicate=Call(function="equal", args=(Column(name="at"), Literal.of(3))))
    assert session.execute(last, {"rows": numbered}).read_all().to_pylist() == [{"k": "x", "n": 2, "at": 3}]


def test_inputs_that_do_not_fit(session: PolarsSession) -> None:
    with pytest.raises(PlanError, match=r"No data is bound to the input 'rows'.*'row'"):
        session.execute(ROWS, {"row": DATA})
    with pytest.raises(SourceError, match=r"the input 'rows' has other columns than declared: missing .'n'"):
        session.execute(ROWS, {"rows": DATA.select(["k"])}).read_all()
    bad = pa.table({"k": ["a"], "n": [1.5]})
    with pytest.raises(SourceError, match="can not become int64"):
        session.execute(total(ROWS), {"rows": stream(bad)}).read_all()


def test_names_that_mean_something_to_polars(session: PolarsSession) -> None:
    schema = Schema.of(**{"*": "int64", "^n$": "int64", "n": "int64"})
    data = pa.table({"*": [1, 3], "^n$": [10, 20], "n": [100, 100]})
    rows = Input(name="rows", columns=schema)
    plan = Sort(
        input=Aggregate(
            input=rows,
            by=("*", "n"),
            measures=(Measure(name="^.*$", call=AggCall(function="max", args=(Column(name="^n$"),))),),
        ),
        keys=(SortKey(column="*", descending=True),),
    )
    found = session.execute(plan, {"rows": data}).read_all().to_pydict()
    assert found == {"*": [3, 1], "n": [100, 100], "^.*$": [20, 10]}


# ---------------------------------------------------------------------------- results


def test_results_have_exactly_the_declared_schema_and_canonical_floats(session: PolarsSession) -> None:
    x = Input(name="x", columns=Schema.of(x="float64", s="string", d="decimal128(38, 10)"))
    data = pa.table({"x": [-0.0, float("nan")], "s": ["a", None], "d": pa.nulls(2, pa.decimal128(38, 10))})
    result = session.execute(x, {"x": data}).read_all()
    assert result.schema == schema_to_arrow(x.output)
    assert str(result["x"].to_pylist()) == "[0.0, nan]"


def test_results_larger_than_memory_stream() -> None:
    """A result of about 2.4 GB passes through, and its first rows come at once."""
    numbers = Input(name="rows", columns=Schema.of(n="int64"))

    def renamed(name: str) -> Project:
        return Project(input=numbers, columns=(NamedExpression(name=name, expression=Column(name="n")),))

    plan = Join(left=Join(left=numbers, right=renamed("m"), how="cross"), right=renamed("l"), how="cross")
    before = _resident()
    with PolarsBackend().open({}) as session:
        reader = session.execute(plan, {"rows": pa.table({"n": list(range(1000))})})
        count = 0
        for batch in reader:
            count += batch.num_rows
            if count > 10_000_000:
                break
        assert _resident() - before < 400
        del reader, batch
        gc.collect()
        assert session._runs == []


def _resident() -> int:
    """Return the memory of this process in megabytes."""
    text = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS")) // 1024


def test_several_results_are_read_in_turn(session: PolarsSession) -> None:
    """More results are open than Polars has threads, and one reads from another."""
    many = pa.table({"k": ["x"] * 200_000, "n": list(range(200_000))})
    readers = [session.execute(ROWS, {"rows": many}) for _ in range(2 * pl.thread_pool_size() + 2)]
    first = [reader.read_next_batch().num_rows for reader in readers]
    chained = session.execute(total(ROWS), {"rows": session.execute(ROWS, {"rows": stream(many, 10_000)})})
    assert chained.read_all()["rows"].to_pylist() == [200_000]
    rest = [reader.read_all().num_rows for reader in readers]
    assert {a + b for a, b in zip(first, rest, strict=True)} == {200_000}


def test_threads_share_a_session(session: PolarsSession) -> None:
    assert session.thread_safe

    def run(limit: int) -> int:
        plan = total(Filter(input=ROWS, predicate=number("lte", limit)))
        return int(session.execute(plan, {"rows": stream(DATA)}).read_all()["n"].to_pylist()[0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, [1, 2, 3, 4] * 10)) == [1, 3, 6, 10] * 10


def test_a_shared_relation_is_computed_once(session: PolarsSession) -> None:
    doubled = Project(
        input=ROWS,
        columns=(
            NamedExpression(name="k", expression=Column(name="k")),
            NamedExpression(name="n", expression=number("multiply", 2)),
        ),
    )
    plan = Join(left=total(doubled), right=doubled, how="cross")
    assert session.explain(plan).count("CACHE") == 2  # one cache, read twice
    assert session.execute(plan, {"rows": DATA}).read_all()["n_right"].combine_chunks().sort().to_pylist() == [
        2,
        4,
        6,
        8,
    ]


# ---------------------------------------------------------------------------- errors


def test_an_error_while_streaming_names_the_query(session: PolarsSession) -> None:
    plan = Project(input=ROWS, columns=(NamedExpression(name="m", expression=number("add", 2**63 - 3)),))
    with pytest.raises(EngineError, match="engine 'polars' failed: ") as caught:
        session.execute(plan, {"rows": DATA}).read_all()
    assert caught.value.query is not None
    assert "SELECT" in caught.value.query
    assert session.execute(total(ROWS), {"rows": DATA}).read_all()["n"].to_pylist() == [10]


def test_a_condition_that_can_fail_stays_above_what_it_is_written_above(session: PolarsSession) -> None:
    """Polars would move it below the join, where there are texts that are no numbers."""
    known = Input(name="known", columns=Schema.of(k="string"))
    whole = Call(function="gt", args=(Cast(arg=Column(name="k"), to=INT64), Literal.of(1)))
    plan = Filter(input=Join(left=ROWS, right=known, left_on=("k",), right_on=("k",)), predicate=whole)
    data = pa.table({"k": ["no number", "7"], "n": [1, 2]})
    found = session.execute(plan, {"rows": data, "known": pa.table({"k": ["7"]})}).read_all()
    assert found.to_pylist() == [{"k": "7", "n": 2}]


def test_an_error_of_a_stream_comes_out_as_it_is(session: PolarsSession) -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield DATA.to_batches()[0]
        raise SourceError("the line is dead")

    broken = pa.RecordBatchReader.from_batches(DATA.schema, batches())
    with pytest.raises(SourceError, match=r"^the line is dead\n"):
        session.execute(total(ROWS), {"rows": broken}).read_all()


def test_a_panic_of_polars_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    """Polars ends the batches of such a query as if there were no more."""

    def panic(frame: pl.DataFrame) -> pl.DataFrame:
        raise pl.exceptions.PanicException("at the disco")

    frame = pl.LazyFrame({"n": [1]}).map_batches(panic)
    query = RunningQuery(frame, Schema.of(n="int64"), Options())
    with pytest.raises(pl.exceptions.ComputeError, match="stopped in the middle"):
        list(query.batches())
    assert "at the disco" in capfd.readouterr().err


# ---------------------------------------------------------------------------- stopping


def _endless() -> pa.RecordBatchReader:
    batch = DATA.to_batches()[0]

    def batches() -> Iterator[pa.RecordBatch]:
        while True:
            yield batch

    return pa.RecordBatchReader.from_batches(DATA.schema, batches())


@pytest.mark.parametrize("plan", [ROWS, total(ROWS)], ids=["between batches", "before the first"])
def test_cancel_stops_a_query(plan: Relation) -> None:
    with PolarsBackend().open({}) as session:
        reader = session.execute(plan, {"rows": _endless()})
        threading.Timer(0.3, session.cancel).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            for _ in reader:
                pass
        assert time.monotonic() - started < 3
        assert session._runs == []
        assert session.execute(total(ROWS), {"rows": DATA}).read_all()["rows"].to_pylist() == [4]
    _no_query_runs()


def test_cancel_does_not_wait_for_what_polars_computes() -> None:
    """Sorting does not look at what is asked of it; the reader is free at once, and the work ends soon after."""
    rows = pa.table({"k": pa.nulls(3_000_000, pa.string()), "n": pa.array(range(3_000_000, 0, -1))})
    text = Cast(arg=Column(name="n"), to=STRING)
    plan = Sort(
        input=Project(input=ROWS, columns=(NamedExpression(name="s", expression=text),)), keys=(SortKey(column="s"),)
    )
    with PolarsBackend().open({}) as session:
        reader = session.execute(plan, {"rows": rows})
        threading.Timer(0.2, session.cancel).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            reader.read_all()
        assert time.monotonic() - started < 1
    _no_query_runs()


def test_closing_ends_what_runs_and_refuses_more() -> None:
    session = PolarsBackend().open({})
    reader = session.execute(ROWS, {"rows": _endless()})
    reader.read_next_batch()
    session.close()
    session.close()
    with pytest.raises(Cancelled):
        reader.read_all()
    with pytest.raises(EngineError, match="session is closed"):
        session.execute(ROWS, {"rows": DATA})
    _no_query_runs()


def _no_query_runs() -> None:
    for thread in threading.enumerate():
        if thread.name == "onefold-polars":
            thread.join(timeout=30)
            assert not thread.is_alive()


# ---------------------------------------------------------------------------- sinks


def _written(path: Path) -> list[dict[str, Any]]:
    return sorted(pq.read_table(path, partitioning=None).to_pylist(), key=lambda row: row["n"])


def test_sinks_write_append_and_overwrite(session: PolarsSession, tmp_path: Path) -> None:
    target = tmp_path / "out"
    for mode, count in (("error", 4), ("append", 8), ("overwrite", 4)):
        sink = Sink(format="parquet", path=str(target), mode=mode)  # type: ignore[arg-type]
        report = session.execute(ROWS, {"rows": stream(DATA)}, sink=sink).read_all().to_pylist()
        assert report == [{"path": str(target), "rows": 4}]
        assert len(_written(target)) == count
    with pytest.raises(ConfigurationError, match=r'exists already.*"overwrite" or "append"'):
        session.execute(ROWS, {"rows": DATA}, sink=Sink(format="parquet", path=str(target)))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_partitions_of_a_sink(session: PolarsSession, tmp_path: Path) -> None:
    sink = Sink(format="parquet", path=str(tmp_path / "out"), partition_by=("k",))
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["k=__HIVE_DEFAULT_PARTITION__", "k=a", "k=b"]
    assert _written(tmp_path / "out" / "k=a") == [{"n": 1}, {"n": 3}]
    with pytest.raises(ConfigurationError, match="All columns are partitions"):
        session.execute(
            ROWS, {"rows": DATA}, sink=sink.model_copy(update={"partition_by": ("k", "n"), "mode": "append"})
        )


def test_a_sink_without_rows_has_its_columns(session: PolarsSession, tmp_path: Path) -> None:
    sink = Sink(format="parquet", path=str(tmp_path / "out"))
    session.execute(ROWS, {"rows": DATA.slice(0, 0)}, sink=sink).read_all()
    assert pq.read_table(tmp_path / "out").schema.names == ["k", "n"]


def test_a_failure_leaves_the_sink_as_it_was(session: PolarsSession, tmp_path: Path) -> None:
    sink = Sink(format="parquet", path=str(tmp_path / "out"), mode="overwrite")
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()

    def batches() -> Iterator[pa.RecordBatch]:
        yield DATA.to_batches()[0]
        raise SourceError("the line is dead")

    broken = pa.RecordBatchReader.from_batches(DATA.schema, batches())
    with pytest.raises(SourceError, match="the line is dead"):
        session.execute(ROWS, {"rows": broken}, sink=sink)
    assert len(_written(tmp_path / "out")) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
