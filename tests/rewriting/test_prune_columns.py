"""Pruning: scans read only what is needed above them, and nothing that decides a value is dropped."""

from __future__ import annotations

import pytest
from tests.plan.examples import DAY, EVENTS, agg, as_of, call, col, events, lit, named, plain, random_plan, trailing

from onefold.plan import (
    Aggregate,
    AsOfColumn,
    Deduplicate,
    Distinct,
    EventOrder,
    Filter,
    Input,
    Join,
    Limit,
    MapBatches,
    Measure,
    NamedRelation,
    NativeSql,
    Project,
    Relation,
    Scan,
    Sort,
    SortKey,
    Table,
    TrailingMeasure,
    TrailingWindow,
    Union,
    Unnest,
    Window,
    WindowMeasure,
)
from onefold.plan.sources import FunctionRef
from onefold.rewriting import prune_columns
from onefold.types import Schema

REF = FunctionRef(module="m", name="f", source_hash="0")


def only(input: Relation, *names: str) -> Project:
    return Project(input=input, columns=plain(*names))


def read(root: Relation) -> dict[str, tuple[str, ...]]:
    """Return the columns that each source is read for."""
    return {scan.table.name: scan.output.names for scan in prune_columns(root).walk() if isinstance(scan, Scan)}


def other() -> Scan:
    columns = Schema.of(k="string", v="float64", w="float64", z="int64")
    return Scan(table=Table(name="other", format="parquet", paths=("o.parquet",), columns=columns))


def test_a_projection_reads_only_what_it_gives() -> None:
    assert read(only(events(), "v")) == {"events": ("v",)}


def test_what_a_dropped_column_reads_is_not_read() -> None:
    inner = Project(input=events(), columns=(*plain("k"), named("twice", call("add", col("v"), col("v")))))
    assert read(only(inner, "k")) == {"events": ("k",)}
    assert read(only(inner, "twice")) == {"events": ("v",)}


def test_predicates_in_a_scan_read_columns_of_their_own() -> None:
    pruned = prune_columns(only(events(predicate=col("late")), "v"))
    assert isinstance(pruned, Project)
    assert pruned.input == events(predicate=col("late"), columns=("v",))


def test_filters_sorts_and_limits_pass_on_what_they_need() -> None:
    root = Limit(input=Sort(input=Filter(input=events(), predicate=col("late")), keys=(SortKey(column="x"),)), count=3)
    assert read(only(root, "v")) == {"events": ("x", "v", "late")}


def test_aggregates_drop_measures_and_what_they_read() -> None:
    measures = (
        Measure(name="a", call=agg("sum", col("v"))),
        Measure(name="b", call=agg("sum", col("x"), where=col("late"))),
    )
    grouped = Aggregate(input=events(), by=("k",), measures=measures)
    assert read(only(grouped, "k", "a")) == {"events": ("k", "v")}
    assert read(only(grouped, "k")) == {"events": ("k",)}
    assert read(grouped) == {"events": ("k", "x", "v", "late")}


def test_a_total_of_which_nothing_is_wanted_is_still_one_row() -> None:
    total = Aggregate(input=events(), measures=(Measure(name="a", call=agg("sum", col("v"))),))
    pruned = prune_columns(Project(input=total, columns=(named("one", lit(1)),)))
    assert isinstance(pruned, Project)
    assert pruned.input == total.replace(input=events(columns=("v",)))


def test_counting_rows_reads_one_column() -> None:
    assert read(Aggregate(input=events(), measures=(Measure(name="n", call=agg("count")),))) == {"events": ("k",)}


def test_joins_read_keys_and_wanted_columns_of_both_sides() -> None:
    joined = Join(left=events(), right=other(), left_on=("k",), right_on=("k",), how="left")
    assert read(only(joined, "x", "w")) == {"events": ("k", "x", "v"), "other": ("k", "v", "w")}, "v decides the suffix"


def test_the_suffix_of_a_right_column_stays() -> None:
    joined = Join(left=events(), right=other(), left_on=("k",), right_on=("k",))
    pruned = prune_columns(only(joined, "v_right"))
    assert pruned.output.names == ("v_right",)
    assert read(only(joined, "v_right"))["other"] == ("k", "v")
    assert "v" in read(only(joined, "v_right"))["events"]


