"""Expressions: literals are exact, mistakes are named where they are, and size is bounded before it hurts."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.examples import call, col, lit

from onefold.errors import PlanError
from onefold.plan import Call, Case, Cast, Column, Expression, Literal, WhenThen, infer
from onefold.types import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Schema,
)

ROWS = Schema.of(x="int64", v="float64", k="string", late="bool", d="decimal128(10, 2)", tags="list<string>")

scalars = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(codec="utf-8")),
    st.binary(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30))]),
                 min_value=dt.datetime.fromisoformat("0001-01-03"), max_value=dt.datetime.fromisoformat("9999-12-30")),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**30), max_value=10**30),
)  # fmt: skip


@given(scalars)
def test_a_literal_gives_its_value_back(value: Any) -> None:
    found = Literal.of(value).python_value
    assert type(found) is type(value)
    if isinstance(value, float):
        assert (math.isnan(value) and math.isnan(found)) or found == value
        assert math.copysign(1, found) == 1 or found != 0
    else:
        assert found == value


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1).filter(any))
def test_a_list_gives_its_values_back(values: list[int | None]) -> None:
    literal = Literal.of(values)
    assert literal.dtype == List(INT64)
    assert literal.python_value == values


@pytest.mark.parametrize(
    ("value", "dtype"),
    [(True, BOOL), (1, INT64), (1.0, FLOAT64), ("a", STRING), (b"a", BINARY), (dt.date(2024, 1, 1), DATE),
     (decimal.Decimal("1.50"), Decimal(3, 2)), (decimal.Decimal("1E+3"), Decimal(4, 0)),
     (decimal.Decimal("0.001"), Decimal(3, 3)), ([None, 1.5], List(FLOAT64))],
    ids=repr,
)  # fmt: skip
def test_the_type_of_a_literal_is_found(value: Any, dtype: DataType) -> None:
    assert Literal.of(value).dtype == dtype


NAIVE = dt.datetime.fromisoformat("2024-07-01T12:00:00")


@pytest.mark.parametrize(
    ("value", "dtype", "match"),
    [
        (None, None, "needs a type"),
        ([], None, "constant"),
        ([None], None, "needs a type"),
        ({}, None, "constant"),
        (1 + 2j, None, "constant"),
        pytest.param(object(), None, "constant", id="object"),
        (2**63, None, "does not fit in int64"),
        (-(2**63) - 1, None, "does not fit in int64"),
        (10**400, FLOAT64, "too large"),
        (decimal.Decimal("NaN"), None, "constant"),
        (decimal.Decimal("1.005"), Decimal(10, 2), "more than the 2 decimals"),
        (decimal.Decimal(10**8), Decimal(10, 2), "does not fit"),
        ("a", INT64, "not a value of the type int64"),
        (1, STRING, "not a value of the type string"),
        (1, BOOL, "not a value of the type bool"),
        (True, INT64, "not a value of the type int64"),
        (1.0, INT64, "not a value of the type int64"),
        (b"a", STRING, "not a value of the type string"),
        ("61", BINARY, "give bytes"),
        ("abc", List(STRING), "not a list"),
        ([1, "a"], None, "not a value of the type int64"),
        (NAIVE, TIMESTAMP_UTC, "wall clock without a time zone"),
        (NAIVE.replace(tzinfo=dt.UTC), TIMESTAMP, "not a value of the type"),
        (NAIVE, DATE, "not a value of the type"),
        ("\ud800", None, "string"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_constant_is_refused(value: Any, dtype: DataType | None, match: str) -> None:
    with pytest.raises(PlanError, match=match):
        Literal.of(value, dtype)


def test_equal_constants_are_one_literal() -> None:
    assert lit(-0.0) == lit(0.0)
    assert lit(math.nan) == lit(-math.nan)
    assert Literal(dtype=Decimal(5, 2), value="1.5") == Literal(dtype=Decimal(5, 2), value="1.50")
    assert Literal(dtype=TIMESTAMP, value="2024-01-01 00:00") == lit(dt.datetime.fromisoformat("2024-01-01"))
    assert lit(1) != lit(1.0)
    assert lit(1) != lit(value=True)
    assert lit("1") != lit(1)


@pytest.mark.parametrize(
    ("expression", "match"),
    [
        (lambda: Column(name=""), "at least 1 character"),
        (lambda: Column(name=5), "valid string"),  # type: ignore[arg-type]
        (lambda: Cast(to=INT64), "Field required"),  # type: ignore[call-arg]
        (lambda: Column(nmae="x"), "nmae"),  # type: ignore[call-arg]
        (
            lambda: Call(function="substract", args=(col("x"), col("x"))),
            r"no function 'substract'\. Did you mean 'subtract'",
        ),
        (lambda: Call(function="add", args=[col("x")]), "valid tuple"),  # type: ignore[arg-type]
        (lambda: Call(function="add", args=(1, 2)), "Expression"),  # type: ignore[arg-type]
        (lambda: call("round", col("v"), digts=1), "no option 'digts'"),
        (lambda: call("hash_bucket", col("k")), "needs the option"),
        (lambda: call("hash_bucket", col("k"), buckets="7"), "of type int"),
        (lambda: call("hash_bucket", col("k"), buckets=True), "of type int, got True"),
        (lambda: call("hash_bucket", col("k"), buckets=2**63), "does not fit in int64"),
        (lambda: Cast(arg=col("x"), to="text"), "not a portable type"),  # type: ignore[arg-type]
        (lambda: Cast(arg=col("x"), to=STRING, on_failure="skip"), "error"),  # type: ignore[arg-type]
        (lambda: Case(branches=()), "at least 1 item"),
        (lambda: Case(branches=(WhenThen(when=col("late"), then=lit(1)),) * 1001), "at most 1,000"),
    ],
)
def test_wrong_expressions_can_not_be_built(expression: Any, match: str) -> None:
    with pytest.raises(PlanError, match=match):
        expression()


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (call("add", col("xx"), col("x")), "add: There is no column 'xx'. Did you mean 'x'?"),
        (
            call("not", call("gt", col("x"), call("add", col("x"), col("v")))),
            "not > gt > add: 'add' does not take (int64, float64).",
        ),
        (Cast(arg=call("add", col("x"), col("k")), to=STRING), "add: 'add' does not take (int64, string)"),
        (Cast(arg=col("v"), to=STRING), "cast: float64 can not be cast to string with one meaning on every engine"),
        (Cast(arg=col("tags"), to=STRING), "It can be cast to: nothing else"),
        (
            Case(branches=(WhenThen(when=col("x"), then=lit(1)),)),
            "case > when: A condition is a bool, not int64.",
        ),
        (
            Case(branches=(WhenThen(when=col("late"), then=lit(1)),), otherwise=lit(1.0)),
            "different types: int64 and float64",
        ),
        (WhenThen(when=col("late"), then=col("missing")), "There is no column 'missing'"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_types_that_do_not_fit_are_named_with_their_place(expression: Expression, message: str) -> None:
    with pytest.raises(PlanError) as caught:
        infer(expression, ROWS)
    assert message in str(caught.value)


def chain(length: int) -> Expression:
    expression: Expression = col("x")
    for _ in range(length):
        expression = call("negate", expression)
    return expression


def test_the_deepest_expression_can_be_used_for_everything() -> None:
    from onefold.analysis.describe import expression_text
    from onefold.plan import Filter, Input, Plan
    from onefold.rewriting import substitute

    deepest = chain(248)
    predicate = call("equal", deepest, lit(0))
    assert predicate.depth == 250
    assert infer(deepest, ROWS).dtype == INT64
    assert deepest.columns == {"x"}
    plan = Plan(Filter(input=Input(name="rows", columns=ROWS), predicate=predicate))
    assert Plan.from_json(plan.to_json()) == plan
    assert expression_text(predicate).count("negate") == 248
    assert substitute(deepest, {"x": col("v")}).columns == {"v"}
    assert len(repr(predicate)) < 100


def test_long_chains_are_refused_and_not_crashed_on() -> None:
    with pytest.raises(PlanError, match="nested 251 deep; at most 250 is allowed"):
        chain(100_000)


def doubled(times: int) -> Expression:
    expression: Expression = col("x")
    for _ in range(times):
        expression = call("add", expression, expression)
    return expression


def test_expressions_that_double_are_refused_before_they_are_written_out() -> None:
    assert doubled(14).size == 2**15 - 1
    with pytest.raises(PlanError, match="at most 50,000 are allowed"):
        doubled(250)


def test_wide_expressions_are_bounded_too() -> None:
    assert call("is_in", col("x"), *(lit(number) for number in range(40_000))).size == 40_002
    with pytest.raises(PlanError, match="at most 50,000"):
        call("is_in", col("x"), *(lit(number) for number in range(60_000)))


def test_a_shared_part_is_walked_once() -> None:
    shared = call("add", col("x"), lit(1))
    both = call("multiply", shared, shared)
    assert both.size == 7
    assert len(list(both.walk())) == 4


@pytest.mark.parametrize(
    ("expression", "nullable"),
    [
        (lit(1), False),
        (Literal(dtype=INT64), True),
        (call("is_null", col("x")), True),  # `nulls="own"` promises nothing
        (call("add", lit(1), lit(2)), False),
        (call("divide", lit(1.0), lit(0.0)), True),
        (Cast(arg=lit("1"), to=INT64), False),
        (Cast(arg=lit("1"), to=INT64, on_failure="null"), True),
        (Case(branches=(WhenThen(when=lit(value=True), then=lit(1)),)), True),
        (Case(branches=(WhenThen(when=lit(value=True), then=lit(1)),), otherwise=lit(2)), False),
    ],
)
def test_where_null_can_occur_is_known(expression: Expression, nullable: bool) -> None:
    assert infer(expression, ROWS).nullable is nullable


def test_nodes_can_not_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        col("x").name = "y"  # type: ignore[misc]
