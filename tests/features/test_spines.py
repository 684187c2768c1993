"""Spines: every form in which they come, and what is said about their time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.features.data import NOON

from onefold import features as of
from onefold.errors import DefinitionError, SourceError
from onefold.features import spine_table
from onefold.plan import Input, Project, Scan

SPINE = pa.table({"carrier": ["UA"], "t": pa.array([NOON], pa.timestamp("us", tz="UTC"))})
NAIVE = pa.table({"carrier": ["UA"], "t": pa.array([NOON.replace(tzinfo=None)], pa.timestamp("us"))})
SHOWN = "carrier: string, t: timestamp[us, UTC]"


def test_tables_frames_sources_and_files_are_spines(tmp_path: Path) -> None:
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    pq.write_table(SPINE, tmp_path / "spine.parquet")
    forms: list[Any] = [
        *(SPINE, SPINE.to_reader(), SPINE.to_batches()[0], polars.from_arrow(SPINE), SPINE.to_pandas()),
        *(of.ArrowSource("s", SPINE), of.table(SPINE), {"carrier": ["UA"], "t": [NOON]}),
        *(tmp_path / "spine.parquet", str(tmp_path / "spine.parquet"), tmp_path),
    ]
    assert isinstance(forms[4], pandas.DataFrame)
    for form in forms:
        assert str(spine_table(form, time="t").schema) == SHOWN


def test_a_spine_in_memory_is_an_input_and_a_file_is_a_scan(tmp_path: Path) -> None:
    pq.write_table(SPINE, tmp_path / "spine.parquet")
    assert isinstance(spine_table(SPINE, time="t").relation, Input)
    assert isinstance(spine_table(tmp_path / "spine.parquet", time="t").relation, Scan)


def test_a_spine_is_converted_to_portable_types() -> None:
    table = pa.table({"n": pa.array([1], pa.int8()), "t": pa.array([NOON], pa.timestamp("ms", tz="Europe/Paris"))})
    spine = spine_table(table, time="t")
    assert spine.bindings["spine"].to_pylist() == [{"n": 1, "t": NOON}]
    assert str(spine.schema) == "n: int64, t: timestamp[us, UTC]"


@pytest.mark.parametrize("form", [NAIVE, of.table(NAIVE), of.ArrowSource("s", NAIVE)], ids=["data", "table", "source"])
def test_a_naive_time_is_refused_unless_it_is_stated_to_be_utc(form: Any) -> None:
    with pytest.raises(DefinitionError, match=r"time 't' of the spine must be an instant.*naive.*time_zone='UTC'"):
        spine_table(form, time="t")
    spine = spine_table(form, time="t", time_zone="UTC")
    assert str(spine.schema) == SHOWN
    if isinstance(spine.relation, Input):
        assert spine.bindings["spine"]["t"].to_pylist() == [NOON]
    else:
        assert isinstance(spine.relation, Project)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([NOON.date()]), r"date32.*at which moment of the day"),
        (pa.array(["2013-01-01"]), r"string.*Parse it into an instant first"),
        (pa.array([1]), r"int64.*If it counts seconds"),
        (pa.array([True]), r"bool.*Name another column"),
    ],
    ids=str,
)
def test_a_time_that_is_no_instant(column: pa.Array, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        spine_table(pa.table({"t": column}), time="t")


def test_a_time_that_is_missing() -> None:
    with pytest.raises(DefinitionError, match=r"time 'at' of the spine is not one of its columns.*'carrier', 't'"):
        spine_table(SPINE, time="at")


def test_another_time_zone() -> None:
    with pytest.raises(DefinitionError, match=r"time_zone='Europe/Paris' of the spine: only 'UTC' is accepted"):
        spine_table(NAIVE, time="t", time_zone="Europe/Paris")


@pytest.mark.parametrize(
    ("form", "error", "message"),
    [
        (None, DefinitionError, r"The spine is None"),
        (3, DefinitionError, r"takes a pyarrow table"),
        ("spine.xlsx", DefinitionError, r"neither a Parquet file .* nor a CSV file"),
        ("no-such-spine.parquet", SourceError, r"there is no file 'no-such-spine\.parquet'"),
    ],
    ids=str,
)
def test_what_is_no_spine(form: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        spine_table(form, time="t")


def test_an_empty_spine_keeps_its_types() -> None:
    spine = spine_table(SPINE.slice(0, 0), time="t")
    assert str(spine.schema) == SHOWN
    assert spine.bindings["spine"].num_rows == 0


def test_times_before_1970_and_nulls_pass() -> None:
    early = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
    table = pa.table({"t": pa.array([early, None], pa.timestamp("us", tz="UTC"))})
    assert spine_table(table, time="t").bindings["spine"]["t"].to_pylist() == [early, None]
