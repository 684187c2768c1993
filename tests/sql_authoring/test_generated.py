"""Generated expressions: the plan of the SQL text is the plan of the same expression in Python."""

from __future__ import annotations

import datetime as dt
import decimal
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from tests.sql_authoring.data import ORDERS

import onefold as of
from onefold import Expr, col, lit
from onefold.errors import OnefoldError
from onefold.sql_authoring import SqlError


@dataclass(frozen=True)
class Pair:
    """One expression, in SQL and in Python."""

    sql: str
    expr: Expr


def _column(name: str) -> Pair:
    return Pair(name, col(name))


def _call(function: str, *args: Pair) -> Pair:
    return Pair(f"{function}({', '.join(arg.sql for arg in args)})", of.call(function, *(arg.expr for arg in args)))


def _text(value: str) -> Pair:
    quoted = value.replace("'", "''")
    return Pair(f"'{quoted}'", lit(value))


_texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n\\"), max_size=4).map(_text)
_whole = st.integers(0, 2**62).map(lambda value: Pair(str(value), lit(value)))
_negative = st.integers(1, 2**62).map(lambda value: Pair(f"-{value}", lit(-value)))
_exact = st.decimals(0, 999, places=2).map(lambda value: Pair(str(value), lit(decimal.Decimal(str(value)))))
_approximate = st.floats(0, 1e300).map(lambda value: Pair(f"{value:.17e}", lit(value)))
_dates = st.dates(dt.date(1900, 1, 1)).map(lambda day: Pair(f"DATE '{day}'", lit(day, "date32")))

_INFIX = {"+": "add", "-": "subtract", "*": "multiply"}
_COMPARED = {"=": "equal", "<>": "not_equal", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def _infix(sign: str, function: str, left: Pair, right: Pair) -> Pair:
    return Pair(f"({left.sql} {sign} {right.sql})", of.call(function, left.expr, right.expr))


def _either(low: Pair, condition: Pair, high: Pair) -> Pair:
    return Pair(
        f"CASE WHEN {condition.sql} THEN {low.sql} ELSE {high.sql} END",
        of.when(condition.expr).then(low.expr).otherwise(high.expr),
    )


def _numbers(conditions: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    leaves = st.one_of(
        st.sampled_from([_column("qty"), _column("id"), _column("price")]), _whole, _negative, _exact, _approximate
    )
    columns = st.sampled_from([_column("qty"), _column("price")])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(
                lambda sign, a, b: _infix(sign, _INFIX[sign], a, b), st.sampled_from(sorted(_INFIX)), columns, inner
            ),
            st.builds(lambda a, b: _call("coalesce", a, b), columns, inner),
            st.builds(lambda a: _call("abs", a), columns),
            st.builds(lambda a: Pair(f"CAST({a.sql} AS DOUBLE PRECISION)", a.expr.cast("float64")), columns),
            st.builds(_either, columns, conditions, inner),
        ),
        max_leaves=5,
    )


def _conditions(numbers: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    columns = st.sampled_from([_column("qty"), _column("price")])
    leaves = st.one_of(
        st.just(_column("paid")),
        st.builds(
            lambda sign, a, b: _infix(sign, _COMPARED[sign], a, b), st.sampled_from(sorted(_COMPARED)), columns, numbers
        ),
        st.builds(lambda a, b: _infix("IS DISTINCT FROM", "is_distinct_from", a, b), st.just(_column("shop")), _texts),
        st.builds(lambda b: _infix("<", "lt", _column("day"), b), _dates),
        st.builds(lambda b: _infix("=", "equal", _infix("||", "concat", _column("shop"), _column("note")), b), _texts),
        st.builds(lambda a: Pair(f"{a.sql} IS NOT NULL", a.expr.is_not_null()), columns),
        st.builds(
            lambda values: Pair(
                f"note NOT IN ({', '.join(value.sql for value in values)})",
                ~of.call("is_in", "note", *(value.expr for value in values)),
            ),
            st.lists(_texts, min_size=1, max_size=3),
        ),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda a, b: _infix("AND", "and", a, b), inner, inner),
            st.builds(lambda a, b: _infix("OR", "or", a, b), inner, inner),
            st.builds(
                lambda a: Pair(f"NOT ({a.sql})", of.call("not", a.expr)),
                inner.filter(lambda a: "IS NOT NULL" not in a.sql),
            ),
        ),
        max_leaves=4,
    )


_simple = st.one_of(_whole, _exact, _approximate)
_any = st.one_of(_numbers(_conditions(_simple)), _conditions(_numbers(_conditions(_simple))))


def _plan(make: object) -> str | None:
    """Return the fingerprint of what is made, or None when it is refused."""
    try:
        return make().plan.fingerprint  # type: ignore[operator, no-any-return]
    except OnefoldError:
        return None


@given(pair=_any)
def test_the_plans_are_equal(pair: Pair) -> None:
    query = f"SELECT id, {pair.sql} AS x FROM orders"
    assert _plan(lambda: of.sql(query, orders=ORDERS)) == _plan(lambda: ORDERS.select("id", x=pair.expr)), query


_WORDS = [
    *(
        "select",
        "id",
        "qty",
        "shop",
        "from",
        "orders",
        "where",
        "group",
        "by",
        "order",
        "limit",
        "1",
        "'a'",
        "(",
        ")",
        ",",
    ),
    *(
        ".",
        "*",
        "+",
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "as",
        "count",
        "over",
        "having",
        "with",
        "union",
        "all",
        "case",
    ),
]


@given(words=st.lists(st.sampled_from(_WORDS), max_size=12))
def test_any_text_is_a_table_or_an_error_with_its_place(words: list[str]) -> None:
    query = " ".join(["select id", *words])
    try:
        columns, place = len(of.sql(query, orders=ORDERS).columns), 1
    except SqlError as error:
        columns, place = 1, error.column
    assert columns >= 1
    assert 1 <= place <= len(query) + 1
