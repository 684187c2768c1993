"""Files as sources: what reaches Polars' reader, conversions that lose nothing, refusals, partitions."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.errors import ConfigurationError, SourceError, UnsupportedOperation
from onefold.plan import Call, Column, Literal, Scan, Table, TimeRange
from onefold.types import INT64, Schema, parse_type
from onefold_polars.backend import PolarsBackend
from onefold_polars.session import PolarsSession
from onefold_polars.sources.conversions import fits
from onefold_polars.sources.values import from_text

UTC = dt.UTC


@pytest.fixture(scope="module")
def session() -> Iterator[PolarsSession]:
    with PolarsBackend().open({}) as opened:
        yield opened


def source(format: Any, *paths: Path | str, options: dict[str, Any] | None = None, **columns: str) -> Table:
    return Table(
        name="source",
        format=format,
        paths=tuple(map(str, paths)),
        columns=Schema.of(**columns),
        options=options or {},
    )


def read(session: PolarsSession, table: Table, **scan: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = session.execute(Scan(table=table, **scan), {}).read_all().to_pylist()
    return found


def compare(function: str, name: str, value: Any) -> Call:
    return Call(function=function, args=(Column(name=name), Literal.of(value)))


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


# ---------------------------------------------------------------------------- push-down


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("wide") / "events.parquet"
    count = 20_000
    numbers = pa.array(range(count))
    columns = {
        "k": pa.array([f"k{n % 7}" for n in range(count)]),
        "t": pa.array(range(0, count * 10**6, 10**6)).cast(pa.timestamp("us", "UTC")),
        "ns": pa.array(range(0, count * 10**9, 10**9)).cast(pa.timestamp("ns", "UTC")),
        "small": numbers.cast(pa.int32()),
        "x": numbers.cast(pa.float64()),
        "unused": numbers,
    }
    pq.write_table(pa.table(columns), file, row_group_size=1000)
    return file


def events(file: Path) -> Table:
    instant = "timestamp[us, UTC]"
    return source("parquet", file, k="string", t=instant, ns=instant, small="int64", x="float64", unused="int64")


def test_columns_predicate_and_time_range_reach_the_parquet_reader(session: PolarsSession, wide: Path) -> None:
    scan = Scan(
        table=events(wide),
        columns=("k", "x"),
        predicate=compare("equal", "k", "k3"),
        time_range=TimeRange(column="t", start=5_000_000, end=18_000_000),
    )
    text = session.explain(scan)
    reader = text.partition("Parquet SCAN")[2]
    assert "PROJECT 3/6 COLUMNS" in reader
    selection = next(line for line in reader.splitlines() if "SELECTION" in line)
    assert all(name in selection for name in ('col("k")', 'col("t")', "1970-01-01 00:00:05", "1970-01-01 00:00:18"))
    assert "FILTER" not in text
    assert session.execute(scan, {}).read_all().to_pydict() == {"k": ["k3", "k3"], "x": [10.0, 17.0]}


def test_conditions_on_converted_columns_reach_the_reader_as_they_lie_in_the_file(
    session: PolarsSession, wide: Path
) -> None:
    small = Scan(table=events(wide), columns=("x",), predicate=compare("gt", "small", 19_998))
    assert "SELECTION" in session.explain(small)
    assert session.execute(small, {}).read_all().to_pydict() == {"x": [19_999.0]}
    turned = Call(function="lt", args=(Literal.of(19_998), Column(name="small")))
    assert session.execute(small.replace(predicate=turned), {}).read_all().to_pydict() == {"x": [19_999.0]}
    bounded = Scan(
        table=events(wide), columns=("x",), time_range=TimeRange(column="ns", start=3_000_000, end=5_000_000)
    )
    assert "1970-01-01 00:00:03" in session.explain(bounded).partition("SELECTION")[2]
    assert session.execute(bounded, {}).read_all().to_pydict() == {"x": [3.0, 4.0]}


def test_columns_and_predicate_reach_the_text_readers(session: PolarsSession, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "k,n,z\na,1,no number\nb,2,no number\n")
    write(tmp_path / "a.jsonl", '{"k": "a", "n": 1, "z": "no number"}\n{"k": "b", "n": 2}\n')
    for format, name in (("csv", "a.csv"), ("json", "a.jsonl")):
        table = source(format, tmp_path / name, k="string", n="int64", z="int64")
        scan = Scan(table=table, columns=("n",), predicate=compare("equal", "k", "b"))
        text = session.explain(scan)
        assert f"[{format}] SCAN" in text
        assert "SELECTION" in text
        assert session.execute(scan, {}).read_all().to_pylist() == [{"n": 2}]


# ---------------------------------------------------------------------------- types


@pytest.mark.parametrize(
    ("column", "declared", "message"),
    [
        (pa.array([2**63], pa.uint64()), "int64", "'x'.*can not become int64 without loss.*9223372036854775808"),
        (pa.array([1], pa.timestamp("ns")), "timestamp[us]", "'x'.*without loss.*would lose data: 1"),
        (pa.array([[2**63]], pa.list_(pa.uint64())), "list<int64>", "9223372036854775808"),
        (pa.array(["1"]), "int64", "'x' is declared as int64, but holds String"),
        (pa.array([1.5]), "int64", "'x' is declared as int64, but holds Float64"),
        (pa.array([1], pa.timestamp("us")), "timestamp[us, UTC]", "declared as timestamp.us, UTC., but holds Datetime"),
        (pa.array([1], pa.time64("us")), "int64", "but holds Time"),
        (pa.array([decimal.Decimal("1.5")]), "int64", "'x'.*can not become int64 without loss"),
    ],
)
def test_what_would_lose_something_is_refused(
    session: PolarsSession, tmp_path: Path, column: pa.Array, declared: str, message: str
) -> None:
    pq.write_table(pa.table({"x": column}), tmp_path / "x.parquet")
    with pytest.raises(SourceError, match=message):
        read(session, source("parquet", tmp_path / "x.parquet", x=declared))


def test_wider_declarations_are_honoured(session: PolarsSession, tmp_path: Path) -> None:
    table = pa.table({"i": pa.array([3], pa.int32()), "d": pa.array([decimal.Decimal("1.5")])})
    pq.write_table(table, tmp_path / "x.parquet")
    declared = source("parquet", tmp_path / "x.parquet", i="float64", d="decimal128(20, 4)")
    assert read(session, declared) == [{"i": 3.0, "d": decimal.Decimal("1.5000")}]
    assert str(session.schema_of(declared)) == "i: int64, d: decimal128(2, 1)"


def test_a_missing_column_is_named_with_near_matches(session: PolarsSession, tmp_path: Path) -> None:
    pq.write_table(pa.table({"amount": [1]}), tmp_path / "x.parquet")
    write(tmp_path / "x.csv", "amount\n1\n")
    for format in ("parquet", "csv"):
        with pytest.raises(SourceError, match=r"no column 'amont' in its files\. Did you mean 'amount'"):
            read(session, source(format, tmp_path / f"x.{format}", amont="int64"))


def test_hive_partitions_have_their_declared_types_and_are_pruned(session: PolarsSession, tmp_path: Path) -> None:
    for year in (2023, 2024):
        for carrier in ("AA", "UA"):
            place = tmp_path / f"year={year}" / f"carrier={carrier}"
            place.mkdir(parents=True)
            pq.write_table(pa.table({"n": [year]}), place / "part.parquet")
    table = source("parquet", tmp_path, n="int64", carrier="string", year="int64")
    assert {field.name: str(field.dtype) for field in session.schema_of(table)} == {
        "n": "int64",
        "year": "int64",
        "carrier": "string",
    }
    scan = Scan(table=table, predicate=compare("equal", "year", 2024))
    found = session.execute(scan, {}).read_all().to_pylist()
    assert sorted((row["carrier"], row["year"]) for row in found) == [("AA", 2024), ("UA", 2024)]
    assert "year=2023" not in session.explain(scan)
    wrong = source("parquet", tmp_path, n="int64", carrier="int64")
    with pytest.raises(SourceError, match=r"'carrier' of the source .source. holds [AU]A, which is no int64"):
        read(session, wrong)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("flight.parquet", "there is no file .*flight.parquet'. Did you mean .*flights.parquet'"),
        ("*.parq", "no file matches the pattern .*holds 'flights.parquet'"),
        ("missing/x.parquet", "The directory .*missing' does not exist"),
    ],
)
def test_missing_files_say_what_is_there(session: PolarsSession, tmp_path: Path, name: str, message: str) -> None:
    pq.write_table(pa.table({"n": [1]}), tmp_path / "flights.parquet")
    with pytest.raises(SourceError, match=message):
        read(session, source("parquet", tmp_path / name, n="int64"))


def test_addresses_are_refused_without_their_secrets(session: PolarsSession) -> None:
    with pytest.raises(UnsupportedOperation, match="reads only local files") as caught:
        read(session, source("parquet", "https://user:hunter2@host/x.parquet", n="int64"))
    assert "hunter2" not in str(caught.value)


# ---------------------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("value", "declared", "message"),
    [
        ("abc", "float64", "'x' of the source 'source' holds abc, which is no float64"),
        ("2.5", "int64", "holds 2.5, which is no int64"),
        (" 2", "int64", "holds  2, which is no int64"),
        ("9223372036854775808", "int64", "which is no int64"),
        ("2024-13-01", "date32", "holds 2024-13-01, which is no date32"),
        ("soon", "timestamp[us, UTC]", "holds soon, which is no timestamp"),
        ("2024-01-01T00:00:00.1234567Z", "timestamp[us, UTC]", "holds .*567Z, which is finer than microseconds"),
        ("2024-01-01T00:00:00Z", "timestamp[us]", "an instant with a time zone"),
        ("1.255", "decimal128(9, 2)", "holds 1.255, which is no decimal128"),
        ("maybe", "bool", "holds maybe, which is no bool"),
    ],
)
def test_a_bad_value_in_csv_is_an_error_and_never_null(
    session: PolarsSession, tmp_path: Path, value: str, declared: str, message: str
) -> None:
    file = write(tmp_path / "bad.csv", f"x,y\n,1\n{value},1\n")
    with pytest.raises(SourceError, match=message):
        read(session, source("csv", file, x=declared))
    assert read(session, source("csv", file, y="int64")) == [{"y": 1}, {"y": 1}]


def test_rows_with_too_many_or_few_values_are_refused(session: PolarsSession, tmp_path: Path) -> None:
    """Polars' own reader fills short lines with nulls."""
    for text in ("x,y\n1,2\n1,2,3\n", "x,y\n1,2\n1\n"):
        with pytest.raises(SourceError, match=r"Expected 2 columns.*bad\.csv"):
            read(session, source("csv", write(tmp_path / "bad.csv", text), x="int64", y="int64"))


