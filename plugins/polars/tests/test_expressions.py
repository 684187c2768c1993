"""What is Polars' own in expressions: its traps, for which rows a computation may fail, and what it costs."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from onefold.plan import CASTS as CATALOGUE_CASTS
from onefold.plan import FUNCTIONS as CATALOGUE
from onefold.plan import Call, Case, Cast, Column, Expression, Literal, WhenThen
from onefold.types import BOOL, FLOAT64, INT64, STRING, List, Schema
from onefold_polars.expressions import CASTS, FUNCTIONS, can_fail, compile_expression, polars_dtype

INT64_MAX = 2**63 - 1
SCHEMA = Schema.of(a="int64", b="int64", x="float64", y="float64", s="string")
A, B, X, Y, S = (Column(name=name) for name in SCHEMA.names)
ROWS = pl.DataFrame(
    {
        "a": [1, INT64_MAX, None],
        "b": [2, 1, 3],
        "x": [11.3, 7.1, None],
        "y": [3.0, math.nan, 0.5],
        "s": ["12", "x", None],
    }
)


def _call(function: str, *args: Expression, **options: Any) -> Call:
    return Call(function=function, args=args, options=options)


def _when(condition: Expression, then: Expression, otherwise: Expression | None = None) -> Case:
    return Case(branches=(WhenThen(when=condition, then=then),), otherwise=otherwise)


def _eager(frame: pl.DataFrame, expression: Expression, schema: Schema = SCHEMA) -> list[Any]:
    return frame.with_columns(r=compile_expression(expression, schema))["r"].to_list()


def _streamed(frame: pl.DataFrame, expression: Expression, schema: Schema = SCHEMA) -> list[Any]:
    lazy = frame.lazy().with_columns(r=compile_expression(expression, schema))
    return lazy.collect(engine="streaming")["r"].to_list()


both = pytest.mark.parametrize("run", [_eager, _streamed])
_Run = Callable[..., list[Any]]


def _is_number(text: Expression) -> Expression:
    return _call("regexp_matches", text, pattern="^[0-9]+$")


# -- completeness


def test_every_function_and_every_conversion_has_a_lowering() -> None:
    assert set(FUNCTIONS) == set(CATALOGUE)
    pairs = {(source, target) for source, targets in CATALOGUE_CASTS.items() for target in targets}
    assert set(CASTS) == pairs | {("decimal", "decimal")}


@both
@pytest.mark.parametrize(
    "value",
    [
        True,
        -(2**63),
        math.inf,
        "é\x00",
        b"\x00\xff",
        dt.date(1, 1, 1),
        dt.date(9999, 12, 31),
        dt.datetime.fromisoformat("0001-01-01"),
        dt.datetime.fromisoformat("9999-12-31T23:59:59.999999"),
        dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC),
        decimal.Decimal("-99999999999999999999999999.999999999999"),
        decimal.Decimal("0.00000000000000000000000000000000000001"),
        [1, None],
        [dt.datetime.fromisoformat("9999-12-31T23:59:59.999999"), None],
        [decimal.Decimal("1.5"), None],
    ],
    ids=repr,
)
def test_a_literal_has_its_value_and_its_type_in_every_row(run: _Run, value: Any) -> None:
    literal = Literal.of(value)
    assert run(ROWS, literal) == [value] * 3
    assert run(ROWS, Literal.of(None, literal.dtype)) == [None] * 3
    assert run(ROWS.clear(), literal) == []
    compiled = ROWS.lazy().select(r=compile_expression(literal, SCHEMA)).collect_schema()
    assert compiled["r"] == polars_dtype(literal.dtype)


def test_the_literal_nan_and_the_empty_list_are_kept() -> None:
    assert math.isnan(_eager(ROWS, Literal.of(math.nan))[0])
    assert _eager(ROWS, Literal.of([], List(INT64))) == [[]] * 3


# -- traps


@both
def test_a_division_by_one_value_is_not_a_product_with_its_reciprocal(run: _Run) -> None:
    assert 11.3 / 3.0 != 11.3 * (1 / 3.0)  # what Polars computes
    assert run(ROWS, _call("divide", X, Literal.of(3.0)))[0] == 11.3 / 3.0
    repeated = ROWS.with_columns(x=pl.lit(11.3), y=pl.lit(3.0))
    assert run(repeated, _call("divide", X, Y)) == [11.3 / 3.0] * 3
    assert run(ROWS.with_columns(y=pl.lit(3.0)), _call("divide", X, Y))[0] == 11.3 / 3.0


@both
def test_a_power_of_one_half_is_not_a_square_root(run: _Run) -> None:
    frame = ROWS.with_columns(x=pl.lit(-math.inf), y=pl.lit(0.5))
    assert run(frame, _call("power", X, Literal.of(0.5))) == [math.inf] * 3
    assert run(frame, _call("power", X, Y)) == [math.inf] * 3


@both
def test_an_overflow_stops_the_query_and_names_the_value(run: _Run) -> None:
    with pytest.raises(pl.exceptions.ComputeError, match=r"^9223372036854775808 does not fit in int64"):
        run(ROWS, _call("add", A, B))
    assert run(ROWS.head(1), _call("add", A, B)) == [3]
    assert run(ROWS, _call("add", A, Literal.of(0))) == [1, INT64_MAX, None]


@both
def test_a_text_that_is_no_number_stops_the_query_and_is_named(run: _Run) -> None:
    with pytest.raises(pl.exceptions.ComputeError, match=r"^'x' can not be converted from string to int64"):
        run(ROWS, Cast(arg=S, to=INT64))
    assert run(ROWS, Cast(arg=S, to=INT64, on_failure="null")) == [12, None, None]


def test_columns_with_the_names_of_patterns_are_columns() -> None:
    schema = Schema.of(**{"*": "int64", "^a$": "string", "a": "int64"})
    frame = pl.DataFrame({"*": [1], "^a$": ["7"], "a": [100]})
    total = _call("add", Column(name="*"), Cast(arg=Column(name="^a$"), to=INT64))
    assert _eager(frame, total, schema) == [8]
    assert _eager(frame, _when(_is_number(Column(name="^a$")), total), schema) == [8]


# -- which rows may fail


@both
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (_when(_is_number(S), Cast(arg=S, to=INT64)), [12, None, None]),
        (_when(_is_number(S), Literal.of(0), _when(_call("is_null", S), Literal.of(1))), [0, None, 1]),
        (_when(_call("lt", A, Literal.of(9)), _call("add", A, B), Literal.of(-1)), [3, -1, -1]),
        (_when(Literal.of(False), Cast(arg=Literal.of("x"), to=INT64), Literal.of(5)), [5, 5, 5]),
        (_when(_call("gt", A, Literal.of(9)), A, _call("negate", _call("add", A, B))), [-3, INT64_MAX, None]),
        (
            Case(
                branches=(
                    WhenThen(when=_call("not", _is_number(S)), then=Literal.of("text")),
                    WhenThen(when=_call("gt", Cast(arg=S, to=INT64), Literal.of(5)), then=Literal.of("many")),
                ),
                otherwise=Literal.of("few"),
            ),
            ["many", "text", "few"],
        ),
        (
            _when(_is_number(S), _when(_call("lt", A, Literal.of(9)), _call("add", A, Cast(arg=S, to=INT64)))),
            [13, None, None],
        ),
    ],
)
def test_a_branch_is_computed_for_its_own_rows_only(run: _Run, expression: Expression, expected: list[Any]) -> None:
    assert run(ROWS, expression) == expected
    assert run(ROWS.clear(), expression) == []


def test_a_branch_that_is_taken_fails() -> None:
    with pytest.raises(pl.exceptions.ComputeError, match=r"^'x' can not be converted"):
        _eager(ROWS, _when(_call("is_not_null", S), Cast(arg=S, to=INT64)))


@both
def test_a_constant_that_fails_does_so_only_where_there_is_a_row(run: _Run) -> None:
    wrong = _call("add", Literal.of(INT64_MAX), Literal.of(1))
    assert run(ROWS.clear(), wrong) == []
    with pytest.raises(pl.exceptions.ComputeError, match="9223372036854775808"):
        run(ROWS, wrong)


def test_what_can_fail_is_known() -> None:
    assert can_fail(_call("add", A, B), SCHEMA)
    assert can_fail(_call("not", _call("gt", _call("abs", A), B)), SCHEMA)
    assert can_fail(_when(Literal.of(True), Cast(arg=S, to=INT64)), SCHEMA)
    assert not can_fail(_call("add", X, Y), SCHEMA)
    assert not can_fail(_when(_call("gt", X, Y), Cast(arg=A, to=STRING), S), SCHEMA)
    assert not can_fail(Cast(arg=S, to=INT64, on_failure="null"), SCHEMA)


# -- cost


def test_plain_conditions_are_read_with_the_file(tmp_path: Path) -> None:
    ROWS.write_parquet(tmp_path / "rows.parquet")
    above = _call("gt", _call("multiply", X, Literal.of(2.0)), Y)
    condition = _call("and", above, _call("is_in", A, Literal.of(1), Literal.of(2)), _call("contains", S, S))
    plan = pl.scan_parquet(tmp_path / "rows.parquet").filter(compile_expression(condition, SCHEMA))
    assert "SELECTION" in plan.explain()
    assert "FILTER" not in plan.explain()
    assert "python_udf" not in plan.explain()
    assert plan.collect()["a"].to_list() == [1]


@both
@pytest.mark.parametrize(
    ("step", "start", "expected"),
    [
        (lambda below: _call("add", below, Literal.of(1)), A, 1 + 240),
        (lambda below: _call("divide", Literal.of(6.0), below), Y, 3.0),
        (lambda below: _call("modulo", Literal.of(7), below), Literal.of(10), 0),
        (lambda below: _call("nullif", below, Literal.of(-1.0)), Y, 3.0),
    ],
)
def test_nested_calls_do_not_multiply(run: _Run, step: Any, start: Expression, expected: Any) -> None:
    # Written out, the arguments of 240 calls that mention theirs twice would be there 2**240 times.
    expression, began = start, time.perf_counter()
    for _ in range(240):
        expression = step(expression)
    if expected == 0:
        expression = _call("coalesce", expression, Literal.of(0))
    assert run(ROWS.head(1), expression) == [expected]
    assert time.perf_counter() - began < 30


@both
def test_a_shared_part_is_computed_once(run: _Run) -> None:
    expression: Expression = Y
    for _ in range(14):  # 16,384 times the column, when written out
        expression = _call("divide", expression, expression)
    assert run(ROWS.head(1), expression) == [1.0]


@both
def test_nested_cases_with_branches_that_can_fail(run: _Run) -> None:
    expression: Expression = A
    for _ in range(80):
        expression = _when(_call("lt", A, Literal.of(9)), _call("add", expression, Literal.of(1)), A)
    assert run(ROWS, expression) == [81, INT64_MAX, None]


def test_many_branches() -> None:
    branches = tuple(WhenThen(when=_call("equal", A, Literal.of(n)), then=Literal.of(-n)) for n in range(1000))
    assert _eager(ROWS, Case(branches=branches)) == [-1, None, None]
    adding = tuple(WhenThen(when=branch.when, then=_call("add", A, branch.then)) for branch in branches)
    assert _eager(ROWS, Case(branches=adding)) == [0, None, None]


def test_the_types_of_results_are_those_of_the_plan() -> None:
    lazy = ROWS.lazy().select(
        length=compile_expression(_call("length", S), SCHEMA),
        found=compile_expression(_call("is_in", A, B), SCHEMA),
        ratio=compile_expression(_call("divide", X, Y), SCHEMA),
    )
    assert lazy.collect_schema() == {
        "length": polars_dtype(INT64),
        "found": polars_dtype(BOOL),
        "ratio": polars_dtype(FLOAT64),
    }


def test_a_part_that_occurs_twice_is_computed_where_it_is_wanted_only() -> None:
    # Polars computes such parts once, for all rows, whatever conditions they stand under.
    number = Cast(arg=S, to=INT64)
    twice = _call("add", number, number)
    lazy = ROWS.lazy().select(
        under=compile_expression(_when(_is_number(S), twice), SCHEMA),
        where=compile_expression(twice, SCHEMA, where=_is_number(S)),
        plain=compile_expression(A, SCHEMA, where=_is_number(S)),
    )
    for engine in ("in-memory", "streaming"):
        found = lazy.collect(engine=engine).to_dict(as_series=False)
        assert found == {"under": [24, None, None], "where": [24, None, None], "plain": [1, None, None]}
