"""Drawn plans: well-typed, within what a backend offers, and over the whole catalogue."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onefold.contract import Capabilities, Full, known_capabilities, required_capabilities
from onefold.plan import (
    AGGREGATIONS,
    FUNCTIONS,
    RANKINGS,
    AggCall,
    AsOfJoin,
    Call,
    Input,
    Relation,
    TrailingAggregate,
    Window,
)
from onefold.types import schema_to_arrow
from onefold_conformance.generate.allowed import JOINS, RELATIONS, allowed, is_inexact
from onefold_conformance.generate.instances import Instance
from onefold_conformance.generate.plans import DrawnPlan, plans
from onefold_conformance.generate.rebuilding import expressions_of
from onefold_conformance.oracle.interpreter import Oracle

_EVERYTHING = allowed()
_QUICK: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


def draws(strategy: st.SearchStrategy[DrawnPlan], count: int) -> list[DrawnPlan]:
    """Return so many drawn plans, the same every time."""
    found: list[DrawnPlan] = []

    @settings(max_examples=count, derandomize=True, phases=[Phase.generate], **_QUICK)
    @given(strategy)
    def collect(drawn: DrawnPlan) -> None:
        found.append(drawn)

    collect()
    return found


def needed(found: list[DrawnPlan]) -> Counter[str]:
    """Return how many of the plans need each capability."""
    counts: Counter[str] = Counter()
    for drawn in found:
        counts.update(required_capabilities(drawn.plan))
    return counts


@settings(max_examples=150, derandomize=True, **_QUICK)
@given(plans(_EVERYTHING))
def test_a_drawn_plan_comes_with_the_data_that_it_reads(drawn: DrawnPlan) -> None:
    read = {leaf.name: leaf.output for leaf in drawn.plan.walk() if isinstance(leaf, Input)}
    assert set(drawn.inputs) == set(read)
    for name, table in drawn.inputs.items():
        assert table.schema == schema_to_arrow(read[name])
        required = [field.name for field in read[name] if not field.nullable]
        assert not any(table.column(column).null_count for column in required)


@settings(max_examples=150, derandomize=True, **_QUICK)
@given(plans(_EVERYTHING, exact=True))
def test_an_exact_plan_has_one_right_answer(drawn: DrawnPlan) -> None:
    result = Oracle().run(drawn.plan, drawn.inputs)  # raises where a value is an error
    assert all(tolerance.is_exact for tolerance in result.tolerances.values())


@settings(max_examples=150, derandomize=True, **_QUICK)
@given(plans(_EVERYTHING))
def test_nothing_consumes_what_engines_may_differ_in(drawn: DrawnPlan) -> None:
    for relation in drawn.plan.walk():
        if relation is drawn.plan:
            continue
        for expression in expressions_of(relation):
            called = [part.function for part in expression.walk() if isinstance(part, Call)]
            assert all(FUNCTIONS[name].accuracy in ("exact", "0ulp") for name in called)
        group = "trailing" if isinstance(relation, TrailingAggregate) else "aggregation"
        for call in relation.children:
            if isinstance(call, AggCall):
                args = tuple(call.infer(below.output).dtype for below in relation.inputs[-1:])
                assert not is_inexact(Instance(call.function, (), args[0]), group)


# What is drawn of each part of the catalogue; parts are drawn alone, so that few plans are enough.


def test_every_function_and_conversion_is_drawn() -> None:
    counts = needed(draws(plans(_EVERYTHING, kinds=("project",)), 1500))
    wanted = {f"function.{name}" for name in FUNCTIONS}
    wanted |= {name for name in known_capabilities() if name.startswith(("cast.", "expression.", "type."))}
    assert sorted(wanted - set(counts)) == []


@pytest.mark.parametrize(
    ("kind", "group", "count"),
    [("aggregate", "aggregation", 800), ("window", "window", 800), ("trailing_aggregate", "trailing", 500)],
)
def test_every_aggregation_is_drawn(kind: str, group: str, count: int) -> None:
    counts = needed(draws(plans(_EVERYTHING, kinds=(kind,)), count))
    wanted = {f"{group}.{name}" for name in (*AGGREGATIONS, "by")}
    if kind == "window":  # frames have no time from which a value could age
        wanted -= {f"window.{name}" for name, entry in AGGREGATIONS.items() if entry.family == "decay"}
        wanted |= {f"window.{name}" for name in RANKINGS} | {"frame.rows", "frame.range"}
    assert sorted(wanted - set(counts)) == []


def test_every_relation_join_and_window_is_drawn() -> None:
    others = tuple(kind for kind in RELATIONS if kind not in ("project", "input"))
    found = draws(plans(_EVERYTHING, kinds=others), 500)
    counts = needed(found)
    wanted = {f"relation.{kind}" for kind in (*others, "input")}
    assert sorted(wanted - set(counts)) == []
    relations = [relation for drawn in found for relation in drawn.plan.walk()]
    windows = [
        measure.window
        for relation in relations
        if isinstance(relation, TrailingAggregate)
        for measure in relation.measures
    ]
    assert {window.closed for window in windows} == {"left", "right", "both", "neither"}
    for option in ("size", "every", "last_rows"):
        assert {getattr(window, option) is None for window in windows} == {True, False}
    assert {window.offset > 0 for window in windows} == {True, False}
    orders = [relation.order for relation in relations if isinstance(relation, AsOfJoin | TrailingAggregate)]
    assert {order.unique for order in orders} == {order.delay > 0 for order in orders} == {True, False}
    assert {len(order.sequence) for order in orders} >= {0, 1}
    joins = [relation for relation in relations if isinstance(relation, AsOfJoin)]
    assert {join.include_exact for join in joins} == {join.max_age is None for join in joins} == {True, False}
    frames = [measure.frame for relation in relations if isinstance(relation, Window) for measure in relation.measures]
    assert {None if frame is None else frame.unit for frame in frames} == {None, "rows", "range"}
    assert any(shares_a_part(drawn.plan) for drawn in found)


def test_every_join_is_drawn() -> None:
    counts = needed(draws(plans(_EVERYTHING, kinds=("join",)), 150))
    assert sorted({f"join.{how}" for how in JOINS} - set(counts)) == []


def shares_a_part(plan: Relation) -> bool:
    """Return whether a relation other than an input is read twice."""
    reads = Counter(id(below) for relation in plan.walk() for below in relation.inputs if below.inputs)
    return any(count > 1 for count in reads.values())


# Capabilities


_SMALL = (
    "relation.input",
    "relation.project",
    "relation.filter",
    "relation.aggregate",
    "expression.column",
    "expression.literal",
    "function.add",
    "function.equal",
    "aggregation.count",
    "type.int64",
    "type.bool",
    "type.timestamp_utc",
)


@settings(max_examples=100, derandomize=True, **_QUICK)
@given(plans(allowed(Capabilities("small", dict.fromkeys(_SMALL, Full())))))
def test_plans_obey_capabilities(drawn: DrawnPlan) -> None:
    assert required_capabilities(drawn.plan) <= set(_SMALL)


@settings(max_examples=100, derandomize=True, **_QUICK)
@given(plans(allowed(without=("function.add", "relation.join", "type.string"))))
def test_what_is_left_out_is_not_drawn(drawn: DrawnPlan) -> None:
    assert required_capabilities(drawn.plan).isdisjoint({"function.add", "relation.join", "type.string"})