def test_csv_options(session: PolarsSession, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "# a comment\nk;n\n'a;b';NA\nc;3\n")
    options = {"delimiter": ";", "nullstr": "NA", "quote": "'", "skip": 1}
    found = read(session, source("csv", file, options=options, k="string", n="int64"))
    assert found == [{"k": "a;b", "n": None}, {"k": "c", "n": 3}]
    bare = write(tmp_path / "b.csv", "x,1\n")
    assert read(session, source("csv", bare, options={"header": False}, k="string", n="int64")) == [{"k": "x", "n": 1}]
    with pytest.raises(ConfigurationError, match=r"option 'delimitr'.*Did you mean 'delimiter'"):
        read(session, source("csv", file, options={"delimitr": ";"}, k="string"))


def test_text_is_read_exactly() -> None:
    import polars as pl

    texts = pl.Series(["1", "+2", "3.0", "1e3", "-9223372036854775808", None])
    assert from_text(texts, INT64, "'x'").to_list() == [1, 2, 3, 1000, -(2**63), None]
    instants = pl.Series(["2024-05-01", "2024-05-01 14:00+02", "2024-05-01T07:30:00.5-04:30", "0001-01-01 00:00:00Z"])
    assert from_text(instants, parse_type("timestamp[us, UTC]"), "'t'").to_list() == [
        dt.datetime(2024, 5, 1, tzinfo=UTC),
        dt.datetime(2024, 5, 1, 12, tzinfo=UTC),
        dt.datetime(2024, 5, 1, 12, 0, 0, 500_000, tzinfo=UTC),
        dt.datetime(1, 1, 1, tzinfo=UTC),
    ]
    assert fits(pl.Int8(), INT64) == "cast"


@pytest.mark.parametrize(
    ("line", "declared"),
    [
        ('{"x": 2.5}', "int64"),
        ('{"x": [1, 2.5]}', "list<int64>"),
        ('{"x": "abc"}', "int64"),
        ('{"x": {"a": 1}}', "float64"),
        ('{"x": 1', "float64"),
        ('{"x": "2024-13-01"}', "date32"),
    ],
)
def test_a_bad_value_in_json_is_an_error(session: PolarsSession, tmp_path: Path, line: str, declared: str) -> None:
    file = write(tmp_path / "bad.jsonl", f'{{"x": null}}\n{line}\n')
    with pytest.raises(SourceError, match="source 'source'"):
        read(session, source("json", file, x=declared))


def test_schemas_of_text_are_suggested(session: PolarsSession, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "n,x,ok,k,day\n1,1.5,true,a,2024-05-01\n")
    assert str(session.schema_of(source("csv", file))) == "n: int64, x: float64, ok: bool, k: string, day: date32"
    lines = write(tmp_path / "a.jsonl", '{"n": 1, "tags": ["x"], "pos": {"lat": 1.5}}\n')
    assert str(session.schema_of(source("json", lines))) == "n: int64, tags: list<string>, pos: struct<lat: float64>"
