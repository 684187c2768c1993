"""How much a view reads: from footers, sizes of files, data in memory, and what engines know."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.choosing.data import DAY, START, micros, moment, readings, view, written

from onefold import features as of
from onefold.choosing import estimate_reading, estimating, footers
from onefold.contract import Estimate, Machine, SourceEstimate, TableStatistics
from onefold.errors import EngineError
from onefold.features import FeatureView, col
from onefold.plan import Scan, Table
from onefold.types import Schema

MACHINE = Machine(memory=2**34, disk=2**40)


def estimate(made: FeatureView, **options: Any) -> Estimate:
    return estimate_reading(made.example_plan, made.bindings, machine=MACHINE, **options)


def only(made: FeatureView, **options: Any) -> SourceEstimate:
    (source,) = estimate(made, **options).sources
    return source


def compressed(path: Path, columns: set[str], groups: range) -> int:
    """Return what some columns take in some row groups, as the footer says it."""
    footer = pq.read_metadata(path)
    chunks = [footer.row_group(group).column(number) for group in groups for number in range(footer.num_columns)]
    return sum(chunk.total_compressed_size for chunk in chunks if chunk.path_in_schema in columns)


def test_only_columns_that_are_needed_count(tmp_path: Path) -> None:
    folder = written(tmp_path)
    found = only(view(of.ParquetSource("readings", folder, time="at"), "1h"))
    assert (found.name, found.format, found.home, found.files, found.remark) == ("readings", "parquet", None, 1, "")
    assert found.rows == 4 * DAY
    assert found.stored_bytes == compressed(folder / "part-0000.parquet", {"sensor", "at", "value"}, range(4))
    # The key has 50 values, so that its pages are small; in memory each takes its 8 bytes. Times and values are as
    # large in their pages as in memory, or a little larger.
    assert found.memory_bytes is not None
    assert 4 * DAY * 24 <= found.memory_bytes < 4 * DAY * 24 * 1.4


def test_row_groups_out_of_the_reach_of_the_spine_do_not_count(tmp_path: Path) -> None:
    folder = written(tmp_path)
    source = of.ParquetSource("readings", folder, time="at")
    made = view(source, "1h")
    # Windows of an hour that end at 12:00 and 18:00 of the third day.
    span = micros(2 * DAY + 720), micros(2 * DAY + 1080)
    third = only(made, span=span)
    assert third.rows == DAY
    assert third.stored_bytes == compressed(folder / "part-0000.parquet", {"sensor", "at", "value"}, range(2, 3))
    # An hour before 00:30 of the third day begins on the second; the last window ends on the third.
    assert only(made, span=(micros(2 * DAY + 30), micros(2 * DAY + 60))).rows == 2 * DAY
    # Rows at 00:00 of the third day: strictly before that are those of the second day alone.
    assert only(made, span=(micros(2 * DAY), micros(2 * DAY))).rows == DAY
    # One microsecond later the first row of the third day counts as well.
    assert only(made, span=(micros(2 * DAY) + 1, micros(2 * DAY) + 1)).rows == 2 * DAY
    assert only(made, span=(micros(-DAY), micros(-DAY))).rows == 0
    assert only(view(source, "30d"), span=span).rows == 3 * DAY


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_times_are_compared_in_their_own_unit(unit: str, tmp_path: Path) -> None:
    rows = readings(0, 3 * DAY)
    rows = rows.set_column(1, "at", rows["at"].cast(pa.timestamp(unit, tz="UTC")))
    pq.write_table(rows, tmp_path / "readings.parquet", row_group_size=DAY)
    made = view(of.ParquetSource("readings", tmp_path / "readings.parquet", time="at"), "1h")
    assert only(made, span=(micros(DAY + 600), micros(DAY + 660))).rows == DAY


def test_a_clock_that_is_stated_to_be_utc_is_pruned_as_well(tmp_path: Path) -> None:
    rows = readings(0, 3 * DAY)
    rows = rows.set_column(1, "at", rows["at"].cast(pa.timestamp("us")))
    pq.write_table(rows, tmp_path / "readings.parquet", row_group_size=DAY)
    made = view(of.ParquetSource("readings", tmp_path / "readings.parquet", time="at", time_zone="UTC"), "1h")
    assert only(made, span=(micros(DAY + 600), micros(DAY + 660))).rows == DAY
    assert only(made).rows == 3 * DAY


def test_filters_on_times_are_used_and_others_are_not(tmp_path: Path) -> None:
    source = of.ParquetSource("readings", written(tmp_path), time="at")
    late = view(source, "1h", transform=lambda t: t.filter((col("at") >= moment(3 * DAY)) & (col("value") > 0)))
    either = view(source, "1h", transform=lambda t: t.filter((col("at") >= moment(3 * DAY)) | (col("value") > 0)))
    before = view(source, "1h", transform=lambda t: t.filter(col("at") < moment(DAY)))
    upto = view(source, "1h", transform=lambda t: t.filter(col("at") <= moment(DAY)))
    after = view(source, "1h", transform=lambda t: t.filter(col("at") > moment(4 * DAY - 1)))
    assert [only(one).rows for one in (late, either, before, upto, after)] == [DAY, 4 * DAY, DAY, 2 * DAY, 0]


def test_columns_of_conditions_are_read_and_not_kept(tmp_path: Path) -> None:
    folder = written(tmp_path)
    source = of.ParquetSource("readings", folder, time="at")
    plain = only(view(source, "1h"))
    filtered = only(view(source, "1h", transform=lambda t: t.filter(col("comment") != "")))
    comment = compressed(folder / "part-0000.parquet", {"comment"}, range(4))
    assert plain.stored_bytes is not None
    assert filtered.stored_bytes == plain.stored_bytes + comment
    assert filtered.memory_bytes == plain.memory_bytes


def test_files_without_statistics_count_whole(tmp_path: Path) -> None:
    pq.write_table(readings(0, 2 * DAY), tmp_path / "r.parquet", row_group_size=DAY, write_statistics=False)
    made = view(of.ParquetSource("readings", tmp_path / "r.parquet", time="at"), "1h")
    assert only(made, span=(micros(600), micros(660))).rows == 2 * DAY


def test_directories_globs_and_lists_are_their_files(tmp_path: Path) -> None:
    folder = written(tmp_path / "data", days=1, files=3)
    (folder / "_SUCCESS").write_text("")
    (folder / ".part-0000.parquet.crc").write_text("")
    (folder / "_temporary.parquet").write_text("not Parquet")
    for path in (folder, str(folder / "part-*.parquet"), sorted(folder.glob("part-*"))):
        found = only(view(of.ParquetSource("readings", path, time="at"), "1h"))
        assert (found.files, found.rows) == (3, 3 * DAY)
    assert only(view(of.ParquetSource("readings", folder / "part-0001.parquet", time="at"), "1h")).rows == DAY


def test_columns_that_are_folders_take_memory_and_nothing_in_files(tmp_path: Path) -> None:
    for site in ("north", "south"):
        written(tmp_path / f"site={site}", days=1)
    made = of.FeatureView(
        "by_site",
        source=of.ParquetSource("readings", tmp_path, time="at"),
        entity=of.Entity("site", keys=["site"]),
        features=[of.count().over("1h")],
    )
    found = only(made)
    assert found.rows == 2 * DAY
    assert found.stored_bytes == sum(
        compressed(tmp_path / f"site={site}" / "part-0000.parquet", {"at"}, range(1)) for site in ("north", "south")
    )
    assert found.memory_bytes is not None
    assert found.memory_bytes >= 2 * DAY * (8 + 16)


def test_lists_structs_and_columns_whose_names_have_points(tmp_path: Path) -> None:
    rows = pa.table(
        {
            "sensor": [1, 2],
            "at": pa.array([START, START], pa.timestamp("us", tz="UTC")),
            "tags": [["a", "b"], []],
            "tags.more": [1, 2],
            "place": [{"x": 1.5, "y": [{"z": 2.5}]}, None],
            "last": [3, 4],
        }
    )
    path = tmp_path / "tagged.parquet"
    pq.write_table(rows, path)

    def stored(attribute: str) -> int | None:
        source, entity = of.ParquetSource("tagged", path, time="at"), of.Entity("sensor", keys=["sensor"])
        return only(of.FeatureView("tagged", source=source, entity=entity, attributes=[attribute])).stored_bytes

    always = compressed(path, {"sensor", "at"}, range(1))
    assert stored("tags") == always + compressed(path, {"tags.list.element"}, range(1))
    assert stored("tags.more") == always + compressed(path, {"tags.more"}, range(1))
    assert stored("place") == always + compressed(path, {"place.x", "place.y.list.element.z"}, range(1))
    assert stored("last") == always + compressed(path, {"last"}, range(1))


# -- many files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def few_footers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let only four footers be read, and note which were."""
    read: list[str] = []
    original = pq.read_metadata

    def noted(path: Path) -> Any:
        read.append(path.name)
        return original(path)

    monkeypatch.setattr(footers, "_FEWEST_FOOTERS", 2)
    monkeypatch.setattr(footers, "_MOST_FOOTERS", 4)
    monkeypatch.setattr("onefold.choosing.footers.pq.read_metadata", noted)
    return read


