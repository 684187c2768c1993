"""Relations by hand: joins, groups, frames, order, sets, limits."""

from __future__ import annotations

import math
from typing import Any
from typing import Literal as OneOf

import pytest
from conformance_tests.tests.oracle.plans import DAY, Given, agg, column_of, rows_of, run

from onefold.plan import (
    Aggregate,
    Call,
    Column,
    Deduplicate,
    Distinct,
    Expression,
    Filter,
    Frame,
    Join,
    Limit,
    Literal,
    Measure,
    NamedExpression,
    Project,
    RankCall,
    Sort,
    SortKey,
    Union,
    Unnest,
    Window,
    WindowMeasure,
)

NAN = math.nan
How = OneOf["inner", "left", "full", "semi", "anti", "cross"]

LEFT = Given("left", {"k": "float64", "a": "string"}, [(1.0, "x"), (1.0, "y"), (None, "n"), (NAN, "q"), (3.0, "z")])
RIGHT = Given("right", {"key": "float64", "a": "string"}, [(1.0, "X"), (NAN, "Q"), (None, "N"), (7.0, "S")])


@pytest.mark.parametrize(
    ("how", "rows"),
    [
        ("inner", [(1, "x", "X"), (1, "y", "X"), ("nan", "q", "Q")]),
        (
            "left",
            [(1, "x", "X"), (1, "y", "X"), (None, "n", None), ("nan", "q", "Q"), (3, "z", None)],
        ),
        (
            "full",
            [
                (1, "x", "X"),
                (1, "y", "X"),
                (None, "n", None),
                ("nan", "q", "Q"),
                (3, "z", None),
                (None, None, "N"),
                (7, None, "S"),
            ],
        ),
        ("semi", [(1, "x"), (1, "y"), ("nan", "q")]),
        ("anti", [(None, "n"), (3, "z")]),
    ],
)
def test_joins(how: How, rows: list[tuple[Any, ...]]) -> None:
    plan = Join(left=LEFT.relation, right=RIGHT.relation, left_on=("k",), right_on=("key",), how=how)
    found = [tuple("nan" if v != v else v for v in row.values()) for row in rows_of(plan, LEFT, RIGHT)]  # noqa: PLR0124
    assert found == rows
    assert plan.output.names == (("k", "a") if len(rows[0]) == 2 else ("k", "a", "a_right"))


def test_cross_join() -> None:
    plan = Join(left=LEFT.relation, right=RIGHT.relation, how="cross")
    found = rows_of(plan, LEFT, RIGHT)
    assert len(found) == 20
    assert list(found[0]) == ["k", "a", "key", "a_right"]


def test_groups_have_a_null_key_and_one_nan() -> None:
    given = Given("rows", {"k": "float64", "v": "int64"}, [(None, 1), (NAN, 2), (None, 3), (NAN, 4), (0.0, None)])
    plan = Aggregate(
        input=given.relation,
        by=("k",),
        measures=(
            Measure(name="n", call=agg("count")),
            Measure(name="v", call=agg("sum", "v")),
            Measure(
                name="big", call=agg("count", "v", where=Call(function="gt", args=(Column(name="v"), Literal.of(2))))
            ),
        ),
    )
    found = {repr(row["k"]): (row["n"], row["v"], row["big"]) for row in rows_of(plan, given)}
    assert found == {"None": (2, 4, 1), "nan": (2, 6, 1), "0.0": (1, None, 0)}


def test_one_group_without_keys() -> None:
    given = Given("rows", {"v": "int64"}, [])
    plan = Aggregate(
        input=given.relation,
        measures=(Measure(name="n", call=agg("count")), Measure(name="m", call=agg("max", "v"))),
    )
    assert rows_of(plan, given) == [{"n": 0, "m": None}]
    keyed = Aggregate(input=given.relation, by=("v",), measures=(Measure(name="n", call=agg("count")),))
    assert rows_of(keyed, given) == []


def test_secondary_keys() -> None:
    given = Given(
        "rows",
        {"c": "string", "v": "int64", "w": "bool"},
        [("b", 1, True), ("a", None, True), (None, 5, True), ("b", 2, True), ("z", 9, None)],
    )
    total = agg("sum", "v", by=Column(name="c"), where=Column(name="w"))
    plan = Aggregate(input=given.relation, measures=(Measure(name="by", call=total),))
    # "a" has rows that take part, of which none has a value; "z" has none.
    assert rows_of(plan, given) == [{"by": [{"key": "a", "value": None}, {"key": "b", "value": 3}]}]


def test_order_of_a_group() -> None:
    given = Given("rows", {"t": "int64", "v": "string"}, [(2, "c"), (None, "n"), (1, "b"), (1, "a"), (2, None)])

    def collected(**key: Any) -> list[Any]:
        call = agg("collect", "v", order=(SortKey(column="t", **key),), options={"nulls": "keep"})
        plan = Aggregate(input=given.relation, measures=(Measure(name="v", call=call),))
        (found,) = column_of("v", plan, given)
        return list(found)

    # Ties are settled by the value, ascending and nulls first, whatever the direction of the key.
    assert collected(nulls="last") == ["a", "b", None, "c", "n"]
    assert collected(nulls="first", descending=True) == ["n", None, "c", "a", "b"]


