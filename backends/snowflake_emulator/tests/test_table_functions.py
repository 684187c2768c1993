"""Table functions in Python: how they are called, and which rows and columns come of it. Examples are Snowflake's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from snowflake.connector import SnowflakeConnection
from snowflake.connector.errors import DatabaseError

from onefold_snowflake_emulator.python import tables

Run = Callable[..., list[tuple[Any, ...]]]

COUNTS = """
CREATE OR REPLACE FUNCTION counts(x FLOAT, s VARCHAR) RETURNS TABLE (rows_seen INT, total FLOAT, texts VARCHAR)
LANGUAGE PYTHON RUNTIME_VERSION = 3.11 PACKAGES = ('pandas') HANDLER = 'Counts' AS $$
import pandas
from _snowflake import vectorized

class Counts:
    @vectorized(input=pandas.DataFrame)
    def end_partition(self, frame):
        return pandas.DataFrame(
            {"n": [len(frame)], "t": [frame["X"].sum()], "s": ["".join(frame["S"])]}
        )
$$
"""

SALES = """
CREATE OR REPLACE FUNCTION stock_sale_sum(symbol VARCHAR, quantity NUMBER, price NUMBER(10,2))
RETURNS TABLE (symbol VARCHAR, total NUMBER(10,2)) LANGUAGE PYTHON RUNTIME_VERSION = '3.11' HANDLER = 'StockSaleSum' AS $$
class StockSaleSum:
    def __init__(self):
        self._cost_total = 0
        self._symbol = ""

    def process(self, symbol, quantity, price):
        self._symbol = symbol
        cost = quantity * price
        self._cost_total += cost
        yield (symbol, cost)

    def end_partition(self):
        yield (self._symbol + "!", self._cost_total)
