"""Each relation as SQL, on DuckDB: values by hand; nulls, NaN, ties and empty inputs among them."""

from __future__ import annotations

import datetime as dt
import math
import time
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import expressions as exp
from tests.sql.plans import (
    INF,
    NAN,
    agg,
    at,
    by_keys,
    call,
    col,
    grouped,
    key,
    lit,
    over,
    rows,
    run,
    schema,
    session,
    table,
    values,
)

from onefold.errors import PlanError, UnsupportedOperation
from onefold.plan import (
    Deduplicate,
    Distinct,
    EventOrder,
    Filter,
    Frame,
    Input,
    Join,
    Limit,
    MapBatches,
    Measure,
    NamedExpression,
    NamedRelation,
    NativeSql,
    Project,
    RankCall,
    Relation,
    Scan,
    Sort,
    TimeBuckets,
    Union,
    Unnest,
)
from onefold.plan.sources import FunctionRef
from onefold.sql.aggregations import AggregationLowering
from onefold.sql.dialect import SqlDialect
from onefold.sql.relations import Context, Fragment, plan_text, table_named
from onefold.sql.types import sql_types
from onefold.types import Schema

KV = schema(k="string", n="int64")
LEFT = table(KV, ("a", 1), ("b", 2), (None, 3), ("a", 4))
EMPTY = table(KV)


def projected(relation: Relation, **columns: Any) -> Project:
    return Project(
        input=relation,
        columns=tuple(NamedExpression(name=name, expression=value) for name, value in columns.items()),
    )


# ---------------------------------------------------------------------------- rows


def test_project_computes_and_renames() -> None:
    plan = projected(rows(KV), twice=call("add", col("n"), col("n")), key=col("k"))
    assert run(plan, rows=LEFT)[0] == {"twice": 2, "key": "a"}


def test_filter_keeps_only_true() -> None:
    assert values(Filter(input=rows(KV), predicate=call("equal", col("k"), lit("a"))), "n", rows=LEFT) == [1, 4]


def test_steps_fold_into_one_level() -> None:
    plan = Limit(
        input=Sort(
            input=projected(Filter(input=rows(KV), predicate=call("gt", col("n"), lit(1))), n=col("n")),
            keys=(key("n", descending=True),),
        ),
        count=2,
    )
    assert session().explain(plan).count("SELECT") == 1
    assert values(plan, "n", rows=LEFT) == [4, 3]


def test_a_projection_over_a_sort_keeps_the_order_of_the_source_column() -> None:
    plan = projected(Sort(input=rows(KV), keys=(key("n", descending=True),)), n=call("negate", col("n")))
    assert values(plan, "n", rows=LEFT) == [-4, -3, -2, -1]


def test_a_sort_over_a_projection_sorts_by_the_new_column() -> None:
    plan = Sort(input=projected(rows(KV), n=call("negate", col("n"))), keys=(key("n"),))
    assert values(plan, "n", rows=LEFT) == [-4, -3, -2, -1]


def test_a_filter_after_a_limit_does_not_reach_below_it() -> None:
    first = Limit(input=Sort(input=rows(KV), keys=(key("n"),)), count=2)
    plan = Filter(input=first, predicate=call("gt", col("n"), lit(1)))
    assert values(plan, "n", rows=LEFT) == [2]


def test_a_sort_after_a_limit_does_not_reach_below_it() -> None:
    first = Limit(input=Sort(input=rows(KV), keys=(key("n"),)), count=2)
    assert values(Sort(input=first, keys=(key("n", descending=True),)), "n", rows=LEFT) == [2, 1]


def test_a_filter_on_a_computed_column_sees_the_computed_value() -> None:
    plan = Filter(
        input=projected(rows(KV), n=call("multiply", col("n"), lit(10))), predicate=call("gt", col("n"), lit(25))
    )
    assert values(plan, "n", rows=LEFT) == [30, 40]


def test_swapped_names() -> None:
    both = schema(a="int64", b="int64")
    plan = Filter(input=projected(rows(both), a=col("b"), b=col("a")), predicate=call("equal", col("a"), lit(2)))
    assert run(plan, rows=table(both, (1, 2), (2, 1))) == [{"a": 2, "b": 1}]