def test_decay_in_a_group_counts_from_its_greatest_time() -> None:
    given = Given("rows", {"t": "timestamp[us]", "v": "float64"}, [(0, 8.0), (DAY, 4.0), (2 * DAY, None), (None, 7.0)])
    call = agg("decayed_sum", "v", order=(SortKey(column="t"),), options={"half_life": DAY})
    plan = Aggregate(input=given.relation, measures=(Measure(name="v", call=call),))
    assert column_of("v", plan, given) == [8.0 / 4 + 4.0 / 2]


def test_a_row_without_a_time_weighs_nothing_but_takes_part() -> None:
    given = Given("rows", {"t": "timestamp[us]", "v": "float64"}, [(0, 8.0), (None, 7.0)])
    call = agg("decayed_sum", "v", order=(SortKey(column="t"),), options={"half_life": DAY}, by=Column(name="v"))
    plan = Aggregate(input=given.relation, measures=(Measure(name="v", call=call),))
    assert column_of("v", plan, given) == [[{"key": 7.0, "value": None}, {"key": 8.0, "value": 8.0}]]


ROWS = Given(
    "rows",
    {"id": "string", "k": "string", "o": "int64", "v": "int64"},
    [("a", "x", 1, 1), ("b", "x", 2, 2), ("c", "x", 2, 4), ("d", "x", 5, 8), ("e", "x", None, 16), ("f", None, 1, 32)],
)


def windowed(call: Any, frame: Frame | None = None, **key: Any) -> dict[str, Any]:
    """Return a window measure by the rows' names."""
    plan = Window(
        input=ROWS.relation,
        partition_by=("k",),
        order_by=(SortKey(column="o", **key),),
        measures=(WindowMeasure(name="m", call=call, frame=frame),),
    )
    return {row["id"]: row["m"] for row in rows_of(plan, ROWS)}


@pytest.mark.parametrize(
    ("frame", "sums"),
    [
        (None, [1, 7, 7, 15, 31, 32]),
        (Frame(unit="range"), [1, 7, 7, 15, 31, 32]),
        (Frame(unit="rows"), [1, 3, 7, 15, 31, 32]),
        (Frame(unit="rows", start=-1, end=0), [1, 3, 6, 12, 24, 32]),
        (Frame(unit="rows", start=1, end=2), [6, 12, 24, 16, None, None]),
        (Frame(unit="rows", start=None, end=None), [31, 31, 31, 31, 31, 32]),
        (Frame(unit="range", start=-1, end=0), [1, 7, 7, 8, 16, 32]),
        (Frame(unit="range", start=-3, end=-1), [None, 1, 1, 6, 16, None]),
        (Frame(unit="range", start=1, end=None), [30, 24, 24, 16, 16, None]),
        (Frame(unit="range", start=None, end=1), [7, 7, 7, 15, 31, 32]),
        (Frame(unit="range", start=0, end=0), [1, 6, 6, 8, 16, 32]),
    ],
)
def test_frames(frame: Frame | None, sums: list[int | None]) -> None:
    assert list(windowed(agg("sum", "v"), frame).values()) == sums


def test_frames_over_nulls_first() -> None:
    found = windowed(agg("sum", "v"), Frame(unit="range", start=None, end=-1), nulls="first")
    # Nulls are before every distance, so a frame without a start holds them; their own frame ends with their peers.
    assert found == {"e": 16, "a": 16, "b": 17, "c": 17, "d": 23, "f": None}


def test_order_in_frames_is_settled_by_all_columns() -> None:
    assert windowed(agg("collect", "v"), Frame(unit="rows"), descending=True) == {
        "d": [8],
        "b": [8, 2],
        "c": [8, 2, 4],
        "a": [8, 2, 4, 1],
        "e": [8, 2, 4, 1, 16],
        "f": [32],
    }


def test_rankings() -> None:
    expected: dict[str, list[Any]] = {
        "row_number": [1, 2, 3, 4, 5, 1],
        "rank": [1, 2, 2, 4, 5, 1],
        "dense_rank": [1, 2, 2, 3, 4, 1],
        "percent_rank": [0.0, 0.25, 0.25, 0.75, 1.0, 0.0],
        "cume_dist": [0.2, 0.6, 0.6, 0.8, 1.0, 1.0],
    }
    for name, values in expected.items():
        assert list(windowed(RankCall(function=name)).values()) == values, name  # type: ignore[arg-type]
    lag = RankCall(function="lag", arg=Column(name="v"), options={"offset": 2})
    assert list(windowed(lag).values()) == [None, None, 1, 2, 4, None]
    assert list(windowed(RankCall(function="lead", arg=Column(name="v"))).values()) == [2, 4, 8, 16, None, None]


