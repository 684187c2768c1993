"""The oracle as a backend: the contract's promises, files in, files out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from onefold.contract import Backend, known_capabilities
from onefold.errors import Cancelled, ConfigurationError, EngineError, PlanError, SourceError, UnsupportedOperation
from onefold.plan import (
    Call,
    Column,
    Filter,
    Input,
    Literal,
    NamedExpression,
    NativeSql,
    Project,
    Scan,
    Sink,
    Sort,
    SortKey,
    Table,
    TimeRange,
)
from onefold.types import FLOAT64, Schema
from onefold_conformance.oracle.backend import OracleBackend
from onefold_conformance.oracle.session import OracleSession
from onefold_conformance.plugin import onefold_register_backends

NUMBERS = Input(name="numbers", columns=Schema.of(n="int64"))


@pytest.fixture
def session() -> OracleSession:
    return OracleBackend().open({})


def doubled() -> Project:
    total = Call(function="add", args=(Column(name="n"), Column(name="n")))
    return Project(input=NUMBERS, columns=(NamedExpression(name="d", expression=total),))


def test_it_registers() -> None:
    (entry,) = onefold_register_backends()
    backend: Backend = entry.create()
    assert (entry.name, backend.name, backend.health().ok) == ("oracle", "oracle", True)
    offered = dict(backend.capabilities)
    assert set(known_capabilities()) <= set(offered)
    with pytest.raises(ConfigurationError):
        backend.open({"threads": 1})


def test_inputs_are_normalised(session: OracleSession) -> None:
    rows = session.execute(doubled(), {"numbers": pa.table({"n": pa.array([1, None], pa.uint8())})}).read_all()
    assert rows.schema == pa.schema({"d": pa.int64()})
    assert rows.column("d").to_pylist() == [2, None]


def test_failures(session: OracleSession) -> None:
    with pytest.raises(EngineError, match="oracle"):
        session.execute(doubled(), {"numbers": pa.table({"n": [2**62]})})
    with pytest.raises(PlanError, match="numbers"):
        session.execute(doubled(), {})
    native = NativeSql(relations=(), text="x", dialect="none", columns=Schema.of(a="int64"))
    with pytest.raises(UnsupportedOperation):
        session.execute(native, {})
    with pytest.raises(UnsupportedOperation):
        session.execute(doubled(), {}, sink=Sink(format="table", path="t"))


def test_cancel_and_close(session: OracleSession) -> None:
    reader = session.execute(NUMBERS, {"numbers": pa.table({"n": [1]})})
    session.cancel()
    with pytest.raises(Cancelled):
        reader.read_all()
    assert session.execute(NUMBERS, {"numbers": pa.table({"n": [1]})}).read_all().num_rows == 1
    session.close()
    session.close()
    with pytest.raises(EngineError, match="closed"):
        session.execute(NUMBERS, {"numbers": pa.table({"n": [1]})})


def test_explain(session: OracleSession) -> None:
    assert session.explain(doubled()) == "Project d = (n + n)\n└─ Input numbers: n"


@pytest.mark.parametrize("partition_by", [(), ("k",)])
def test_written_rows_are_read_again(session: OracleSession, tmp_path: Path, partition_by: tuple[str, ...]) -> None:
    given = Input(name="given", columns=Schema.of(k="string", x="float64", t="timestamp[us, UTC]"))
    data = pa.table(
        {"k": ["a b", None, "c"], "x": [1.5, float("nan"), None], "t": pa.array([0, 1, 2], pa.timestamp("us", "UTC"))}
    )
    place = tmp_path / "out"
    sink = Sink(format="parquet", path=str(place), partition_by=partition_by)
    report = session.execute(given, {"given": data}, sink=sink).read_all().to_pylist()
    assert report == [{"path": str(place), "rows": 3}]
    with pytest.raises(ConfigurationError):
        session.execute(given, {"given": data}, sink=sink)
    session.execute(given, {"given": data}, sink=sink.model_copy(update={"mode": "append"})).read_all()
    table = Table(name="out", format="parquet", paths=(str(place),), columns=given.output)
    assert session.execute(Scan(table=table), {}).read_all().num_rows == 6
    session.execute(given, {"given": data}, sink=sink.model_copy(update={"mode": "overwrite"})).read_all()
    plan = Sort(input=Scan(table=table), keys=(SortKey(column="t"),))
    assert str(session.execute(plan, {}).read_all().to_pylist()) == str(data.to_pylist())
    assert session.schema_of(table)["x"].dtype == FLOAT64
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_is_left_of_a_failure(session: OracleSession, tmp_path: Path) -> None:
    sink = Sink(format="parquet", path=str(tmp_path / "out"))
    with pytest.raises(EngineError):
        session.execute(doubled(), {"numbers": pa.table({"n": [2**62]})}, sink=sink)
    assert list(tmp_path.iterdir()) == []


def scanned(session: OracleSession, file: Path, format: Any, types: dict[str, str], **more: Any) -> list[Any]:
    options = more.pop("options", {})
    table = Table(name="file", format=format, paths=(str(file),), columns=Schema.of(**types), options=options)
    return list(session.execute(Scan(table=table, **more), {}).read_all().to_pylist())


def test_csv(session: OracleSession, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text('x;s;n\n1.50;"a;b";7\n;;\n', encoding="utf-8")
    types = {"n": "int64", "x": "float64", "s": "string"}
    found = scanned(session, file, "csv", types, options={"delimiter": ";"})
    assert found == [{"n": 7, "x": 1.5, "s": "a;b"}, {"n": None, "x": None, "s": None}]
    with pytest.raises(SourceError, match="missing"):
        scanned(session, file, "csv", {"missing": "int64"}, options={"delimiter": ";"})
    with pytest.raises(SourceError, match="x"):
        scanned(session, file, "csv", {"x": "int64"}, options={"delimiter": ";"})
    with pytest.raises(ConfigurationError, match="colour"):
        scanned(session, file, "csv", types, options={"colour": "red"})


def test_json(session: OracleSession, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    lines: list[Any] = [{"t": "2025-03-01T12:00:00.5+01:00", "l": [1, None]}, {"d": 1.25, "other": 1}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = scanned(session, file, "json", {"t": "timestamp[us, UTC]", "l": "list<int64>", "d": "decimal128(5, 2)"})
    assert found[0]["t"].isoformat() == "2025-03-01T11:00:00.500000+00:00"
    assert found[0]["l"] == [1, None]
    assert (found[1]["t"], found[1]["l"], str(found[1]["d"])) == (None, None, "1.25")
    file.write_text('{"t": "2025-03-01T12:00:00.1234567Z"}\n', encoding="utf-8")
    with pytest.raises(SourceError):
        scanned(session, file, "json", {"t": "timestamp[us, UTC]"})


def test_time_range_predicate_and_columns(session: OracleSession, tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    times = pa.array([9, 10, 19, 20, None], pa.timestamp("us", "UTC"))
    pa.parquet.write_table(pa.table({"n": [1, 2, 3, 4, 5], "t": times}), file)
    types = {"n": "int64", "t": "timestamp[us, UTC]"}
    bounds = TimeRange(column="t", start=10, end=20)
    found = scanned(session, file, "parquet", types, columns=("n",), time_range=bounds)
    assert found == [{"n": 2}, {"n": 3}]
    predicate = Call(function="gt", args=(Column(name="n"), Literal.of(2)))
    assert scanned(session, file, "parquet", types, columns=("n",), time_range=bounds, predicate=predicate) == [
        {"n": 3}
    ]


def test_sources_that_are_not_there(session: OracleSession, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        scanned(session, tmp_path / "none.csv", "csv", {"n": "int64"})
    with pytest.raises(UnsupportedOperation):
        scanned(session, tmp_path / "none", "table", {"n": "int64"})


def test_shared_plans_are_run_once() -> None:
    checks = []
    deep: Any = NUMBERS
    for _ in range(150):
        deep = Filter(input=deep, predicate=Call(function="is_not_null", args=(Column(name="n"),)))
    result = OracleBackend().oracle.run(deep, {"numbers": pa.table({"n": [1]})}, check=lambda: checks.append(1))
    assert result.rows == [{"n": 1}]
    assert len(checks) == 151
