"""Long statements: cancelled, timed out, waited for, or left to run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector import SnowflakeConnection
from snowflake.connector.constants import QueryStatus
from snowflake.connector.errors import DatabaseError, ProgrammingError

from onefold_snowflake_emulator import Emulator

Run = Callable[..., list[tuple[Any, ...]]]

LONG = """
SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 100000)) a, TABLE(GENERATOR(ROWCOUNT => 100000)) b
WHERE HASH(RANDOM()) = 1
""".strip()
"""A statement that takes minutes if nobody stops it."""

SECONDS = 10
"""Far less than it takes, and far more than stopping it does."""


def _one(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchone()


@pytest.fixture
def quick() -> Iterator[Emulator]:
    """A server that tells clients to wait, rather than keep them waiting, after a moment."""
    with Emulator(answer_within=0.05) as running:
        yield running


def _wait_until_running(server: Emulator, count: int = 1) -> None:
    deadline = time.monotonic() + SECONDS
    while sum(each.text == LONG and each.seconds is None for each in server.statements) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.1)


def test_a_timeout_of_the_client_stops_the_statement(connection: SnowflakeConnection, server: Emulator) -> None:
    begun = time.monotonic()
    with pytest.raises(ProgrammingError):
        connection.cursor().execute(LONG, timeout=1)
    assert time.monotonic() - begun < SECONDS
    assert server.statements[-1].error == "SQL execution canceled"
    assert server.statements[-1].seconds is not None
    assert _one(connection, "SELECT 1") == (1,)


def test_the_sessions_time_limit_stops_the_statement(run: Run) -> None:
    run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    with pytest.raises(DatabaseError, match="timeout of 1 second") as raised:
        run(LONG)
    assert raised.value.errno == 630
    assert run("SELECT 1") == [(1,)]


def test_the_statements_time_limit_stops_it(run: Run) -> None:
    with pytest.raises(DatabaseError, match="timeout of 1 second"):
        run(LONG, _statement_params={"STATEMENT_TIMEOUT_IN_SECONDS": 1})


def test_another_session_cancels_by_number(server: Emulator, connection: SnowflakeConnection) -> None:
    failed: list[BaseException] = []

    def runs() -> None:
        with snowflake.connector.connect(**server.connection) as own:
            try:
                own.cursor().execute(LONG)
            except ProgrammingError as error:
                failed.append(error)

    thread = threading.Thread(target=runs)
    thread.start()
    _wait_until_running(server)
    number = server.statements[-1].query_id
    told = _one(connection, f"SELECT SYSTEM$CANCEL_QUERY('{number}')")
    thread.join(SECONDS)
    assert not thread.is_alive()
    assert told == (f"query [{number}] terminated.",)
    assert [getattr(error, "errno", None) for error in failed] == [604]


def test_a_session_cancels_its_own_while_it_runs(connection: SnowflakeConnection, server: Emulator) -> None:
    cursor = connection.cursor()
    cursor.execute_async(LONG)
    number = cursor.sfqid
    assert number is not None
    _wait_until_running(server)
    connection.cursor().execute(f"SELECT SYSTEM$CANCEL_ALL_QUERIES({connection.session_id})")
    deadline = time.monotonic() + SECONDS
    while connection.is_still_running(connection.get_query_status(number)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert connection.get_query_status(number) == QueryStatus.ABORTED
    assert _one(connection, "SELECT 1") == (1,)


def test_a_cursor_aborts_by_number(connection: SnowflakeConnection, server: Emulator) -> None:
    cursor = connection.cursor()
    cursor.execute_async(LONG)
    _wait_until_running(server)
    assert cursor.sfqid is not None
    assert cursor.abort_query(cursor.sfqid)
    connection.cursor().execute("SELECT 1")  # the session is free again
    with pytest.raises(DatabaseError, match="canceled"):
        connection.cursor().execute(f"SELECT * FROM TABLE(RESULT_SCAN('{cursor.sfqid}'))")


def test_what_is_cancelled_changes_nothing(run: Run, server: Emulator) -> None:
    run("CREATE OR REPLACE TABLE untouched (a INT)")
    with pytest.raises(DatabaseError):
        run(f"INSERT INTO untouched {LONG}", timeout=1)
    assert run("SELECT COUNT(*) FROM untouched") == [(0,)]


def test_a_statement_that_waits_for_its_session_can_be_cancelled(
    connection: SnowflakeConnection, server: Emulator
) -> None:
    first, second = connection.cursor(), connection.cursor()
    first.execute_async(LONG)
    _wait_until_running(server)
    second.execute_async("SELECT 1 AS waiting")
    assert first.sfqid is not None
    assert second.sfqid is not None
    second.abort_query(second.sfqid)
    first.abort_query(first.sfqid)
    deadline = time.monotonic() + SECONDS
    while any(connection.is_still_running(connection.get_query_status(each)) for each in (first.sfqid, second.sfqid)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert connection.get_query_status(second.sfqid) == QueryStatus.ABORTED


def test_a_detached_statement_is_asked_for_later(connection: SnowflakeConnection) -> None:
    cursor = connection.cursor()
    cursor.execute_async("SELECT n FROM (VALUES (1), (2), (3), (4), (5)) v (n) ORDER BY n")
    number = cursor.sfqid
    assert number is not None
    other = connection.cursor()
    other.get_results_from_sfqid(number)
    assert other.fetchall() == [(1,), (2,), (3,), (4,), (5,)]
    assert connection.get_query_status(number) == QueryStatus.SUCCESS
    again = connection.cursor()
    again.get_results_from_sfqid(number)
    assert sum(batch.num_rows for batch in again.fetch_arrow_batches()) == 5


def test_a_detached_statement_that_fails_says_why(connection: SnowflakeConnection) -> None:
    cursor = connection.cursor()
    cursor.execute_async("SELECT 1 / 0")
    number = cursor.sfqid
    assert number is not None
    deadline = time.monotonic() + SECONDS
    while connection.is_still_running(connection.get_query_status(number)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with pytest.raises(ProgrammingError, match="Division by zero"):
        connection.get_query_status_throw_if_error(number)


def test_the_last_result_can_be_scanned(run: Run) -> None:
    run("SELECT 5 AS five")
    assert run("SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))") == [(5,)]


def test_a_client_polls_for_a_statement_that_takes_long(quick: Emulator) -> None:
    with snowflake.connector.connect(**quick.connection) as connection:
        text = "SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 5000)) a, TABLE(GENERATOR(ROWCOUNT => 5000)) b"
        text += " WHERE HASH(RANDOM()) <> 1"
        assert _one(connection, text) == (25_000_000,)


def test_sessions_run_side_by_side(server: Emulator) -> None:
    results: list[Any] = []

    def runs(number: int) -> None:
        with snowflake.connector.connect(**server.connection) as own:
            for _ in range(5):
                own.cursor().execute(f"CREATE OR REPLACE TEMPORARY TABLE own AS SELECT {number} AS n")
                results.append((number, _one(own, "SELECT n FROM own")))

    threads = [threading.Thread(target=runs, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted((number, (number,)) for number in range(4) for _ in range(5))


def test_stopping_the_server_stops_what_runs() -> None:
    with Emulator() as server:
        connection = snowflake.connector.connect(**server.connection)
        connection.cursor().execute_async(LONG)
        _wait_until_running(server)
        begun = time.monotonic()
    assert time.monotonic() - begun < SECONDS
    assert server.statements[0].error == "SQL execution canceled"
    with pytest.raises(RuntimeError, match="does not run"):
        server.expire_sessions()
