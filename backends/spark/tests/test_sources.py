"""Files as sources: what Spark's own plan says about columns, conditions and partitions that reach its readers."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.errors import SourceError
from onefold.plan import Call, Column, Literal, Scan, Table, TimeRange
from onefold.sql.relations import plan_text
from onefold.types import Schema
from onefold_spark.dialect import DIALECT
from onefold_spark.frames import Views
from onefold_spark.leaves import SparkLeaves
from onefold_spark.session import SparkEngineSession

COUNT = 2_000
INSTANT = "timestamp[us, UTC]"


def source(format: Any, *paths: Path | str, **columns: str) -> Table:
    return Table(name="source", format=format, paths=tuple(map(str, paths)), columns=Schema.of(**columns))


def compare(function: str, name: str, value: Any) -> Call:
    return Call(function=function, args=(Column(name=name), Literal.of(value)))


def physical_plan(session: SparkEngineSession, scan: Scan) -> str:
    """Return how Spark plans to read a source."""

    def planned() -> str:
        spark = session._place.session("large")
        views = Views(spark)
        spark.conf.set("spark.sql.maxMetadataStringLength", "1000")  # else it cuts off long lists of conditions
        try:
            frame = spark.sql(plan_text(scan, DIALECT, SparkLeaves(spark, views, str)))
            return str(frame._jdf.queryExecution().executedPlan().toString())
        finally:
            spark.conf.unset("spark.sql.maxMetadataStringLength")
            views.drop()

    return session._place.workers.call(planned, lambda: False, lambda: None)


def shown(plan: str, what: str) -> str:
    found = re.search(rf"{what}: (.*?)(, [A-Z]\w+:|\n|$)", plan)
    assert found is not None, plan
    return found[1]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Table:
    file = tmp_path_factory.mktemp("events") / "events.parquet"
    seconds = pa.array(range(0, COUNT * 10**6, 10**6))
    columns = {
        "k": pa.array([f"k{n % 7}" for n in range(COUNT)]),
        "t": seconds.cast(pa.timestamp("us", "UTC")),
        "ns": seconds.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("ns", "UTC")),
        "x": pa.array(range(COUNT)).cast(pa.float64()),
        "unused": pa.array(range(COUNT)),
    }
    pq.write_table(pa.table(columns), file)
    return source("parquet", file, k="string", t=INSTANT, ns=INSTANT, x="float64", unused="int64")


def test_columns_predicate_and_time_range_reach_the_parquet_reader(session: SparkEngineSession, events: Table) -> None:
    scan = Scan(
        table=events,
        columns=("k", "x"),
        predicate=compare("equal", "k", "k3"),
        time_range=TimeRange(column="t", start=5_000_000, end=18_000_000),
    )
    plan = physical_plan(session, scan)
    assert re.findall(r"(\w+):", shown(plan, "ReadSchema")) == ["k", "t", "x"]
    pushed = re.search(r"PushedFilters: \[(.*?)\], ReadSchema", plan)
    assert pushed is not None, plan
    for condition in ("EqualTo(k,k3)", "GreaterThanOrEqual(t,1970-01-01", "LessThan(t,1970-01-01"):
        assert condition in pushed[1]
    assert session.execute(scan, {}).read_all().to_pydict() == {"k": ["k3", "k3"], "x": [10.0, 17.0]}


def test_a_time_range_over_nanoseconds_reaches_the_reader(session: SparkEngineSession, events: Table) -> None:
    scan = Scan(table=events, columns=("x",), time_range=TimeRange(column="ns", start=3_000_000, end=5_000_000))
    plan = physical_plan(session, scan)
    assert "GreaterThanOrEqual(ns,3000000000)" in plan
    assert "LessThan(ns,5000000000)" in plan
    assert session.execute(scan, {}).read_all().to_pydict() == {"x": [3.0, 4.0]}


def test_conditions_on_partitions_leave_out_directories(session: SparkEngineSession, tmp_path: Path) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        (tmp_path / f"day={day}").mkdir()
        pq.write_table(pa.table({"n": [int(day[-1])]}), tmp_path / f"day={day}" / "a.parquet")
    scan = Scan(
        table=source("parquet", tmp_path, n="int64", day="string"), predicate=compare("equal", "day", "2024-01-02")
    )
    plan = physical_plan(session, scan)
    assert re.search(r"PartitionFilters: \[[^\]]*day#\d+ = 2024-01-02", plan), plan
    assert session.execute(scan, {}).read_all().to_pylist() == [{"n": 2, "day": "2024-01-02"}]
    typed = source("parquet", tmp_path, n="int64", day="date32")
    rows = session.execute(Scan(table=typed, columns=("day",)), {}).read_all()["day"].to_pylist()
    assert sorted(rows) == [dt.date(2024, 1, 1), dt.date(2024, 1, 2)]


def test_columns_of_text_files_reach_the_readers(session: SparkEngineSession, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("k,n,z\na,1,no number\nb,2,no number\n", "utf-8")
    (tmp_path / "a.jsonl").write_text('{"k": "a", "n": 1, "z": "no number"}\n{"k": "b", "n": 2}\n', "utf-8")
    for format, name in (("csv", "a.csv"), ("json", "a.jsonl")):
        table = source(format, tmp_path / name, k="string", n="int64", z="int64")
        scan = Scan(table=table, columns=("n",), predicate=compare("equal", "k", "b"))
        assert shown(physical_plan(session, scan), "ReadSchema").count("string") == 2
        assert session.execute(scan, {}).read_all().to_pydict() == {"n": [2]}
        with pytest.raises(SourceError, match=r"'z' .* holds no number, which is no int64"):
            session.execute(Scan(table=table), {}).read_all()


def test_a_column_that_one_of_several_files_lacks_is_no_null(session: SparkEngineSession, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1], "m": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"n": [2]}), tmp_path / "b.parquet")
    table = source("parquet", tmp_path, n="int64", m="int64")
    with pytest.raises(SourceError, match=r"has no column 'm' in its files \('b\.parquet'\)"):
        session.execute(Scan(table=table), {}).read_all()
    assert sorted(session.execute(Scan(table=table, columns=("n",)), {}).read_all()["n"].to_pylist()) == [1, 2]


def test_a_column_that_one_of_several_remote_files_lacks_is_no_null(
    session: SparkEngineSession, tmp_path: Path
) -> None:
    """Files that only Spark reaches: their footers are read through it."""
    for name, columns in (("a [1].parquet", {"n": [1], "m": [1]}), ("b.parquet", {"n": [2]})):
        pq.write_table(pa.table(columns), tmp_path / name)
    table = source("parquet", f"file://{tmp_path}", n="int64", m="int64")
    with pytest.raises(SourceError, match=r"has no column 'm' in its files \('.*b\.parquet'\)"):
        session.execute(Scan(table=table), {}).read_all()
    assert sorted(session.execute(Scan(table=table, columns=("n",)), {}).read_all()["n"].to_pylist()) == [1, 2]


def test_a_file_that_is_not_there(session: SparkEngineSession, tmp_path: Path) -> None:
    (tmp_path / "events.parquet").touch()
    with pytest.raises(SourceError, match=r"there is no file .*Did you mean .*events\.parquet") as caught:
        session.execute(Scan(table=source("parquet", tmp_path / "event.parquet", n="int64")), {}).read_all()
    assert "java" not in str(caught.value).lower()
    with pytest.raises(SourceError, match="can not be read as Parquet"):
        session.execute(Scan(table=source("parquet", tmp_path / "events.parquet", n="int64")), {}).read_all()


def test_the_columns_of_a_source(session: SparkEngineSession, events: Table) -> None:
    assert session.schema_of(events) == events.columns
