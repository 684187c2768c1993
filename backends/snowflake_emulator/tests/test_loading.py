"""Loading: PUT through the connector's own code, and COPY INTO, which loads all rows or none."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from snowflake.connector import SnowflakeConnection
from snowflake.connector.errors import DatabaseError, ProgrammingError

from onefold_snowflake_emulator import Emulator

Run = Callable[..., list[tuple[Any, ...]]]

FORMAT = "FILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE BINARY_AS_TEXT = FALSE)"


def _all(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchall()


def _write(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path, coerce_timestamps="us")
    return path


@pytest.fixture
def stage(run: Run) -> str:
    run('CREATE OR REPLACE TEMPORARY STAGE "DB1"."S1"."job"')
    return '@"DB1"."S1"."job"'


def _put(run: Run, path: Path, target: str) -> list[tuple[Any, ...]]:
    return run(f"PUT 'file://{path}' '{target}' PARALLEL=4 AUTO_COMPRESS=FALSE OVERWRITE=TRUE")


def test_every_type_is_loaded_by_the_transform_form(run: Run, stage: str, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "part-0.parquet",
        **{
            "id": pa.array([1, 2], pa.int64()),
            "Mixed Case": pa.array(["a", None]),
            "big": pa.array([Decimal(10**30), None], pa.decimal128(38, 0)),
            "ts": pa.array([dt.datetime.fromisoformat("2024-01-01 00:00:00.000001"), None], pa.timestamp("us")),
            "utc": pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC), None], pa.timestamp("us", "UTC")),
            "day": pa.array([dt.date(2024, 2, 29), None], pa.date32()),
            "x": pa.array([0.5, float("nan")], pa.float64()),
            "b": pa.array([b"\x00\xff", None], pa.binary()),
            "ok": pa.array([True, None], pa.bool_()),
        },
    )
    assert _put(run, path, f"{stage}/load")[0][6] == "UPLOADED"
    run(
        'CREATE OR REPLACE TEMPORARY TABLE "t" ("id" NUMBER(38,0), "Mixed Case" VARCHAR, "big" NUMBER(38,0), '
        '"ts" TIMESTAMP_NTZ(6), "utc" TIMESTAMP_LTZ(6), "day" DATE, "x" FLOAT, "b" BINARY, "ok" BOOLEAN)'
    )
    loaded = run(
        'COPY INTO "t" ("id", "Mixed Case", "big", "ts", "utc", "day", "x", "b", "ok") FROM (SELECT $1:"id"::NUMBER(38,0), '
        '$1:"Mixed Case"::VARCHAR, $1:"big"::NUMBER(38,0), $1:"ts"::TIMESTAMP_NTZ(6), $1:"utc"::TIMESTAMP_LTZ(6), '
        f'$1:"day"::DATE, $1:"x"::FLOAT, $1:"b"::BINARY, $1:"ok"::BOOLEAN FROM {stage}/load) {FORMAT} '
        "PURGE = TRUE ON_ERROR = ABORT_STATEMENT"
    )
    assert [row[:4] for row in loaded] == [("load/part-0.parquet", "LOADED", 2, 2)]
    rows = run('SELECT * FROM "t" ORDER BY "id"')
    assert rows[0] == (
        1,
        "a",
        10**30,
        dt.datetime.fromisoformat("2024-01-01 00:00:00.000001"),
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        dt.date(2024, 2, 29),
        0.5,
        b"\x00\xff",
        True,
    )
    assert rows[1][:6] == (2, None, None, None, None, None)
    assert rows[1][6] != rows[1][6]
    assert rows[1][7:] == (None, None)
    assert run(f"LIST {stage}") == []  # purged


def test_a_copy_loads_all_files_or_none(run: Run, stage: str, tmp_path: Path) -> None:
    for number, values in enumerate((["1", "2"], ["3", "no number"])):
        _put(run, _write(tmp_path / f"{number}.parquet", a=pa.array(values)), stage)
    run('CREATE OR REPLACE TABLE "all_or_none" ("a" NUMBER(38,0))')
    with pytest.raises(DatabaseError) as raised:
        run(f'COPY INTO "all_or_none" ("a") FROM (SELECT $1:"a"::NUMBER(38,0) FROM {stage}) {FORMAT} PURGE = TRUE')
    assert raised.value.errno == 100038
    assert run('SELECT COUNT(*) FROM "all_or_none"') == [(0,)]
    assert len(run(f"LIST {stage}")) == 2  # nothing is purged


def test_a_key_that_the_file_has_not_is_null_whatever_its_case(run: Run, stage: str, tmp_path: Path) -> None:
    _put(run, _write(tmp_path / "f.parquet", a=pa.array([1])), stage)
    run('CREATE OR REPLACE TEMPORARY TABLE "keys" ("a" INT, "A" INT, "z" INT)'.replace('"A"', '"other"'))
    run(f'COPY INTO "keys" FROM (SELECT $1:"a"::INT, $1:"A"::INT, $1:"z"::INT FROM {stage}) {FORMAT}')
    assert run('SELECT * FROM "keys"') == [(1, None, None)]


@pytest.mark.parametrize(("how", "expected"), [("CASE_SENSITIVE", (None, 2)), ("CASE_INSENSITIVE", (1, 2))])
def test_columns_matched_by_name(
    run: Run, stage: str, tmp_path: Path, how: str, expected: tuple[int | None, int]
) -> None:
    _put(run, _write(tmp_path / "f.parquet", a=pa.array([1]), B=pa.array([2])), stage)
    run("CREATE OR REPLACE TEMPORARY TABLE matched (a INT, b INT)")
    run(f"COPY INTO matched FROM {stage} {FORMAT} MATCH_BY_COLUMN_NAME = {how}")
    assert run("SELECT * FROM matched") == [expected]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("FILE_FORMAT = (TYPE = PARQUET)", "USE_LOGICAL_TYPE"),
        ("FILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE)", "BINARY_AS_TEXT"),
        ("FILE_FORMAT = (TYPE = CSV)", "not Parquet"),
        (f"{FORMAT} ON_ERROR = CONTINUE", "ON_ERROR"),
        (f"{FORMAT} VALIDATION_MODE = RETURN_ERRORS", "VALIDATION_MODE"),
    ],
)
def test_options_that_would_load_something_else_are_refused(
    run: Run, stage: str, tmp_path: Path, options: str, message: str
) -> None:
    columns = {"ts": pa.array([dt.datetime.fromisoformat("2024-01-01")], pa.timestamp("us")), "b": pa.array([b"x"])}
    _put(run, _write(tmp_path / "f.parquet", **columns), stage)
    run("CREATE OR REPLACE TEMPORARY TABLE refused (ts TIMESTAMP_NTZ, b BINARY)")
    with pytest.raises(ProgrammingError, match=message):
        run(f'COPY INTO refused FROM (SELECT $1:"ts"::TIMESTAMP_NTZ, $1:"b"::BINARY FROM {stage}) {options}')


def test_a_copy_of_no_files_says_so(run: Run, stage: str) -> None:
    run("CREATE OR REPLACE TEMPORARY TABLE empty (a INT)")
    rows = run(f'COPY INTO empty FROM (SELECT $1:"a"::INT FROM {stage}) {FORMAT}')
    assert rows == [("Copy executed with 0 files processed.",)]


def test_a_copy_takes_part_in_a_transaction(run: Run, stage: str, tmp_path: Path) -> None:
    _put(run, _write(tmp_path / "f.parquet", a=pa.array([1])), stage)
    run("CREATE OR REPLACE TABLE part (a INT)")
    run("BEGIN")
    run(f'COPY INTO part FROM (SELECT $1:"a"::INT FROM {stage}) {FORMAT}')
    run("ROLLBACK")
    assert run("SELECT COUNT(*) FROM part") == [(0,)]


def test_an_uploaded_file_is_compressed_by_the_client_if_asked(
    run: Run, server: Emulator, stage: str, tmp_path: Path
) -> None:
    (tmp_path / "text.csv").write_text("a,b\n")
    uploaded = run(f"PUT 'file://{tmp_path / 'text.csv'}' '{stage}' AUTO_COMPRESS=TRUE")
    assert uploaded[0][:2] == ("text.csv", "text.csv.gz")
    assert server._folder is not None
    (found,) = Path(server._folder.name).rglob("text.csv.gz")
    assert gzip.decompress(found.read_bytes()) == b"a,b\n"
    assert [row[0] for row in run(f"LIST {stage}")] == ["job/text.csv.gz"]
    run(f"REMOVE {stage}")
    assert run(f"LIST {stage}") == []


def test_several_files_of_a_pattern_are_uploaded(run: Run, stage: str, tmp_path: Path) -> None:
    for number in range(3):
        _write(tmp_path / f"part-{number}.parquet", a=pa.array([number]))
    assert len(_put(run, tmp_path / "part-*.parquet", f"{stage}/many")) == 3
    run("CREATE OR REPLACE TEMPORARY TABLE many (a INT)")
    run(f'COPY INTO many FROM (SELECT $1:"a"::INT FROM {stage}/many) {FORMAT}')
    assert run("SELECT a FROM many ORDER BY a") == [(0,), (1,), (2,)]


def test_stages_that_do_not_exist_are_refused(run: Run, tmp_path: Path) -> None:
    path = _write(tmp_path / "f.parquet", a=pa.array([1]))
    with pytest.raises(ProgrammingError, match=r"Stage 'DB1\.S1\.NOWHERE' does not exist"):
        _put(run, path, "@nowhere")
    run("CREATE STAGE IF NOT EXISTS there")
    run("DROP STAGE there")
    with pytest.raises(ProgrammingError, match="does not exist"):
        run("DROP STAGE there")
    run("DROP STAGE IF EXISTS there")


def test_a_path_cannot_leave_its_stage(server: Emulator, run: Run, stage: str, tmp_path: Path) -> None:
    path = _write(tmp_path / "f.parquet", a=pa.array([1]))
    with pytest.raises(DatabaseError):
        _put(run, path, f"{stage}/../../../outside")


def test_temporary_stages_end_with_their_session(server: Emulator) -> None:
    import snowflake.connector

    with snowflake.connector.connect(**server.connection) as connection:
        connection.cursor().execute("CREATE TEMPORARY STAGE passing")
        assert _all(connection, "LIST @passing") == []
    with (
        snowflake.connector.connect(**server.connection) as connection,
        pytest.raises(ProgrammingError, match="does not exist"),
    ):
        connection.cursor().execute("LIST @passing")


def test_the_users_own_stage_is_always_there(run: Run, tmp_path: Path, connection: SnowflakeConnection) -> None:
    _put(run, _write(tmp_path / "f.parquet", a=pa.array([1])), "@~/mine")
    assert [row[0] for row in run("LIST @~/mine")] == ["_/mine/f.parquet"]
    run("REMOVE @~/mine")
