"""Literals, names, nesting and errors of expressions as SQL, run on DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from tests.sql.evaluation import COMPILER, INF, MAX, MIN, NAN, connect, evaluate, same

from onefold.errors import ConfigurationError, PlanError, UnsupportedOperation
from onefold.plan import Call, Case, Cast, Column, Expression, Literal, WhenThen
from onefold.sql.expressions import ExpressionCompiler, column, print_sql
from onefold.sql.functions import FUNCTIONS
from onefold.sql.types import sql_types
from onefold.types import BOOL, FLOAT64, INT64, STRING, Field, Schema, parse_type


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as opened:
        yield opened


def call(name: str, *args: Expression | Any, **options: Any) -> Call:
    return Call(
        function=name,
        args=tuple(arg if isinstance(arg, Expression) else Literal.of(arg) for arg in args),
        options=options,
    )


def value_of(connection: duckdb.DuckDBPyConnection, expression: Expression, **columns: tuple[str, Any]) -> Any:
    """Return the value of an expression over one row, given as ``name=(type, value)``."""
    columns = columns or {"unused": ("int64", 0)}
    schema = Schema(Field(name, parse_type(dtype)) for name, (dtype, _) in columns.items())
    return evaluate(connection, expression, schema, [[value] for _, value in columns.values()])[0].as_py()


AT = dt.datetime.fromisoformat
LITERALS: list[tuple[Any, str]] = [
    (True, "bool"),
    (False, "bool"),
    (0, "int64"),
    (MIN, "int64"),
    (MAX, "int64"),
    (-1, "int64"),
    (0.1, "float64"),
    (-2.5, "float64"),
    (0.1234567890123456789, "float64"),
    (1e300, "float64"),
    (5e-324, "float64"),
    (1.7976931348623157e308, "float64"),
    (123456789012345680.0, "float64"),
    (NAN, "float64"),
    (INF, "float64"),
    (-INF, "float64"),
    ("", "string"),
    ("it's", "string"),
    ("'; DROP TABLE input; --", "string"),
    ("a\\'b\\", "string"),
    ('say "x"', "string"),
    ("line\nfeed\ttab\r", "string"),
    ("{0} {*} __arg_0", "string"),
    ("$1 ? %s :name", "string"),
    ("\x00z", "string"),
    ("日本 😀 e\u0301", "string"),
    ("NULL", "string"),
    ("/* x */ -- y", "string"),
    (b"", "binary"),
    (b"\x00\xff'\\", "binary"),
    (dt.date(1, 1, 1), "date32"),
    (dt.date(1969, 12, 31), "date32"),
    (dt.date(9999, 12, 31), "date32"),
    (AT("1969-12-31T23:59:59.999999"), "timestamp[us]"),
    (AT("0001-01-01T00:00:00"), "timestamp[us]"),
    (AT("9999-12-31T23:59:59.999999"), "timestamp[us]"),
    (AT("2024-03-10T02:30:00+00:00"), "timestamp[us, UTC]"),
    (AT("2024-03-10T02:30:00-05:00"), "timestamp[us, UTC]"),
    (Decimal("1.10"), "decimal128(10, 2)"),
    (Decimal("-0.05"), "decimal128(3, 2)"),
    (Decimal("9" * 38), "decimal128(38, 0)"),
    (Decimal("0.00000000000000000000000000000000000001"), "decimal128(38, 38)"),
    ([1, None, -3], "list<int64>"),
    ([], "list<string>"),
    ([None], "list<date32>"),
    ([0.1, NAN], "list<float64>"),
    (["a'b"], "list<string>"),
]
NULLS = [
    "bool", "int64", "float64", "string", "binary", "date32", "timestamp[us]", "timestamp[us, UTC]",
    "decimal128(38, 10)", "list<list<decimal128(3, 1)>>", 'struct<"a b": int64, "q""x": list<string>>'.replace('""', '\\"'),
]  # fmt: skip


@pytest.mark.parametrize(("value", "dtype"), LITERALS, ids=[str(index) for index in range(len(LITERALS))])
def test_literals_come_back_unchanged(value: Any, dtype: str, connection: duckdb.DuckDBPyConnection) -> None:
    assert same(value_of(connection, Literal.of(value, parse_type(dtype))), value)


@pytest.mark.parametrize("dtype", NULLS)
def test_null_literals_have_their_type(dtype: str, connection: duckdb.DuckDBPyConnection) -> None:
    assert value_of(connection, Literal.of(None, parse_type(dtype))) is None


def test_literals_never_rely_on_the_engine_for_their_type() -> None:
    def text(value: Any) -> str:
        return print_sql(COMPILER.compile(Literal.of(value), Schema()), "duckdb")

    assert text(0.1) == "CAST(0.1e0 AS DOUBLE)"
    assert text(5) == "CAST(5 AS BIGINT)"
    assert text(Decimal("0.1")) == "CAST('0.1' AS DECIMAL(1, 1))"
    assert text(AT("2024-01-01T00:00:00+01:00")) == "CAST('2023-12-31 23:00:00.000000+00:00' AS TIMESTAMPTZ)"


NAMES = [
    "select", "a b", 'a"b', "a'b", "a;b", "--", "日本", "😀", "{0}", "__arg_0", "__option_digits", "a.b", "x[1]", "CASE", "1", "*", "a\\b", "a\nb",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=[str(index) for index in range(len(NAMES))])
def test_any_column_name_works(name: str, connection: duckdb.DuckDBPyConnection) -> None:
    doubled = call("multiply", call("add", Column(name=name), Column(name="other")), Column(name=name))
    schema = Schema([Field(name, INT64), Field("other", INT64)])
    assert evaluate(connection, doubled, schema, [[3], [4]]).to_pylist() == [21]


A, B, C = (Column(name=name) for name in "abc")
NUMBERS = {"a": ("int64", 7), "b": ("int64", 2), "c": ("int64", -3)}
TRUTHS = {"a": ("bool", True), "b": ("bool", False), "c": ("bool", None)}
NESTED: list[tuple[Expression, dict[str, tuple[str, Any]], Any]] = [
    (call("subtract", A, call("subtract", B, C)), NUMBERS, 2),
    (call("subtract", call("subtract", A, B), C), NUMBERS, 8),
    (call("multiply", call("add", A, B), C), NUMBERS, -27),
    (call("negate", call("negate", C)), NUMBERS, -3),
    (call("negate", call("subtract", A, B)), NUMBERS, -5),
    (call("int_divide", A, call("int_divide", A, B)), NUMBERS, 2),
    (call("modulo", call("negate", A), B), NUMBERS, -1),
    (call("abs", call("negate", A)), NUMBERS, 7),
    (call("not", call("equal", A, B)), NUMBERS, True),
    (call("equal", call("lt", A, B), call("lt", B, A)), NUMBERS, False),
    (call("is_null", call("equal", A, B)), NUMBERS, False),
    (call("is_not_null", call("add", A, B)), NUMBERS, True),
    (call("equal", call("is_null", A), call("is_null", B)), NUMBERS, True),
    (call("between", call("add", A, B), call("add", C, 1), call("multiply", A, B)), NUMBERS, True),
    (call("not", call("between", A, B, C)), NUMBERS, True),
    (call("is_in", call("add", A, C), 4, call("add", B, 10)), NUMBERS, True),
    (call("not", call("is_in", A, B, C)), NUMBERS, True),
    (call("equal", call("between", A, B, 9), True), NUMBERS, True),
    (call("or", A, call("and", B, C)), TRUTHS, True),
    (call("and", call("or", A, B), C), TRUTHS, None),
    (call("and", call("not", B), A), TRUTHS, True),
    (call("not", call("or", A, B)), TRUTHS, False),
    (call("not", call("and", A, B)), TRUTHS, True),
    (call("xor", call("or", B, A), call("and", A, B)), TRUTHS, True),
    (call("is_null", call("and", A, C)), TRUTHS, True),
    (call("equal", call("not", A), B), TRUTHS, True),
    (call("is_distinct_from", call("and", A, C), call("or", B, C)), TRUTHS, False),
    (call("and", A), TRUTHS, True),
    (call("equal", call("concat", "a", "b"), call("concat", "ab")), NUMBERS, True),
    (call("like", call("concat", "a%", "b"), pattern="a!%b"), NUMBERS, True),
    (call("length", call("concat", "a", call("upper", "b"))), NUMBERS, 2),
    (call("sqrt", call("power", call("divide", 9.0, 2.0), 2.0)), NUMBERS, 4.5),
    (call("divide", 1.0, call("subtract", 1.5, 1.0)), NUMBERS, 2.0),
    (call("coalesce", call("nullif", A, 7), call("add", A, B)), NUMBERS, 9),
    (call("greatest", call("add", A, B), call("negate", C)), NUMBERS, 9),
    (call("list_get", Literal.of([5, 6]), index=2), NUMBERS, 6),
    (Cast(arg=call("add", A, B), to=STRING), NUMBERS, "9"),
    (call("negate", Cast(arg=call("divide", 7.0, 2.0), to=INT64)), NUMBERS, -3),
    (call("add_duration", call("time_bucket", AT("2024-01-01T00:59:00"), every=3_600_000_000), 1), NUMBERS, AT("2024-01-01T00:00:00.000001")),
    (call("days_between", call("add_days", dt.date(2024, 2, 28), 2), dt.date(2024, 3, 1)), NUMBERS, 0),
    (call("year", call("local_time", AT("2024-01-01T00:00:00+00:00"), zone="America/New_York")), NUMBERS, 2023),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "columns", "expected"), NESTED, ids=[str(i) for i in range(len(NESTED))])
def test_operators_keep_their_grouping(
    expression: Expression, columns: dict[str, tuple[str, Any]], expected: Any, connection: duckdb.DuckDBPyConnection
) -> None:
    assert same(value_of(connection, expression, **columns), expected)


def test_case_takes_the_first_true_branch_and_skips_the_others(connection: duckdb.DuckDBPyConnection) -> None:
    text = Column(name="s")
    case = Case(
        branches=(
            WhenThen(when=call("equal", text, "one"), then=Literal.of(1)),
            WhenThen(when=call("is_null", text), then=Literal.of(-1)),
            WhenThen(when=call("regexp_matches", text, pattern="^[0-9]+$"), then=Cast(arg=text, to=INT64)),
        )
    )
    got = evaluate(connection, case, Schema.of(s="string"), [["one", "12", "x", None]])
    assert got.to_pylist() == [1, 12, None, -1]
    nested = call("add", case.replace(otherwise=Literal.of(0)), Literal.of(1))
    got = evaluate(connection, nested, Schema.of(s="string"), [["one", "12", "x", None]])
    assert got.to_pylist() == [2, 13, 1, 0]


def test_a_null_condition_is_not_true(connection: duckdb.DuckDBPyConnection) -> None:
    case = Case(branches=(WhenThen(when=Literal.of(None, BOOL), then=Literal.of(1)),), otherwise=Literal.of(2))
    assert value_of(connection, case) == 2


def test_the_refused_text_is_named_in_the_error(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=r"'1\.5' can not be converted to BIGINT"):
        value_of(connection, Cast(arg=Column(name="s"), to=INT64), s=("string", "1.5"))


@pytest.mark.parametrize("name", ["abs", "negate"])
def test_the_deepest_expressions_can_be_printed_and_run(name: str, connection: duckdb.DuckDBPyConnection) -> None:
    expression: Expression = Column(name="a")
    for _ in range(248):
        expression = call(name, expression)
    assert value_of(connection, expression, a=("int64", 5)) == 5


def test_deep_chains_of_logic_can_be_printed_and_run(connection: duckdb.DuckDBPyConnection) -> None:
    expression: Expression = Column(name="a")
    for index in range(240):
        expression = call("or" if index % 2 else "and", Column(name="a"), expression)
    assert value_of(connection, expression, a=("bool", True)) is True
    wide = call("and", *[Column(name="a")] * 3000)
    assert value_of(connection, wide, a=("bool", True)) is True


def test_sql_that_multiplies_is_refused_before_it_fills_memory() -> None:
    expression: Expression = Column(name="x")
    for _ in range(60):
        expression = call("sqrt", expression)
    with pytest.raises(PlanError, match="Compute parts of it as columns first"):
        COMPILER.compile(expression, Schema.of(x="float64"))


def test_a_missing_lowering_is_an_unsupported_operation() -> None:
    compiler = ExpressionCompiler("duckdb", {"add": FUNCTIONS["add"]}, engine="tiny")
    with pytest.raises(UnsupportedOperation, match=r"'tiny' does not offer function\.sqrt"):
        compiler.compile(call("sqrt", 2.0), Schema())


def test_wrong_types_and_columns_are_refused_before_any_sql() -> None:
    with pytest.raises(PlanError, match=r"does not take \(int64, float64\)"):
        COMPILER.compile(call("add", 1, 2.0), Schema())
    with pytest.raises(PlanError, match="Did you mean 'amount'"):
        COMPILER.compile(Column(name="amont"), Schema([Field("amount", FLOAT64)]))


def test_columns_are_qualified_and_quoted() -> None:
    assert print_sql(column('a"b', 't"u'), "duckdb") == '"t""u"."a""b"'
    sql = COMPILER.compile(call("add", A, B), Schema.of(a="int64", b="int64"), table="left side")
    assert print_sql(sql, "duckdb") == '"left side"."a" + "left side"."b"'


def test_an_unknown_dialect_names_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="The dialects are: 'duckdb'"):
        sql_types("oracle9")
