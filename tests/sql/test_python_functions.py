"""Functions that engines compute in Python: the boundary cases of every function and conversion, without an engine."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlglot import expressions as exp
from tests.sql.evaluation import ERROR, Case, allowed_ulps, same
from tests.sql.function_cases import logic, numbers, text, times
from tests.sql.function_cases.casts import CASTS

from onefold.plan import Call, Column, infer
from onefold.sql.python_functions import PythonFunctions
from onefold.sql.template import LoweredCall, render
from onefold.sql.types import sql_types
from onefold.types import STRING, Field, Schema, parse_type

FUNCTIONS = PythonFunctions("PYTHON")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
CASES = [
    case
    for case in (*numbers.CASES, *logic.CASES, *text.CASES, *times.CASES)
    if case.function in FUNCTIONS.lowerings
    and not any(dtype.startswith(("decimal", "list", "struct")) for dtype in case.types)
]
PAIRS = [cast for cast in CASTS if cast[:2] in FUNCTIONS.casts]


def held(value: Any) -> Any:
    """Return a value as engines hold it: days, and microseconds since 1970."""
    if isinstance(value, dt.datetime):
        return (value.replace(tzinfo=dt.UTC) - EPOCH) // dt.timedelta(microseconds=1)
    return (value - EPOCH.date()).days if isinstance(value, dt.date) else value


def compute(case: Case) -> Any:
    schema = Schema(Field(f"c{index}", parse_type(dtype)) for index, dtype in enumerate(case.types))
    call = Call(function=case.function, args=tuple(Column(name=f.name) for f in schema), options=case.options)
    what = json.dumps([case.function, case.types, str(infer(call, schema).dtype), dict(call.options)])
    return FUNCTIONS.call(what, *map(held, case.args))


@pytest.mark.parametrize("case", CASES, ids=[f"{index:03}-{case.function}" for index, case in enumerate(CASES)])
def test_boundary(case: Case) -> None:
    if case.expected is ERROR:
        with pytest.raises((ArithmeticError, ValueError)):
            compute(case)
        return
    expected = held(case.expected)
    if isinstance(expected, bool):
        expected = int(expected)
    got = compute(case)
    if isinstance(got, float) and got == 0:
        got += 0.0  # there is one zero, and streams see to it
    assert same(got, expected, ulps=allowed_ulps(case.function)), f"{got!r} instead of {expected!r}"


@pytest.mark.parametrize(
    ("source", "target", "value", "expected"), PAIRS, ids=[f"{i:03}-{a}-{b}" for i, (a, b, _, _) in enumerate(PAIRS)]
)
def test_cast(source: str, target: str, value: Any, expected: Any) -> None:
    strict, lenient = (json.dumps([name, [source], target, {}]) for name in ("cast", "try_cast"))
    if expected is ERROR:
        assert FUNCTIONS.call(lenient, held(value)) is None
        with pytest.raises((ArithmeticError, ValueError)):
            FUNCTIONS.call(strict, held(value))
        return
    for what in (strict, lenient):
        got, wanted = FUNCTIONS.call(what, held(value)), held(expected)
        assert got == (int(wanted) if isinstance(wanted, bool) else wanted) or same(got, wanted)


def test_all_conversions_are_covered() -> None:
    assert {cast[:2] for cast in PAIRS} == set(FUNCTIONS.casts)


@pytest.mark.parametrize("count", [1, 5, 6, 7, 23, 36])
def test_calls_with_many_arguments_are_packed(count: int) -> None:
    functions = PythonFunctions("F", most=7)
    values = [str(number) if number % 3 else None for number in range(count)]
    args: list[exp.Expression] = [exp.Literal.string(str(number)) for number in range(count)]
    call = LoweredCall(args, [STRING] * count, STRING, sql_types("duckdb"), {"separator": "-"})

    def run(node: exp.Expr) -> Any:
        what, *given = node.expressions
        assert len(given) < 7
        read = [run(arg) if isinstance(arg, exp.Anonymous) else values[int(arg.name)] for arg in given]
        return functions.call(what.name, *read)

    got = run(render(functions.lowerings["concat_ws"], call))
    assert got == "-".join(value for value in values if value is not None)


def test_the_engines_own_nan() -> None:
    functions = PythonFunctions("F", nan="nan")
    add = '["add", ["float64", "float64"], "float64", {}]'
    assert functions.call(add, "nan", 1.0) == "nan"
    assert functions.call(add, float("inf"), float("-inf")) == "nan"
    assert functions.call('["greatest", ["float64", "float64"], "float64", {}]', "nan", float("inf")) == "nan"
