"""Plans are cut at Python functions, at assigned engines, at tables' homes, and where an engine does not offer a part."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from tests.execution.fakes import FakeBackend
from tests.plan.examples import col, random_plan

from onefold.contract import Capabilities, Full
from onefold.errors import PlanError, UnsupportedOperation
from onefold.execution import FallbackWarning, Placement, Stage, cut_stages
from onefold.execution.stages import PYTHON
from onefold.plan import (
    Filter,
    FunctionRef,
    Input,
    Join,
    Limit,
    MapBatches,
    Relation,
    Scan,
    Sort,
    SortKey,
    Table,
    Union,
)
from onefold.types import Schema

COLUMNS = Schema.of(k="string", v="int64", late="bool")
ENGINES = {
    "quick": FakeBackend("quick", []).capabilities,
    "small": FakeBackend("small", [], without=("sort", "join")).capabilities,
    "bare": Capabilities("bare", {}),
}


def scan(**changes: Any) -> Scan:
    return Scan(table=Table(name="t", format="parquet", paths=("t.parquet",), columns=COLUMNS, **changes))


def python(input: Relation, name: str = "f") -> MapBatches:
    return MapBatches(input=input, function=FunctionRef(module="m", name=name, source_hash="0"), columns=COLUMNS)


def sort(input: Relation) -> Sort:
    return Sort(input=input, keys=(SortKey(column="v"),))


def late(input: Relation) -> Filter:
    return Filter(input=input, predicate=col("late"))


def cut(
    root: Relation,
    engine: str = "quick",
    *,
    assign: Callable[[Relation], str | None] = lambda relation: None,
    fallback: str | None = "quick",
) -> tuple[Stage, ...]:
    def place(relation: Relation) -> Placement | None:
        named = assign(relation)
        return None if named is None else Placement(named, f"assigned to {named}", fallback)

    stages = cut_stages(
        root, default=Placement(engine, fallback=fallback), place=place, capabilities=ENGINES.__getitem__
    )
    assert [stage.id for stage in stages] == list(range(len(stages)))
    for stage in stages:
        assert all(read < stage.id for read in stage.reads)
        leaves = {leaf.name for leaf in stage.plan.walk() if isinstance(leaf, Input)}
        assert {f"stage_{read}" for read in stage.reads} <= leaves
    assert stages[-1].plan.output == root.output
    return stages


def shape(stages: tuple[Stage, ...]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(stage.engine, stage.plan.kind, stage.reads) for stage in stages]


def test_one_engine_is_one_stage() -> None:
    assert shape(cut(sort(late(scan())))) == [("quick", "sort", ())]


def test_a_python_function_is_a_stage_between_two() -> None:
    stages = cut(sort(python(late(scan()))))
    assert shape(stages) == [("quick", "filter", ()), (PYTHON, "map_batches", (0,)), ("quick", "sort", (1,))]
    assert "Python function 'f'" in stages[1].reason


def test_python_functions_one_after_another() -> None:
    assert shape(cut(python(python(scan(), "a"), "b"))) == [
        ("quick", "scan", ()),
        (PYTHON, "map_batches", (0,)),
        (PYTHON, "map_batches", (1,)),
    ]


def test_a_shared_function_runs_once() -> None:
    shared = python(scan())
    assert shape(cut(Union(relations=(late(shared), shared)))) == [
        ("quick", "scan", ()),
        (PYTHON, "map_batches", (0,)),
        ("quick", "union", (1,)),
    ]


def test_an_assigned_engine_takes_all_below() -> None:
    root = Limit(input=late(scan()), count=1)
    stages = cut(root, assign=lambda relation: "small" if isinstance(relation, Filter) else None)
    assert shape(stages) == [("small", "filter", ()), ("quick", "limit", (0,))]
    assert stages[0].reason == "assigned to small"


def test_the_assigned_engine_goes_on_below_a_python_function() -> None:
    root = late(python(Limit(input=scan(), count=1)))
    stages = cut(root, assign=lambda relation: "small" if relation is root else None)
    assert [stage.engine for stage in stages] == ["small", PYTHON, "small"]


def test_what_is_not_offered_falls_back_with_a_warning_and_only_that() -> None:
    with pytest.warns(FallbackWarning, match=r"'small' does not offer relation\.sort: this part runs on 'quick'"):
        stages = cut(late(sort(late(scan()))), "small")
    assert shape(stages) == [("small", "filter", ()), ("quick", "sort", (0,)), ("small", "filter", (1,))]
    assert stages[1].reason == "small does not offer relation.sort"


def test_without_a_fallback_it_is_an_error_before_anything_runs() -> None:
    with pytest.raises(UnsupportedOperation, match=r"'small' does not offer relation.sort"):
        cut(sort(scan()), "small", fallback=None)


def test_a_fallback_that_does_not_offer_it_either_is_an_error() -> None:
    with pytest.raises(UnsupportedOperation, match=r"'bare' does not offer relation.sort"):
        cut(sort(scan()), "small", fallback="bare")
    with pytest.raises(UnsupportedOperation, match=r"'bare' does not offer relation.scan"):
        cut(scan(), "bare", fallback="bare")


def test_a_table_is_read_and_filtered_where_it_lives_and_the_rest_goes_on() -> None:
    stages = cut(sort(late(scan(home="small"))))
    assert shape(stages) == [("small", "filter", ()), ("quick", "sort", (0,))]
    assert stages[0].reason == "'t' lives in small"
    assert shape(cut(late(scan(home="quick")))) == [("quick", "filter", ())]


def test_what_two_engines_need_each_reads_by_itself() -> None:
    shared = late(scan())
    left, right = Limit(input=shared, count=1), Limit(input=shared, count=2)
    root = Union(relations=(left, right))
    stages = cut(root, assign=dict[Relation, str]({left: "small", right: "quick"}).get)
    assert shape(stages) == [("small", "limit", ()), ("quick", "union", (0,))]


def test_a_function_that_two_engines_need_runs_once() -> None:
    shared = python(scan())
    left, right = Limit(input=shared, count=1), Limit(input=shared, count=2)
    root = Union(relations=(left, right))
    stages = cut(root, assign=dict[Relation, str]({left: "small", right: "quick"}).get)
    assert [stage.engine for stage in stages].count(PYTHON) == 1


def test_an_engine_that_runs_python_functions_runs_them_itself() -> None:
    offered = dict(ENGINES["quick"].statements) | {"relation.map_batches": Full(), "transform.arrow": Full()}
    engines = ENGINES | {"spread": Capabilities("spread", offered)}
    stages = cut_stages(sort(python(late(scan()))), default=Placement("spread"), capabilities=engines.__getitem__)
    assert shape(stages) == [("spread", "sort", ())]


def test_inputs_may_not_be_called_like_stages() -> None:
    with pytest.raises(PlanError, match="'stage_0' has the name of a stage"):
        cut(python(Input(name="stage_0", columns=COLUMNS)))


@pytest.mark.parametrize("seed", range(60))
def test_stages_of_random_plans_put_together_again_are_the_plan(seed: int) -> None:
    root = Limit(input=random_plan(seed), count=1)  # a chain that ends the plan would be taken apart
    everything = dict.fromkeys(("one", "two"))
    offered = {name: _Everything(name) for name in everything}
    stages = cut_stages(
        root,
        default=Placement("one", fallback=None),
        place=lambda relation: (Placement("one"), Placement("two"), None)[int(relation.fingerprint, 16) % 3],
        capabilities=offered.__getitem__,
    )
    assert together(stages) == root


def test_no_warning_where_nothing_falls_back() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cut(Join(left=scan(), right=late(scan()), left_on=("k",), right_on=("k",)))


class _Everything(Capabilities):
    def __init__(self, engine: str) -> None:
        super().__init__(engine, {})

    def offers(self, name: str) -> bool:
        return True


def together(stages: tuple[Stage, ...]) -> Relation:
    from onefold.rewriting import map_relations

    whole: dict[str, Relation] = {}

    def put_in(node: Relation) -> Relation:
        return whole.get(node.name, node) if isinstance(node, Input) else node

    for stage in stages:
        whole[stage.name] = map_relations(stage.plan, put_in)
    return whole[stages[-1].name]