$$
"""

DATA = (
    "(SELECT * FROM (VALUES ('a', 1, 0.5::FLOAT), ('b', 2, 2), ('a', 3, 4), (NULL, 4, 8), (NULL, 5, 16)) v (k, n, x))"
)


def _refused(run: Run, text: str, message: str) -> None:
    with pytest.raises(DatabaseError, match=message):
        run(text)


@pytest.fixture(autouse=True)
def _functions(run: Run) -> None:
    run(COUNTS)
    run(SALES)


# ------------------------------------------------------------------------------------------------ end_partition by batches


def test_a_partition_by_a_column_is_a_call_and_has_nulls_for_the_other_columns(run: Run) -> None:
    rows = run(
        f"SELECT * FROM {DATA} s, TABLE(counts(s.x, s.n::VARCHAR) OVER (PARTITION BY s.k ORDER BY s.n DESC)) t ORDER BY k"
    )
    assert rows == [("a", None, None, 2, 4.5, "31"), ("b", None, None, 1, 2.0, "2"), (None, None, None, 2, 24.0, "54")]


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ("PARTITION BY 1 ORDER BY s.n", [(None, None, "12345")]),
        ("PARTITION BY 1 ORDER BY s.k NULLS FIRST, s.n DESC", [(None, None, "54312")]),
        ("PARTITION BY 1 ORDER BY s.k DESC NULLS LAST, s.n", [(None, None, "21345")]),
        ("PARTITION BY s.k, s.n", [("a", 1, "1"), ("a", 3, "3"), ("b", 2, "2"), (None, 4, "4"), (None, 5, "5")]),
        ("PARTITION BY k ORDER BY n", [("a", None, "13"), ("b", None, "2"), (None, None, "45")]),
    ],
)
def test_clauses_of_over(run: Run, over: str, expected: list[tuple[Any, ...]]) -> None:
    text = (
        f"SELECT s.k, s.n, t.texts FROM {DATA} AS s, TABLE(counts(x, n::VARCHAR) OVER ({over})) AS t ORDER BY 1, 2, 3"
    )
    assert run(text) == expected


def test_arguments_are_expressions_and_are_converted_to_what_was_declared(run: Run) -> None:
    text = f"SELECT total, texts FROM {DATA} s CROSS JOIN TABLE(counts(s.n * 10 + 1, x) OVER (PARTITION BY k ORDER BY n)) t"
    assert sorted(run(text)) == [(21.0, "2"), (42.0, "0.54"), (92.0, "816")]


def test_names_of_the_columns_of_a_call(run: Run) -> None:
    call = f"{DATA} s, TABLE(counts(s.x, 'z') OVER (PARTITION BY 1))"
    assert run(f"SELECT counts.total, COUNTS.texts, rows_seen + 1 FROM {call}") == [(30.5, "zzzzz", 6)]
    assert run(f"SELECT t.b, c, t.* FROM {call} AS t (a, b, c) WHERE t.a = 5") == [(30.5, "zzzzz", 5, 30.5, "zzzzz")]
    assert run(f"SELECT total AS n FROM {call} t GROUP BY total HAVING MAX(t.rows_seen) > 4 ORDER BY n") == [(30.5,)]
    _refused(run, f"SELECT t.nowhere FROM {call} t", "invalid identifier 'T.NOWHERE'")
    _refused(run, f"SELECT t.a FROM {call} AS t (a, b)", "2 names for 3 columns")


def test_names_of_results(connection: SnowflakeConnection) -> None:
    with connection.cursor() as cursor:
        text = (
            f"SELECT s.*, t.*, t.total, total AS \"sum\" FROM {DATA} s, TABLE(counts(s.x, 'z') OVER (PARTITION BY k)) t"
        )
        described = cursor.describe(text)
        cursor.execute(text)
        for description in (described, cursor.description):
            names = [each.name for each in description]
            assert names == ["K", "N", "X", "ROWS_SEEN", "TOTAL", "TEXTS", "TOTAL", "sum"]


def test_an_alias_of_the_result_is_what_order_by_means(run: Run) -> None:
    call = f"{DATA} s, TABLE(counts(s.x, 'z') OVER (PARTITION BY k)) t"
    assert run(f"SELECT -total AS total FROM {call} ORDER BY total") == [(-24.0,), (-4.5,), (-2.0,)]


@pytest.mark.parametrize(
    "table",
    ["(SELECT 1 AS total, 'a' AS k) s", "(VALUES (1, 'a')) AS s (total, k)", "totals AS s", "plain AS s"],
)
def test_a_name_of_two_columns_is_ambiguous(run: Run, table: str) -> None:
    run("CREATE OR REPLACE TEMPORARY TABLE totals AS SELECT 1 AS total, 'a' AS k")
    run("CREATE OR REPLACE TABLE plain (total INT, k VARCHAR)")
    call = f"{table}, TABLE(counts(s.total, k) OVER (PARTITION BY total)) t"
    run(f"SELECT s.total, t.total, texts FROM {call}")
    _refused(run, f"SELECT total FROM {call}", "ambiguous column name 'TOTAL'")
    _refused(run, f"SELECT t.texts FROM {call} WHERE total > 1", "ambiguous column name 'TOTAL'")


def test_queries_within_the_query_have_names_of_their_own(run: Run) -> None:
    call = f"{DATA} s, TABLE(counts(s.x, 'z') OVER (PARTITION BY k)) t"
    own = "(SELECT MAX(t.total) FROM (SELECT 7 AS total) t)"
    assert run(f"SELECT t.total, {own} FROM {call} WHERE t.total > 4 AND {own} = 7 ORDER BY 1") == [(4.5, 7), (24.0, 7)]
    bare = "(SELECT MAX(total) FROM (SELECT 7 AS total) u)"
    assert run(f"SELECT {bare} FROM {call} WHERE t.total = 24") == [(7,)]
    outer = "EXISTS (SELECT 1 FROM (SELECT 4.5 AS y) e WHERE e.y = t.total)"
    assert run(f"SELECT k FROM {call} WHERE {outer}") == [("a",)]


def test_a_call_is_a_table_like_another(run: Run) -> None:
    run(f"CREATE OR REPLACE TEMPORARY TABLE input_rows AS SELECT * FROM {DATA} s")
    call = "input_rows, TABLE(counts(x, 'z') OVER (PARTITION BY input_rows.k)) AS t"
    assert run(f"SELECT k, e.y FROM {call} JOIN (SELECT 4.5::FLOAT AS y) e ON t.total = e.y") == [("a", 4.5)]
    assert run(f"SELECT * FROM {call} JOIN (SELECT 2 AS y) e ON t.total = e.y") == [("b", None, None, 1, 2.0, "z", 2)]
    assert run(f"WITH w AS (SELECT k, total FROM {call}) SELECT w.k FROM w JOIN w v ON w.total = v.total + 2.5") == [
        ("a",)
    ]
    run(f"CREATE OR REPLACE TABLE made AS SELECT input_rows.k, t.* FROM {call}")
    run(f"INSERT INTO made SELECT k, t.* FROM {call} WHERE k = 'b'")
    assert run("SELECT k, rows_seen, total, texts FROM made ORDER BY total, k") == [
        ("b", 1, 2.0, "z"),
        ("b", 1, 2.0, "z"),
        ("a", 2, 4.5, "zz"),
        (None, 2, 24.0, "zz"),
    ]
    twice = "(SELECT k, t.total FROM {} WHERE total > 3) q, TABLE(counts(q.total, k) OVER (PARTITION BY 1)) u"
    run("DELETE FROM input_rows WHERE k IS NULL")
    assert run(f"SELECT u.total, u.texts FROM {twice.format(call)}") == [(4.5, "a")]


def test_a_call_twice_in_a_statement_has_its_rows_twice(run: Run) -> None:
    rows = "(SELECT SEQ8() AS n, FLOOR(SEQ8() / 10) AS b FROM (SELECT 1 FROM TABLE(GENERATOR(ROWCOUNT => 20000)))) s"
    run(
        f"CREATE OR REPLACE TEMPORARY VIEW twice AS "
        f"SELECT b, rows_seen, total FROM {rows}, TABLE(counts(s.n, '') OVER (PARTITION BY s.b))"
    )
    text = "SELECT COUNT(*), MIN(rows_seen), SUM(total) FROM (SELECT * FROM twice UNION ALL SELECT * FROM twice) GROUP BY b"
    assert run(
        f"SELECT DISTINCT * FROM ({text.replace('SUM(total)', 'SUM(total) - 2 * (SUM(b) / 2 * 100 + 45)')})"
    ) == [(2, 10, 0.0)]


def test_values_of_placeholders_reach_a_call(run: Run) -> None:
    text = (
        f"SELECT total FROM (SELECT * FROM {DATA} v WHERE n > %s) s, TABLE(counts(s.x + %s, 'z') OVER (PARTITION BY k))"
    )
    assert sorted(run(text, (2, 100))) == [(104.0,), (224.0,)]


def test_no_rows_are_no_calls(run: Run) -> None:
    text = f"SELECT * FROM (SELECT * FROM {DATA} v WHERE n > 9) s, TABLE(counts(s.x, 'z') OVER (PARTITION BY 1))"
    assert run(text) == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("counts(s.x, 'z')", "PARTITION BY"),
        ("counts(s.x, 'z') OVER ()", "PARTITION BY"),
        ("counts(s.x, 'z') OVER (ORDER BY s.x)", "PARTITION BY"),
        ("counts(s.x, 'z') OVER (PARTITION BY s.n * 2)", "a column or a literal"),
        ("counts(s.x) OVER (PARTITION BY s.n)", "invalid number of arguments"),
        ("counts(x => s.x, s => 'z') OVER (PARTITION BY s.n)", "arguments of a table function by name"),
        ("nowhere(s.x) OVER (PARTITION BY s.n)", "Unknown function NOWHERE"),
    ],
)
def test_calls_that_are_refused(run: Run, call: str, message: str) -> None:
    _refused(run, f"SELECT * FROM {DATA} s, TABLE({call}) t", message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT counts(1, 'z')", "Unknown function COUNTS"),
        (
            f"SELECT * FROM {DATA} s LEFT JOIN TABLE(counts(s.x, 'z') OVER (PARTITION BY s.n)) t",
            "a comma or CROSS JOIN",
        ),
        (
            f"SELECT * FROM {DATA} s, (SELECT 1 AS y) e, TABLE(counts(s.x, 'z') OVER (PARTITION BY s.n)) t",
            "more than one table: put these into a subquery",
        ),
        (
            f"SELECT * FROM {DATA} s, TABLE(counts(n, '') OVER (PARTITION BY n)) t, TABLE(counts(1, '') OVER (PARTITION BY 1)) u",
            "more than one table function",
        ),
        (f"SELECT t.* EXCLUDE total FROM {DATA} s, TABLE(counts(s.x, '') OVER (PARTITION BY 1)) t", "EXCLUDE"),
    ],
)
def test_queries_that_are_refused(run: Run, text: str, message: str) -> None:
    _refused(run, text, message)


# ------------------------------------------------------------------------------------------------ rows


def test_rows_of_process_have_the_columns_of_their_row(run: Run) -> None:
    sales = "(VALUES ('ABC', 2, 10.25), ('XYZ', 1, 5.5), ('ABC', 1, 3.5)) v (symbol, quantity, price)"
    text = f"SELECT * FROM {sales}, TABLE(stock_sale_sum(symbol, quantity, price) OVER (PARTITION BY v.symbol ORDER BY quantity))"
    assert sorted(run(text), key=repr) == [
        ("ABC", 1, Decimal("3.50"), "ABC", Decimal("3.50")),
        ("ABC", 2, Decimal("10.25"), "ABC", Decimal("20.50")),
        ("ABC", None, None, "ABC!", Decimal("24.00")),
        ("XYZ", 1, Decimal("5.50"), "XYZ", Decimal("5.50")),
        ("XYZ", None, None, "XYZ!", Decimal("5.50")),
    ]


@pytest.mark.parametrize("over", ["", "OVER ()", "OVER (ORDER BY n)", "OVER (PARTITION BY 1)"])
def test_a_few_rows_without_a_column_to_partition_by_are_one_partition(run: Run, over: str) -> None:
    text = (
        f"SELECT s.n, t.total FROM {DATA} s, TABLE(stock_sale_sum('q', s.n, 1) {over}) t ORDER BY n NULLS LAST, total"
    )
    assert run(text) == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (None, 15)]


def test_many_rows_without_over_are_several_partitions_and_with_it_one(run: Run) -> None:
    rows = "(SELECT SEQ8() AS n FROM TABLE(GENERATOR(ROWCOUNT => 10000))) s"
    call = "SELECT SUM(t.total), COUNT(*) FROM {}, TABLE(stock_sale_sum('q', 1, 1) {}) t WHERE s.n IS NULL"
    assert run(call.format(rows, "")) == [(10000, 3)]
    assert run(call.format(rows, "OVER ()")) == [(10000, 1)]


def test_a_call_without_a_table_has_one_row(run: Run) -> None:
    assert run("SELECT * FROM TABLE(stock_sale_sum('q', 2, 1.5)) ORDER BY symbol") == [("q", 3), ("q!", 3)]
    assert run("SELECT * FROM TABLE(counts(1, 'z') OVER (PARTITION BY 1))") == [(1, 1.0, "z")]


ROWS = """
CREATE OR REPLACE FUNCTION made(n INT) RETURNS TABLE (a INT, b VARCHAR)
LANGUAGE PYTHON RUNTIME_VERSION = '3.11' HANDLER = 'Made' AS $$
class Made:
    def process(self, n):
{}
$$
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("        return [(n, 'x'), (n + 1, None)]", [(1, 1, "x"), (1, 2, None), (2, 2, "x"), (2, 3, None)]),
        ("        return None", []),
        ("        return []", []),
        ("        return [(n, 'x')] if n > 1 else [None]", [(2, 2, "x")]),
        ("        yield (n, 'x')\n        yield None\n        yield (9, 'y')", [(1, 1, "x"), (2, 2, "x")]),
    ],
)
def test_what_process_returns_for_a_row(run: Run, body: str, expected: list[tuple[Any, ...]]) -> None:
    run(ROWS.format(body))
    rows = run("SELECT * FROM (VALUES (1), (2)) v (n), TABLE(made(v.n)) t ORDER BY n, t.a")
    assert rows == expected


