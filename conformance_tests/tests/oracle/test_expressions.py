"""Expressions as the oracle evaluates them: literals, casts, branches, depth."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest
from conformance_tests.tests.oracle.evaluation import EVALUATOR, call

from onefold.errors import PlanError
from onefold.plan import Case, Cast, Column, Expression, Literal, WhenThen
from onefold.types import BOOL, INT64, Field, Schema, parse_type
from onefold_conformance.oracle.casts import cast_kind
from onefold_conformance.oracle.expressions import Evaluator
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.values import Value, canonical

SCHEMA = Schema.of(a="int64", s="string", t="bool")
A, S, T = Column(name="a"), Column(name="s"), Column(name="t")


def test_only_the_failure_of_the_cast_itself_becomes_null() -> None:
    inner = Cast(arg=S, to=INT64)
    lenient = Cast(arg=Cast(arg=inner, to=parse_type("decimal128(2, 1)")), to=parse_type("string"), on_failure="null")
    with pytest.raises(ValueFailure):
        EVALUATOR.evaluate(lenient, {"s": "x"}, SCHEMA)
    with pytest.raises(ValueFailure):
        EVALUATOR.evaluate(lenient, {"s": "10"}, SCHEMA)
    assert EVALUATOR.evaluate(lenient, {"s": "9"}, SCHEMA) == "9.0"
    assert EVALUATOR.evaluate(inner.replace(on_failure="null"), {"s": "x"}, SCHEMA) is None


def test_case_takes_the_first_true_branch_and_evaluates_no_other() -> None:
    case = Case(
        branches=(
            WhenThen(when=T, then=Literal.of(1)),
            WhenThen(when=call("is_null", T), then=Literal.of(2)),
            WhenThen(when=Cast(arg=S, to=BOOL), then=Cast(arg=S, to=INT64)),
        ),
        otherwise=Literal.of(4),
    )
    value = EVALUATOR.compile(case, SCHEMA)
    assert value({"t": True, "s": "x"}) == 1
    assert value({"t": None, "s": "x"}) == 2
    assert value({"t": False, "s": "1"}) == 1
    assert value({"t": False, "s": "f"}) == 4
    with pytest.raises(ValueFailure):
        value({"t": False, "s": "true"})
    assert EVALUATOR.evaluate(case.replace(otherwise=None), {"t": False, "s": "0"}, SCHEMA) is None


def test_literals_are_held_as_values_of_the_oracle() -> None:
    new_york = dt.timezone(dt.timedelta(hours=-5))
    literals: list[tuple[Any, Value]] = [
        (dt.date(1969, 12, 31), -1),
        (dt.datetime.fromisoformat("1970-01-01T00:00:01"), 1_000_000),
        (dt.datetime(1970, 1, 1, tzinfo=new_york), 5 * 3_600_000_000),
        (Decimal("-0.0"), Decimal("0.0")),
        (b"\x00\xff", b"\x00\xff"),
        ([dt.date(1970, 1, 2), None], [1, None]),
        (-0.0, 0.0),
        (True, True),
    ]
    for value, expected in literals:
        assert repr(EVALUATOR.evaluate(Literal.of(value), {}, Schema())) == repr(expected)
    assert EVALUATOR.evaluate(Literal.of(None, INT64), {}, Schema()) is None


def test_a_cast_to_the_own_type_changes_nothing() -> None:
    nested = parse_type("list<struct<x: decimal128(3, 1)>>")
    value = [{"x": Decimal("1.5")}, None]
    got = EVALUATOR.evaluate(Cast(arg=Column(name="n"), to=nested), {"n": value}, Schema([Field("n", nested)]))
    assert got == value
    assert cast_kind(nested) == "list<struct<x: decimal128(3, 1)>>"


def test_the_deepest_expression_is_evaluated() -> None:
    expression: Expression = A
    for _ in range(249):
        expression = call("negate", expression)
    assert EVALUATOR.evaluate(expression, {"a": 5}, SCHEMA) == -5


def test_a_wrong_expression_is_refused_before_any_row() -> None:
    for expression in (Column(name="b"), call("add", A, S), Cast(arg=T, to=parse_type("date32"))):
        with pytest.raises(PlanError):
            EVALUATOR.compile(expression, SCHEMA)


def test_a_rule_can_be_replaced() -> None:
    def wrong(application: object, left: int, right: int) -> int:
        return left - right

    mutant = Evaluator(functions={**FUNCTIONS, "add": wrong})
    assert mutant.evaluate(call("add", A, A), {"a": 1}, SCHEMA) == 0


def test_canonical_values_have_one_zero_and_one_nan() -> None:
    assert repr(canonical([{"x": -0.0}, -math.nan, None, "-0.0"])) == "[{'x': 0.0}, nan, None, '-0.0']"
