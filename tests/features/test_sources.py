"""Sources: schemas, conversions to the portable types, times, and what is said about what is missing."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.features.data import FLIGHTS, NOON, flights

from onefold.errors import DefinitionError, SourceError
from onefold.features import ArrowSource, CsvSource, JsonSource, ParquetSource, Source
from onefold.features.sources.locations import hive_fields
from onefold.plan import Cast, EventOrder, Input, Project, Scan

UTC = pa.timestamp("us", tz="UTC")
FLIGHT_TABLE = pa.table(FLIGHTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pq.write_table(FLIGHT_TABLE, tmp_path / "flights.parquet")
    return tmp_path


# -- Parquet -----------------------------------------------------------------------------------------------------------


def test_the_schema_of_parquet_files_is_read_from_a_footer(folder: Path) -> None:
    source = ParquetSource("flights", folder / "flights.parquet", time="departed_at", delay="5m", sequence="origin")
    assert str(source.schema) == (
        "carrier: string, origin: string, departed_at: timestamp[us, UTC], dep_delay: int64, cancelled: bool"
    )
    assert isinstance(source.relation, Scan)
    assert source.relation.table.paths == (str(folder / "flights.parquet"),)
    assert source.order() == EventOrder(time="departed_at", sequence=("origin",), delay=300_000_000)


def test_nothing_is_read_before_it_is_needed(tmp_path: Path) -> None:
    ParquetSource("flights", tmp_path / "later.parquet", time="departed_at")


def test_a_declared_schema_needs_no_file(tmp_path: Path) -> None:
    source = ParquetSource("flights", tmp_path / "later.parquet", schema={"at": "timestamp[us, UTC]"}, time="at")
    assert source.schema.names == ("at",)


@pytest.mark.parametrize("pattern", ["*.parquet", "flight?.parquet", "**/*.parquet", ""])
def test_globs_and_directories(folder: Path, pattern: str) -> None:
    assert ParquetSource("flights", folder / pattern).schema.names == tuple(FLIGHTS)


def test_a_relative_path_stays_as_it_was_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    source = ParquetSource("flights", "flights.parquet")
    assert isinstance(source.relation, Scan)
    assert source.relation.table.paths == ("flights.parquet",)


def test_hive_partitions_become_columns(tmp_path: Path) -> None:
    for month in (1, 12):
        path = tmp_path / f"year=2013/month={month}/day=2013-01-0{month % 9}/origin=JFK"
        path.mkdir(parents=True)
        pq.write_table(FLIGHT_TABLE.select(["carrier"]), path / "a.parquet")
    source = ParquetSource("flights", tmp_path)
    assert str(source.schema) == "carrier: string, year: int64, month: int64, day: date32, origin: string"
    only = ParquetSource("flights", tmp_path, columns=["month", "carrier"])
    assert str(only.schema) == "month: int64, carrier: string"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2"], "int64"),
        (["-1", "0"], "int64"),
        (["01", "02"], "string"),
        (["1", "a"], "string"),
        (["2013-01-01"], "date32"),
        (["2013-01-01", "2013-1-1"], "string"),
        (["1", "__HIVE_DEFAULT_PARTITION__"], "int64"),
        (["__HIVE_DEFAULT_PARTITION__"], "string"),
    ],
)
def test_partition_values_give_the_type(values: list[str], expected: str) -> None:
    (field,) = hive_fields([Path(f"k={value}/a.parquet") for value in values])
    assert str(field.dtype) == expected


def test_a_missing_file_names_what_is_near(folder: Path) -> None:
    with pytest.raises(
        SourceError, match=r"source 'f': there is no file '.*flihgts.parquet'.*Did you mean 'flights.parquet'"
    ):
        _ = ParquetSource("f", folder / "flihgts.parquet").schema


def test_a_missing_folder_names_the_nearest_one(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"Its folder does not exist either; in .*'flights.parquet'"):
        _ = ParquetSource("f", folder / "data" / "2013" / "flights.parquet").schema


def test_a_glob_without_matches(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"no file matches '.*arrivals-\*\.parquet'.*'flights.parquet'"):
        _ = ParquetSource("f", folder / "arrivals-*.parquet").schema


def test_a_directory_without_parquet_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    with pytest.raises(SourceError, match=r"holds no file that ends with \.parquet or \.pq.*'a\.csv'"):
        _ = ParquetSource("f", tmp_path).schema


def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text("no")
    with pytest.raises(SourceError, match=r"a\.parquet' can not be read as Parquet"):
        _ = ParquetSource("f", tmp_path / "a.parquet").schema


def test_a_column_of_a_type_that_can_not_be_held_can_be_left_out(tmp_path: Path) -> None:
    pq.write_table(pa.table({"k": ["a"], "clock": pa.array([1], pa.time64("us"))}), tmp_path / "a.parquet")
    with pytest.raises(SourceError, match=r"'clock' has the Arrow type time64.*name them in columns="):
        _ = ParquetSource("f", tmp_path / "a.parquet").schema
    assert ParquetSource("f", tmp_path / "a.parquet", columns=["k"]).schema.names == ("k",)


def test_a_wrong_column_to_read(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"has no column 'carier'\. Did you mean 'carrier'"):
        _ = ParquetSource("f", folder, columns=["carier"]).schema


def test_a_naive_time_stated_to_be_utc_becomes_an_instant(tmp_path: Path) -> None:
    naive = pa.table({"k": ["a"], "at": pa.array([NOON.replace(tzinfo=None)], pa.timestamp("us"))})
    pq.write_table(naive, tmp_path / "a.parquet")
    source = ParquetSource("f", tmp_path / "a.parquet", time="at", time_zone="UTC")
    assert str(source.schema) == "k: string, at: timestamp[us, UTC]"
    assert isinstance(source.relation, Project)
    assert isinstance(source.relation.columns[1].expression, Cast)


# -- CSV and JSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "format"), [(CsvSource, "csv"), (JsonSource, "json")])
def test_text_files_with_a_declared_schema(kind: type[CsvSource | JsonSource], format: str) -> None:
    source = kind("f", "a.txt", schema={"k": "string", "at": "timestamp[us, UTC]"}, time="at", options={"x": 1})
    assert isinstance(source.relation, Scan)
    assert source.relation.table.format == format
    assert source.relation.table.options == {"x": 1}
    assert str(source.schema) == "k: string, at: timestamp[us, UTC]"


def test_types_can_be_written_as_python_types() -> None:
    assert str(CsvSource("f", "a.csv", schema={"n": int, "d": dt.date, "s": pa.string()}).schema) == (
        "n: int64, d: date32, s: string"
    )


def test_a_wrong_type_in_a_declared_schema() -> None:
    with pytest.raises(DefinitionError, match=r"column 'n' of the source 'f': 'integer' is not a portable type"):
        CsvSource("f", "a.csv", schema={"n": "integer"})


def test_a_missing_csv_file_is_found_out_before_an_engine_is_asked(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"there is no file"):
        _ = CsvSource("f", tmp_path / "a.csv").schema


# -- data in memory ----------------------------------------------------------------------------------------------------


def test_small_types_become_portable_ones() -> None:
    table = pa.table(
        {
            "u8": pa.array([255], pa.uint8()),
            "f32": pa.array([0.5], pa.float32()),
            "dict": pa.array(["a"]).dictionary_encode(),
            "large": pa.array(["a"], pa.large_string()),
            "view": pa.array(["a"], pa.string_view()),
            "ns": pa.array([1000], pa.timestamp("ns")),
            "zoned": pa.array([NOON], pa.timestamp("ms", tz="Europe/Paris")),
            "d": pa.array([decimal.Decimal("1.10")]),
        }
    )
    source = ArrowSource("a", table)
    assert str(source.schema) == (
        "u8: int64, f32: float64, dict: string, large: string, view: string, ns: timestamp[us], "
        "zoned: timestamp[us, UTC], d: decimal128(3, 2)"
    )
    assert source.table.to_pylist() == [
        {
            "u8": 255,
            "f32": 0.5,
            "dict": "a",
            "large": "a",
            "view": "a",
            "ns": dt.datetime(1970, 1, 1, microsecond=1),  # noqa: DTZ001 - a wall clock
            "zoned": NOON,
            "d": decimal.Decimal("1.10"),
        }
    ]
    assert isinstance(source.relation, Input)
    assert source.bindings["a"] is source.table


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([2**63], pa.uint64()), r"source 'a'.*column 'v'.*uint64.*without loss"),
        (pa.array([1], pa.timestamp("ns")), r"source 'a'.*column 'v'.*without loss"),
        (pa.array([1], pa.duration("us")), r"source 'a'.*'v' has the Arrow type duration.*columns="),
        (pa.array([None], pa.null()), r"holds only nulls and has no type"),
    ],
    ids=str,
)
def test_what_would_lose_something_is_refused(column: pa.Array, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        _ = ArrowSource("a", pa.table({"v": column})).table


def test_portable_data_is_not_copied() -> None:
    column = pa.array([1, 2, 3])
    source = ArrowSource("a", pa.table({"n": column}))
    assert source.table["n"].chunk(0).buffers()[1].address == column.buffers()[1].address


def test_a_reader_is_read_once_and_kept() -> None:
    reader = FLIGHT_TABLE.to_reader()
    source = ArrowSource("a", reader, time="departed_at")
    assert source.table.num_rows == source.bindings["a"].num_rows == 2


def test_a_batch_and_a_mapping() -> None:
    assert ArrowSource("a", FLIGHT_TABLE.to_batches()[0]).table.num_rows == 2
    assert ArrowSource("a", {"n": [1, 2]}).table.num_rows == 2


def test_polars_frames() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"k": ["a"], "at": [NOON]})
    assert str(ArrowSource("a", frame, time="at").schema) == "k: string, at: timestamp[us, UTC]"
    assert ArrowSource("a", frame.lazy()).table.num_rows == 1


def test_pandas_frames_leave_their_index() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"k": ["a", "b"], "n": [1, 2]}).iloc[1:]
    source = ArrowSource("a", frame)
    assert str(source.schema) == "k: string, n: int64"
    assert source.table.to_pylist() == [{"k": "b", "n": 2}]


def test_a_declared_schema_converts() -> None:
    source = ArrowSource("a", {"n": [1]}, schema={"n": "float64"})
    assert source.table.to_pylist() == [{"n": 1.0}]
    with pytest.raises(SourceError, match=r"no column 'm'.*'n'"):
        _ = ArrowSource("a", {"n": [1]}, schema={"m": "float64"}).table


def test_a_naive_time_in_memory_stated_to_be_utc_becomes_an_instant() -> None:
    naive = pa.array([NOON.replace(tzinfo=None)], pa.timestamp("ns"))
    source = ArrowSource("a", pa.table({"at": naive}), time="at", time_zone="UTC")
    assert source.table.schema.field("at").type == UTC
    assert source.table["at"].to_pylist() == [NOON]
    assert isinstance(source.relation, Input)
    assert source.relation.output["at"].dtype == source.schema["at"].dtype


def test_two_columns_of_one_name() -> None:
    with pytest.raises(SourceError, match=r"has 2 columns named 'n'\. Rename"):
        _ = ArrowSource("a", pa.table([[1], [2]], names=["n", "n"])).schema


def test_what_is_no_data() -> None:
    with pytest.raises(DefinitionError, match=r"source 'a' takes a pyarrow table.*not list"):
        ArrowSource("a", [1, 2])


# -- times -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"time_zone": "America/New_York"}, r"only 'UTC' is accepted.*Convert the column to UTC"),
        ({"time": None, "delay": "1h"}, r"states delay.* but no time"),
        ({"time": None, "sequence": "origin"}, r"states sequence but no time"),
        ({"delay": "-1h"}, r"delay '-1h' is negative"),
        ({"delay": 5}, r"A delay is text such as"),
    ],
    ids=str,
)
def test_what_a_source_refuses_at_once(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        flights(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sequence": "seq"}, r"sequence column 'seq' of the source 'flights' does not exist"),
        (
            {"time": "departed"},
            r"time 'departed' of the source 'flights' is not one of its columns.*Did you mean 'departed_at'",
        ),
        ({"time": "dep_delay"}, r"must be an instant.*int64.*of\.from_epoch"),
    ],
    ids=str,
)
def test_what_a_source_refuses_when_it_knows_its_columns(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        _ = flights(**changes).schema


def test_a_stated_zone_does_not_change_an_instant() -> None:
    assert flights(time_zone="UTC").table.equals(flights().table)


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_source_needs_a_name(name: Any) -> None:
    with pytest.raises(DefinitionError, match="name of a source is text"):
        ArrowSource(name, FLIGHT_TABLE)


@pytest.mark.parametrize("path", ["", None, [], 3])
def test_a_source_of_files_needs_a_path(path: Any) -> None:
    with pytest.raises(DefinitionError, match="needs a path"):
        ParquetSource("f", path)


def test_repr() -> None:
    sources: list[Source] = [flights(), ParquetSource("f", ["a", "b"]), CsvSource("c", "c.csv")]
    assert [repr(source) for source in sources] == [
        "ArrowSource('flights', time='departed_at')",
        "ParquetSource('f', ['a', 'b'])",
        "CsvSource('c', 'c.csv')",
    ]
