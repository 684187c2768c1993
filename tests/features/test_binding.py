"""Binding expressions to a schema: the casts that are written in, and the errors."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pytest
from tests.features.data import SCHEMA, described, types_of_args

from onefold.errors import DefinitionError, PlanError
from onefold.features import Expr, call, coalesce, col, lit, when
from onefold.features.binding import bind
from onefold.plan import Call, Case, infer

n, x, price = col("n"), col("x"), col("price")


def bound(expression: Expr) -> str:
    return described(bind(expression.node, SCHEMA))


def type_of(expression: Expr) -> str:
    return str(infer(bind(expression.node, SCHEMA), SCHEMA).dtype)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (n + 1, "add(n, 1:int64)"),
        (x + 1, "add(x, 1.0:float64)"),
        (1 + x, "add(1.0:float64, x)"),
        (n + 0.5, "add(n::float64, 0.5:float64)"),
        (n + x, "add(n::float64, x)"),
        (n / 2, "divide(n::float64, 2.0:float64)"),
        (n.sqrt(), "sqrt(n::float64)"),
        (price + 1, "add(price, '1':decimal128(1, 0))"),
        (price * 100, "multiply(price, '100':decimal128(3, 0))"),
        (price > 5, "gt(price, '5.00':decimal128(10, 2))"),
        (price + n, "add(price, n::decimal128(19, 0))"),
        (price * 0.5, "multiply(price::float64, 0.5:float64)"),
        (price == decimal.Decimal("1.5"), "equal(price, '1.50':decimal128(10, 2))"),
        (x > decimal.Decimal("1.5"), "gt(x, 1.5:float64)"),
        (x.fill_null(0), "coalesce(x, 0.0:float64)"),
        (x.is_in([1, 2]), "is_in(x, 1.0:float64, 2.0:float64)"),
        (n.is_in([1, None]), "is_in(n, 1:int64, None:int64)"),
        (coalesce("n", "x"), "coalesce(n::float64, x)"),
        (n.between(0, 0.5), "between(n::float64, 0.0:float64, 0.5:float64)"),
        (x == lit(None), "equal(x, None:float64)"),
        (col("carrier") + "!", "concat(carrier, '!':string)"),
        ("!" + col("carrier"), "concat('!':string, carrier)"),
        (col("day") + dt.timedelta(days=2), "add_days(day, 2:int64)"),
        (col("at") - dt.timedelta(days=2), "add_duration(at, -172800000000:int64)"),
        (n.cast("int64"), "n"),
        (n.cast("float64"), "n::float64"),
        (lit(None).cast("string"), "None:string"),
        (call("power", "n", "x"), "power(n::float64, x)"),
    ],
    ids=repr,
)
def test_conversions_are_written_into_the_plan(expression: Expr, expected: str) -> None:
    assert bound(expression) == expected
    infer(bind(expression.node, SCHEMA), SCHEMA)  # raises when types do not fit


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (when("late").then(1).otherwise(0), "int64"),
        (when("late").then(1).otherwise(0.5), "float64"),
        (when("late").then("n").otherwise("x"), "float64"),
        (when("late").then("n").otherwise(None), "int64"),
        (when("late").then(None).otherwise(lit("a")), "string"),
        (when("late").then("price").otherwise(0), "decimal128(10, 2)"),
        (when("late").then("price").otherwise("n"), "decimal128(21, 2)"),
        (when("late").then(1).when(n > 3).then(2.0), "float64"),
        (when("late").then("at").otherwise(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)), "timestamp[us, UTC]"),
        (when(None).then(1), "int64"),
    ],
    ids=repr,
)
def test_branches_take_their_common_type(expression: Expr, expected: str) -> None:
    assert type_of(expression) == expected


def test_all_branches_of_a_case_have_one_type_in_the_plan() -> None:
    case = bind(when("late").then(1).when(n > 3).then("x").otherwise("n").node, SCHEMA)
    assert isinstance(case, Case)
    assert case.otherwise is not None
    assert [described(branch.then) for branch in case.branches] == ["1.0:float64", "x"]
    assert described(case.otherwise) == "n::float64"


def test_an_aware_datetime_is_an_instant_in_utc() -> None:
    paris = dt.timezone(dt.timedelta(hours=1))
    assert types_of_args(bind((col("at") >= dt.datetime(2020, 1, 1, 1, tzinfo=paris)).node, SCHEMA)) == [
        "at",
        "'2020-01-01T00:00:00.000000':timestamp[us, UTC]",
    ]


NAIVE = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - what a beginner writes


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (col("dep_dealy") > 1, r"no column 'dep_dealy'"),
        (col("lat"), r"no column 'lat'\. Did you mean 'late'"),
        (col("at") > NAIVE, r"'gt'.*without a time zone is a wall clock.*tzinfo=timezone\.utc"),
        (col("wall") > NAIVE.replace(tzinfo=dt.UTC), r"'gt'.*the constant is an instant.*time_zone='UTC'"),
        (col("at") > col("wall"), r"'gt'.*cast it to 'timestamp\[us, UTC\]'"),
        (col("at") > "2020-01-01", r"'gt'.*Text is not read as a time.*datetime\(2013, 1, 31"),
        (col("day") == "2020-01-01", r"'equal'.*Text is not read as a time by guessing: write date\(2013, 1, 31\)"),
        (col("at") >= dt.date(2020, 1, 1), r"'gte'.*A date is not an instant"),
        (col("at") - col("at"), r"'subtract'.*microseconds_since"),
        (col("carrier") + 1, r"'add' does not take \(string, int64\), in \(col\('carrier'\) \+ 1\).*cast\('int64'\)"),
        (col("late") + 1, r"'add' does not take \(bool, int64\)"),
        (-col("late"), r"'negate'.*0 and 1 with \.cast\('int64'\)"),
        (col("n").str.upper(), r"'upper' does not take \(int64\).*\(string\) -> string"),
        (col("codes") > 1, r"'gt' does not take \(list<int64>, int64\)"),
        (x // 2, r"'int_divide' does not take \(float64, int64\)"),
        (col("carrier").cast("binary"), r"string can not be cast to binary.*It can be cast to: int64"),
        (x.cast("string"), r"float64 can not be cast to string"),
        (when("n").then(1), r"condition of a when must be true or false.*col\('n'\) is int64"),
        (when("late").then("carrier").otherwise(1), r"values of when.*different types: string and int64"),
        (when("late").then("ontime").otherwise("late"), r"no column 'ontime'.*written lit\('ontime'\)"),
        (when("late").then(None), r"All values of when.*are null"),
        (lit(None), r"null needs a type"),
        (n + 2**63, r"does not fit in int64"),
        (n.round(digits=99), r"'digits' of 'round' can not be 99"),
        (col("day") + dt.timedelta(hours=1), r"moves by whole days"),
        (call("round", "x", digit=1), r"'round' has no option 'digit'.*'digits'"),
    ],
    ids=repr,
)
def test_errors_say_what_and_what_to_do(expression: Expr, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        bind(expression.node, SCHEMA)


def test_a_duration_is_no_value() -> None:
    with pytest.raises(DefinitionError, match=r"columns hold no lengths of time.*offset_by"):
        bind((col("at") > dt.timedelta(1)).node, SCHEMA)


def test_nanoseconds_are_not_dropped_silently() -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(DefinitionError, match="nanoseconds"):
        _ = col("at") > pandas.Timestamp("2020-01-01T00:00:00.000000001Z")


@pytest.mark.parametrize(
    "value", [1, 1.5, True, "a", b"a", dt.date(2020, 1, 1), decimal.Decimal("1.10"), [1, 2]], ids=repr
)
def test_constants_keep_their_value(value: Any) -> None:
    literal = bind(lit(value).node, SCHEMA)
    assert getattr(literal, "python_value", None) == value


def test_an_expression_that_shares_its_parts_is_bound_once() -> None:
    expression = n
    for _ in range(14):
        expression = expression + expression
    plan = bind(expression.node, SCHEMA)
    assert isinstance(plan, Call)
    assert plan.args[0] is plan.args[1]


def test_an_expression_that_would_be_too_large_is_refused() -> None:
    expression = n
    for _ in range(40):
        expression = expression + expression
    with pytest.raises(PlanError, match="Written out, the expression has"):
        bind(expression.node, SCHEMA)