@pytest.mark.parametrize(
    ("descending", "nulls", "expected"),
    [
        (False, "first", [None, -INF, 0.0, 1.5, INF, NAN]),
        (False, "last", [-INF, 0.0, 1.5, INF, NAN, None]),
        (True, "first", [None, NAN, INF, 1.5, 0.0, -INF]),
        (True, "last", [NAN, INF, 1.5, 0.0, -INF, None]),
    ],
)
def test_sort_places_nulls_as_stated_and_nan_above_all(descending: bool, nulls: str, expected: list[Any]) -> None:
    x = schema(x="float64")
    data = table(x, (1.5,), (NAN,), (None,), (-INF,), (INF,), (0.0,))
    plan = Sort(input=rows(x), keys=(key("x", descending=descending, nulls=nulls),))
    assert [str(v) for v in values(plan, "x", rows=data)] == [str(v) for v in expected]


def test_limit_skips_and_counts() -> None:
    ordered = Sort(input=rows(KV), keys=(key("n"),))
    assert values(Limit(input=ordered, count=2, offset=1), "n", rows=LEFT) == [2, 3]
    assert values(Limit(input=ordered, count=0), "n", rows=LEFT) == []
    assert values(Limit(input=ordered, count=9, offset=9), "n", rows=LEFT) == []


def test_distinct_takes_null_and_nan_for_equal() -> None:
    x = schema(x="float64")
    data = table(x, (NAN,), (NAN,), (None,), (None,), (0.0,), (-0.0,), (1.0,))
    found = values(by_keys(Distinct(input=rows(x)), "x"), "x", rows=data)
    assert found[:3] == [None, 0.0, 1.0]
    assert len(found) == 4
    assert math.isnan(found[3])
    assert math.copysign(1, found[1]) == 1


def test_distinct_of_nothing() -> None:
    assert run(Distinct(input=rows(KV)), rows=EMPTY) == []


def test_deduplicate_keeps_an_end_of_the_order() -> None:
    first = Deduplicate(input=rows(KV), by=("k",), order=(key("n"),), keep="first")
    last = Deduplicate(input=rows(KV), by=("k",), order=(key("n"),), keep="last")
    assert run(by_keys(first, "n"), rows=LEFT) == [{"k": "a", "n": 1}, {"k": "b", "n": 2}, {"k": None, "n": 3}]
    assert run(by_keys(last, "n"), rows=LEFT) == [{"k": "b", "n": 2}, {"k": None, "n": 3}, {"k": "a", "n": 4}]


def test_deduplicate_settles_ties_by_all_columns_nulls_first() -> None:
    three = schema(k="string", t="int64", v="string")
    data = table(three, ("a", 1, "x"), ("a", 1, None), ("a", 1, "y"))
    first = Deduplicate(input=rows(three), by=("k",), order=(key("t"),), keep="first")
    last = Deduplicate(input=rows(three), by=("k",), order=(key("t"),), keep="last")
    assert values(first, "v", rows=data) == [None]
    assert values(last, "v", rows=data) == ["y"]


def test_unnest_repeats_rows_and_drops_null_and_empty_lists() -> None:
    listed = schema(k="int64", l="list<string>")
    data = table(listed, (1, ["a", None]), (2, []), (3, None), (4, ["b"]))
    assert run(Unnest(input=rows(listed), column="l"), rows=data) == [
        {"k": 1, "l": "a"},
        {"k": 1, "l": None},
        {"k": 4, "l": "b"},
    ]


def test_unnest_of_lists_of_lists_goes_one_level_down() -> None:
    nested = schema(l="list<list<int64>>")
    assert values(Unnest(input=rows(nested), column="l"), "l", rows=table(nested, ([[1, 2], []],))) == [[1, 2], []]


# ---------------------------------------------------------------------------- combining


def test_union_matches_columns_by_name_and_keeps_duplicates() -> None:
    other = Input(name="other", columns=schema(n="int64", k="string"))
    plan = by_keys(Union(relations=(rows(KV), other)), "n", "k")
    found = run(plan, rows=LEFT, other=table(other.output, (1, "a"), (9, "z")))
    assert [(row["k"], row["n"]) for row in found] == [("a", 1), ("a", 1), ("b", 2), (None, 3), ("a", 4), ("z", 9)]


