"""What a strict server refuses although DuckDB runs it, and what it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector import SnowflakeConnection
from snowflake.connector.errors import DatabaseError

from onefold_snowflake_emulator import Emulator
from onefold_snowflake_emulator.sql.catalogue import FUNCTIONS

Run = Callable[..., list[tuple[Any, ...]]]

DATA = "(SELECT 'a' AS k, 1 AS x, '2024-01-01'::TIMESTAMP_NTZ AS t) d"

REFUSED = {
    "frame of MEDIAN": f"SELECT MEDIAN(x) OVER (PARTITION BY k ORDER BY t) FROM {DATA}",
    "frame of MAX_BY": f"SELECT MAX_BY(x, t) OVER (ORDER BY t) FROM {DATA}",
    "frame of MODE": f"SELECT MODE(x) OVER (ORDER BY t) FROM {DATA}",
    "frame of LISTAGG": f"SELECT LISTAGG(k) WITHIN GROUP (ORDER BY k) OVER (ORDER BY t) FROM {DATA}",
    "frame of PERCENTILE_CONT": f"SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) OVER (ORDER BY t) FROM {DATA}",
    "frame of COUNT(DISTINCT)": f"SELECT COUNT(DISTINCT x) OVER (ORDER BY t) FROM {DATA}",
    "frame of ROW_NUMBER": (
        f"SELECT ROW_NUMBER() OVER (ORDER BY t ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM {DATA}"
    ),
    "no order for ROW_NUMBER": f"SELECT ROW_NUMBER() OVER (PARTITION BY k) FROM {DATA}",
    "frame without an order": f"SELECT SUM(x) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM {DATA}",
    "1001 rows": f"SELECT SUM(x) OVER (ORDER BY t ROWS BETWEEN 1001 PRECEDING AND CURRENT ROW) FROM {DATA}",
    "501 rows and 500": f"SELECT SUM(x) OVER (ORDER BY t ROWS BETWEEN 501 PRECEDING AND 500 FOLLOWING) FROM {DATA}",
    "GROUPS": f"SELECT SUM(x) OVER (ORDER BY t GROUPS 1 PRECEDING) FROM {DATA}",
    "EXCLUDE": f"SELECT SUM(x) OVER (ORDER BY t ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM {DATA}",
    "two orders of a range": (
        f"SELECT SUM(x) OVER (ORDER BY x, k RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM {DATA}"
    ),
    "mixed bounds": (
        f"SELECT SUM(x) OVER (ORDER BY t RANGE BETWEEN INTERVAL '1 DAY' PRECEDING AND 1 FOLLOWING) FROM {DATA}"
    ),
    "bounds of columns": f"SELECT SUM(x) OVER (ORDER BY x RANGE BETWEEN x PRECEDING AND CURRENT ROW) FROM {DATA}",
    "FILTER": f"SELECT SUM(x) FILTER (WHERE x > 1) FROM {DATA}",
    "SEMI JOIN": f"SELECT * FROM {DATA} SEMI JOIN (SELECT 1 AS y) e ON d.x = e.y",
    "ANTI JOIN": f"SELECT * FROM {DATA} ANTI JOIN (SELECT 1 AS y) e ON d.x = e.y",
    "DISTINCT ON": f"SELECT DISTINCT ON (k) x FROM {DATA}",
    "ASOF without a condition": f"SELECT * FROM {DATA} ASOF JOIN (SELECT 1 AS y) e ON d.x >= e.y",
    "ASOF with two conditions": (
        f"SELECT * FROM {DATA} ASOF JOIN (SELECT 1 AS y) e MATCH_CONDITION (d.x >= e.y AND d.x > 0)"
    ),
    "ASOF with an inequality": (
        f"SELECT * FROM {DATA} ASOF JOIN (SELECT 1 AS y) e MATCH_CONDITION (d.x >= e.y) ON d.x > e.y"
    ),
    "ORDER BY in ARRAY_AGG": f"SELECT ARRAY_AGG(x ORDER BY x) FROM {DATA}",
    "ON CONFLICT": "INSERT INTO nowhere VALUES (1) ON CONFLICT DO NOTHING",
    **{
        f"DuckDB's {call}": f"SELECT {call} FROM {DATA}"
        for call in (
            "LIST_SUM([1])",
            "ISNAN(x)",
            "EPOCH_US(t)",
            "TIME_BUCKET(INTERVAL '1 day', t)",
            "STRFTIME(t, '%Y')",
            "IF(x > 1, 2, 3)",
            "ARG_MAX(x, t)",
            "QUANTILE_CONT(x, 0.5)",
            "STRUCT_PACK(a := 1)",
            "UNNEST([1])",
            "READ_PARQUET('x')",
            "_sf_divide(1, 2)",
        )
    },
}

ACCEPTED = {
    "columns of common table expressions": "WITH w (a, b) AS (SELECT 1, 2), v (c) AS (SELECT 3) SELECT a, b, c FROM w, v",
    "columns of a derived table": "SELECT a, b FROM (VALUES (1, 2)) v (a, b)",
    "columns of a table": "CREATE OR REPLACE TEMPORARY TABLE cols (a NUMBER(38,0), b VARCHAR(5), c TIMESTAMP_NTZ(6))",
    "columns of an insert": "INSERT INTO cols (a) SELECT 1 WHERE 1 IN (1, 2) AND NOT (1 = 2) AND EXISTS (SELECT 1)",
    "columns with names of functions": 'SELECT "isnan" FROM (SELECT 1 AS "isnan") list_sum',
    "parts of a window": (
        "SELECT SUM(x) OVER (PARTITION BY (k) ORDER BY (t) ROWS BETWEEN 999 PRECEDING AND 1 FOLLOWING) "
        f"FROM {DATA} QUALIFY (ROW_NUMBER() OVER (ORDER BY x)) = 1"
    ),
    "a window without an order": f"SELECT MEDIAN(x) OVER (PARTITION BY k), COUNT(DISTINCT x) OVER (PARTITION BY k) FROM {DATA}",
    "the whole partition": (
        f"SELECT LAST_VALUE(x) OVER (ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM {DATA}"
    ),
    "functions that are key words": "SELECT LEFT('ab', 1), RIGHT('ab', 1), REPLACE('a', 'a', 'b'), IFF(TRUE, 1, 2)",
    "a table function": "SELECT * FROM TABLE(GENERATOR(ROWCOUNT => 1)), LATERAL FLATTEN(INPUT => ARRAY_CONSTRUCT(1))",
    "grouping": f"SELECT k, SUM(x) FROM {DATA} GROUP BY GROUPING SETS ((k), ()) HAVING (COUNT(*) > 0) ORDER BY (k)",
    "PIVOT": f"SELECT * FROM (SELECT k, x FROM {DATA}) PIVOT (SUM(x) FOR k IN ('a'))",
    "strings with parentheses": "SELECT 'list_sum(1)' AS a -- isnan(1)",
}


def _one(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchone()


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_snowflake_refuses_is_refused(run: Run, text: str) -> None:
    with pytest.raises(DatabaseError, match="SQL compilation error"):
        run(text)


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_what_snowflake_runs_is_run(run: Run, text: str) -> None:
    run("CREATE TEMPORARY TABLE IF NOT EXISTS cols (a INT)")
    run(text)


@pytest.mark.parametrize(
    "text", ["PRAGMA version", "ATTACH ':memory:' AS other", "INSTALL json", "CALL pragma_version()"]
)
def test_statements_of_duckdb_are_refused(run: Run, text: str) -> None:
    with pytest.raises(DatabaseError):
        run(text)


@pytest.fixture(scope="module")
def lax() -> Iterator[Emulator]:
    with Emulator(strict=False) as running:
        yield running


def test_a_server_that_is_not_strict_runs_what_duckdb_can(lax: Emulator) -> None:
    with snowflake.connector.connect(**lax.connection) as connection:
        row = _one(connection, f"SELECT LIST_SUM([1, 2]), SUM(x) FILTER (WHERE x > 1) FROM {DATA}")
    assert row == (3, None)


def test_the_list_of_functions_has_names_only() -> None:
    assert all(name == name.upper() and name.replace("$", "_").isidentifier() for name in FUNCTIONS)
    assert {"SUM", "DATE_TRUNC", "LISTAGG", "OBJECT_CONSTRUCT"} <= FUNCTIONS
    assert not {"LIST_SUM", "ISNAN", "STRFTIME", "IF", "UNNEST"} & FUNCTIONS
