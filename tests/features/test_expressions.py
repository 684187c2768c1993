"""Building expressions: what Python's operators and the methods make."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.features.data import SCHEMA

from onefold.errors import DefinitionError, PlanError
from onefold.features import (
    Expr,
    atan2,
    call,
    coalesce,
    col,
    concat_str,
    from_epoch,
    greatest,
    least,
    lit,
    make_date,
    sum,
    when,
)
from onefold.features.binding import bind
from onefold.features.deferred import Deferred, Invoke, parts_of
from onefold.features.nested import ListMethods, StructMethods
from onefold.features.strings import TextMethods
from onefold.features.times import TimeMethods
from onefold.plan import FUNCTIONS, infer
from onefold.types import parse_type

x, s, t, items = col("x"), col("carrier"), col("at"), col("codes")
ANY: Any = col("a")
"""An expression where a type checker would refuse the mistake that is tested."""

REACHED: list[Expr] = [
    *(op(x, 1) for op in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow)),
    *(op(col("n"), 2) for op in (operator.floordiv, operator.mod)),
    *(op(x, 1) for op in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)),
    *(op(col("late"), True) for op in (operator.and_, operator.or_, operator.xor)),
    *(~col("late"), -x, abs(x), x.sign(), x.sqrt(), x.exp(), x.ln(), x.log10(), x.log2(), x.log(3.0)),
    *(x.round(1), x.round_half_even(), x.floor(), x.ceil(), x.trunc(), x.degrees(), x.radians()),
    *(x.sin(), x.cos(), x.tan(), x.asin(), x.acos(), x.atan(), x.sinh(), x.cosh(), x.tanh(), atan2("x", "n")),
    *(x.is_null(), x.is_not_null(), x.is_nan(), x.is_finite(), x.is_infinite(), x.nan_to_null()),
    *(x.fill_null(0), x.null_if(0), x.eq_missing(1), x.ne_missing(1), x.between(0, 1), x.is_in([1, 2])),
    *(coalesce("x", "n", 0), greatest("x", "n"), least("x", "n")),
    *(s.str.upper(), s.str.lower(), s.str.strip(), s.str.lstrip(), s.str.rstrip(), s.str.len(), s.str.len_bytes()),
    *(s.str.slice(1), s.str.head(1), s.str.tail(1), s.str.pad_start(5), s.str.pad_end(5), s.str.repeat(2)),
    *(s.str.replace_all("a", "b"), s.str.starts_with("U"), s.str.ends_with("A"), s.str.contains("A")),
    *(s.str.position("A"), s.str.split(","), s.str.split_part(",", 1), s.str.concat("!"), s.str.like("U%")),
    *(s.str.matches("[0-9]"), s.str.extract("[0-9]+"), s.str.regexp_replace("[0-9]", "x")),
    *(s.str.to_date("%Y-%m-%d"), s.str.to_datetime("%Y-%m-%d %H:%M:%S"), concat_str("carrier", s, separator="-")),
    *(s.md5(), s.sha256(), s.hash_bucket(10)),
    *(t.dt.year(), t.dt.quarter(), t.dt.month(), t.dt.day(), t.dt.weekday(), t.dt.ordinal_day(), t.dt.week()),
    *(t.dt.iso_year(), t.dt.hour(), t.dt.minute(), t.dt.second(), t.dt.millisecond(), t.dt.microsecond()),
    *(t.dt.truncate("month"), t.dt.truncate("15m"), t.dt.month_end(), t.dt.add_days(1), t.dt.add_months(1)),
    *(t.dt.offset_by("1h"), t.dt.microseconds_since(t), t.dt.days_since(t), t.dt.months_since(t)),
    *(t.dt.local_time("America/New_York"), t.dt.strftime("%Y"), t.dt.epoch("s"), t.dt.epoch("ms"), t.dt.epoch("us")),
    *(from_epoch("n", "s"), from_epoch("n", "ms"), from_epoch("n", "us"), make_date("n", 1, 1)),
    *(items.list.get(0), items.list.len(), items.list.contains(1), items.list.sort()),
    col("pair").struct.field("value"),
]
"""An example of every method and function that stands for one of the catalogue."""


def functions_in(node: Deferred) -> set[str]:
    own = {node.function} if isinstance(node, Invoke) else set()
    return own.union(*(functions_in(part) for part in parts_of(node)))


def test_every_function_of_the_catalogue_has_a_method_or_function() -> None:
    reached = set[str]().union(*(functions_in(expression.node) for expression in REACHED))
    assert set(FUNCTIONS) - reached == set()


@pytest.mark.parametrize("expression", REACHED, ids=repr)
def test_every_method_makes_what_the_catalogue_takes(expression: Expr) -> None:
    assert infer(bind(expression.node, SCHEMA), SCHEMA).dtype is not None


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_call_reaches_every_function(name: str) -> None:
    assert isinstance(call(name), Expr)


def test_call_of_an_unknown_function_names_near_matches() -> None:
    with pytest.raises(PlanError, match=r"no function 'uper'.*'upper'"):
        call("uper", "carrier")


@pytest.mark.parametrize("family", [TextMethods, TimeMethods, ListMethods, StructMethods, Expr])
def test_every_method_is_documented(family: type) -> None:
    undocumented = [
        name for name, value in vars(family).items() if not name.startswith("_") and not (value.__doc__ or "").strip()
    ]
    assert undocumented == []


def test_expressions_print_as_they_are_written() -> None:
    expression = ((col("a") + 1) * col("b") > 3) & ~col("late") | (col("c").cast("int64", on_failure="null") == 2)
    assert repr(expression) == (
        "(((((col('a') + 1) * col('b')) > 3) & ~col('late')) | (col('c').cast('int64', on_failure='null') == 2))"
    )


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: ANY and col("b"),
        lambda: not col("a"),
        lambda: 0 < col("a") < 5,
        lambda: bool(col("a") == 1),
    ],
    ids=["and", "not", "chain", "bool"],
)
def test_python_logic_is_refused_with_advice(misuse: Callable[[], Any]) -> None:
    with pytest.raises(DefinitionError, match=r"for each row, not once.*Use & instead of `and`.*between"):
        misuse()


@pytest.mark.parametrize("comparison", [operator.eq, operator.ne])
def test_comparing_with_none_is_refused_because_it_would_always_be_null(comparison: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(DefinitionError, match=r"is_null\(\)"):
        comparison(col("a"), None)


def test_membership_is_refused_with_advice() -> None:
    with pytest.raises(DefinitionError, match="is_in"):
        assert "UA" in ANY


def test_equality_builds_an_expression_and_expressions_are_no_keys() -> None:
    assert isinstance(col("a") == col("b"), Expr)
    with pytest.raises(TypeError, match="unhashable"):
        hash(col("a"))


def test_a_method_of_a_family_is_suggested() -> None:
    with pytest.raises(AttributeError, match=r"Did you mean \.str\.upper"):
        _ = getattr(col("carrier"), "upper")  # noqa: B009 - a type checker would refuse the attribute
    with pytest.raises(AttributeError, match=r"aggregations are functions, such as of\.mean"):
        _ = getattr(col("carrier"), "mean")  # noqa: B009
    with pytest.raises(AttributeError, match="Did you mean 'is_null'"):
        _ = getattr(col("carrier"), "isnull")  # noqa: B009


def test_an_aggregation_inside_of_an_expression_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"sum\(col\('x'\)\) is an aggregation"):
        _ = col("x") / sum("x")


@pytest.mark.parametrize("wrong", [object(), {"a": 1}, np.array([1, 2]), np.datetime64("2013-01-01T00:00:00", "ns")])
def test_what_is_no_constant_is_refused(wrong: Any) -> None:
    with pytest.raises(DefinitionError, match="not a constant"):
        bind((col("x") > wrong).node, SCHEMA)


def test_scalars_of_numpy_become_constants() -> None:
    assert repr(col("x") > np.float64(0.5)) == "(col('x') > 0.5)"
    assert repr(col("n") == np.int32(3)) == "(col('n') == 3)"
    assert repr(col("n").is_in(pa.array([1, 2]))) == "is_in(col('n'), 1, 2)"
    assert repr(np.float64(0.5) * col("x")) == "(0.5 * col('x'))"


def test_positions_start_at_zero_as_in_polars() -> None:
    assert repr(col("codes").list.get(0)) == "list_get(col('codes'), index=1)"
    assert repr(col("codes").list.get(-1)) == "list_get(col('codes'), index=-1)"
    assert repr(col("s").str.slice(0, 2)) == "substring(col('s'), start=1, length=2)"
    assert repr(col("s").str.slice(-2)) == "substring(col('s'), start=-2, length=-1)"


def test_a_column_is_named_after_the_first_column_that_is_read() -> None:
    assert (col("a") + col("b")).output_name == "a"
    assert (1 + col("b")).output_name == "b"
    assert when(col("c") > 1).then("a").otherwise("b").output_name == "a"
    assert lit(1).output_name is None
    assert (col("a") + 1).alias("z").output_name == "z"
    assert col("pair").struct.field("key").output_name == "key"


def test_a_duration_moves_a_time() -> None:
    assert repr(col("t") + dt.timedelta(hours=1)) == "add_duration(col('t'), 3600000000)"
    assert repr(col("t") - dt.timedelta(hours=1)) == "add_duration(col('t'), -3600000000)"
    assert repr(col("t").dt.offset_by("-90m")) == "add_duration(col('t'), -5400000000)"


def test_an_expression_that_shares_its_parts_prints_in_bounded_space() -> None:
    expression = col("a")
    for _ in range(60):
        expression = expression + expression
    assert len(repr(expression)) < 3000


def test_an_expression_that_is_nested_too_deeply_is_refused_before_it_recurses() -> None:
    with pytest.raises(DefinitionError, match="nested more than 250 deep"):
        nested(251)


def test_the_deepest_expression_binds() -> None:
    expression = nested(250)
    assert infer(bind(expression.node, SCHEMA), SCHEMA).dtype == parse_type("int64")
    assert len(repr(expression)) < 3000


def nested(depth: int) -> Expr:
    expression = col("n")
    while expression.node.depth < depth:
        expression = expression.abs() if expression.node.depth % 2 else expression + 1
    return expression


@pytest.mark.parametrize(("name", "wrong"), [("col", ""), ("col", 3), ("col", None)])
def test_a_column_needs_a_name(name: str, wrong: Any) -> None:
    with pytest.raises(DefinitionError, match="The name of a column is text"):
        col(wrong)


def test_an_empty_list_contains_nothing_but_the_column_is_checked() -> None:
    assert infer(bind(col("n").is_in([]).node, SCHEMA), SCHEMA).dtype == parse_type("bool")
    with pytest.raises(PlanError, match="no column 'm'"):
        bind(col("m").is_in([]).node, SCHEMA)


def test_text_is_not_a_list_of_values() -> None:
    with pytest.raises(DefinitionError, match=r"is_in\(\['UA'\]\)"):
        col("carrier").is_in("UA")