# ------------------------------------------------------------------------------------------------ process by batches

BATCHES = """
CREATE OR REPLACE FUNCTION batches(n INT) RETURNS TABLE (twice INT, size INT)
LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('pandas') HANDLER = 'Batches' AS $$
import pandas

class Batches:
    def __init__(self):
        self.seen = 0

    def process(self, frame):
        self.seen += len(frame)
        return frame["N"] * 2, [len(frame)] * len(frame)
{}
Batches.process._sf_vectorized_input = pandas.DataFrame
Batches.process._sf_max_batch_size = 2
$$
"""


def test_batches_keep_the_columns_of_their_rows(run: Run) -> None:
    run(BATCHES.format(""))
    text = f"SELECT s.k, s.n, t.twice, t.size FROM {DATA} s, TABLE(batches(s.n) OVER (PARTITION BY 1 ORDER BY n)) t ORDER BY n"
    assert run(text) == [("a", 1, 2, 2), ("b", 2, 4, 2), ("a", 3, 6, 2), (None, 4, 8, 2), (None, 5, 10, 1)]


def test_the_end_of_batches_adds_rows(run: Run) -> None:
    run(BATCHES.format("\n    def end_partition(self):\n        yield [-1, -2], [self.seen, 0]\n"))
    text = f"SELECT s.k, s.n, t.twice, t.size FROM {DATA} s, TABLE(batches(s.n) OVER (PARTITION BY s.k)) t WHERE t.twice < 0"
    assert sorted(run(text), key=repr) == [
        ("a", None, -1, 2),
        ("a", None, -2, 0),
        ("b", None, -1, 1),
        ("b", None, -2, 0),
        (None, None, -1, 2),
        (None, None, -2, 0),
    ]


