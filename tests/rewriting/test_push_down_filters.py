"""Filters move down to the sources where that changes no value, and stay where it might."""

from __future__ import annotations

import pytest
from tests.plan.examples import EVENTS, agg, call, col, events, lit, named, plain, random_plan, spine, trailing

from onefold.analysis.describe import expression_text
from onefold.plan import (
    Aggregate,
    Deduplicate,
    Distinct,
    Expression,
    Filter,
    Join,
    Limit,
    MapBatches,
    Measure,
    Project,
    Relation,
    Sort,
    SortKey,
    Union,
    Window,
    WindowMeasure,
)
from onefold.plan.sources import FunctionRef
from onefold.rewriting import push_down_filters

LATE = col("late")


def keep(input: Relation, predicate: Expression = LATE) -> Filter:
    return Filter(input=input, predicate=predicate)


def test_into_the_scan() -> None:
    assert push_down_filters(keep(events())) == events(predicate=LATE)


def test_together_with_what_is_there_the_older_one_first() -> None:
    big = call("gt", col("v"), lit(1.0))
    assert push_down_filters(keep(keep(events(), big))) == events(predicate=call("and", big, LATE))
    assert push_down_filters(keep(events(predicate=big))) == events(predicate=call("and", big, LATE))


def test_below_sorts_and_into_each_side_of_a_union() -> None:
    keys = (SortKey(column="v"),)
    assert push_down_filters(keep(Sort(input=events(), keys=keys))) == Sort(input=events(predicate=LATE), keys=keys)
    other = Project(input=events(), columns=plain(*reversed(EVENTS.names)))
    assert push_down_filters(keep(Union(relations=(events(), other)))) == Union(
        relations=(events(predicate=LATE), other.replace(input=events(predicate=LATE)))
    )


def test_below_renamed_columns_under_their_own_names() -> None:
    renamed = Project(input=events(), columns=(named("delayed", LATE), *plain("k", "v")))
    pushed = push_down_filters(keep(renamed, call("and", col("delayed"), call("is_null", col("k")))))
    assert isinstance(pushed, Project)
    assert pushed == renamed.replace(input=events(predicate=call("and", LATE, call("is_null", col("k")))))


def test_not_below_computed_columns() -> None:
    computed = Project(input=events(), columns=(named("double", call("add", col("v"), col("v"))), *plain("late")))
    above = keep(computed, call("gt", col("double"), lit(1.0)))
    assert push_down_filters(above) == above
    assert push_down_filters(keep(computed)) == computed.replace(input=events(predicate=LATE))


@pytest.mark.parametrize(
    "below",
    [
        Limit(input=events(), count=5),
        Deduplicate(input=events(), by=("k",)),
        Distinct(input=Project(input=events(), columns=plain("k", "late"))),
        Aggregate(input=events(), by=("late",), measures=(Measure(name="n", call=agg("count")),)),
        Window(input=events(), partition_by=("k",), measures=(WindowMeasure(name="n", call=agg("count")),)),
        Join(left=events(), right=spine(), left_on=("k",), right_on=("user",), how="left"),
        MapBatches(input=events(), function=FunctionRef(module="m", name="f", source_hash="0"), columns=EVENTS),
        trailing(
            spine=Project(input=events(), columns=(*plain("late", "k"), named("at", col("t")))), spine_keys=("k",)
        ),
    ],
    ids=lambda relation: relation.kind,
)
def test_not_below_what_looks_at_several_rows(below: Relation) -> None:
    assert push_down_filters(keep(below)) == keep(below)


def test_a_scan_that_others_read_too_keeps_its_rows_for_them() -> None:
    shared = events()
    root = Join(left=keep(shared), right=shared, left_on=("k",), right_on=("k",))
    pushed = push_down_filters(root)
    assert isinstance(pushed, Join)
    assert pushed.left == events(predicate=LATE)
    assert pushed.right == events()


def test_the_same_filter_over_a_shared_scan_stays_shared() -> None:
    root = Join(left=keep(events()), right=keep(events()), left_on=("k",), right_on=("k",))
    pushed = push_down_filters(root)
    assert isinstance(pushed, Join)
    assert pushed.left is pushed.right


@pytest.mark.parametrize("seed", range(120))
def test_the_output_of_random_plans_stays_and_twice_is_once(seed: int) -> None:
    root = random_plan(seed)
    once = push_down_filters(root)
    assert [(f.name, f.dtype) for f in once.output] == [(f.name, f.dtype) for f in root.output]
    assert push_down_filters(once) == once
    assert expression_text(LATE) == "late"