RV = schema(k="string", v="int64", n="int64")
RIGHT = table(RV, ("a", 10, 0), ("c", 30, 0), (None, 40, 0))


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("inner", [("a", 1, 10, 0), ("a", 4, 10, 0)]),
        ("left", [("a", 1, 10, 0), ("b", 2, None, None), (None, 3, None, None), ("a", 4, 10, 0)]),
        (
            "full",
            [
                ("c", None, 30, 0),
                (None, None, 40, 0),
                ("a", 1, 10, 0),
                ("b", 2, None, None),
                (None, 3, None, None),
                ("a", 4, 10, 0),
            ],
        ),
    ],
)
def test_joins_never_match_null(how: Any, expected: list[tuple[Any, ...]]) -> None:
    right = Input(name="right", columns=RV)
    plan = Join(left=rows(KV), right=right, left_on=("k",), right_on=("k",), how=how)
    assert plan.output.names == ("k", "n", "v", "n_right")
    found = run(by_keys(plan, "n", "v"), rows=LEFT, right=RIGHT)
    assert [tuple(row.values()) for row in found] == expected


@pytest.mark.parametrize(("how", "expected"), [("semi", [1, 4]), ("anti", [2, 3])])
def test_semi_and_anti_joins_keep_left_rows_once(how: Any, expected: list[int]) -> None:
    right = Input(name="right", columns=RV)
    plan = Join(left=rows(KV), right=right, left_on=("k",), right_on=("k",), how=how)
    twice = pa.concat_tables([RIGHT, RIGHT])
    assert values(by_keys(plan, "n"), "n", rows=LEFT, right=twice) == expected


def test_join_on_nan_and_two_keys() -> None:
    keys = schema(x="float64", y="int64")
    plan = Join(left=rows(keys), right=rows(keys), left_on=("x", "y"), right_on=("x", "y"))
    found = run(plan, rows=table(keys, (NAN, 1), (0.0, 2), (-0.0, 2), (NAN, None)))
    assert len(found) == 5  # NaN with itself, each of the two zeros with both


def test_cross_join() -> None:
    right = Input(name="right", columns=schema(v="int64"))
    plan = Join(left=rows(KV), right=right, how="cross")
    assert len(run(plan, rows=LEFT, right=table(right.output, (1,), (2,)))) == 8


def test_joins_with_nothing() -> None:
    right = Input(name="right", columns=RV)
    for how, count in (("inner", 0), ("left", 4), ("full", 4), ("semi", 0), ("anti", 4)):
        plan = Join(left=rows(KV), right=right, left_on=("k",), right_on=("k",), how=how)  # type: ignore[arg-type]
        assert len(run(plan, rows=LEFT, right=table(RV))) == count, how


def test_group_keys_hold_null_and_nan() -> None:
    x = schema(x="float64")
    data = table(x, (NAN,), (NAN,), (None,), (0.0,), (-0.0,))
    found = run(by_keys(grouped(rows(x), "x", n=agg("count")), "x"), rows=data)
    assert [row["n"] for row in found] == [1, 2, 2]
    assert found[0]["x"] is None


def test_groups_without_measures_are_the_distinct_keys() -> None:
    assert values(by_keys(grouped(rows(KV), "k"), "k"), "k", rows=LEFT) == [None, "a", "b"]


def test_aggregate_of_nothing() -> None:
    plan = grouped(rows(KV), c=agg("count"), s=agg("sum", "n"), l=agg("first_n", "n", order=(key("n"),), n=2))
    assert run(plan, rows=EMPTY) == [{"c": 0, "s": None, "l": None}]
    assert run(grouped(rows(KV), "k", c=agg("count")), rows=EMPTY) == []


def test_a_column_may_be_named_like_anything() -> None:
    odd = Schema.of(**{'a"b': "int64", "select": "int64", "position": "int64", "é 1": "int64"})
    plan = Deduplicate(input=rows(odd), by=('a"b',))
    assert run(plan, rows=table(odd, (1, 2, 3, 4))) == [{'a"b': 1, "select": 2, "position": 3, "é 1": 4}]


def test_columns_that_differ_only_in_case_are_refused_and_not_mixed_up() -> None:
    both = Schema.of(k="int64", K="int64")
    with pytest.raises(
        UnsupportedOperation, match=r"schema\.case_sensitive_names: the engine takes names that differ only"
    ):
        run(rows(both), rows=table(both, (1, 2)))


def test_inputs_that_differ_only_in_case() -> None:
    n = schema(n="int64")
    plan = Union(relations=(rows(n, "a"), rows(n, "A"), rows(n, "b")))
    given = {"a": table(n, (1,)), "A": table(n, (2,)), "b": table(n, (3,))}
    assert sorted(values(plan, "n", **given)) == [1, 2, 3]


# ---------------------------------------------------------------------------- windows

W = schema(g="string", t="int64", v="int64")
WROWS = table(W, ("a", 1, 10), ("a", 2, 20), ("a", 2, 5), ("a", 4, None), ("b", 1, 7))