# ------------------------------------------------------------------------------------------------ many rows


def test_few_partitions_are_in_memory_at_a_time(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    take, most, threads = tables.Partitions._take, 0, set()

    def counted(self: tables.Partitions, rows: Any) -> Any:
        nonlocal most
        most = max(most, len(self._waiting))
        threads.add(threading.get_ident())
        return take(self, rows)

    monkeypatch.setattr(tables.Partitions, "_take", counted)
    rows = "(SELECT SEQ8() AS n, FLOOR(SEQ8() / 5000) AS bucket FROM (SELECT 1 FROM TABLE(GENERATOR(ROWCOUNT => 500000)))) s"
    text = f"SELECT COUNT(*), MIN(rows_seen), MAX(rows_seen), SUM(total) FROM {rows}, TABLE(counts(s.n, '') OVER (PARTITION BY s.bucket))"
    assert run(text) == [(100, 5000, 5000, 500000 * 499999 / 2)]
    assert threads
    assert most <= 3 * len(threads)


def test_rows_of_a_statement_that_has_ended_are_forgotten() -> None:
    """What a cancelled statement has sent of a partition must not become part of another statement's."""

    class Counted:
        def run(self, rows: pa.Table) -> tables.Output:
            assert rows["row"].to_pylist() == [1, 2, 3]  # in the order of the partition, whenever they came
            return tables.Output([pa.array([len(rows)], pa.int64())], pa.nulls(1, pa.int64()))

    fields = [pa.field("row", pa.int64()), pa.field("f0", pa.int64())]
    partitions = tables.Partitions(Counted(), pa.list_(pa.struct(fields)))  # type: ignore[arg-type]

    def send(positions: list[int], number: str = "r") -> list[Any]:
        rows = len(positions)
        keys = [[number] * rows, [1] * rows, positions, [3] * rows, positions]
        answer = partitions(*(pa.chunked_array([pa.array(each)]) for each in keys))
        return [None if not each else each[0]["f0"] for each in answer.to_pylist()]

    assert send([3]) == [None]
    assert send([1, 2], "another run of the same call") == [None, None]
    assert send([1, 2]) == [None, 3]
    assert send([1, 2]) == [None, None]
    partitions.forget()
    assert send([3]) == [None]
    assert send([1, 2]) == [None, 3]


def test_rows_are_forgotten_when_a_statement_ends(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[tables.Partitions] = []

    def forget(self: tables.Partitions) -> None:
        forgotten.append(self)

    monkeypatch.setattr(tables.Partitions, "forget", forget)
    run(COUNTS)
    before = len(forgotten)
    _refused(run, f"SELECT 1 / 0 FROM {DATA} s, TABLE(counts(x, '') OVER (PARTITION BY 1))", "Division by zero")
    assert len(forgotten) > before
