"""The check of statements before they are sent."""

from __future__ import annotations

import pytest

from onefold.errors import UnsupportedOperation
from onefold_snowflake.gate import check_statement
from onefold_snowflake.gate.allowed import FRAMES, FUNCTIONS

OWN = f'"ONEFOLD_{"0A" * 16}"'

ACCEPTED = [
    'SELECT "a" FROM "t" WHERE "b" IS NOT DISTINCT FROM "c"',
    "SELECT * FROM a ASOF JOIN b MATCH_CONDITION (a.t > b.t) ON a.k = b.k",
    "SELECT SUM(x) OVER (PARTITION BY k ORDER BY t ROWS BETWEEN 999 PRECEDING AND CURRENT ROW) FROM u",
    "SELECT MIN(x) OVER (ORDER BY t RANGE BETWEEN INTERVAL '5 DAY' PRECEDING AND INTERVAL '1 DAY' PRECEDING) FROM u",
    "SELECT LAST_VALUE(x) IGNORE NULLS OVER (ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM u",
    "SELECT CORR(x, y) OVER (PARTITION BY k) FROM u",
    "SELECT COUNT(DISTINCT x) OVER (PARTITION BY k) FROM u",
    "SELECT ROW_NUMBER() OVER (ORDER BY t) FROM u",
    'CREATE TEMPORARY TABLE "t" AS SELECT 1 AS "a"',
    'INSERT INTO "t" ("a") SELECT "a" FROM "u"',
    'MERGE INTO "t" USING "s" ON "t"."a" = "s"."a" WHEN NOT MATCHED THEN INSERT ("a") VALUES ("s"."a")',
    f'SELECT t."C0" FROM "u" AS s, TABLE({OWN}(s."C0", s."M0") OVER (PARTITION BY s."BUCKET")) AS t',
    "SELECT FLOOR(SEQ8() / 65536) AS b FROM u",
    f"CREATE FUNCTION {OWN}(C0 FLOAT) RETURNS TABLE (C0 FLOAT) LANGUAGE PYTHON HANDLER = 'T' AS $$\nclass T: pass\n$$",
    f"DROP FUNCTION IF EXISTS {OWN}(FLOAT)",
    'COPY INTO "t" ("a") FROM (SELECT $1:"a"::FLOAT FROM @stage/x) FILE_FORMAT = (TYPE = PARQUET)',
]

REFUSED = [
    (
        'SELECT t."a" FROM u AS s, TABLE("F"(s.a) OVER (PARTITION BY s.b)) AS t',
        "a table function that is not made for a",
    ),
    (f'SELECT t."a" FROM u AS s, TABLE({OWN}(s.a)) AS t', "a table function that is not made for a"),
    (f"SELECT {OWN}(a) FROM t", "something else than the rows of partitions"),
    (f"SELECT {OWN}(a) OVER (PARTITION BY b) FROM t", "something else than the rows of partitions"),
    (
        f'SELECT t."a" FROM u AS s, TABLE({OWN}(s.a) OVER (PARTITION BY s.b ORDER BY s.c)) AS t',
        "takes no order",
    ),
    ("SELECT ONEFOLD_F(a) FROM t", "the function ONEFOLD_F is not in the list"),
    ("SELECT LIST_SUM(x) FROM t", "the function LIST_SUM is not in the list"),
    ("SELECT CURRENT_TIMESTAMP", "the function CURRENT_TIMESTAMP is not in the list"),
    ("SELECT CAST(x AS VARIANT) FROM t", "the type VARIANT is not in the list"),
    ("SELECT CAST(x AS TIMESTAMP) FROM t", "the type TIMESTAMP is not in the list"),
    ("SELECT SUM(x) FILTER (WHERE y) FROM t", "an aggregate has a FILTER"),
    ("SELECT SUM(x) OVER (ORDER BY t ROWS BETWEEN 1000 PRECEDING AND CURRENT ROW) FROM u", "at most 1000 rows long"),
    ("SELECT SUM(x) OVER (ORDER BY t ROWS BETWEEN 500 PRECEDING AND 500 FOLLOWING) FROM u", "at most 1000 rows long"),
    (
        "SELECT SUM(x) OVER (ORDER BY t GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM u",
        "there are no frames of GROUPS",
    ),
    ("SELECT SUM(x) OVER (ORDER BY a, b RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM u", "exactly one key"),
    (
        "SELECT SUM(x) OVER (ORDER BY t RANGE BETWEEN INTERVAL '1 DAY' PRECEDING AND 1 FOLLOWING) FROM u",
        "both numbers or both intervals",
    ),
    ("SELECT SUM(x) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM u", "a frame needs an order"),
    ("SELECT CORR(x, y) OVER (PARTITION BY k ORDER BY t) FROM u", "CORR takes no order"),
    ("SELECT COUNT(DISTINCT x) OVER (ORDER BY t) FROM u", "COUNT of different values takes no order"),
    ("SELECT LAG(x, 1) OVER (PARTITION BY k) FROM u", "LAG needs an order"),
    ("SELECT RANK() OVER (ORDER BY t ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM u", "RANK takes no frame"),
    ("ALTER SESSION SET TIMEZONE = 'UTC'", "not one statement that reads or fills a table"),
    ("CALL onefold()", "not one statement that reads or fills a table"),
    ("SELECT 1; SELECT 2", "not one statement that reads or fills a table"),
    ("SELECT FROM WHERE", "can not be parsed"),
]


@pytest.mark.parametrize("sql", ACCEPTED)
def test_what_is_known_passes(sql: str) -> None:
    check_statement(sql)


@pytest.mark.parametrize(("sql", "message"), REFUSED)
def test_what_is_not_known_is_refused(sql: str, message: str) -> None:
    with pytest.raises(UnsupportedOperation, match=message):
        check_statement(sql)


def test_what_the_author_wrote_is_not_checked() -> None:
    own = "SELECT SYSTEM$TYPEOF(x) FROM t"
    generated = f'WITH "native_1" AS (SELECT * FROM (\n{own}\n)) SELECT "x" FROM "native_1"'
    with pytest.raises(UnsupportedOperation):
        check_statement(generated)
    check_statement(generated, written=[own])


def test_every_function_with_a_window_is_allowed() -> None:
    assert set(FRAMES) <= set(FUNCTIONS)