def ranked(*functions: str, descending: bool = False) -> list[tuple[Any, ...]]:
    measures: dict[str, Any] = {name: RankCall(function=name) for name in functions}  # type: ignore[arg-type]
    plan = over(rows(W), ("g",), (key("t", descending=descending),), **measures)
    found = run(by_keys(plan, "g", "t", "v"), rows=WROWS)
    return [tuple(row[name] for name in functions) for row in found]


def test_rankings() -> None:
    found = ranked("row_number", "rank", "dense_rank", "percent_rank", "cume_dist")
    # Of the two rows at 2, the one with the smaller value comes first.
    assert found == [
        (1, 1, 1, 0.0, 0.25),
        (2, 2, 2, 1 / 3, 0.75),
        (3, 2, 2, 1 / 3, 0.75),
        (4, 4, 3, 1.0, 1.0),
        (1, 1, 1, 0.0, 1.0),
    ]


def test_row_number_of_ties_is_by_all_columns_ascending_also_in_descending_order() -> None:
    assert [row[0] for row in ranked("row_number", descending=True)] == [4, 2, 3, 1, 1]


def test_lag_and_lead_step_over_rows_not_over_values() -> None:
    plan = over(
        rows(W),
        ("g",),
        ("t",),
        before=RankCall(function="lag", arg=col("v")),
        after=RankCall(function="lead", arg=col("v"), options={"offset": 2}),
    )
    found = run(by_keys(plan, "g", "t", "v"), rows=WROWS)
    assert [row["before"] for row in found] == [None, 10, 5, 20, None]
    assert [row["after"] for row in found] == [20, None, None, None, None]


def test_frames() -> None:
    def sums(frame: Frame | None) -> list[Any]:
        plan = over(rows(W), ("g",), ("t",), frame, s=agg("sum", "v"))
        return values(by_keys(plan, "g", "t", "v"), "s", rows=WROWS)

    assert sums(None) == [10, 35, 35, 35, 7]  # peers are together
    assert sums(Frame(unit="rows", start=-1, end=0)) == [10, 15, 25, 20, 7]
    assert sums(Frame(unit="rows", start=1, end=None)) == [25, 20, None, None, None]
    assert sums(Frame(unit="rows", start=-2, end=-2)) == [None, None, 10, 5, None]
    assert sums(Frame(unit="range", start=-1, end=0)) == [10, 35, 35, None, 7]
    assert sums(Frame(unit="range", start=-2, end=-1)) == [None, 10, 10, 25, None]
    assert sums(Frame(unit="range", start=0, end=0)) == [10, 25, 25, None, 7]
    assert sums(Frame(unit="range", start=None, end=None)) == [35, 35, 35, 35, 7]


def test_without_an_order_the_whole_partition_is_seen() -> None:
    plan = over(rows(W), ("g",), (), s=agg("sum", "v"), r=RankCall(function="rank"))
    found = run(by_keys(plan, "g", "t", "v"), rows=WROWS)
    assert [(row["s"], row["r"]) for row in found] == [(35, 1)] * 4 + [(7, 1)]


def test_range_frames_over_dates_and_instants() -> None:
    both = schema(d="date32", t="inst", v="int64")
    data = table(both, *((dt.date(2024, 1, day), at(day * 60), day) for day in (1, 2, 4)))
    days = over(rows(both), (), ("d",), Frame(unit="range", start=-1, end=0), s=agg("sum", "v"))
    assert values(by_keys(days, "d"), "s", rows=data) == [1, 3, 4]
    instants = over(rows(both), (), ("t",), Frame(unit="range", start=-120_000_000, end=-1), s=agg("sum", "v"))
    assert values(by_keys(instants, "t"), "s", rows=data) == [None, 1, 2]


def test_a_null_order_key_has_only_its_peers_in_a_range_frame() -> None:
    data = table(W, ("a", None, 1), ("a", None, 2), ("a", 1, 4))
    plan = over(rows(W), ("g",), ("t",), Frame(unit="range", start=-5, end=0), s=agg("sum", "v"))
    assert values(by_keys(plan, "t", "v"), "s", rows=data) == [3, 3, 4]


