"""Sinks: directories that are written whole or not at all, and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.errors import ConfigurationError, EngineError
from onefold.plan import Call, Column, Input, Literal, NamedExpression, Project, Relation, Scan, Sink, Table
from onefold.types import Schema
from onefold_spark.session import SparkEngineSession

KV = Schema.of(k="string", n="int64")
ROWS = Input(name="rows", columns=KV)
DATA = pa.table({"k": ["a", "b", "a", None], "n": [1, 2, 3, 4]})


def written(path: Path) -> list[dict[str, Any]]:
    return sorted(pq.read_table(path, partitioning=None).to_pylist(), key=lambda row: row["n"])


def test_directories_are_written_appended_to_and_overwritten(session: SparkEngineSession, tmp_path: Path) -> None:
    target = tmp_path / "out"
    for mode, count in (("error", 4), ("append", 8), ("overwrite", 4)):
        sink = Sink(format="parquet", path=str(target), mode=mode)  # type: ignore[arg-type]
        report = session.execute(ROWS, {"rows": DATA}, sink=sink).read_all().to_pylist()
        assert report == [{"path": str(target), "rows": 4}]
        assert len(written(target)) == count
        assert {file.suffix for file in target.iterdir()} == {".parquet"}
    with pytest.raises(ConfigurationError, match=r'exists already.*"overwrite" or "append"'):
        session.execute(ROWS, {"rows": DATA}, sink=Sink(format="parquet", path=str(target)))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_partitions(session: SparkEngineSession, tmp_path: Path) -> None:
    sink = Sink(format="parquet", path=str(tmp_path / "out"), partition_by=("k",))
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["k=__HIVE_DEFAULT_PARTITION__", "k=a", "k=b"]
    assert written(tmp_path / "out" / "k=a") == [{"n": 1}, {"n": 3}]
    everything = sink.model_copy(update={"partition_by": ("k", "n"), "mode": "append"})
    with pytest.raises(ConfigurationError, match="All columns are partitions"):
        session.execute(ROWS, {"rows": DATA}, sink=everything)
    other = sink.model_copy(update={"path": str(tmp_path / "other")})
    with pytest.raises(EngineError, match="'k' holds an empty text, which no directory can be named"):
        session.execute(ROWS, {"rows": pa.table({"k": [""], "n": [1]})}, sink=other)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_value_that_fails_midway_leaves_the_directory_as_it_was(
    session: SparkEngineSession, tmp_path: Path, failing: Relation
) -> None:
    sink = Sink(format="parquet", path=str(tmp_path / "out"), mode="overwrite")
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    before = sorted(file.name for file in (tmp_path / "out").iterdir())
    with pytest.raises(EngineError, match="ARITHMETIC_OVERFLOW") as caught:
        session.execute(failing, {}, sink=sink)
    assert "\tat " not in str(caught.value)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.fixture
def failing(tmp_path_factory: pytest.TempPathFactory) -> Relation:
    """Rows of which the last ones can not be computed: they are in files, so that this shows on an executor."""
    directory = tmp_path_factory.mktemp("given")
    for number in range(2):
        pq.write_table(DATA.slice(number * 2, 2), directory / f"{number}.parquet")
    rows = Scan(table=Table(name="given", format="parquet", paths=(str(directory),), columns=KV))
    above = Call(function="add", args=(Column(name="n"), Literal.of(2**63 - 4)))
    columns = {"k": Column(name="k"), "n": above}
    return Project(input=rows, columns=tuple(NamedExpression(name=n, expression=e) for n, e in columns.items()))


def test_only_partitions_that_get_rows_are_replaced(
    session: SparkEngineSession, tmp_path: Path, failing: Relation
) -> None:
    target = tmp_path / "out"
    sink = Sink(format="parquet", path=str(target), partition_by=("k",), mode="overwrite_partitions")
    for name, number in (("k=a%20b", 0), ("k=c", 7), ("k=__HIVE_DEFAULT_PARTITION__", 8)):
        (target / name).mkdir(parents=True)
        pq.write_table(pa.table({"n": [number]}), target / name / "old.parquet")
    data = pa.table({"k": ["a b", None], "n": [1, 2]})
    for _ in range(2):
        assert session.execute(ROWS, {"rows": data}, sink=sink).read_all()["rows"].to_pylist() == [2]
        assert written(target) == [{"n": 1}, {"n": 2}, {"n": 7}]
    with pytest.raises(EngineError, match="ARITHMETIC_OVERFLOW"):
        session.execute(failing, {}, sink=sink)
    assert written(target) == [{"n": 1}, {"n": 2}, {"n": 7}]
    nothing = session.execute(ROWS, {"rows": data.slice(0, 0)}, sink=sink).read_all()
    assert nothing["rows"].to_pylist() == [0]
    assert written(target) == [{"n": 1}, {"n": 2}, {"n": 7}]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("prefix", ["", "file://"])
def test_what_a_mode_replaces(session: SparkEngineSession, tmp_path: Path, prefix: str) -> None:
    sink = Sink(format="parquet", path=f"{prefix}{tmp_path}/out", partition_by=("k",))
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    one = {"rows": pa.table({"k": ["a"], "n": [9]})}
    for mode, left in (("overwrite_partitions", [2, 4, 9]), ("append", [2, 4, 9, 9]), ("overwrite", [9])):
        session.execute(ROWS, one, sink=sink.model_copy(update={"mode": mode})).read_all()
        assert [row["n"] for row in written(tmp_path / "out")] == left


Run = Callable[[str], list[Any]]


@pytest.fixture
def run(session: SparkEngineSession, tmp_path: Path) -> Iterator[Run]:
    """Runs a statement; there is an empty database for it."""
    place = session._place

    def run(text: str) -> list[Any]:
        rows: list[Any] = place.workers.call(
            lambda: place.session("small").sql(text).collect(), lambda: False, lambda: None
        )
        return rows

    run(f"CREATE DATABASE onefold_tests LOCATION 'file:{tmp_path}'")
    yield run
    run("DROP DATABASE onefold_tests CASCADE")


NAME = "onefold_tests.features"
K = NamedExpression(name="k", expression=Column(name="k"))


def tables_of(run: Run) -> list[str]:
    return [row["tableName"] for row in run("SHOW TABLES IN onefold_tests") if not row["isTemporary"]]


def rows_of(run: Run) -> list[tuple[Any, ...]]:
    return sorted((row["k"], row["n"]) for row in run(f"SELECT * FROM {NAME} WHERE k IS NOT NULL"))


def test_tables(session: SparkEngineSession, run: Run) -> None:
    table = Table(name="features", format="table", paths=(NAME,), columns=KV)
    for mode, count in (("error", 4), ("append", 8), ("overwrite", 4)):
        sink = Sink(format="table", path=NAME, mode=mode)  # type: ignore[arg-type]
        report = session.execute(ROWS, {"rows": DATA}, sink=sink).read_all().to_pylist()
        assert report == [{"path": NAME, "rows": 4}]
        assert session.execute(Scan(table=table), {}).read_all().num_rows == count
    found = session.execute(Scan(table=table), {}).read_all().sort_by("n")
    assert found.to_pylist() == DATA.to_pylist()
    with pytest.raises(ConfigurationError, match=r'Choose another table, or use the mode "overwrite" or "append"'):
        session.execute(ROWS, {"rows": DATA}, sink=Sink(format="table", path=NAME))
    assert tables_of(run) == ["features"]


def test_partitions_of_a_table(session: SparkEngineSession, run: Run) -> None:
    sink = Sink(format="table", path=NAME, partition_by=("k",), mode="overwrite_partitions")
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    assert rows_of(run) == [("a", 1), ("a", 3), ("b", 2)]
    other = Input(name="rows", columns=Schema.of(n="int64", k="string"))  # by name, and not by place
    for _ in range(2):
        session.execute(other, {"rows": pa.table({"n": [5, 6], "k": ["a", "c"]})}, sink=sink).read_all()
        assert rows_of(run) == [("a", 5), ("b", 2), ("c", 6)]
    session.execute(ROWS, {"rows": DATA.slice(0, 0)}, sink=sink).read_all()
    assert rows_of(run) == [("a", 5), ("b", 2), ("c", 6)]
    appending = sink.model_copy(update={"mode": "append"})
    session.execute(other, {"rows": pa.table({"n": [7], "k": ["b"]})}, sink=appending).read_all()
    assert rows_of(run) == [("a", 5), ("b", 2), ("b", 7), ("c", 6)]
    for by in ((), ("n",)):
        with pytest.raises(ConfigurationError, match=r"is partitioned by \['k'\], not by"):
            session.execute(ROWS, {"rows": DATA}, sink=appending.model_copy(update={"partition_by": by}))
    with pytest.raises(ConfigurationError, match="The rows have no column 'n'"):
        session.execute(
            Project(input=ROWS, columns=(K, NamedExpression(name="m", expression=Column(name="n")))),
            {"rows": DATA},
            sink=sink,
        )
    assert rows_of(run) == [("a", 5), ("b", 2), ("b", 7), ("c", 6)]


@pytest.mark.parametrize(
    ("mode", "partition_by"),
    [("append", ()), ("append", ("k",)), ("overwrite", ()), ("overwrite", ("k",)), ("overwrite_partitions", ("k",))],
)
def test_a_failure_leaves_a_table_as_it_was(
    session: SparkEngineSession, run: Run, failing: Relation, mode: str, partition_by: tuple[str, ...]
) -> None:
    sink = Sink(format="table", path=NAME, mode=mode, partition_by=partition_by)  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="ARITHMETIC_OVERFLOW"):
        session.execute(failing, {}, sink=sink)
    assert tables_of(run) == []
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    before = run(f"DESCRIBE TABLE EXTENDED {NAME}")
    with pytest.raises(EngineError, match="ARITHMETIC_OVERFLOW"):
        session.execute(failing, {}, sink=sink)
    assert rows_of(run) == [("a", 1), ("a", 3), ("b", 2)]
    assert run(f"DESCRIBE TABLE EXTENDED {NAME}") == before
    assert tables_of(run) == ["features"]
    for times in (2, 3):
        session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
        run(f"REFRESH TABLE {NAME}")  # this session remembers the files that it has read
        assert len(rows_of(run)) == (3 * times if mode == "append" else 3)


def test_a_table_keeps_its_format_and_may_be_read_while_it_is_overwritten(
    session: SparkEngineSession, run: Run
) -> None:
    run(f"CREATE TABLE {NAME} USING orc AS SELECT 'a' AS k, 1L AS n UNION ALL SELECT 'b', 2L")
    table = Table(name="features", format="table", paths=(NAME,), columns=KV)
    sink = Sink(format="table", path=NAME, mode="overwrite")
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    assert {row["data_type"] for row in run(f"DESCRIBE TABLE EXTENDED {NAME}") if row["col_name"] == "Provider"} == {
        "orc"
    }
    session.execute(Scan(table=table), {}, sink=sink).read_all()
    run(f"REFRESH TABLE {NAME}")
    assert rows_of(run) == [("a", 1), ("a", 3), ("b", 2)]


def test_delta_says_what_it_needs(session: SparkEngineSession, tmp_path: Path) -> None:
    told = r"needs Delta Lake, .* spark\.jars\.packages = io\.delta:delta-spark_2\.13:VERSION"
    for path in (str(tmp_path / "out"), f"file://{tmp_path}/out"):
        for mode in ("error", "append", "overwrite"):
            sink = Sink(format="delta", path=path, mode=mode)
            with pytest.raises(ConfigurationError, match=told):
                session.execute(ROWS, {"rows": DATA}, sink=sink)
        table = Table(name="d", format="delta", paths=(path,), columns=KV)
        with pytest.raises(ConfigurationError, match=told):
            session.execute(Scan(table=table), {}).read_all()
        with pytest.raises(ConfigurationError, match=told):
            session.schema_of(table)
    assert list(tmp_path.iterdir()) == []
