"""A real Snowpark session over the emulator."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import warnings
from collections.abc import Iterator

import pyarrow as pa
import pytest
from snowflake.snowpark import Session, Window
from snowflake.snowpark import functions as F  # noqa: N812
from snowflake.snowpark.exceptions import SnowparkSQLException

from onefold_snowflake_emulator import Emulator


@pytest.fixture
def session(server: Emulator) -> Iterator[Session]:
    opened = Session.builder.configs(server.connection).create()
    yield opened
    opened.close()


def test_sql_and_columns(session: Session) -> None:
    frame = session.sql("SELECT 1::NUMBER(38,0) AS \"n\", 'x' AS s, '2024-01-01'::TIMESTAMP_NTZ AS t")
    assert [(field.name, field.datatype.simple_string()) for field in frame.schema.fields] == [
        ('"n"', "bigint"),
        ("S", "string"),
        ("T", "timestamp_ntz"),
    ]
    row = frame.collect()[0]
    assert (row["n"], row["S"], row["T"]) == (1, "x", dt.datetime.fromisoformat("2024-01-01"))


def test_frames_made_here(session: Session) -> None:
    frame = session.create_dataframe([[1, "a", 0.5], [2, None, None]], schema=["n", "s", "x"])
    frame.write.save_as_table("made", mode="overwrite")
    table = session.table("made")
    assert table.filter(F.col("n") > 1).count() == 1
    assert table.agg(F.sum("n"), F.avg("x")).collect()[0][0] == 3
    assert sorted(row["N"] for row in table.collect()) == [1, 2]


def test_windows_and_temporary_tables(session: Session) -> None:
    frame = session.create_dataframe([["a", 1], ["a", 2], ["b", 3]], schema=["k", "x"])
    latest = frame.with_column("r", F.row_number().over(Window.partition_by("k").order_by(F.desc("x"))))
    latest.filter(F.col("r") == 1).write.save_as_table("latest", table_type="temp", mode="overwrite")
    assert sorted(tuple(row) for row in session.table("latest").select("k", "x").collect()) == [("a", 2), ("b", 3)]


def test_arrow(session: Session) -> None:
    frame = session.sql("SELECT n FROM (VALUES (1), (2), (3), (4), (5)) v (n) ORDER BY n")
    batches = list(frame.to_arrow_batches())
    assert [batch.num_rows for batch in batches] == [3, 2]  # the server's chunks
    assert pa.concat_tables(batches).column("N").to_pylist() == [1, 2, 3, 4, 5]


def test_tags(session: Session, server: Emulator) -> None:
    session.query_tag = "all of them"
    session.sql("SELECT 1").collect(statement_params={"QUERY_TAG": "this one"})
    assert server.statements[-1].parameters["QUERY_TAG"] == "this one"


def test_the_connector_of_a_session(session: Session) -> None:
    cursor = session.connection.cursor()
    cursor.execute("SELECT 1 AS a")
    assert [batch.to_pylist() for batch in cursor.fetch_arrow_batches()] == [[{"A": 1}]]


def test_views_and_cached_results(session: Session) -> None:
    frame = session.sql("SELECT 5 AS a")
    frame.create_or_replace_temp_view("seen")
    assert session.table("seen").collect()[0][0] == 5
    assert frame.cache_result().collect()[0][0] == 5


def test_detached_jobs(session: Session) -> None:
    job = session.sql("SELECT 7 AS a").collect_nowait()
    assert job.result()[0]["A"] == 7


def test_errors_are_snowparks(session: Session) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(SnowparkSQLException, match="does not exist") as raised:
            session.table("nowhere").collect()
    assert raised.value.sql_error_code == 2003


def test_a_program_ends_although_it_closes_nothing() -> None:
    program = """
from snowflake.snowpark import Session
from onefold_snowflake_emulator import Emulator
server = Emulator()
server.start()
print(Session.builder.configs(server.connection).create().sql("SELECT 1").collect())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "1" in done.stdout