def test_a_secondary_key_over_a_frame() -> None:
    three = schema(t="int64", k="string", v="int64", frame_of="int64")
    data = table(three, (1, "x", 1, 0), (2, "y", 2, 0), (3, "x", 4, 0), (4, None, 8, 0))
    plan = over(
        rows(three), (), ("t",), Frame(unit="rows", start=-2, end=0), s=agg("sum", "v", by=col("k")), n=agg("count")
    )
    found = run(by_keys(plan, "t"), rows=data)
    assert [[(e["key"], e["value"]) for e in row["s"]] for row in found] == [
        [("x", 1)],
        [("x", 1), ("y", 2)],
        [("x", 5), ("y", 2)],
        [("x", 4), ("y", 2)],
    ]
    assert [row["n"] for row in found] == [1, 2, 3, 3]
    none = over(
        rows(three),
        (),
        ("t",),
        Frame(unit="rows", start=0, end=0),
        l=agg("last", "v", by=col("k"), where=call("gt", col("v"), lit(1))),
    )
    assert values(by_keys(none, "t"), "l", rows=data) == [
        None,
        [{"key": "y", "value": 2}],
        [{"key": "x", "value": 4}],
        None,
    ]


def test_decayed_aggregations_measure_ages_from_the_latest_time_in_the_frame() -> None:
    timed = schema(g="string", t="timestamp[us, UTC]", v="int64")
    data = table(timed, ("a", at(1), 10), ("a", at(2), 20), ("a", at(2), 5), ("a", at(4), None), ("b", at(1), 7))
    plan = over(rows(timed), ("g",), ("t",), d=agg("decayed_sum", "v", half_life=1_000_000))
    found = run(by_keys(plan, "g", "t", "v"), rows=data)
    # a at 1: 10; at 2: 10/2 + 20 + 5, for both peers; at 4: 10/8 + 25/4; b: 7
    assert [row["d"] for row in found] == [10.0, 30.0, 30.0, 7.5, 7.0]


def test_frames_that_collect_values_are_computed_by_the_kernel() -> None:
    plan = over(rows(W), ("g",), ("t",), n=agg("last_n", "v", n=2))
    text = session().explain(plan)
    assert "LIST" not in text
    whole = over(rows(W), ("g",), (), s=agg("sum", "v", by=col("t")))
    assert "LIST" not in session().explain(whole)
    assert [row["s"] for row in run(by_keys(whole, "g", "t", "v"), rows=WROWS)][-1] == [{"key": 1, "value": 7}]
    below = Filter(input=plan, predicate=call("is_not_null", col("n")))
    assert [row["n"] for row in run(by_keys(below, "g", "t", "v"), rows=WROWS)] == [
        [10],
        [5, 20],
        [5, 20],
        [5, 20],
        [7],
    ]


# ---------------------------------------------------------------------------- tiles


def test_time_buckets_are_aligned_to_the_epoch_on_the_clock_of_the_events() -> None:
    events = schema(k="string", t="inst", v="float64")
    data = table(
        events, ("a", at(0), 1.0), ("a", at(59), 2.0), ("b", at(60), 4.0), (None, at(0), 8.0), ("a", None, 16.0)
    )
    plan = TimeBuckets(
        events=rows(events),
        by=("k",),
        order=EventOrder(time="t", delay=1_000_000),
        every=60_000_000,
        measures=(Measure(name="m", call=agg("mean", "v")), Measure(name="l", call=agg("last", "v"))),
    )
    assert run(by_keys(plan, "k", "bucket_start"), rows=data) == [
        {"k": "a", "bucket_start": at(0), "m__sum": 1.0, "m__count": 1, "l__last": 1.0, "l__time": at(0)},
        {"k": "a", "bucket_start": at(60), "m__sum": 2.0, "m__count": 1, "l__last": 2.0, "l__time": at(59)},
        {"k": "b", "bucket_start": at(60), "m__sum": 4.0, "m__count": 1, "l__last": 4.0, "l__time": at(60)},
    ]


# ---------------------------------------------------------------------------- native SQL


def native(text: str, **columns: str) -> NativeSql:
    return NativeSql(
        relations=(NamedRelation(name="events", relation=rows(KV)),),
        text=text,
        dialect="duckdb",
        columns=schema(**columns),
    )


