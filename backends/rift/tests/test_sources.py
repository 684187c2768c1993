"""Files as sources: formats, conversions that lose nothing, refusals, and what reaches DuckDB's reader."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.errors import ConfigurationError, SourceError
from onefold.plan import (
    AggCall,
    Aggregate,
    Call,
    Column,
    Filter,
    Limit,
    Literal,
    Measure,
    NamedExpression,
    Project,
    Relation,
    Scan,
    Sort,
    SortKey,
    Table,
    TimeRange,
)
from onefold.types import Schema
from onefold_rift.backend import RiftBackend
from onefold_rift.session import RiftSession

UTC = dt.UTC


@pytest.fixture(scope="module")
def session() -> Iterator[RiftSession]:
    with RiftBackend().open({"threads": 2}) as opened:
        yield opened


def source(format: Any, *paths: Path | str, options: dict[str, Any] | None = None, **columns: str) -> Table:
    return Table(
        name="source",
        format=format,
        paths=tuple(map(str, paths)),
        columns=Schema.of(**columns),
        options=options or {},
    )


def read(session: RiftSession, table: Table, **scan: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = session.execute(Scan(table=table, **scan), {}).read_all().to_pylist()
    return found


def plan_of(session: RiftSession, plan: Relation) -> str:
    """Return DuckDB's own physical plan of a plan."""
    cursor = session._database.cursor()
    ((_, text),) = cursor.execute(f"EXPLAIN {session.explain(plan)}").fetchall()
    cursor.close()
    return str(text)


def compare(function: str, name: str, value: Any) -> Call:
    return Call(function=function, args=(Column(name=name), Literal.of(value)))


# ---------------------------------------------------------------------------- Parquet


def test_parquet_types_become_portable_ones(session: RiftSession, tmp_path: Path) -> None:
    file = tmp_path / "types.parquet"
    instant = dt.datetime(2024, 5, 1, 12, tzinfo=UTC)
    berlin = pa.timestamp("ms", "Europe/Berlin")
    table = pa.table(
        {
            "i8": pa.array([-1, None], pa.int8()),
            "u32": pa.array([2**32 - 1, None], pa.uint32()),
            "u64": pa.array([2**63 - 1, None], pa.uint64()),
            "f32": pa.array([0.5, None], pa.float32()),
            "cat": pa.array(["x", None]).dictionary_encode(),
            "large": pa.array(["y", None], pa.large_string()),
            "raw": pa.array([b"\xff", None]),
            "day": pa.array([dt.date(1960, 1, 1), None]),
            "wall_ns": pa.array([1_714_564_800_000_001_000, None], pa.timestamp("ns")),
            "at_ns": pa.array([1_714_564_800_000_001_000, None], pa.timestamp("ns", "UTC")),
            "berlin": pa.array([instant, None], berlin),
            "price": pa.array([decimal.Decimal("1.25"), None], pa.decimal128(9, 2)),
            "list": pa.array([[1, None], None], pa.list_(pa.int16())),
            "struct": pa.array([{"a": 1, "b": [1.5]}, None], pa.struct({"a": pa.int32(), "b": pa.list_(pa.float32())})),
        }
    )
    pq.write_table(table, file)
    schema = session.schema_of(source("parquet", file))
    assert str(schema) == (
        "i8: int64, u32: int64, u64: int64, f32: float64, cat: string, large: string, raw: binary, day: date32, "
        "wall_ns: timestamp[us], at_ns: timestamp[us, UTC], berlin: timestamp[us, UTC], price: decimal128(9, 2), "
        "list: list<int64>, struct: struct<a: int64, b: list<float64>>"
    )
    columns: dict[str, Any] = {field.name: str(field.dtype) for field in schema}
    declared = source("parquet", file, **columns)
    first, second = read(session, declared)
    assert first == {
        "i8": -1,
        "u32": 2**32 - 1,
        "u64": 2**63 - 1,
        "f32": 0.5,
        "cat": "x",
        "large": "y",
        "raw": b"\xff",
        "day": dt.date(1960, 1, 1),
        "wall_ns": dt.datetime(2024, 5, 1, 12, 0, 0, 1),  # noqa: DTZ001 - a wall clock
        "at_ns": dt.datetime(2024, 5, 1, 12, 0, 0, 1, tzinfo=UTC),
        "berlin": instant,
        "price": decimal.Decimal("1.25"),
        "list": [1, None],
        "struct": {"a": 1, "b": [1.5]},
    }
    assert set(second.values()) == {None}