def test_of_many_files_some_stand_for_all(few_footers: list[str], tmp_path: Path) -> None:
    folder = written(tmp_path, days=1, files=16)
    found = only(view(of.ParquetSource("readings", folder, time="at"), "1h"))
    # The first one says how large footers are.
    assert few_footers == [f"part-{number:04}.parquet" for number in (0, 0, 4, 8, 12)]
    assert found.files == 16
    assert found.remark == "judged by 4 of its 16 files"
    assert found.rows == pytest.approx(16 * DAY, rel=0.02)


def test_a_range_between_the_files_that_were_looked_at_is_taken_for_one_file(
    few_footers: list[str], tmp_path: Path
) -> None:
    folder = written(tmp_path, days=1, files=16)
    made = view(of.ParquetSource("readings", folder, time="at"), "1h")
    found = only(made, span=(micros(6 * DAY + 600), micros(6 * DAY + 700)))
    assert found.remark == "judged by 4 of its 16 files"
    assert found.rows == pytest.approx(DAY, rel=0.02)
    half = only(made, span=(micros(600), micros(8 * DAY)))
    assert half.rows == pytest.approx(8 * DAY, rel=0.02)


def test_of_files_with_large_footers_fewer_are_looked_at(
    few_footers: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path, days=2, files=6)
    made = view(of.ParquetSource("readings", folder, time="at"), "1h")
    monkeypatch.setattr(footers, "_MOST_CHUNKS", 3 * 2 * 4)  # four columns in two row groups, of three files
    assert only(made).remark == "judged by 3 of its 6 files"
    monkeypatch.setattr(footers, "_MOST_CHUNKS", 1)
    assert only(made).remark == "judged by 2 of its 6 files"
    assert only(made).rows == pytest.approx(12 * DAY, rel=0.02)


