"""Values that table functions get and return. The types of pandas are those that Snowflake documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from snowflake.connector.errors import DatabaseError

Run = Callable[..., list[tuple[Any, ...]]]

SEEN = """
CREATE OR REPLACE FUNCTION seen(a {}, "b b" INT) RETURNS TABLE (kind VARCHAR, found VARCHAR)
LANGUAGE PYTHON RUNTIME_VERSION = 3.11 PACKAGES = ('pandas') HANDLER = 'Seen' AS $$
import pandas
class Seen:
    def end_partition(self, frame):
        assert list(frame.columns) == ["A", "b b"] and list(frame.index) == list(range(len(frame)))
        return [str(frame["A"].dtype)] * len(frame), [repr(getattr(each, 'item', lambda: each)()) for each in frame["A"]]
Seen.end_partition._sf_vectorized_input = pandas.DataFrame
$$
"""

NAT, NONE, MISSING = "NaT", "None", "<NA>"


@pytest.mark.parametrize(
    ("declared", "given", "kind", "found"),
    [
        ("INT", ["1", "32767", "-32768"], "Int16", ["1", "32767", "-32768"]),
        ("NUMBER(4,0)", ["1", "NULL"], "Int16", ["1", MISSING]),
        ("INT", ["NULL"], "Int16", [MISSING]),
        ("INT", ["1", "32768"], "Int32", ["1", "32768"]),
        ("INT", ["-32769", "NULL"], "Int32", ["-32769", MISSING]),
        ("NUMBER(19,0)", ["2147483648", "0"], "Int64", ["2147483648", "0"]),
        (
            "NUMBER(19,0)",
            ["9223372036854775807", "-9223372036854775808", "NULL"],
            "Int64",
            ["9223372036854775807", "-9223372036854775808", MISSING],
        ),
        (
            "NUMBER(19,0)",
            ["9223372036854775808", "NULL"],
            "object",
            ["Decimal('9223372036854775808')", NONE],
        ),
        ("NUMBER(10,2)", ["1.5", "NULL"], "object", ["Decimal('1.50')", NONE]),
        ("FLOAT", ["0.5", "NULL", "'NaN'", "'inf'", "'-0'"], "float64", ["0.5", "nan", "nan", "inf", "-0.0"]),
        ("BOOLEAN", ["TRUE", "NULL"], "boolean", ["True", MISSING]),
        ("VARCHAR", ["'a'", "''", "NULL"], "string", ["'a'", "''", MISSING]),
        ("BINARY", ["TO_BINARY('00ff')", "NULL"], "object", ["b'\\x00\\xff'", NONE]),
        ("DATE", ["'2024-02-29'", "NULL"], "datetime64[ns]", ["Timestamp('2024-02-29 00:00:00')", NAT]),
        ("TIME", ["'12:00:01'", "NULL"], "timedelta64[ns]", ["Timedelta('0 days 12:00:01')", NAT]),
        (
            "TIMESTAMP_NTZ",
            ["'2024-02-29 01:02:03.456789'", "NULL"],
            "datetime64[ns]",
            ["Timestamp('2024-02-29 01:02:03.456789')", NAT],
        ),
        (
            "TIMESTAMP_LTZ",
            ["'2024-02-29 01:02:03+00:00'", "NULL"],
            "datetime64[ns]",
            ["Timestamp('2024-02-29 01:02:03')", NAT],
        ),
    ],
)
def test_frames(run: Run, declared: str, given: list[str], kind: str, found: list[str]) -> None:
    run(SEEN.format(declared))
    rows = " UNION ALL ".join(f"SELECT {n} AS n, {value}::{declared} AS a" for n, value in enumerate(given))
    got = run(f"SELECT t.kind, t.found FROM ({rows}) s, TABLE(seen(s.a, s.n) OVER (PARTITION BY 1 ORDER BY s.n)) t")
    assert sorted(got) == sorted((kind, each) for each in found)


@pytest.mark.parametrize(
    ("declared", "value", "found"),
    [
        ("INT", "1", "1"),
        ("NUMBER(19,0)", "9223372036854775808", "9223372036854775808"),
        ("NUMBER(10,2)", "1.5", "Decimal('1.50')"),
        ("FLOAT", "1", "1.0"),
        ("FLOAT", "'NaN'", "nan"),
        ("BOOLEAN", "TRUE", "True"),
        ("VARCHAR", "1.5::FLOAT", "'1.5'"),
        ("VARCHAR", "1::FLOAT", "'1'"),
        ("BINARY", "TO_BINARY('00ff')", "b'\\x00\\xff'"),
        ("DATE", "'2024-02-29'", "datetime.date(2024, 2, 29)"),
        ("TIME", "'12:00:01'", "datetime.time(12, 0, 1)"),
        ("TIMESTAMP_NTZ", "'2024-02-29 01:02:03.456'", "datetime.datetime(2024, 2, 29, 1, 2, 3, 456000)"),
        *((kind, "NULL", NONE) for kind in ("INT", "NUMBER(10,2)", "FLOAT", "BOOLEAN", "VARCHAR", "DATE")),
    ],
)
def test_values_by_rows(run: Run, declared: str, value: str, found: str) -> None:
    run(
        f"CREATE OR REPLACE FUNCTION told(a {declared}) RETURNS TABLE (b VARCHAR) LANGUAGE PYTHON "
        "RUNTIME_VERSION = 3.11 HANDLER = 'Told' AS $$\nclass Told:\n    def process(self, a):\n        yield (repr(a),)\n$$"
    )
    assert run(f"SELECT b FROM TABLE(told({value}))") == [(found,)]


RETURNED = """
CREATE OR REPLACE FUNCTION returned(a INT) RETURNS TABLE (b {})
LANGUAGE PYTHON RUNTIME_VERSION = 3.11 PACKAGES = ('pandas') HANDLER = 'Returned' AS $$
import datetime, decimal
import numpy, pandas
from decimal import Decimal