@pytest.mark.parametrize(
    ("column", "declared", "message"),
    [
        (pa.array([2**63], pa.uint64()), "int64", "column 'x' of the source 'source' holds 9223372036854775808, which"),
        (pa.array([1], pa.timestamp("ns")), "timestamp[us]", "holds 1970-01-01 00:00:00.000000001, which is finer"),
        (pa.array([[2**63]], pa.list_(pa.uint64())), "list<int64>", "9223372036854775808, which does not fit"),
        (pa.array(["1"]), "int64", "'x' is declared as int64, but holds VARCHAR"),
        (pa.array([1.5]), "int64", "'x' is declared as int64, but holds DOUBLE"),
        (
            pa.array([1], pa.timestamp("us")),
            "timestamp[us, UTC]",
            "declared as timestamp.us, UTC., but holds TIMESTAMP ",
        ),
        (pa.array([1], pa.timestamp("us", "UTC")), "timestamp[us]", "but holds TIMESTAMP WITH TIME ZONE"),
        (pa.array([1], pa.time64("us")), "int64", "but holds TIME"),
        (pa.array([decimal.Decimal("1.5")]), "int64", "holds 1.5, which is no int64"),
    ],
)
def test_what_would_lose_something_is_refused(
    session: RiftSession, tmp_path: Path, column: pa.Array, declared: str, message: str
) -> None:
    pq.write_table(pa.table({"x": column}), tmp_path / "x.parquet")
    with pytest.raises(SourceError, match=message):
        read(session, source("parquet", tmp_path / "x.parquet", x=declared))


def test_wider_declarations_are_honoured(session: RiftSession, tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"i": pa.array([3], pa.int32()), "d": pa.array([decimal.Decimal("1.5")])}), tmp_path / "x.parquet"
    )
    table = source("parquet", tmp_path / "x.parquet", i="float64", d="decimal128(20, 4)")
    assert read(session, table) == [{"i": 3.0, "d": decimal.Decimal("1.5000")}]


def test_a_missing_column_is_named_with_near_matches(session: RiftSession, tmp_path: Path) -> None:
    pq.write_table(pa.table({"amount": [1]}), tmp_path / "x.parquet")
    with pytest.raises(SourceError, match=r"no column 'amont' in its files\. Did you mean 'amount'"):
        read(session, source("parquet", tmp_path / "x.parquet", amont="int64"))


