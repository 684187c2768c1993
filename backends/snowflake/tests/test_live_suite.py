"""The live suite, on an emulator: what it runs again, what it keeps, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector
from backends.snowflake.tests.live.account import own_schema
from backends.snowflake.tests.live.golden import golden_statements
from backends.snowflake.tests.live.results import KEPT, Result, Results, file_for
from backends.snowflake.tests.live.sent import key_of, recorded

from onefold_snowflake_emulator import Emulator

ASKED = ("-m", "snowflake_live", "--snowflake-connection", "emulated")
SUITE = Path(__file__).parent / "live"


def pytest_on(server: Emulator | None, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the live suite as a person would, with a profile that leads to an emulator."""
    lines = [] if server is None else [f"{name} = {json.dumps(value)}\n" for name, value in server.connection.items()]
    (folder / "connections.toml").write_text(f"[emulated]\n{''.join(lines)}")
    (folder / "connections.toml").chmod(0o600)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", SUITE, *arguments],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "SNOWFLAKE_HOME": str(folder),
            "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_cases_run_in_a_schema_of_their_own_and_not_again(server: Emulator, tmp_path: Path) -> None:
    kept, results = KEPT.read_text("utf-8"), tmp_path / "results.json"
    asked = (*ASKED, "--snowflake-cases", "as-of-exact/at-t", "--snowflake-results", str(results))
    done = pytest_on(server, tmp_path, *asked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed, 2 skipped" in done.stdout
    about = [statement.text.split() for statement in server.statements if " SCHEMA " in statement.text]
    assert [words[0] for words in about] == ["CREATE", "DROP"]
    assert about[0][3] == about[1][4]
    document = json.loads(results.read_text())
    assert document["server"] == "emulator"
    ended = {case: result["outcome"] for each in document["results"].values() for case, result in each.items()}
    assert ended == {"time/as-of-exact/at-t": "pass", "time/as-of-exact/at-t-included": "pass"}
    server.statements.clear()
    again = pytest_on(server, tmp_path, *asked)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "4 skipped" in again.stdout
    assert "with the same SQL" in again.stdout
    assert not [statement.text for statement in server.statements if statement.text.startswith(("WITH", "SELECT CAST"))]
    assert KEPT.read_text("utf-8") == kept


def test_functions_run_each_time(server: Emulator, tmp_path: Path) -> None:
    for _ in range(2):
        done = pytest_on(server, tmp_path, *ASKED, "--snowflake-cases", "functions/", "-k", "test_function")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "3 passed" in done.stdout
    made = [one for one in server.statements if one.text.startswith("CREATE OR REPLACE TEMPORARY FUNCTION")]
    assert len(made) == 6


def test_what_an_emulator_says_is_not_kept_as_what_snowflake_says() -> None:
    assert file_for("emulator", None) is None
    assert file_for("snowflake", None) == KEPT
    with pytest.raises(ValueError, match="holds no results of the server 'emulator', but 'snowflake'"):
        Results.read(KEPT, "emulator")


def test_without_an_account(tmp_path: Path) -> None:
    unasked = pytest_on(None, tmp_path)
    assert unasked.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "3 deselected" in unasked.stdout
    asked = pytest_on(None, tmp_path, "-m", "snowflake_live")
    assert asked.returncode == pytest.ExitCode.USAGE_ERROR
    assert "pytest -m snowflake_live --snowflake-connection NAME" in asked.stderr


def test_the_schema_goes_when_something_fails(server: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = snowflake.connector.connect
    monkeypatch.setattr(snowflake.connector, "connect", lambda **options: connect(**server.connection))

    def schemas() -> set[Any]:
        with snowflake.connector.connect(connection_name="emulated") as opened, opened.cursor() as cursor:
            cursor.execute("SHOW SCHEMAS")
            return {row[1] for row in cursor.fetchall()}

    before = schemas()
    made = own_schema("emulated")
    account = made.__enter__()
    assert account.server == "emulator"
    assert schemas() - before == {account.schema}
    interrupt = KeyboardInterrupt()
    assert not made.__exit__(KeyboardInterrupt, interrupt, None)
    assert schemas() == before


def test_the_hash_is_that_of_the_sql() -> None:
    text = 'WITH "input_rows_1" AS (SELECT 1 AS "k") SELECT "k" FROM "input_rows_1", "input_rows_2"'
    key = key_of([text])
    assert key == key_of([text.replace("_2", "_8").replace("_1", "_7"), "PUT file:///x @stage"])
    for old, new in (("SELECT 1", "SELECT 2"), ('"input_rows_2"', '"input_rows_1"'), ("rows", "events")):
        assert key_of([text.replace(old, new)]) != key
    assert key_of([text, "SELECT 1"]) == key_of(["SELECT 1", text]) != key
    drawn = [f"COPY INTO ONEFOLD_{digit * 32} FROM @s/{digit.lower() * 32}" for digit in "AB"]
    assert key_of(drawn[:1]) == key_of(drawn[1:])
    assert key_of([f"SELECT '{'a' * 32}'"]) != key_of([f"SELECT '{'b' * 32}'"])  # a value, and no name
    assert key_of(["DROP TABLE x", "SELECT CURRENT_TRANSACTION()"]) == key_of([]) != key


def test_statements_are_recorded_as_they_were_sent(server: Emulator) -> None:
    with snowflake.connector.connect(**server.connection) as opened, recorded() as texts, opened.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]
    assert texts == ["SELECT 1"] == [statement.text for statement in server.statements]


def test_results_belong_to_the_sql_that_they_came_from(tmp_path: Path) -> None:
    results, file = Results("snowflake"), tmp_path / "results.json"
    passed, failed = (Result(outcome, "2026-11-28", "9.33.1") for outcome in ("pass", "fail"))
    results.note("row/a/x", "1", passed)
    results.note("row/a/y", "1", passed)
    assert (results.of("row/a/x", "1"), results.of("row/a/x", "2")) == (passed, None)
    results.note("row/a/x", "2", failed)
    assert (results.of("row/a/x", "1"), results.of("row/a/x", "2")) == (None, failed)
    results.note("row/a/y", "2", passed)
    results.write(file)
    assert Results.read(file, "snowflake").by_sql == {"2": {"row/a/x": failed, "row/a/y": passed}}
    with pytest.raises(ValueError, match="holds no results of the server 'emulator'"):
        Results.read(file, "emulator")
    assert not Results.read(tmp_path / "none.json", "snowflake").cases()


def test_golden_statements_compile_over_their_tables(server: Emulator) -> None:
    every = list(golden_statements())
    assert len({each.name for each in every}) == len(every) > 300
    made: dict[str, str] = {}
    with snowflake.connector.connect(**server.connection) as opened, opened.cursor() as cursor:
        for each in every[::5]:  # all of them take half a minute, which the live suite has
            for name, columns in each.tables():
                if made.get(name) != columns:
                    cursor.execute(f'CREATE OR REPLACE TEMPORARY TABLE "{name}" ({columns})')
                    made[name] = columns
            assert cursor.describe(each.text), each.name
