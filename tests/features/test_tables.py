"""Lazy tables: the plans that verbs make, and their errors. Values are tested where engines are."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from tests.features.data import flights

from onefold import features as of
from onefold.errors import DefinitionError, PlanError
from onefold.features import Table, col, desc, lit, when
from onefold.plan import (
    Aggregate,
    AsOfJoin,
    Deduplicate,
    Distinct,
    EventOrder,
    Filter,
    Frame,
    Join,
    Limit,
    MapBatches,
    Project,
    Relation,
    Sort,
    SortKey,
    Union,
    Unnest,
    Window,
)
from onefold.types import parse_duration

T = of.table({"k": ["a", "b"], "n": [1, 2], "x": [0.5, None], "codes": [[1], []]}, name="t")
EVENTS = of.table(flights())


def plan_of(table: Table, kind: type[Relation]) -> Any:
    """Return the relation of a table, of which it is asserted what it is."""
    assert isinstance(table.relation, kind)
    return table.relation


def schema_of(table: Table) -> str:
    return str(table.schema)


def test_select() -> None:
    table = T.select("k", col("n"), twice=col("n") * 2, one=lit(1))
    assert schema_of(table) == "k: string, n: int64, twice: int64, one: int64"
    assert isinstance(table.relation, Project)


def test_with_columns_replaces_in_place_and_appends() -> None:
    assert schema_of(T.with_columns(col("n") + 0.5, y="x")) == (
        "k: string, n: float64, x: float64, codes: list<int64>, y: float64"
    )


def test_new_columns_do_not_see_each_other() -> None:
    with pytest.raises(PlanError, match="no column 'm'"):
        T.with_columns(m=col("n"), z=col("m"))


def test_filter_takes_several_predicates() -> None:
    plan = plan_of(T.filter(col("n") > 1, col("x").is_not_null()), Filter)
    assert isinstance(plan.input, Filter)


def test_drop_and_rename() -> None:
    assert T.drop("codes", "x").columns == ("k", "n")
    assert T.rename({"k": "key"}).columns == ("key", "n", "x", "codes")


def test_group_by() -> None:
    table = T.group_by("k", big=col("n") > 1).agg(of.mean("x"), total=of.sum("n"))
    assert schema_of(table) == "k: string, big: bool, x_mean: float64, total: int64"
    assert plan_of(table, Aggregate).by == ("k", "big")
    assert T.group_by().agg(of.count()).columns == ("count",)


def test_group_by_orders_what_depends_on_order() -> None:
    plan = plan_of(T.group_by("k").agg(of.last("x", order_by=["n"])), Aggregate)
    assert plan.measures[0].call.order == (SortKey(column="n", nulls="first"),)


def test_join() -> None:
    other = of.table({"k": ["a"], "n": [3], "z": [True]}, name="other")
    assert T.join(other, on="k").columns == ("k", "n", "x", "codes", "n_right", "z")
    assert T.join(other, left_on="n", right_on="n", how="left").columns == ("k", "n", "x", "codes", "k_right", "z")
    assert T.join(other, on="k", how="anti").columns == T.columns
    assert plan_of(T.join(other.rename({"k": "k2"}), how="cross"), Join).left_on == ()
    assert set(T.join(other, on="k").bindings) == {"t", "other"}


def test_join_asof() -> None:
    spine = EVENTS.select("carrier", at="departed_at")
    table = spine.join_asof(EVENTS, left_on="at", right_on="departed_at", by="carrier", delay="5m", max_age="1d")
    plan = plan_of(table, AsOfJoin)
    assert plan.order == EventOrder(time="departed_at", delay=300_000_000)
    assert plan.max_age == parse_duration("1d")
    assert not plan.include_exact
    assert table.columns == ("carrier", "at", "origin", "departed_at", "dep_delay", "cancelled")
    same = EVENTS.join_asof(EVENTS, on="departed_at", by="carrier", columns=["dep_delay"], suffix="_before")
    assert same.columns[-1] == "dep_delay_before"


def test_union_and_concat() -> None:
    assert len(plan_of(T.union(T, T), Union).relations) == 3
    assert of.concat([T]) is T


def test_rows_verbs() -> None:
    assert isinstance(T.drop("codes").distinct().relation, Distinct)
    assert plan_of(T.deduplicate("k", order_by="n", keep="first"), Deduplicate) == Deduplicate(
        input=T.relation, by=("k",), order=(SortKey(column="n", nulls="first"),), keep="first"
    )
    assert plan_of(T.sort("k", desc("n")), Sort).keys == (SortKey(column="k"), SortKey(column="n", descending=True))
    assert plan_of(T.sort(["k", "n"], descending=True), Sort).keys[1].descending
    assert plan_of(T.limit(3, 1), Limit) == Limit(input=T.relation, count=3, offset=1)
    assert plan_of(T.head(2), Limit).count == 2
    assert schema_of(T.explode("codes").select("codes")) == "codes: int64"
    assert isinstance(T.explode("codes").relation, Unnest)


def test_window_functions() -> None:
    table = T.with_window(
        of.row_number(), of.sum("n"), before=of.lag("x"), partition_by="k", order_by="n", rows=(-6, 0)
    )
    plan = plan_of(table, Window)
    assert table.columns[-3:] == ("row_number", "n_sum", "before")
    assert plan.partition_by == ("k",)
    assert [measure.frame for measure in plan.measures] == [None, Frame(unit="rows", start=-6, end=0), None]


def test_window_functions_over_time() -> None:
    table = EVENTS.with_window(of.count(), partition_by="carrier", order_by="departed_at", preceding="1h")
    assert plan_of(table, Window).measures[0].frame == Frame(unit="range", start=-3_600_000_000, end=0)
    days = of.table({"d": pa.array([0], pa.date32())}, name="days").with_window(
        of.count(), order_by="d", preceding="7d"
    )
    assert plan_of(days, Window).measures[0].frame == Frame(unit="range", start=-7, end=0)


def test_map_batches() -> None:
    plan = plan_of(T.map_batches(lambda batch: batch, schema={"k": "string"}, format="polars"), MapBatches)
    assert plan.format == "polars"
    made = of.transform(lambda batch: batch, schema={"n": "int64"})
    assert schema_of(T.map_batches(made)) == "n: int64"


def test_pipe() -> None:
    assert T.pipe(lambda table, n: table.limit(n), 3) == T.limit(3) or T.pipe(lambda table: table) is T


def test_a_source_can_be_used_where_a_table_is_expected() -> None:
    assert of.concat([EVENTS, EVENTS]).columns == EVENTS.columns
    carriers = of.ArrowSource("carriers", {"carrier": ["UA"]})
    assert EVENTS.join(carriers, on="carrier").columns == EVENTS.columns


def test_two_data_sets_of_one_name_are_never_mixed_up() -> None:
    other = of.table({"k": ["z"], "n": [9]}, name="t")
    with pytest.raises(DefinitionError, match=r"Two different data sets are named 't'"):
        T.join(other, on="k")


def test_unnamed_data_gets_names_of_its_own() -> None:
    first, second = of.table({"k": ["a"]}), of.table({"k": ["b"]})
    assert len(first.join(second, on="k").bindings) == 2


def test_repr_shows_columns() -> None:
    assert repr(T.select("k", "n")) == "Table(2 columns, not computed yet)\n  k: string\n  n: int64"


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: T.filter(col("m") > 1), r"filter: There is no column 'm'"),
        (lambda: T.select("kk"), r"select > 'kk': There is no column 'kk'.*'k'"),
        (
            lambda: T.select(col("n"), col("n") + 1),
            r"select: col\('n'\) and \(col\('n'\) \+ 1\) would both be named 'n'",
        ),
        (lambda: T.select(lit(1)), r"reads no column and has no name"),
        (lambda: T.with_columns(kind="late"), r"with_columns > 'kind': There is no column 'late'.*lit\('late'\)"),
        (lambda: T.with_columns(y=of.sum("n")), r"sum\(col\('n'\)\) is an aggregation.*group_by"),
        (lambda: T.drop("m"), r"drop: there is no column 'm'"),
        (lambda: T.drop("k", "n", "x", "codes"), r"keeps at least one column"),
        (lambda: T.rename({"m": "z"}), r"rename: there is no column 'm'"),
        (lambda: T.rename({"k": "n"}), r"column 'n' appears more than once"),
        (lambda: T.group_by("m").agg(of.count()), r"group_by > 'm': There is no column 'm'"),
        (lambda: T.group_by("codes").agg(of.count()), r"group keys name the column 'codes', a list<int64>"),
        (lambda: T.group_by("k").agg("n"), r"agg takes aggregations such as.*not str"),
        (lambda: T.group_by("k").agg(of.sum("n").over("7d")), r"has a window: windows.*for feature views"),
        (lambda: T.group_by("k").agg(of.last("n")), r"depends on the order.*last\(\.\.\., order_by='time'\)"),
        (lambda: T.group_by("k").agg(of.sum("n"), of.sum("n")), r"two columns named 'n_sum'"),
        (lambda: T.group_by("k").agg(k=of.sum("n")), r"two columns named 'k'"),
        (lambda: T.group_by("k").agg(of.sum("k")), r"agg > 'k_sum' > sum: 'sum' does not take \(string\)"),
        (lambda: T.join(T), r"join needs on=, or left_on= and right_on="),
        (lambda: T.join(T, on="k", left_on="k"), r"Give either on=, or left_on="),
        (lambda: T.join(T, left_on=["k", "n"], right_on="k"), r"2 columns on the left and 1 on the right"),
        (lambda: T.join(T, on="k", how="right"), r"swap the tables"),  # type: ignore[arg-type]
        (lambda: T.join(T, on="k", how="cross"), r"takes no keys"),
        (lambda: T.join(T, left_on="k", right_on="n"), r"'k' is string on the left and 'n' is int64"),
        (lambda: T.join({"k": 1}, on="k"), r"join takes a lazy table, not dict"),  # type: ignore[arg-type]
        (lambda: T.join_asof(T, on="n", by="k"), r"time of the spine 'n' must be an instant"),
        (lambda: T.join_asof(T, on="n"), r"needs by=, or by_left= and by_right="),
        (lambda: of.concat([]), r"at least one table"),
        (lambda: T.union(T.drop("k")), r"Select the same columns from each"),
        (lambda: T.filter(None), r"null needs a type"),
        (lambda: T.filter(when("k")), r"when\(condition\)\.then"),
        (lambda: T.filter(pl.col("n") > 1), r"polars's expressions .* mean nothing here.*of\.col"),
        (T.select, r"select needs at least one column"),
        (T.group_by().agg, r"An aggregate needs keys or measures"),
        (lambda: of.sum("n") / of.count(), r"sum\(col\('n'\)\) can not be combined with count\(\)"),
        (T.distinct, r"lists and structs are not compared"),
        (lambda: T.sort("m"), r"sort keys name the column 'm'"),
        (lambda: T.sort(col("n") + 1), r"is not a column to order by.*with_columns"),
        (lambda: T.explode("n"), r"'n' is int64, not a list"),
        (lambda: T.limit(-1), r"greater than or equal to 0"),
        (T.with_window, r"needs something to compute"),
        (lambda: T.with_window(of.sum("n").over("1d")), r"has a trailing window.*rows= or preceding="),
        (lambda: T.with_window(n=of.sum("n")), r"second column named 'n'"),
        (lambda: T.with_window(of.sum("n"), rows=(0, -1), order_by="n"), r"starts at 0, after its end"),
        (lambda: T.with_window(of.sum("n"), rows=(0, 1), preceding="1d"), r"either rows= or preceding="),
        (lambda: T.with_window(of.lag("m")), r"with_window > 'm_lag': There is no column 'm'"),
        (lambda: T.map_batches(lambda batch: batch), r"needs the schema of what the function returns"),
        (lambda: T.map_batches(lambda b: b, schema={"k": "string"}, format="numpy"), r"no batch format 'numpy'"),  # type: ignore[arg-type]
        (lambda: of.table("flights.parquet"), r"takes a source or data, not text.*ParquetSource"),
        (lambda: of.table(3), r"takes a pyarrow table"),
        (lambda: of.native_sql(" ; ", schema={"k": "string"}), r"one SELECT statement"),
        (lambda: of.native_sql("select 1", schema={"k": "string"}, dialect="snow"), r"dialect 'snow'\. Did you mean"),
        (lambda: of.transform(3, schema={"k": "string"}), r"A transform is a function, not int"),  # type: ignore[call-overload]
        (lambda: of.transform(schema={}), r"has no columns"),
    ],
    ids=[str(number) for number in range(54)],
)
def test_mistakes(mistake: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        mistake()


def test_a_transform_can_be_called_like_its_function() -> None:
    @of.transform(schema={"n": "int64"})
    def doubled(batch: pa.Table) -> pa.Table:
        """Double everything."""
        return batch

    assert doubled(T) is T
    assert doubled.__name__ == "doubled"
    assert doubled.__doc__ == "Double everything."