def test_directories_globs_and_lists_of_files(session: RiftSession, tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for number, place in enumerate(["a.parquet", "b.parquet", "deep/er/c.parquet"]):
        pq.write_table(pa.table({"n": [number]}), tmp_path / place)
    (tmp_path / "notes.txt").write_text("not data")

    def numbers(*paths: Path | str) -> list[int]:
        return sorted(row["n"] for row in read(session, source("parquet", *paths, n="int64")))

    assert numbers(tmp_path) == [0, 1, 2]
    assert numbers(tmp_path / "*.parquet") == [0, 1]
    assert numbers(tmp_path / "**/*.parquet") == [0, 1, 2]
    assert numbers(tmp_path / "b.parquet", tmp_path / "deep") == [1, 2]


def test_hive_partitions_have_their_declared_types_and_are_pruned(session: RiftSession, tmp_path: Path) -> None:
    for year in (2023, 2024):
        for carrier in ("AA", "UA"):
            place = tmp_path / f"year={year}" / f"carrier={carrier}"
            place.mkdir(parents=True)
            pq.write_table(pa.table({"n": [year]}), place / "part.parquet")
    table = source("parquet", tmp_path, n="int64", carrier="string", year="int64")
    assert session.schema_of(table) == table.columns
    scan = Scan(table=table, predicate=compare("equal", "year", 2024))
    found = session.execute(scan, {}).read_all().to_pylist()
    assert sorted((row["carrier"], row["year"]) for row in found) == [("AA", 2024), ("UA", 2024)]
    assert "Scanning Files: 2/4" in plan_of(session, scan)


@pytest.mark.parametrize("name", ["flight.parquet", "*.parq", "missing/x.parquet"])
def test_missing_files_say_what_is_there(session: RiftSession, tmp_path: Path, name: str) -> None:
    pq.write_table(pa.table({"n": [1]}), tmp_path / "flights.parquet")
    message = {
        "flight.parquet": "there is no file .*flight.parquet'. Did you mean .*flights.parquet'",
        "*.parq": "no file matches the pattern .*holds 'flights.parquet'",
        "missing/x.parquet": "The directory .*missing' does not exist",
    }[name]
    with pytest.raises(SourceError, match=message):
        read(session, source("parquet", tmp_path / name, n="int64"))


def test_an_empty_directory(session: RiftSession, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no parquet files \(.parquet, .pq\)"):
        read(session, source("parquet", tmp_path, n="int64"))


def test_a_file_of_another_format(session: RiftSession, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match=r"x\.parquet"):
        read(session, source("parquet", tmp_path / "x.parquet", n="int64"))


# ---------------------------------------------------------------------------- push-down


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("wide") / "events.parquet"
    count = 20_000
    numbers = pa.array(range(count))
    micros = pa.array(range(0, count * 1_000_000, 1_000_000))
    pq.write_table(
        pa.table(
            {
                "k": pa.array([f"k{n % 7}" for n in range(count)]),
                "t": micros.cast(pa.timestamp("us", "UTC")),
                "ns": pa.array(range(0, count * 10**9, 10**9)).cast(pa.timestamp("ns", "UTC")),
                "small": numbers.cast(pa.int32()),
                "x": numbers.cast(pa.float64()),
                "unused": numbers,
            }
        ),
        file,
        row_group_size=1000,
    )
    return file


def events(file: Path) -> Table:
    instant = "timestamp[us, UTC]"
    return source("parquet", file, k="string", t=instant, ns=instant, small="int64", x="float64", unused="int64")


def test_projection_predicate_and_time_range_reach_the_reader(session: RiftSession, wide: Path) -> None:
    scan = Scan(
        table=events(wide),
        columns=("k", "x"),
        predicate=compare("equal", "k", "k3"),
        time_range=TimeRange(column="t", start=5_000_000, end=9_000_000),
    )
    text = plan_of(session, scan)
    assert "Filters:" in text
    assert "k = 'k3'" in text
    assert "t >= '1970-01-01 00:00:05+00'" in text
    assert "t < '1970-01-01 00:00:09+00'" in text
    assert "unused" not in text
    assert "FILTER" not in text.upper().replace("FILTERS", "")
    assert session.execute(scan, {}).read_all().to_pylist() == []
    wider = scan.replace(time_range=TimeRange(column="t", start=5_000_000, end=18_000_000))
    assert session.execute(wider, {}).read_all().to_pydict() == {"k": ["k3", "k3"], "x": [10.0, 17.0]}


def test_filters_and_projections_above_reach_the_reader(session: RiftSession, wide: Path) -> None:
    filtered = Filter(input=Scan(table=events(wide)), predicate=compare("gt", "x", 19_990.0))
    plan = Aggregate(
        input=Project(input=filtered, columns=(NamedExpression(name="k", expression=Column(name="k")),)),
        by=("k",),
        measures=(Measure(name="n", call=AggCall(function="count")),),
    )
    text = plan_of(session, plan)
    assert "x > 19990.0" in text
    assert "unused" not in text
    assert sum(session.execute(plan, {}).read_all()["n"].to_pylist()) == 9


def test_conditions_on_converted_columns_reach_the_reader_as_they_lie_in_the_file(
    session: RiftSession, wide: Path
) -> None:
    small = Scan(table=events(wide), columns=("x",), predicate=compare("gt", "small", 19_998))
    assert "small > 19998" in plan_of(session, small).replace("CAST(small AS BIGINT) > 19998", "")
    assert session.execute(small, {}).read_all().to_pydict() == {"x": [19_999.0]}
    turned = Call(function="lt", args=(Literal.of(19_998), Column(name="small")))
    assert session.execute(small.replace(predicate=turned), {}).read_all().to_pydict() == {"x": [19_999.0]}
    bounded = Scan(
        table=events(wide), columns=("x",), time_range=TimeRange(column="ns", start=3_000_000, end=5_000_000)
    )
    reader = plan_of(session, bounded).partition("Read Parquet")[2]
    assert "ns >= '1970-01-01 00:00:03+00'::TIMESTAMPTZ_NS" in reader
    assert "ns < '1970-01-01 00:00:05+00'::TIMESTAMPTZ_NS" in reader
    assert session.execute(bounded, {}).read_all().to_pydict() == {"x": [3.0, 4.0]}


def test_bounds_beyond_all_calendars(session: RiftSession, wide: Path) -> None:
    everything = TimeRange(column="t", start=-(2**62), end=2**62)
    count = Aggregate(
        input=Scan(table=events(wide), columns=("ns",), time_range=everything),
        measures=(Measure(name="n", call=AggCall(function="count")),),
    )
    assert session.execute(count, {}).read_all().to_pydict() == {"n": [20_000]}
    in_nanoseconds = count.replace(
        input=Scan(table=events(wide), columns=("x",), time_range=everything.model_copy(update={"column": "ns"}))
    )
    assert session.execute(in_nanoseconds, {}).read_all().to_pydict() == {"n": [20_000]}


def test_a_limit_stops_reading(session: RiftSession, wide: Path) -> None:
    plan = Limit(input=Scan(table=events(wide), columns=("x",)), count=3)
    assert session.execute(plan, {}).read_all().to_pydict() == {"x": [0.0, 1.0, 2.0]}


# ---------------------------------------------------------------------------- CSV


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_csv_has_exactly_the_declared_types(session: RiftSession, tmp_path: Path) -> None:
    text = 'k,n,x,ok,at,day,ignored\n007,7,1e3,true,2024-05-01T12:00:00+02:00,2024-05-01,"a,b"\n,,,,,,\n'
    file = write(tmp_path / "a.csv", text)
    table = source("csv", file, at="timestamp[us, UTC]", k="string", n="int64", x="float64", ok="bool", day="date32")
    assert read(session, table) == [
        {
            "at": dt.datetime(2024, 5, 1, 10, tzinfo=UTC),
            "k": "007",
            "n": 7,
            "x": 1000.0,
            "ok": True,
            "day": dt.date(2024, 5, 1),
        },
        dict.fromkeys(("at", "k", "n", "x", "ok", "day")),
    ]
    assert str(session.schema_of(source("csv", file)).select(["n", "x", "ok", "at"])) == (
        "n: int64, x: float64, ok: bool, at: timestamp[us, UTC]"
    )


@pytest.mark.parametrize(
    ("value", "declared", "message"),
    [
        ("abc", "float64", r"Line: 3.*column \"x\".*\"abc\""),
        ("abc", "int64", r"Line: 3.*\"abc\""),
        ("2.5", "int64", "holds 2.5.*, which is no int64"),
        ("2024-13-01", "date32", "Line: 3"),
        ("soon", "timestamp[us, UTC]", "holds soon, which is no timestamp"),
        ("2024-01-01T00:00:00.1234567Z", "timestamp[us, UTC]", "holds .*567Z, which is finer than microseconds"),
    ],
)
def test_a_bad_value_in_csv_is_an_error_and_never_null(
    session: RiftSession, tmp_path: Path, value: str, declared: str, message: str
) -> None:
    good = {"date32": "2024-01-01", "timestamp[us, UTC]": "2024-01-01T00:00:00Z"}.get(declared, "1")
    file = write(tmp_path / "bad.csv", f"x,y\n{good},1\n{value},1\n")
    with pytest.raises(SourceError, match=message):
        read(session, source("csv", file, x=declared))
    assert read(session, source("csv", file, y="int64")) == [{"y": 1}, {"y": 1}]


def test_rows_with_too_many_or_few_values_are_refused(session: RiftSession, tmp_path: Path) -> None:
    for text in ("x,y\n1,2\n1,2,3\n", "x,y\n1,2\n1\n"):
        with pytest.raises(SourceError, match=r"Line: 3|bad\.csv"):
            read(session, source("csv", write(tmp_path / "bad.csv", text), x="int64", y="int64"))


def test_csv_options(session: RiftSession, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "# a comment\nk;n\n'a;b';NA\nc;3\n")
    options = {"delimiter": ";", "nullstr": "NA", "quote": "'", "skip": 1}
    assert read(session, source("csv", file, options=options, k="string", n="int64")) == [
        {"k": "a;b", "n": None},
        {"k": "c", "n": 3},
    ]
    with pytest.raises(ConfigurationError, match=r"option 'delimitr'.*Did you mean 'delimiter'"):
        read(session, source("csv", file, options={"delimitr": ";"}, k="string"))


def test_csv_files_whose_columns_are_in_another_order(session: RiftSession, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "k,n\na,1\n")
    write(tmp_path / "b.csv", "n,k\n2,b\n")
    found = read(session, source("csv", tmp_path, k="string", n="int64"))
    assert sorted((row["k"], row["n"]) for row in found) == [("a", 1), ("b", 2)]


def test_integers_beyond_doubles_are_exact_in_text(session: RiftSession, tmp_path: Path) -> None:
    big = 2**63 - 1
    write(tmp_path / "a.csv", f"n\n{big}\n{-big - 1}\n")
    write(tmp_path / "a.jsonl", f'{{"n": {big}}}\n{{"n": {-big - 1}}}\n')
    for format, name in (("csv", "a.csv"), ("json", "a.jsonl")):
        found = read(session, source(format, tmp_path / name, n="int64"))
        assert [row["n"] for row in found] == [big, -big - 1]
    with pytest.raises(SourceError, match="no int64"):
        read(session, source("csv", write(tmp_path / "b.csv", f"n\n{big + 1}\n"), n="int64"))


def test_timestamps_in_text_keep_zones_and_digits_or_are_refused(session: RiftSession, tmp_path: Path) -> None:
    texts = (
        "2024-05-01T12:00:00Z",
        "2024-05-01 14:00:00.000000+02:00",
        "2024-05-01T08:00:00-0400",
        "2024-05-01 12:00:00",
    )
    write(tmp_path / "a.csv", "t\n" + "\n".join(texts) + "\n")
    write(tmp_path / "a.jsonl", "\n".join(f'{{"t": "{text}"}}' for text in texts))
    noon = dt.datetime(2024, 5, 1, 12, tzinfo=UTC)
    for format, name in (("csv", "a.csv"), ("json", "a.jsonl")):
        instants = read(session, source(format, tmp_path / name, t="timestamp[us, UTC]"))
        assert [row["t"] for row in instants] == [noon] * 4
        with pytest.raises(SourceError, match=r"holds 2024-05-01T12:00:00Z, an instant with a time zone"):
            read(session, source(format, tmp_path / name, t="timestamp[us]"))
    for good in ("2024-05-01", "2024-05-01 12:00", "2024-05-01T12:00:00.123456000"):
        wall = read(session, source("csv", write(tmp_path / "b.csv", f"t\n{good}\n"), t="timestamp[us]"))
        assert wall[0]["t"].isoformat(" ")[:10] == "2024-05-01"
    options = {"timestampformat": "%d.%m.%Y %H Uhr"}
    german = source("csv", write(tmp_path / "c.csv", "t\n01.05.2024 12 Uhr\n"), options=options, t="timestamp[us]")
    assert read(session, german) == [{"t": noon.replace(tzinfo=None)}]


# ---------------------------------------------------------------------------- JSON lines


def test_json_lines(session: RiftSession, tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.jsonl",
        '{"k": "a", "n": 1, "tags": ["x", null], "pos": {"lat": 1.5, "id": 7}}\n{"n": null, "k": "b"}\n',
    )
    nested: dict[str, Any] = {"tags": "list<string>", "pos": "struct<lat: float64, id: int64>"}
    table = source("json", file, k="string", n="int64", **nested)
    assert read(session, table) == [
        {"k": "a", "n": 1, "tags": ["x", None], "pos": {"lat": 1.5, "id": 7}},
        {"k": "b", "n": None, "tags": None, "pos": None},
    ]
    assert str(session.schema_of(source("json", file))) == (
        "k: string, n: int64, tags: list<string>, pos: struct<lat: float64, id: int64>"
    )


@pytest.mark.parametrize(
    ("line", "declared", "message"),
    [
        ('{"x": 2.5}', "int64", "holds 2.5.*no int64"),
        ('{"x": [1, 2.5]}', "list<int64>", "holds 2.5.*no int64"),
        ('{"x": "abc"}', "int64", "line 2.*abc"),
        ('{"x": {"a": 1}}', "float64", "line 2"),
        ('{"x": 1', "float64", "line 2|alformed"),
    ],
)
def test_a_bad_value_in_json_is_an_error(
    session: RiftSession, tmp_path: Path, line: str, declared: str, message: str
) -> None:
    file = write(tmp_path / "bad.jsonl", f'{{"x": null}}\n{line}\n')
    with pytest.raises(SourceError, match=message):
        read(session, source("json", file, x=declared))


def test_sources_can_be_sorted_and_joined_like_anything_else(session: RiftSession, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "k,n\nb,2\na,1\n")
    plan = Sort(input=Scan(table=source("csv", file, k="string", n="int64")), keys=(SortKey(column="n"),))
    assert session.execute(plan, {}).read_all().to_pydict() == {"k": ["a", "b"], "n": [1, 2]}
