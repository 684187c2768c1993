"""What statements mean: numbers, dates, joins, tables, transactions, sessions. Expected values are Snowflake's."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector import SnowflakeConnection
from snowflake.connector.errors import DatabaseError

from onefold_snowflake_emulator import Emulator

Run = Callable[..., list[tuple[Any, ...]]]


def _one(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchone()


def _all(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchall()


def _refused(run: Run, text: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as raised:
        run(text)
    return raised.value


# ------------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("9223372036854775807::NUMBER(38,0) + 1", 9223372036854775808),
        ("9223372036854775807 + 1", 9223372036854775808),
        ("12345678901234567890123456789::NUMBER(38,0) % 7", 12345678901234567890123456789 % 7),
        ("2.5::NUMBER(38,0)", 3),
        ("-2.5::NUMBER(38,0)", -3),
        ("2.5::FLOAT::NUMBER(38,0)", 3),
        ("'12.5'::INT", 13),
        ("0.1 + 0.2", Decimal("0.3")),
        ("(1 / 3)::NUMBER(38,12)", Decimal("0.333333")),
        ("1::FLOAT / 3", 1 / 3),
        ("(1.25::NUMBER(20,10) / 3)::NUMBER(38,12)", Decimal("0.416666666667")),
        ("7 / 2", 3.5),
        ("MOD(-7, 3)", -1),
        ("'NaN'::FLOAT = 'NaN'::FLOAT", True),
        ("'NaN'::FLOAT > 'inf'::FLOAT", True),
        ("1::FLOAT::VARCHAR", "1"),
        ("1.5::FLOAT::VARCHAR", "1.5"),
        ("'inf'::FLOAT::VARCHAR", "inf"),
        ("TRUE::VARCHAR", "true"),
        ("'abc'::VARCHAR(2)", "ab"),
        ("DIV0(1, 0)", 0),
        ("GREATEST(1, NULL, 3)", None),
        ("'a' || NULL", None),
        ("BITAND(6::NUMBER(38,0), 3)", 2),
        ("SUBSTR('abcdef', 2::NUMBER(38,0), 3)", "bcd"),
        ("REGEXP_LIKE('abc', 'b')", False),
        ("REGEXP_LIKE('abc', '.*b.*')", True),
    ],
)
def test_expressions(run: Run, expression: str, expected: object) -> None:
    assert run(f"SELECT {expression}") == [(expected,)]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("1 / 0", 100051),
        ("1::FLOAT / 0", 100051),
        ("5 % 0", 100051),
        ("99999999999999999999999999999999999999::NUMBER(38,0) + 1", 100046),
        ("100000::NUMBER(5,0)", 100046),
        ("1e39::FLOAT::NUMBER(38,0)", 100046),
        ("'x'::NUMBER", 100038),
        ("SQRT(-1)", 100083),
        ("LN(0)", 100083),
    ],
)
def test_expressions_that_have_no_value(run: Run, expression: str, code: int) -> None:
    assert _refused(run, f"SELECT {expression} FROM (VALUES (1)) v").errno == code


def test_a_division_that_is_not_reached_divides_nothing(run: Run) -> None:
    rows = run("SELECT IFF(x = 0, NULL, 1 / NULLIF(x, 0)) FROM (VALUES (0), (2)) v (x) ORDER BY x")
    assert rows == [(None,), (0.5,)]


def test_sums_of_numbers_are_exact(run: Run) -> None:
    run("CREATE OR REPLACE TEMPORARY TABLE exact (i NUMBER(38,0), d NUMBER(38,2))")
    run("INSERT INTO exact VALUES (90071992547409930001, 0.01), (1, 90071992547409930000.02), (NULL, NULL)")
    assert run("SELECT SUM(i), SUM(d) FROM exact") == [(90071992547409930002, Decimal("90071992547409930000.03"))]


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("DATE_TRUNC('MONTH', '2024-02-29'::DATE)", dt.date(2024, 2, 1)),
        ("DATE_TRUNC('DAY', '2024-02-29 13:00:00'::TIMESTAMP_NTZ)", dt.datetime.fromisoformat("2024-02-29")),
        ("DATEADD(DAY, 1, '2024-02-28'::DATE)", dt.date(2024, 2, 29)),
        ("DATEADD(MONTH, 1::NUMBER(38,0), '2024-01-31'::DATE)", dt.date(2024, 2, 29)),
        (
            "DATEADD(MICROSECOND, -1, '2024-01-01'::TIMESTAMP_NTZ)",
            dt.datetime.fromisoformat("2023-12-31 23:59:59.999999"),
        ),
        ("DATEADD(HOUR, 1, '2024-01-01'::DATE)", dt.datetime.fromisoformat("2024-01-01 01:00:00")),
        ("'2024-01-01'::DATE + INTERVAL '1 DAY'", dt.date(2024, 1, 2)),
        ("'2024-01-01'::TIMESTAMP_NTZ - INTERVAL '1 SECOND'", dt.datetime.fromisoformat("2023-12-31 23:59:59")),
        ("DATEDIFF(DAY, '2023-12-31 23:59:59'::TIMESTAMP_NTZ, '2024-01-01'::TIMESTAMP_NTZ)", 1),
        ("DATEDIFF(MICROSECOND, '2024-01-01'::TIMESTAMP_NTZ, '2024-01-02'::TIMESTAMP_NTZ)", 86_400_000_000),
        ("DAYOFWEEK('2024-01-07'::DATE)", 0),
        ("DAYOFWEEKISO('2024-01-07'::DATE)", 7),
        ("TO_TIMESTAMP_NTZ(1577836800123456, 6)", dt.datetime.fromisoformat("2020-01-01 00:00:00.123456")),
        (
            "TO_CHAR('2024-01-02 03:04:05.678901'::TIMESTAMP_NTZ, 'YYYY-MM-DD HH24:MI:SS.FF6')",
            "2024-01-02 03:04:05.678901",
        ),
        ("DATE_PART(EPOCH_SECOND, '2020-01-01'::TIMESTAMP_NTZ)", 1577836800),
        (
            "TIME_SLICE('2024-01-01 13:00:00'::TIMESTAMP_NTZ, 12, 'HOUR')",
            dt.datetime.fromisoformat("2024-01-01 12:00:00"),
        ),
        ("LAST_DAY('2024-02-05'::DATE)", dt.date(2024, 2, 29)),
    ],
)
def test_dates(run: Run, expression: str, expected: object) -> None:
    assert run(f"SELECT {expression}") == [(expected,)]


@pytest.mark.parametrize(
    ("start", "monday", "sunday", "day_of_sunday"),
    [
        (0, dt.date(2024, 1, 1), dt.date(2024, 1, 1), 0),
        (1, dt.date(2024, 1, 1), dt.date(2024, 1, 1), 7),
        (3, dt.date(2023, 12, 27), dt.date(2024, 1, 3), 5),
        (7, dt.date(2023, 12, 31), dt.date(2024, 1, 7), 1),
    ],
)
def test_weeks_start_where_the_session_says(
    run: Run, start: int, monday: dt.date, sunday: dt.date, day_of_sunday: int
) -> None:
    run(f"ALTER SESSION SET WEEK_START = {start}")
    text = (
        "SELECT DATE_TRUNC('WEEK', '2024-01-01'::DATE), DATE_TRUNC('WEEK', '2024-01-07'::DATE), "
        "DAYOFWEEK('2024-01-07'::DATE)"
    )
    assert run(text) == [(monday, sunday, day_of_sunday)]


# ------------------------------------------------------------------------------------------------ joins and windows


@pytest.mark.parametrize("keys", ["ON q.k = e.k", "USING (k)"])
def test_an_asof_join_keeps_the_rows_without_a_match(run: Run, keys: str) -> None:
    text = f"""
    WITH q AS (SELECT * FROM (VALUES ('a', 5), ('a', 1), ('b', 9)) v (k, t)),
         e AS (SELECT * FROM (VALUES ('a', 2, 'x'), ('a', 4, 'y'), ('a', 5, 'z')) v (k, t, x))
    SELECT q.k, q.t, e.x FROM q ASOF JOIN e MATCH_CONDITION (q.t > e.t) {keys} ORDER BY 1, 2
    """
    assert run(text) == [("a", 1, None), ("a", 5, "y"), ("b", 9, None)]


def test_frames_of_time(run: Run) -> None:
    text = """
    SELECT SUM(x) OVER (PARTITION BY k ORDER BY t RANGE BETWEEN INTERVAL '1 DAY' PRECEDING
                        AND INTERVAL '1 MICROSECOND' PRECEDING)
    FROM (VALUES ('a', '2024-01-01'::TIMESTAMP_NTZ, 1), ('a', '2024-01-02', 2), ('a', '2024-01-02', 4)) v (k, t, x)
    ORDER BY t, x
    """
    assert run(text) == [(None,), (1,), (1,)]


def test_a_random_order_of_columns_and_qualify(run: Run) -> None:
    text = """
    SELECT k, x FROM (VALUES ('a', 1), ('a', 2), ('b', 3)) v (k, x)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY k ORDER BY x DESC) = 1 ORDER BY k
    """
    assert run(text) == [("a", 2), ("b", 3)]


# ------------------------------------------------------------------------------------------------ tables


def test_a_merge_counts_what_it_does(run: Run) -> None:
    run("CREATE OR REPLACE TABLE target (k INT, x VARCHAR)")
    run("INSERT INTO target VALUES (1, 'old'), (2, 'old'), (3, 'gone')")
    text = """
    MERGE INTO target t USING (SELECT * FROM (VALUES (1, 'new'), (3, NULL), (4, 'made')) v (k, x)) s ON t.k = s.k
    WHEN MATCHED AND s.x IS NULL THEN DELETE
    WHEN MATCHED THEN UPDATE SET t.x = s.x
    WHEN NOT MATCHED THEN INSERT (k, x) VALUES (s.k, s.x)
    """
    assert run(text) == [(1, 1, 1)]
    assert run("SELECT k, x FROM target ORDER BY k") == [(1, "new"), (2, "old"), (4, "made")]


def test_a_merge_with_duplicate_rows_of_the_source_changes_nothing(run: Run) -> None:
    run("CREATE OR REPLACE TABLE target (k INT, x INT)")
    run("INSERT INTO target VALUES (1, 0)")
    text = """
    MERGE INTO target t USING (SELECT * FROM (VALUES (1, 1), (1, 2)) v (k, x)) s ON t.k = s.k
    WHEN MATCHED THEN UPDATE SET x = s.x
    """
    assert _refused(run, text).errno == 100090
    assert run("SELECT x FROM target") == [(0,)]


def test_an_insert_overwrite_replaces_all_rows_or_none(run: Run) -> None:
    run("CREATE OR REPLACE TABLE filled (a NUMBER(3,0))")
    run("INSERT INTO filled VALUES (1), (2)")
    assert run("INSERT OVERWRITE INTO filled SELECT 7") == [(1,)]
    assert run("SELECT a FROM filled") == [(7,)]
    assert _refused(run, "INSERT OVERWRITE INTO filled SELECT 7777").errno == 100046
    assert run("SELECT a FROM filled") == [(7,)]


def test_a_temporary_table_hides_a_lasting_one_until_it_is_dropped(run: Run) -> None:
    run('CREATE OR REPLACE TABLE "seen" (a VARCHAR)')
    run("INSERT INTO \"seen\" VALUES ('lasting')")
    run('CREATE TEMPORARY TABLE "DB1"."S1"."seen" AS SELECT \'temporary\' AS a')
    assert run('SELECT "seen".a FROM "seen"') == [("temporary",)]
    assert run('SELECT s.a FROM "DB1"."S1"."seen" s JOIN "seen" USING (a)') == [("temporary",)]
    run('UPDATE "seen" SET a = UPPER(a) WHERE "seen".a IS NOT NULL')
    assert run('SELECT * FROM S1."seen"') == [("TEMPORARY",)]
    assert run('DESCRIBE TABLE "seen"')[0][:2] == ("A", "VARCHAR(16777216)")
    run('DROP TABLE "DB1"."S1"."seen"')
    assert run('SELECT a FROM "seen"') == [("lasting",)]


def test_a_temporary_table_can_be_replaced_by_a_query_of_itself(run: Run) -> None:
    run("CREATE OR REPLACE TEMPORARY TABLE grown AS SELECT 1 AS a")
    run("CREATE OR REPLACE TEMPORARY TABLE grown AS SELECT a + 1 AS a FROM grown")
    assert run("SELECT a FROM grown") == [(2,)]


def test_a_common_table_expression_hides_a_temporary_table(run: Run) -> None:
    run("CREATE OR REPLACE TEMPORARY TABLE hidden AS SELECT 1 AS a")
    assert run("WITH hidden AS (SELECT 2 AS a) SELECT a FROM hidden") == [(2,)]


def test_temporary_views_and_scoped_temporary_tables(run: Run) -> None:
    run("CREATE OR REPLACE SCOPED TEMPORARY TABLE scoped (a INT)")
    run("INSERT INTO scoped VALUES (3)")
    run("CREATE OR REPLACE TEMPORARY VIEW looked AS SELECT a * 2 AS b FROM scoped")
    assert run("SELECT b FROM looked") == [(6,)]
    run("DROP VIEW looked")
    assert _refused(run, "SELECT b FROM looked").errno == 2003


def test_a_table_can_be_altered(run: Run) -> None:
    run("CREATE OR REPLACE TABLE altered (a INT, b INT)")
    run("ALTER TABLE altered ADD COLUMN c NUMBER(10,2), d INT")
    run("ALTER TABLE altered DROP COLUMN b")
    run("ALTER TABLE altered RENAME COLUMN a TO z")
    assert [row[:2] for row in run("DESCRIBE TABLE altered")] == [
        ("Z", "NUMBER(38,0)"),
        ("C", "NUMBER(10,2)"),
        ("D", "NUMBER(38,0)"),
    ]


def test_tables_made_from_a_query_have_numbers(run: Run) -> None:
    query = "SELECT 1 AS a, COUNT(*) AS b, 1.5 AS c, 'x' AS d, SIGN(2) AS e"
    run(f"CREATE OR REPLACE TABLE from_query AS {query}")
    run("CREATE OR REPLACE TABLE cloned CLONE from_query")
    run(f"CREATE OR REPLACE TEMPORARY TABLE temporary AS WITH w AS ({query}) SELECT * FROM w ORDER BY a")
    for table in ("from_query", "cloned", "temporary"):
        assert [row[1] for row in run(f"DESCRIBE TABLE {table}")] == [
            "NUMBER(38,0)",
            "NUMBER(38,0)",
            "NUMBER(2,1)",
            "VARCHAR(16777216)",
            "NUMBER(38,0)",
        ]
        assert run(f"SELECT * FROM {table}") == [(1, 1, Decimal("1.5"), "x", 1)]


def test_columns_without_a_name_are_named_by_their_text(connection: SnowflakeConnection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), 1 + 1, 'x' AS named, 7 / 2 FROM (SELECT 1)")
        assert [each.name for each in cursor.description] == ["COUNT(*)", "1 + 1", "NAMED", "7 / 2"]
        described = [each.name for each in cursor.describe("SELECT SUM(1)")]
    assert described == ["SUM(1)"]


def test_changes_of_several_sessions_wait_for_each_other(server: Emulator, run: Run) -> None:
    run("CREATE OR REPLACE TABLE counted AS SELECT 0 AS n")

    def counts() -> None:
        with snowflake.connector.connect(**server.connection) as own:
            for _ in range(10):
                own.cursor().execute("UPDATE counted SET n = n + 1")

    threads = [threading.Thread(target=counts) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert run("SELECT n FROM counted") == [(40,)]


def test_keys_are_recorded_and_not_enforced(run: Run) -> None:
    run("CREATE OR REPLACE TABLE keyed (a INT PRIMARY KEY, b INT UNIQUE, PRIMARY KEY (a))")
    run("INSERT INTO keyed VALUES (1, 1), (1, 1)")
    assert run("SELECT COUNT(*) FROM keyed") == [(2,)]


def test_not_null_is_enforced(run: Run) -> None:
    run("CREATE OR REPLACE TABLE strict_one (a INT NOT NULL)")
    assert _refused(run, "INSERT INTO strict_one SELECT NULL").errno == 100072


def test_the_catalogue_lists_tables_and_columns(run: Run) -> None:
    run('CREATE OR REPLACE TABLE "listed" (a NUMBER(38,0), "b" NUMBER(10,2), c FLOAT, d TIMESTAMP_NTZ, e VARCHAR)')
    rows = run(
        "SELECT column_name, data_type, numeric_precision, numeric_scale FROM information_schema.columns "
        "WHERE table_name = 'listed' AND table_schema = 'S1' ORDER BY ordinal_position"
    )
    assert rows == [
        ("A", "NUMBER", 38, 0),
        ("b", "NUMBER", 10, 2),
        ("C", "FLOAT", None, None),
        ("D", "TIMESTAMP_NTZ", None, None),
        ("E", "TEXT", None, None),
    ]
    assert [row[1] for row in run('DESCRIBE TABLE "listed"')][:3] == ["NUMBER(38,0)", "NUMBER(10,2)", "FLOAT"]
    assert "listed" in [row[1] for row in run("SHOW TABLES")]


# ------------------------------------------------------------------------------------------------ transactions and sessions


def test_a_transaction_is_kept_or_not(run: Run) -> None:
    run("CREATE OR REPLACE TABLE moved (a INT)")
    run("BEGIN")
    run("INSERT INTO moved VALUES (1)")
    run("ROLLBACK")
    assert run("SELECT COUNT(*) FROM moved") == [(0,)]
    run("BEGIN TRANSACTION")
    run("INSERT INTO moved VALUES (1)")
    run("COMMIT")
    run("ROLLBACK")
    assert run("SELECT COUNT(*) FROM moved") == [(1,)]


def test_a_transaction_in_which_a_statement_failed_is_not_committed_in_silence(run: Run) -> None:
    run("CREATE OR REPLACE TABLE half (a INT)")
    run("BEGIN")
    run("INSERT INTO half VALUES (1)")
    assert _refused(run, "INSERT INTO half SELECT 1 / 0").errno == 100051
    assert "a statement has failed" in str(_refused(run, "COMMIT"))
    assert run("SELECT COUNT(*) FROM half") == [(0,)]


def test_definitions_commit(run: Run) -> None:
    run("CREATE OR REPLACE TABLE moved (a INT)")
    run("BEGIN")
    run("INSERT INTO moved VALUES (1)")
    run("CREATE OR REPLACE TABLE other (a INT)")
    run("ROLLBACK")
    assert run("SELECT COUNT(*) FROM moved") == [(1,)]


def test_without_autocommit_changes_wait_for_a_commit(connection: SnowflakeConnection, run: Run) -> None:
    run("CREATE OR REPLACE TABLE waiting (a INT)")
    connection.autocommit(False)
    run("INSERT INTO waiting VALUES (1)")
    connection.rollback()
    run("INSERT INTO waiting VALUES (2)")
    connection.commit()
    connection.autocommit(True)
    assert run("SELECT a FROM waiting") == [(2,)]


def test_the_session_tells_about_itself(run: Run) -> None:
    row = run("SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE()")
    assert row == [("DB1", "S1", "EMULATOR", "EMULATOR_ROLE", "EMULATOR_WH")]
    run("USE WAREHOUSE other_wh")
    run('USE ROLE "Quoted"')
    run("USE SCHEMA PUBLIC")
    assert run("SELECT CURRENT_SCHEMA(), CURRENT_ROLE(), CURRENT_WAREHOUSE()") == [("PUBLIC", "Quoted", "OTHER_WH")]
    assert run("SELECT 7 / 2") == [(3.5,)]
    assert _refused(run, "USE SCHEMA nowhere").errno == 2043


def test_a_schema_and_a_database_can_be_made(run: Run) -> None:
    run("CREATE DATABASE IF NOT EXISTS db2")
    run("CREATE SCHEMA IF NOT EXISTS db2.s2")
    run("CREATE OR REPLACE TABLE db2.s2.t (a INT)")
    run("INSERT INTO db2.s2.t VALUES (1)")
    run("USE SCHEMA db2.s2")
    assert run("SELECT a / 2 FROM t") == [(0.5,)]
    assert run("SELECT CURRENT_DATABASE(), CURRENT_SCHEMA()") == [("DB2", "S2")]


@pytest.mark.parametrize(
    ("assignment", "code"),
    [("NONSENSE = 1", 1006), ("WEEK_START = 9", 1008), ("TIMEZONE = 'Europe/Berlin'", 2), ("AUTOCOMMIT = 5", 1008)],
)
def test_parameters_that_do_not_exist_or_are_not_honoured_are_refused(run: Run, assignment: str, code: int) -> None:
    assert _refused(run, f"ALTER SESSION SET {assignment}").errno == code


def test_a_refused_parameter_leaves_the_others_of_the_statement(run: Run) -> None:
    assert _refused(run, "ALTER SESSION SET WEEK_START = 7, NONSENSE = 1").errno == 1006
    assert run("SELECT DAYOFWEEK('2024-01-07'::DATE)") == [(0,)]


@pytest.mark.parametrize(
    ("text", "code", "state"),
    [
        ("SELEC 1", 1003, "42000"),
        ("SELECT * FROM nowhere", 2003, "42S02"),
        ("SELECT nothing FROM (SELECT 1 AS x)", 904, "42000"),
        ("SELECT WIDTH_BUCKET(1, 0, 10, 5)", 2, "0A000"),
        ("SELECT 1; SELECT 2", 1003, "42000"),
    ],
)
def test_errors_have_snowflakes_codes(run: Run, text: str, code: int, state: str) -> None:
    error = _refused(run, text)
    assert (error.errno, error.sqlstate) == (code, state)
    assert error.sfqid


def test_bindings(run: Run, connection: SnowflakeConnection) -> None:
    assert run("SELECT %s, %s, %s", (1, "it's", None)) == [(1, "it's", None)]
    run("CREATE OR REPLACE TABLE bound (a INT, b VARCHAR)")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bound VALUES (%s, %s)", [(1, "x"), (2, None)])
    assert run("SELECT * FROM bound ORDER BY a") == [(1, "x"), (2, None)]


def test_bindings_of_the_server(server: Emulator) -> None:
    with snowflake.connector.connect(**server.connection, paramstyle="qmark") as connection:
        cursor = connection.cursor()
        values: tuple[Any, ...] = (7, "x", 1.5, True, None, dt.date(2024, 1, 2))
        row = _one(connection, "SELECT ?, ?, ?, ?, ?, ?::DATE", values)
        assert row == values
        cursor.execute("CREATE OR REPLACE TABLE bound (a INT, b VARCHAR)")
        cursor.executemany("INSERT INTO bound VALUES (?, ?)", [(1, "x"), (2, "y")])
        assert _all(connection, "SELECT * FROM bound ORDER BY a") == [(1, "x"), (2, "y")]


def test_semi_structured_values(run: Run) -> None:
    assert run("""SELECT PARSE_JSON('{"a": [1, 2]}'):a[1]::INT""") == [(2,)]
    rows = run(
        "SELECT f.value::INT FROM (SELECT ARRAY_CONSTRUCT(1, 2) a) t, LATERAL FLATTEN(INPUT => t.a) f ORDER BY 1"
    )
    assert rows == [(1,), (2,)]


def test_columns_whose_names_differ_only_in_case(connection: SnowflakeConnection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH t AS (SELECT 1 AS "k", 'x' AS k, 2 AS "É", 3 AS "é") """
            """SELECT "k", "é", t.k, "É", "k" + "é" AS "K·2" FROM t ORDER BY "k" """
        )
        assert [each.name for each in cursor.description] == ["k", "é", "K", "É", "K·2"]
        assert cursor.fetchall() == [(1, 3, "x", 2, 4)]
        described = cursor.describe("""SELECT * FROM (SELECT 1 AS "aB", 'x' AS AB, 2 AS "Ab")""")
        assert [each.name for each in described] == ["aB", "AB", "Ab"]


def test_spellings_of_the_columns_of_two_tables_are_no_two_columns(connection: SnowflakeConnection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE TABLE stored AS SELECT 1 AS K, 10 AS v")
        cursor.execute('CREATE OR REPLACE TABLE loaded AS SELECT 1 AS "k", 20 AS "w"')
        cursor.execute(
            """WITH s AS (SELECT K AS "k", V AS "v" FROM stored) """
            """SELECT l."k", s."v", l."w" FROM loaded AS l JOIN s ON l."k" = s."k" """
        )
        assert cursor.fetchall() == [(1, 10, 20)]
