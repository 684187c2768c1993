"""Texts without a server: conversions that refuse a loss, errors as people see them, queries with their inputs."""

from __future__ import annotations

import pytest
from snowflake.connector.errors import DatabaseError, OperationalError, ProgrammingError

from onefold.errors import ConfigurationError, EngineError, SourceError
from onefold.types import INT64, TIMESTAMP, TIMESTAMP_UTC, DataType, parse_type
from onefold_snowflake.conversions import Found, conversion, portable_type
from onefold_snowflake.failures import not_connected, session_is_gone, translated
from onefold_snowflake.inline import with_tables
from onefold_snowflake.names import table_of

SECRET = "correct-horse-battery-staple"


def test_times_with_nanoseconds_are_an_error_that_says_which_column() -> None:
    """The emulator has no nanoseconds, so that only the text can be looked at."""
    text = conversion('"AT"', Found("TIMESTAMP_NTZ", None, 9), TIMESTAMP, "'at' of the source 'trips'")
    assert text == (
        'CASE WHEN MOD(DATE_PART(NANOSECOND, "AT"), 1000) <> 0 THEN TO_TIMESTAMP_NTZ('
        "'onefold source: the column ''at'' of the source ''trips'' holds a time with nanoseconds, which microseconds can "
        'not hold: \' || TO_CHAR("AT"), \'YYYY-MM-DD HH24:MI:SS.FF6\') ELSE CAST("AT" AS TIMESTAMP_NTZ(6)) END'
    )
    told = (
        "100035 (22007): Timestamp 'onefold source: the column 'at' of the source 'trips' holds a time with nanoseconds, "
        "which microseconds can not hold: 2024-01-01 00:00:00.123456789' is not recognized"
    )
    error = translated(ProgrammingError(told), "SELECT 1")
    assert isinstance(error, SourceError)
    assert str(error) == (
        "The column 'at' of the source 'trips' holds a time with nanoseconds, which microseconds can not hold: "
        "2024-01-01 00:00:00.123456789"
    )


@pytest.mark.parametrize(
    ("found", "dtype", "expected"),
    [
        (Found("TIMESTAMP_NTZ", None, 6), TIMESTAMP, 'CAST("c" AS TIMESTAMP_NTZ(6))'),
        (Found("TIMESTAMP_LTZ", None, 3), TIMESTAMP_UTC, "CAST(CONVERT_TIMEZONE('UTC', \"c\") AS TIMESTAMP_NTZ(6))"),
        (Found("TIMESTAMP_NTZ", None, 6), TIMESTAMP_UTC, None),
        (Found("TIMESTAMP_TZ", None, 6), TIMESTAMP, None),
        (Found("FIXED", 18, 0), INT64, 'CAST("c" AS NUMBER(19, 0))'),
        (Found("FIXED", 10, 2), INT64, None),
        (Found("FIXED", 10, 2), parse_type("decimal128(10, 2)"), '"c"'),
        (Found("FIXED", 10, 2), parse_type("decimal128(12, 4)"), 'CAST("c" AS NUMBER(12, 4))'),
        (Found("FIXED", 10, 2), parse_type("decimal128(10, 3)"), None),
        (Found("FIXED", 10, 2), parse_type("decimal128(10, 1)"), None),
        (Found("VARIANT"), parse_type("string"), None),
        (Found("TIME", None, 9), parse_type("string"), None),
    ],
)
def test_conversions(found: Found, dtype: DataType, expected: str | None) -> None:
    assert conversion('"c"', found, dtype, "'c'") == expected


@pytest.mark.parametrize("kind", ["VARIANT", "OBJECT", "ARRAY", "TIME", "GEOGRAPHY", "VECTOR"])
def test_types_that_nothing_can_hold(kind: str) -> None:
    assert portable_type(Found(kind)) is None


def test_errors_of_statements() -> None:
    gone = ProgrammingError("Session no longer exists.", errno=390111)
    assert session_is_gone(gone)
    assert not session_is_gone(ProgrammingError("Object does not exist.", errno=2003))
    nothing = translated(ProgrammingError("Object 'T' does not exist.", errno=2003), "SELECT 1", (SECRET,))
    assert "what the option role may see" in str(nothing)
    lost = translated(OperationalError(f"lost the way to {SECRET}"), f"SELECT '{SECRET}'", (SECRET,))
    assert isinstance(lost, EngineError)
    assert SECRET not in str(lost) + str(lost.query)


def test_errors_of_logins() -> None:
    refused = not_connected(DatabaseError(f"Incorrect password {SECRET}", errno=250001), (SECRET,))
    assert isinstance(refused, ConfigurationError)
    assert SECRET not in str(refused)
    assert isinstance(not_connected(OperationalError("no route to host", errno=250001), ()), EngineError)


def test_queries_with_their_inputs() -> None:
    assert with_tables("SELECT 1", {}) == "SELECT 1"
    assert with_tables("SELECT 1", {"a": "SELECT 2"}) == 'WITH "a" AS (SELECT 2) SELECT 1'
    assert with_tables('WITH "b" AS (SELECT 3) SELECT 1', {"a": "SELECT 2"}) == (
        'WITH "a" AS (SELECT 2), "b" AS (SELECT 3) SELECT 1'
    )


def test_names_of_tables_mean_one_table() -> None:
    assert table_of('raw."Trips"', what="a test").sql("snowflake") == '"RAW"."Trips"'
    assert table_of('"a.b"', what="a test").sql("snowflake") == '"a.b"'