class Returned:
    def end_partition(self, frame):
        return ({},)

Returned.end_partition._sf_vectorized_input = pandas.DataFrame
$$
"""
RETURN = "SELECT b FROM (SELECT 1 AS a) s, TABLE(returned(s.a) OVER (PARTITION BY s.a))"


@pytest.mark.parametrize(
    ("declared", "expression", "expected"),
    [
        ("INT", "[1, None, -2]", [1, None, -2]),
        ("INT", "pandas.Series([1, None], dtype='Int8')", [1, None]),
        ("INT", "numpy.array([2**64 - 1], dtype='uint64')", [2**64 - 1]),
        ("INT", "[Decimal(2**100)]", [2**100]),
        ("INT", "pandas.Series([5.0, None])", [5, None]),
        ("NUMBER(38,0)", "[10**38 - 1]", [10**38 - 1]),
        ("NUMBER(10,2)", "[Decimal('1.005'), -2, 0.125, None]", [Decimal("1.01"), Decimal(-2), Decimal("0.13"), None]),
        ("NUMBER(10,2)", "numpy.array([3])", [Decimal(3)]),
        ("FLOAT", "[1, 0.5, float('inf'), None]", [1.0, 0.5, float("inf"), None]),
        ("FLOAT", "pandas.Series([1, None], dtype='Int64')", [1.0, None]),
        ("FLOAT", "numpy.array([1, numpy.nan])", [1.0, None]),  # documented: a NaN that is returned is NULL
        ("FLOAT", "[float('nan')]", [None]),
        ("FLOAT", "pandas.Series([numpy.nan, 2], dtype='Float64')", [None, 2.0]),
        ("BOOLEAN", "[True, numpy.bool_(False), None]", [True, False, None]),
        ("BOOLEAN", "pandas.Series([True, None], dtype='boolean')", [True, None]),
        ("VARCHAR", "['a', '', None]", ["a", "", None]),
        ("VARCHAR", "pandas.Series(['a', None], dtype='string')", ["a", None]),
        ("VARCHAR", "pandas.Series(['a', pandas.NA], dtype=object)", ["a", None]),
        ("VARCHAR(2)", "['aé']", ["aé"]),
        ("BINARY", "[b'x', bytearray(b'y'), None]", [b"x", b"y", None]),
        ("DATE", "[datetime.date(2024, 2, 29), None]", [dt.date(2024, 2, 29), None]),
        ("DATE", "pandas.to_datetime(['2024-02-29', None])", [dt.date(2024, 2, 29), None]),
        ("TIME", "[datetime.time(1), numpy.timedelta64(1, 's'), None]", [dt.time(1), dt.time(0, 0, 1), None]),
        (
            "TIMESTAMP_NTZ",
            "pandas.to_datetime(['2024-02-29 01:02:03.456789', None])",
            [dt.datetime.fromisoformat("2024-02-29 01:02:03.456789"), None],
        ),
        (
            "TIMESTAMP_NTZ",
            "[datetime.datetime(2024, 2, 29), numpy.datetime64('2024-02-29T01')]",
            [dt.datetime.fromisoformat("2024-02-29"), dt.datetime.fromisoformat("2024-02-29 01:00")],
        ),
        ("INT", "[]", []),
        ("FLOAT", "numpy.array([])", []),
    ],
)
def test_what_columns_hold(run: Run, declared: str, expression: str, expected: list[Any]) -> None:
    run(RETURNED.format(declared, expression))
    assert run(RETURN) == [(each,) for each in expected]


@pytest.mark.parametrize(
    ("declared", "expression", "message"),
    [
        ("INT", "['1']", "the column B is INT, and '1' is no number"),
        ("INT", "[True]", "True is no number"),
        ("INT", "[0.5]", "0.5 is no whole number"),
        ("NUMBER(3,0)", "[1000]", "out of range"),
        ("NUMBER(3,0)", "numpy.array([1000])", "out of range"),
        ("NUMBER(4,2)", "[Decimal(100)]", "out of range"),
        ("NUMBER(4,2)", "[float('inf')]", "out of range"),
        ("FLOAT", "['1']", "'1' is no number"),
        ("FLOAT", "numpy.array([True])", "is no number"),
        ("BOOLEAN", "[1]", "1 is no boolean"),
        ("VARCHAR", "[1]", "1 is no text"),
        ("VARCHAR", "[b'x']", "b'x' is no text"),
        ("VARCHAR(2)", "['abc']", "a text has 3 characters"),
        ("VARCHAR(2)", "pandas.Series(['abc'], dtype='string')", "a text has 3 characters"),
        ("BINARY", "['x']", "'x' is no binary"),
        ("DATE", "['2024-02-29']", "'2024-02-29' is no date"),
        ("DATE", "[datetime.datetime(2024, 2, 29, 1)]", "is no date"),
        ("TIME", "[datetime.timedelta(days=1)]", "is no time"),
        ("TIMESTAMP_NTZ", "[datetime.date(2024, 2, 29)]", "is no timestamp"),
        ("TIMESTAMP_LTZ", "[pandas.Timestamp('2024-02-29', tz='UTC')]", "has a time zone"),
        ("TIMESTAMP_NTZ", "[pandas.Timestamp('2024-02-29', tz='UTC')]", "has a time zone"),
        ("INT", "[1], [2]", "2 columns were returned for 1"),
        ("INT", "", "0 columns were returned for 1"),
    ],
)
def test_what_columns_do_not_hold(run: Run, declared: str, expression: str, message: str) -> None:
    text = RETURNED.format(declared, expression)
    run(text.replace("return (,)", "return ()"))
    with pytest.raises(DatabaseError) as raised:
        run(RETURN)
    assert raised.value.errno == 100357
    assert message in str(raised.value)


SHAPES = RETURNED.format("INT, c VARCHAR", "0").replace("        return (0,)", "        {}")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("return pandas.DataFrame({'x': [1], 'y': ['z']}, index=[7])", [(1, "z")]),
        ("return [1, 2], ['y', 'z']", [(1, "y"), (2, "z")]),
        ("return [numpy.array([1]), pandas.Series(['z'], index=[3])]", [(1, "z")]),
        ("yield [1], ['y']\n        yield pandas.DataFrame({'c': [2], 'b': ['z']})", [(1, "y"), (2, "z")]),
        ("return iter([])\n        yield", []),
    ],
)
def test_shapes_of_what_the_end_of_a_partition_returns(run: Run, statement: str, expected: list[Any]) -> None:
    run(SHAPES.format(statement))
    assert sorted(run(RETURN.replace("SELECT b", "SELECT t.b, t.c") + " t")) == expected


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("return None", "and not NoneType"),
        ("return 'ab'", "and not str"),
        ("return {'b': [1], 'c': ['z']}", "and not dict"),
        ("return [1], ['y', 'z']", "differ in length"),
        ("return pandas.DataFrame({'b': [1]})", "1 columns were returned for 2"),
        ("return pandas.DataFrame({'c': ['z'], 'b': [1]})", "the column B is INT, and 'z' is no number"),
    ],
)
def test_shapes_that_are_refused(run: Run, statement: str, message: str) -> None:
    run(SHAPES.format(statement))
    with pytest.raises(DatabaseError, match=message):
        run(RETURN)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return frame.iloc[:1]", "process returned 1 rows for 2"),
        ("return pandas.concat([frame, frame])", "process returned 4 rows for 2"),
        ("yield frame", "and not generator"),
        ("return frame, frame", "2 columns were returned for 1"),
    ],
)
def test_a_batch_has_as_many_rows_as_it_got(run: Run, body: str, message: str) -> None:
    text = RETURNED.format("INT", "0").replace("end_partition", "process").replace("return (0,)", body)
    run(text)
    with pytest.raises(DatabaseError, match=message):
        run("SELECT b FROM (VALUES (1), (2)) s (a), TABLE(returned(s.a))")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return a", "a method returned 1, and not an iterable of tuples"),
        ("yield a", "a row is a tuple, and not 1"),
        ("yield (a, a)", "a row has 2 values for 1 columns"),
        ("yield ('x',)", "the column B is INT, and 'x' is no number"),
    ],
)
def test_rows_that_are_refused(run: Run, body: str, message: str) -> None:
    text = RETURNED.format("INT", "0").replace("def end_partition(self, frame)", "def process(self, a)")
    run(text.replace("return (0,)", body).replace("Returned.end_partition._sf_vectorized_input = pandas.DataFrame", ""))
    with pytest.raises(DatabaseError, match=message):
        run("SELECT b FROM TABLE(returned(1))")