def test_semi_joins_read_only_the_keys_on_the_right() -> None:
    joined = Join(left=events(), right=only(other(), "k", "w", "z"), left_on=("k",), right_on=("k",), how="semi")
    assert read(only(joined, "x")) == {"events": ("k", "x"), "other": ("k",)}


def test_unions_read_the_same_columns_of_each_side_in_one_order() -> None:
    both = Union(relations=(only(events(), "k", "v", "x"), Project(input=other(), columns=(
        named("x", col("z")), *plain("v", "k")))))  # fmt: skip
    pruned = prune_columns(only(both, "x"))
    assert read(only(both, "x")) == {"events": ("x",), "other": ("z",)}
    assert pruned.output.names == ("x",)


def test_a_side_of_a_union_that_others_read_keeps_its_columns_for_them() -> None:
    shared = Filter(input=events(), predicate=col("late"))
    both = Union(relations=(shared, events()))
    root = Join(left=only(both, "k", "x"), right=only(shared, "k", "v"), left_on=("k",), right_on=("k",))
    pruned = prune_columns(root)
    assert pruned.output == root.output
    filters = {node.fingerprint for node in pruned.walk() if isinstance(node, Filter)}
    assert len(filters) == 1, "the filter stays shared"


def test_trailing_aggregates_drop_measures_and_keep_what_orders_the_events() -> None:
    node = trailing(
        TrailingMeasure(name="a", call=agg("sum", col("v")), window=TrailingWindow(size=DAY)),
        TrailingMeasure(name="b", call=agg("sum", col("x"), where=col("late")), window=TrailingWindow(size=DAY)),
        order=EventOrder(time="t", sequence=("seq",)),
    )
    assert read(only(node, "user", "a")) == {"events": ("k", "t", "seq", "v")}
    assert read(only(node, "b")) == {"events": ("k", "t", "seq", "x", "late")}
    assert prune_columns(only(node, "user")) == only(node.spine, "user"), "no measure is wanted: no events are read"


def test_as_of_joins_keep_all_that_they_take_because_it_settles_ties() -> None:
    node = as_of(columns=(AsOfColumn(column="v", name="v"), AsOfColumn(column="x", name="x")))
    assert read(only(node, "x")) == {"events": ("k", "t", "x", "v")}


@pytest.mark.parametrize(
    "relation",
    [
        Distinct(input=only(events(), "k", "v")),
        Deduplicate(input=only(events(), "k", "v"), by=("k",)),
        Window(input=only(events(), "k", "v"), partition_by=("k",), measures=(WindowMeasure(name="n", call=agg("count")),)),
        MapBatches(input=only(events(), "k", "v"), function=REF, columns=EVENTS),
        NativeSql(relations=(NamedRelation(name="e", relation=only(events(), "k", "v")),), text="select 1 as k", dialect="duckdb", columns=EVENTS),
    ],
    ids=lambda relation: relation.kind,
)  # fmt: skip
def test_all_columns_stay_where_all_of_them_matter(relation: Relation) -> None:
    assert read(only(relation, "k")) == {"events": ("k", "v")}


def test_unnesting_keeps_the_list() -> None:
    assert "tags" in read(only(Unnest(input=events(), column="tags"), "k"))["events"]


def test_inputs_are_left_as_they_are() -> None:
    rows = Input(name="rows", columns=EVENTS)
    assert prune_columns(only(rows, "v")) == only(rows, "v")


def test_shared_scans_stay_shared_with_the_columns_of_both() -> None:
    root = Join(left=only(events(), "k", "v"), right=only(events(), "k", "x"), left_on=("k",), right_on=("k",))
    scans = {node.fingerprint: node for node in prune_columns(root).walk() if isinstance(node, Scan)}
    assert [scan.output.names for scan in scans.values()] == [("k", "x", "v")]


@pytest.mark.parametrize("seed", range(200))
def test_the_output_of_random_plans_stays_and_twice_is_once(seed: int) -> None:
    root = random_plan(seed, steps=8)
    once = prune_columns(root)
    assert once.output == root.output
    assert prune_columns(once) == once


@pytest.mark.parametrize("seed", range(100))
def test_one_column_of_a_random_plan_can_be_asked_for(seed: int) -> None:
    root = random_plan(seed, steps=8)
    for name in root.output.names:
        assert prune_columns(only(root, name)).output.names == (name,)
