"""Sinks: directories that are written whole or not at all, and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.errors import ConfigurationError, EngineError
from onefold.plan import Call, Column, Input, Literal, NamedExpression, Project, Scan, Sink, Table
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


def test_a_value_that_fails_midway_leaves_the_directory_as_it_was(session: SparkEngineSession, tmp_path: Path) -> None:
    sink = Sink(format="parquet", path=str(tmp_path / "out"), mode="overwrite")
    session.execute(ROWS, {"rows": DATA}, sink=sink).read_all()
    before = sorted(file.name for file in (tmp_path / "out").iterdir())
    above = Call(function="add", args=(Column(name="n"), Literal.of(2**63 - 4)))
    plan = Project(input=ROWS, columns=(NamedExpression(name="n", expression=above),))
    with pytest.raises(EngineError, match="ARITHMETIC_OVERFLOW") as caught:
        session.execute(plan, {"rows": DATA}, sink=sink)
    assert "\tat " not in str(caught.value)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_tables(session: SparkEngineSession, tmp_path: Path) -> None:
    place = session._place

    def run(text: str) -> None:
        place.workers.call(lambda: place.session("small").sql(text), lambda: False, lambda: None)

    run(f"CREATE DATABASE onefold_tests LOCATION 'file:{tmp_path}'")
    try:
        name = "onefold_tests.features"
        table = Table(name="features", format="table", paths=(name,), columns=KV)
        for mode, count in (("error", 4), ("append", 8), ("overwrite", 4)):
            sink = Sink(format="table", path=name, mode=mode)  # type: ignore[arg-type]
            report = session.execute(ROWS, {"rows": DATA}, sink=sink).read_all().to_pylist()
            assert report == [{"path": name, "rows": 4}]
            assert session.execute(Scan(table=table), {}).read_all().num_rows == count
        found = session.execute(Scan(table=table), {}).read_all().sort_by("n")
        assert found.to_pylist() == DATA.to_pylist()
        with pytest.raises(ConfigurationError, match="Choose another table"):
            session.execute(ROWS, {"rows": DATA}, sink=Sink(format="table", path=name))
    finally:
        run("DROP DATABASE onefold_tests CASCADE")
