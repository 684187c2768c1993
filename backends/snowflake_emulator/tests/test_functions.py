"""Functions in Python: scalar ones, by batches and by rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from snowflake.connector.errors import DatabaseError

from onefold_snowflake_emulator import Emulator

Run = Callable[..., list[tuple[Any, ...]]]

BY_BATCH = """
CREATE OR REPLACE TEMPORARY FUNCTION "f"("x" FLOAT, "n" NUMBER(38,0)) RETURNS FLOAT
LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('pandas') HANDLER = 'main' AS $$
import pandas
from _snowflake import vectorized

@vectorized(input=pandas.DataFrame, max_batch_size={size})
def main(frame):
    assert len(frame) <= {size}
    return frame[0] * 2 + frame[1]
$$
"""


SCALAR = "CREATE FUNCTION g(a INT) RETURNS INT LANGUAGE PYTHON RUNTIME_VERSION = '3.11'"


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_function_by_batches(run: Run, size: int) -> None:
    run(BY_BATCH.format(size=size))
    rows = run('SELECT n, "f"(x, n) FROM (VALUES (1, 0.5::FLOAT), (2, NULL), (3, 1.5)) v (n, x) ORDER BY n')
    assert rows == [(1, 2.0), (2, None), (3, 6.0)] or [row[1] for row in rows][1] != [row[1] for row in rows][1]
    assert run('SELECT "DB1"."S1"."f"(1::FLOAT, 1)') == [(3.0,)]


def test_a_function_marked_by_an_attribute(run: Run) -> None:
    run(
        "CREATE OR REPLACE FUNCTION shout(s VARCHAR) RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11' "
        "PACKAGES = ('pandas') HANDLER = 'shout' AS $$\nimport pandas\ndef shout(frame):\n"
        "    return frame[0].str.upper()\nshout._sf_vectorized_input = pandas.DataFrame\n$$"
    )
    assert run("SELECT shout(s) FROM (VALUES ('a'), (NULL)) v (s) ORDER BY s") == [("A",), (None,)]


def test_whole_numbers_are_nullable(run: Run) -> None:
    run(
        "CREATE OR REPLACE FUNCTION kind(n NUMBER(38,0)) RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11' "
        "PACKAGES = ('pandas') HANDLER = 'kind' AS $$\nimport pandas\ndef kind(frame):\n"
        "    return pandas.Series([str(frame[0].dtype)] * len(frame))\nkind._sf_vectorized_input = pandas.DataFrame\n$$"
    )
    assert run("SELECT kind(1)") == [("Int64",)]
    assert run("SELECT kind(12345678901234567890)") == [("object",)]


def test_a_function_by_rows(run: Run) -> None:
    run(
        "CREATE OR REPLACE FUNCTION plus(a INT, b NUMBER(10,2)) RETURNS VARCHAR LANGUAGE PYTHON "
        "RUNTIME_VERSION = '3.11' HANDLER = 'add' AS $$\ndef add(a, b):\n    return repr((a, b))\n$$"
    )
    assert run("SELECT plus(1, 2.5)") == [(repr((1, Decimal("2.50"))),)]
    assert run("SELECT plus(NULL, NULL)") == [("(None, None)",)]


def test_what_a_function_raises_is_told(run: Run) -> None:
    run(
        "CREATE OR REPLACE FUNCTION breaks(a INT) RETURNS INT LANGUAGE PYTHON RUNTIME_VERSION = '3.11' "
        "HANDLER = 'f' AS $$\ndef f(a):\n    raise KeyError('lost')\n$$"
    )
    with pytest.raises(DatabaseError, match="KeyError: 'lost'"):
        run("SELECT breaks(1)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CREATE FUNCTION g(a INT) RETURNS INT AS 'a + 1'", "LANGUAGE SQL"),
        (f"{SCALAR} HANDLER = 'nothing' AS $$\nx = 1\n$$", "not callable: nothing"),
        (f"{SCALAR} HANDLER = 'f' AS $$\nimport nowhere\n$$", "ModuleNotFoundError: No module named 'nowhere'"),
        (f"{SCALAR} HANDLER = 'f' STRICT AS $$\nf = int\n$$", "Unsupported feature 'CREATE FUNCTION … STRICT"),
        (
            f"{SCALAR} RETURNS NULL ON NULL INPUT HANDLER = 'f' AS $$\nf = int\n$$",
            "Unsupported feature 'CREATE FUNCTION",
        ),
        (
            f"{SCALAR} IMPORTS = ('@s/f.py') HANDLER = 'f' AS $$\nf = int\n$$",
            "Unsupported feature 'CREATE FUNCTION … IMPORTS",
        ),
        (f"{SCALAR} AS $$\nf = int\n$$", "HANDLER is missing"),
    ],
)
def test_functions_that_cannot_be_made(run: Run, text: str, message: str) -> None:
    with pytest.raises(DatabaseError, match=message):
        run(text)


def test_functions_of_other_sessions_are_unknown_here(server: Emulator, run: Run) -> None:
    import snowflake.connector

    with snowflake.connector.connect(**server.connection) as other:
        other.cursor().execute(BY_BATCH.format(size=5))
    with pytest.raises(DatabaseError, match="Unknown function"):
        run('SELECT "f"(1::FLOAT, 1)')


def test_a_dropped_function_is_unknown(run: Run) -> None:
    run(BY_BATCH.format(size=5))
    run('DROP FUNCTION "f"(FLOAT, NUMBER)')
    with pytest.raises(DatabaseError, match="Unknown function"):
        run('SELECT "f"(1::FLOAT, 1)')
    run('DROP FUNCTION IF EXISTS "f"(FLOAT, NUMBER)')


def test_a_function_is_dropped_by_the_types_of_its_arguments(run: Run) -> None:
    run(BY_BATCH.format(size=5))
    for kinds in ("(FLOAT)", "(NUMBER, FLOAT)", "(FLOAT, VARCHAR)"):
        with pytest.raises(DatabaseError, match="does not exist"):
            run(f'DROP FUNCTION "f"{kinds}')
        run(f'DROP FUNCTION IF EXISTS "f"{kinds}')
    with pytest.raises(DatabaseError, match="syntax error"):
        run('DROP FUNCTION "f"')
    assert run('SELECT "f"(1::FLOAT, 1)') == [(3.0,)]
    run('DROP FUNCTION "f"(DOUBLE, INT)')
    with pytest.raises(DatabaseError, match="Unknown function"):
        run('SELECT "f"(1::FLOAT, 1)')