# -- other sources ---------------------------------------------------------------------------------------------------


def test_csv_is_judged_by_the_size_of_its_files(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    pyarrow.csv.write_csv(readings(0, 100), path)
    schema = {"sensor": "int64", "at": "timestamp[us, UTC]", "value": "float64", "comment": "string"}
    found = only(view(of.CsvSource("readings", path, time="at", schema=schema), "1h"))
    size = path.stat().st_size
    # Three of four columns are kept.
    assert (found.rows, found.stored_bytes, found.memory_bytes) == (None, size, round(size * 3 / 4))
    assert found.remark == "judged by the size of its files"


def test_compressed_text_counts_for_more(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"sensor": 1, "at": "2025-01-01 00:00:00+00:00", "value": 1.5}\n' * 100))
    schema = {"sensor": "int64", "at": "timestamp[us, UTC]", "value": "float64"}
    found = only(view(of.JsonSource("readings", path, time="at", schema=schema), "1h"))
    assert found.stored_bytes == path.stat().st_size
    assert found.memory_bytes == 5 * path.stat().st_size


def test_data_in_memory_is_as_large_as_it_is() -> None:
    rows = readings(0, 100)
    found = only(view(of.ArrowSource("readings", rows, time="at"), "1h"))
    assert (found.format, found.rows, found.stored_bytes, found.memory_bytes) == ("arrow", 100, 0, rows.nbytes)


def test_what_is_elsewhere_or_gone_or_broken_is_not_known(tmp_path: Path) -> None:
    schema = {"sensor": "int64", "at": "timestamp[us, UTC]", "value": "float64"}

    def found(path: str) -> SourceEstimate:
        return only(view(of.ParquetSource("readings", path, time="at", schema=schema), "1h"))

    remote = found("s3://key:secret@bucket/readings")
    assert remote.memory_bytes is remote.rows is remote.stored_bytes is None
    assert remote.remark == "its files are not on this machine"
    (tmp_path / "broken.parquet").write_text("not Parquet")
    broken = found(str(tmp_path / "broken.parquet"))
    assert broken.memory_bytes is None
    assert broken.remark == "a footer can not be read (ArrowInvalid)"
    gone = found(str(tmp_path / "absent.parquet"))
    assert (gone.files, gone.rows) == (0, 0)


def test_a_source_counts_for_each_different_way_in_which_it_is_read(tmp_path: Path) -> None:
    rows = of.table(of.ParquetSource("readings", written(tmp_path), time="at"))

    def shares(of_rows: of.Table) -> FeatureView:
        largest = of_rows.group_by("sensor").agg(of.max("value").named("largest"))
        return of.FeatureView(
            "share",
            source=rows.join(largest, on="sensor").with_columns(share=col("value") / col("largest")),
            time="at",
            entity=of.Entity("sensor", keys=["sensor"]),
            features=[of.mean("share").over("1h")],
        )

    assert [one.rows for one in estimate(shares(rows)).sources] == [4 * DAY]
    twice = estimate(shares(rows.filter(col("at") < moment(DAY))))
    assert sorted(one.rows or 0 for one in twice.sources) == [DAY, 4 * DAY]
    assert twice.rows == 5 * DAY


# -- tables that live in an engine -----------------------------------------------------------------------------------

SALES = Table(
    name="sales",
    format="table",
    paths=("shop.sales",),
    columns=Schema.of(sensor="int64", at="timestamp[us, UTC]", value="float64"),
    home="warehouse",
)


class Knowing:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def statistics(self, table: Table) -> TableStatistics | None:
        assert table == SALES
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("session", "rows", "size", "remark"),
    [
        (Knowing(TableStatistics(rows=10, bytes=2_000)), 10, 2_000, ""),
        (Knowing(TableStatistics(rows=10)), 10, None, "warehouse does not know its size"),
        (Knowing(None), None, None, "warehouse keeps no statistics of it"),
        (object(), None, None, "warehouse keeps no statistics of it"),
        (Knowing(EngineError("no such role", engine="warehouse")), None, None,
         "warehouse can not be asked: engine 'warehouse' failed: no such role"),
    ],
    ids=["both", "rows alone", "nothing", "does not offer it", "fails"],
)  # fmt: skip
def test_a_table_is_as_large_as_its_engine_says(
    session: Any, rows: int | None, size: int | None, remark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def session_for(engine: str, options: Any) -> Any:
        asked.append((engine, options))
        return session

    monkeypatch.setattr(estimating, "session_for", session_for)
    made = of.FeatureView(
        "sold",
        source=of.Table(Scan(table=SALES), {}),
        time="at",
        entity=of.Entity("sensor", keys=["sensor"]),
        features=[of.mean("value").over("1h")],
    )
    found = estimate(made, options={"warehouse": {"role": "reader"}})
    assert asked == [("warehouse", {"role": "reader"})]
    assert found.sources == (SourceEstimate("sales", "table", "warehouse", 0, rows, size, size, remark),)
    assert found.homes == ("warehouse",)
