"""The meaning of every function and conversion, checked on DuckDB itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from tests.sql.evaluation import (
    COMPILER,
    ERROR,
    VALUE_ERRORS,
    Case,
    allowed_ulps,
    connect,
    evaluate,
    evaluate_case,
    evaluate_cast,
    same,
    table_of,
)
from tests.sql.function_cases import logic, numbers, text, times
from tests.sql.function_cases.casts import CASTS

from onefold.plan import CASTS as CAST_PAIRS
from onefold.plan import FUNCTIONS, Call, Column, infer
from onefold.sql.expressions import print_sql
from onefold.types import Field, List, Schema, Struct, parse_type, to_arrow

CASES = [*numbers.CASES, *logic.CASES, *text.CASES, *times.CASES]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as opened:
        yield opened


def _numbered(names: list[str]) -> list[str]:
    return [f"{index:03}-{name}" for index, name in enumerate(names)]


def test_every_function_has_boundary_cases() -> None:
    assert sorted({case.function for case in CASES}) == sorted(FUNCTIONS)


def test_every_conversion_has_cases() -> None:
    covered = {(source.split("(")[0], target.split("(")[0]) for source, target, _, _ in CASTS}
    pairs = {(source, target) for source, targets in CAST_PAIRS.items() for target in targets}
    assert {(a.replace("decimal128", "decimal"), b.replace("decimal128", "decimal")) for a, b in covered} >= pairs


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_example(name: str, connection: duckdb.DuckDBPyConnection) -> None:
    example = FUNCTIONS[name].example
    schema = Schema(Field(f"c{index}", parse_type(dtype)) for index, (dtype, _) in enumerate(example.args))
    call = Call(function=name, args=tuple(Column(name=item.name) for item in schema), options=example.options)
    values = evaluate(connection, call, schema, [list(rows) for _, rows in example.args]).to_pylist()
    wrong = [pair for pair in zip(values, example.result, strict=True) if not same(*pair, ulps=allowed_ulps(name))]
    assert wrong == []


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_the_engine_gives_the_declared_type_before_anything_is_cast(
    name: str, connection: duckdb.DuckDBPyConnection
) -> None:
    example = FUNCTIONS[name].example
    schema = Schema(Field(f"c{index}", parse_type(dtype)) for index, (dtype, _) in enumerate(example.args))
    call = Call(function=name, args=tuple(Column(name=item.name) for item in schema), options=example.options)
    connection.register("input", table_of(schema, [list(rows) for _, rows in example.args]))
    query = f'SELECT {print_sql(COMPILER.compile(call, schema), "duckdb")} AS r FROM "input"'
    got = connection.sql(query).to_arrow_table().schema.field("r").type
    declared = to_arrow(infer(call, schema).dtype)
    # Only the name of a list's child differs; it is settled with everything else at the boundary.
    assert str(got).replace("child", "element").replace("l:", "element:") == str(declared) or got == declared


def _cases_with(*, literals: bool) -> list[Case]:
    def possible(case: Case) -> bool:
        types = [parse_type(dtype) for dtype in case.types]
        nested = [dtype.element for dtype in types if isinstance(dtype, List)]
        return not any(isinstance(dtype, Struct | List) for dtype in nested) and not any(
            isinstance(dtype, Struct) for dtype in types
        )

    return [case for case in CASES if not literals or possible(case)]


def _check(case: Case, connection: duckdb.DuckDBPyConnection, *, literals: bool) -> None:
    if case.expected is ERROR:
        with pytest.raises(VALUE_ERRORS):
            evaluate_case(connection, case, literals=literals)
        return
    got = evaluate_case(connection, case, literals=literals)
    assert same(got, case.expected, ulps=allowed_ulps(case.function)), f"{got!r} instead of {case.expected!r}"


@pytest.mark.parametrize("case", CASES, ids=_numbered([case.function for case in CASES]))
def test_boundary(case: Case, connection: duckdb.DuckDBPyConnection) -> None:
    _check(case, connection, literals=False)


CONSTANT = _cases_with(literals=True)


@pytest.mark.parametrize("case", CONSTANT, ids=_numbered([case.function for case in CONSTANT]))
def test_boundary_with_constants(case: Case, connection: duckdb.DuckDBPyConnection) -> None:
    _check(case, connection, literals=True)


CAST_IDS = _numbered([f"{source}-{target}" for source, target, _, _ in CASTS])


@pytest.mark.parametrize(("source", "target", "value", "expected"), CASTS, ids=CAST_IDS)
def test_cast(source: str, target: str, value: Any, expected: Any, connection: duckdb.DuckDBPyConnection) -> None:
    lenient = evaluate_cast(connection, value, source, target, "null")
    if expected is ERROR:
        assert lenient is None
        with pytest.raises(VALUE_ERRORS):
            evaluate_cast(connection, value, source, target, "error")
    else:
        assert same(lenient, expected)
        assert same(evaluate_cast(connection, value, source, target, "error"), expected)


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_a_null_argument_gives_null_where_the_catalogue_says_so(
    name: str, connection: duckdb.DuckDBPyConnection
) -> None:
    function = FUNCTIONS[name]
    if function.nulls != "propagate":
        assert function.nulls == "own"
        return
    example = function.example
    schema = Schema(Field(f"c{index}", parse_type(dtype)) for index, (dtype, _) in enumerate(example.args))
    call = Call(function=name, args=tuple(Column(name=item.name) for item in schema), options=example.options)
    filled = [next(value for value in rows if value is not None) for _, rows in example.args]
    for missing in range(len(filled)):
        row = [[None if index == missing else value] for index, value in enumerate(filled)]
        assert evaluate(connection, call, schema, row).to_pylist() == [None]


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if not FUNCTIONS[name].can_be_null])
def test_no_null_comes_out_where_the_catalogue_rules_it_out(name: str) -> None:
    if FUNCTIONS[name].nulls == "propagate":
        unexpected = [
            case for case in CASES if case.function == name and case.expected is None and None not in case.args
        ]
        assert unexpected == []


def test_square_roots_of_many_floats_are_those_of_ieee(connection: duckdb.DuckDBPyConnection) -> None:
    values = [math.ldexp(1 + index / 997, index % 600 - 300) for index in range(5000)]
    call = Call(function="sqrt", args=(Column(name="x"),))
    got = evaluate(connection, call, Schema.of(x="float64"), [values])
    assert got.equals(pa.array([math.sqrt(value) for value in values]))


def test_text_is_ordered_by_its_bytes(connection: duckdb.DuckDBPyConnection) -> None:
    texts = ["", "A", "B", "Z", "a", "a ", "aa", "b", "z", "ß", "é", "\uff21", "😀"]
    assert texts == sorted(texts, key=str.encode)
    call = Call(function="lt", args=(Column(name="a"), Column(name="b")))
    left, right = zip(*pairwise(texts), strict=True)
    got = evaluate(connection, call, Schema.of(a="string", b="string"), [list(left), list(right)])
    assert got.to_pylist() == [True] * len(left)