def test_native_sql_runs_as_written() -> None:
    text = "WITH sums AS (SELECT k, sum(n) AS s FROM Events GROUP BY ALL) SELECT s, k FROM sums"
    for ending in ("", ";", " -- all", "; -- all; really", " ;\n/* all */"):
        assert sorted(values(native(text + ending, s="int64"), "s", rows=LEFT)) == [2, 3, 5], ending


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1 AS s; SELECT 2 AS s", "exactly one SELECT statement, not SELECT, SELECT"),
        ("DROP TABLE events", "exactly one SELECT statement, not DROP"),
        ("DELETE FROM events", "exactly one SELECT statement, not DELETE"),
        ("COPY events TO 'x.csv'", "exactly one SELECT statement"),
        ("SELECT s FROM event", "reads the table 'event', which it was not given. Did you mean 'events'"),
        ("SELECT s FROM 'data.csv'", "which it was not given"),
        ("SELECT * FROM main.events", "which it was not given"),
        ("SELECT * FROM read_csv('data.csv')", "table function"),
        ("SELECT", "refuses|parsed|exactly"),
        ("SELEC 1", "parsed|exactly"),
        ("SELECT n AS other FROM events", "gives no column 's', which is declared. The columns are: 'other'"),
        ("SELECT k AS s FROM events", "gives the column 's' as VARCHAR, but it is declared as int64"),
        ("SELECT missing AS s FROM events", "refuses the SQL: Binder Error"),
    ],
)
def test_native_sql_that_is_refused(text: str, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        run(native(text, s="int64"), rows=LEFT)


def test_native_sql_of_another_dialect() -> None:
    plan = NativeSql(relations=(), text="SELECT 1 AS s", dialect="snowflake", columns=schema(s="int64"))
    with pytest.raises(UnsupportedOperation, match=r"sql\.snowflake"):
        run(plan)


# ---------------------------------------------------------------------------- the whole


def test_a_shared_subplan_becomes_one_subquery() -> None:
    shared = grouped(rows(KV), "k", s=agg("sum", "n"))
    plan = Join(left=shared, right=shared, left_on=("k",), right_on=("k",))
    assert session().explain(plan).count("GROUP BY") == 1
    assert values(by_keys(plan, "s"), "s_right", rows=LEFT) == [2, 5]


def test_compile_time_is_linear_in_distinct_relations() -> None:
    plan: Relation = rows(KV)
    for _ in range(20):  # written out, two to the power of 20 relations
        plan = grouped(Union(relations=(plan, plan)), "k", n=agg("max", "n"))
    began = time.perf_counter()
    text = session().explain(plan)
    assert time.perf_counter() - began < 5
    assert len(text) < 20_000
    assert values(by_keys(plan, "n"), "n", rows=LEFT) == [2, 3, 4]


def test_deep_plans_run() -> None:
    plan: Relation = rows(KV)
    for step in range(150):
        plan = projected(plan, k=col("k"), n=call("add", col("n"), lit(step % 2)))
    assert values(plan, "n", rows=LEFT)[0] == 76


def test_relations_that_are_no_sql() -> None:
    reference = FunctionRef(module="m", name="f", source_hash="0" * 64)
    plan = MapBatches(input=rows(KV), function=reference, columns=KV)
    with pytest.raises(UnsupportedOperation, match=r"relation\.map_batches: Python functions run between"):
        run(plan, rows=LEFT)


class Tables:
    """Leaves of a dialect that reads nothing but tables named like its inputs."""

    def input(self, leaf: Input) -> Fragment:
        return Fragment(table_named(leaf.name), leaf.output)

    def scan(self, scan: Scan, context: Context) -> Fragment:
        raise AssertionError("there are no files")

    def native(self, query: str, declared: Schema) -> dict[str, exp.Expression]:
        raise AssertionError("there is no native SQL")


def test_a_dialect_states_its_differences_as_data() -> None:
    toy = SqlDialect(
        name="duckdb",
        engine="toy",
        types=sql_types("duckdb"),
        functions={"add": "PLUS({0}, {1})"},
        aggregations={"sum": AggregationLowering("TOTAL({0})")},
        aggregate_names=frozenset({"TOTAL"}),
    )
    summed = grouped(
        projected(rows(KV), k=col("k"), n=call("add", col("n"), col("n"))),
        "k",
        s=agg("sum", "n"),
    )
    text = plan_text(Union(relations=(summed, summed)), toy, Tables())
    assert "PLUS(" in text
    assert "TOTAL(" in text
    assert "MATERIALIZED" not in text
    with pytest.raises(UnsupportedOperation, match=r"'toy' does not offer function\.subtract"):
        plan_text(projected(rows(KV), n=call("subtract", col("n"), lit(1))), toy, Tables())
    with pytest.raises(UnsupportedOperation, match=r"'toy' does not offer aggregation\.median"):
        plan_text(grouped(rows(KV), m=agg("median", "n")), toy, Tables())