def test_a_window_without_an_order_sees_the_whole_partition() -> None:
    measures = (
        WindowMeasure(name="n", call=agg("count")),
        WindowMeasure(name="r", call=RankCall(function="rank")),
        WindowMeasure(name="i", call=RankCall(function="row_number")),
    )
    plan = Window(input=ROWS.relation, measures=measures)
    assert column_of("n", plan, ROWS) == [6] * 6
    assert column_of("r", plan, ROWS) == [1] * 6
    assert column_of("i", plan, ROWS) == [1, 2, 3, 4, 5, 6]


def test_deduplicate() -> None:
    by_order = Deduplicate(input=ROWS.relation, by=("k",), order=(SortKey(column="o"),))
    assert column_of("id", by_order, ROWS) == ["e", "f"]  # nulls last: the null is the last
    nulls_first = Deduplicate(input=ROWS.relation, by=("k",), order=(SortKey(column="o", nulls="first"),))
    assert column_of("id", nulls_first, ROWS) == ["d", "f"]
    first = Deduplicate(input=ROWS.relation, by=("o",), order=(), keep="first")
    assert sorted(column_of("id", first, ROWS)) == ["a", "b", "d", "e"]


def test_distinct_and_union() -> None:
    one = Given("one", {"a": "float64", "b": "string"}, [(NAN, None), (NAN, None), (1.0, "x")])
    two = Given("two", {"b": "string", "a": "float64"}, [("x", 1.0)])
    both = Union(relations=(one.relation, two.relation))
    assert [list(row) for row in rows_of(both, one, two)] == [["a", "b"]] * 4
    assert len(rows_of(Distinct(input=both), one, two)) == 2


def test_sort_and_limit() -> None:
    ordered = Sort(input=ROWS.relation, keys=(SortKey(column="o", descending=True, nulls="last"), SortKey(column="id")))
    assert column_of("id", ordered, ROWS) == ["d", "b", "c", "a", "f", "e"]
    assert column_of("id", Limit(input=ordered, count=2, offset=1), ROWS) == ["b", "c"]
    assert column_of("id", Limit(input=ordered, count=9, offset=5), ROWS) == ["e"]
    assert column_of("id", Limit(input=ordered, count=0), ROWS) == []


def test_what_a_limit_determines() -> None:
    tied = Sort(input=ROWS.relation, keys=(SortKey(column="o"),))
    assert not run(Limit(input=ROWS.relation, count=2), ROWS).determined
    assert run(Limit(input=ROWS.relation, count=6), ROWS).determined
    assert run(Limit(input=tied, count=2), ROWS).determined  # o = 1, 1 | 2
    assert not run(Limit(input=tied, count=3), ROWS).determined  # o = 1, 1, 2 | 2


def test_unnest() -> None:
    given = Given("rows", {"a": "int64", "l": "list<int64>"}, [(1, [5, None]), (2, []), (3, None), (4, [6])])
    plan = Unnest(input=given.relation, column="l")
    assert [tuple(row.values()) for row in rows_of(plan, given)] == [(1, 5), (1, None), (4, 6)]


def test_filter_drops_null() -> None:
    given = Given("rows", {"p": "bool"}, [(True,), (None,), (False,)])
    assert rows_of(Filter(input=given.relation, predicate=Column(name="p")), given) == [{"p": True}]


def test_tolerances() -> None:
    given = Given("rows", {"k": "string", "x": "float64"}, [("a", 0.1), ("a", 0.2), ("b", 1.0)])
    logarithms = Project(
        input=given.relation,
        columns=(
            NamedExpression(name="k", expression=Column(name="k")),
            NamedExpression(name="ln", expression=Call(function="ln", args=(Column(name="x"),))),
            NamedExpression(name="twice", expression=Call(function="add", args=(Column(name="x"), Column(name="x")))),
        ),
    )
    logs = run(logarithms, given)
    assert logs.tolerances["k"].is_exact
    assert logs.tolerances["twice"].is_exact
    assert logs.tolerances["ln"].ulps > 0
    assert logs.tolerances["ln"].known
    more = Project(
        input=logarithms,
        columns=(
            NamedExpression(name="same", expression=Column(name="ln")),
            NamedExpression(name="more", expression=Call(function="negate", args=(Column(name="ln"),))),
        ),
    )
    found = run(more, given).tolerances
    assert found["same"] == logs.tolerances["ln"]
    assert not found["more"].known
    sums = Aggregate(input=given.relation, by=("k",), measures=(Measure(name="s", call=agg("sum", "x")),))
    assert run(sums, given).tolerances["s"].absolute == pytest.approx(2 * 2 * 2.0**-53 * 0.3)
    positive: Expression = Call(
        function="gt", args=(Column(name="s"), Call(function="add", args=(Column(name="s"),) * 2))
    )
    chosen = run(Filter(input=sums, predicate=positive), given)
    assert not chosen.determined
