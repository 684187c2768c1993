"""Expressions that are too deep become columns of projections, and mean the same."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tests.plan.examples import call, col, lit, named
from tests.sql.plans import over, rows, run, schema, table

from onefold.plan import AggCall as Aggregation
from onefold.plan import Aggregate, Case, Column, Expression, Filter, Measure, Project, Relation, WhenThen
from onefold.rewriting import limit_depth

KV = schema(k="int64", part="int64")
ROWS = rows(KV)
DATA = table(KV, (1, 10), (2, 20), (None, 30))


def deep(times: int, start: Expression | None = None) -> Expression:
    """Return ``k + 1 + 1 …``, or the same of another start."""
    expression = col("k") if start is None else start
    for _ in range(times):
        expression = call("add", expression, lit(1))
    return expression


def deepest(plan: Relation) -> int:
    """Return how deep the expressions of a plan are, those inside of aggregations included."""
    depths = [0]
    pending: list[Any] = list(plan.walk())
    while pending:
        node = pending.pop()
        if isinstance(node, Expression):
            depths.append(node.depth)
        else:
            pending.extend(child for child in node.children if not isinstance(child, Relation))
    return max(depths)


def nested_case(times: int) -> Expression:
    expression: Expression = col("part")
    for number in range(times):
        when = WhenThen(when=call("equal", col("k"), lit(number)), then=lit(number))
        expression = Case(branches=(when,), otherwise=expression)
    return expression


PLANS: dict[str, Relation] = {
    "a projection": Project(input=ROWS, columns=(named("x", deep(200)), named("y", deep(7)), named("k", col("k")))),
    "a filter": Filter(input=ROWS, predicate=call("gt", deep(40), lit(41))),
    "both sides": Project(input=ROWS, columns=(named("x", call("multiply", deep(30), deep(20))),)),
    "branches": Project(input=ROWS, columns=(named("x", nested_case(30)),)),
    "an aggregation": Aggregate(
        input=ROWS,
        by=("part",),
        measures=(
            Measure(name="s", call=Aggregation(function="sum", args=(deep(40),))),
            Measure(name="n", call=Aggregation(function="count", where=call("lt", deep(30), lit(32)))),
        ),
    ),
    "a window": over(ROWS, (), ("part",), s=Aggregation(function="sum", args=(deep(40),))),
}


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("depth", [4, 5, 12])
def test_values_stay_and_nothing_is_deeper(name: str, depth: int) -> None:
    plan = PLANS[name]
    changed = limit_depth(plan, depth)
    assert deepest(plan) > depth >= deepest(changed)
    assert changed.output.names == plan.output.names
    order = lambda row: tuple((value is None, value or 0) for value in row.values())  # noqa: E731
    assert sorted(run(changed, rows=DATA), key=order) == sorted(run(plan, rows=DATA), key=order)


def test_what_is_not_too_deep_is_the_same_object() -> None:
    plan = Filter(input=Project(input=ROWS, columns=(named("k", deep(3)),)), predicate=call("gt", col("k"), lit(1)))
    assert limit_depth(plan, 5) is plan


def test_a_shared_part_is_computed_once() -> None:
    shared = deep(6)
    columns = (named("x", deep(5, shared)), named("y", call("negate", deep(5, shared))))
    changed = limit_depth(Project(input=ROWS, columns=columns), 5)
    computed = [
        item.name
        for step in changed.walk()
        if isinstance(step, Project)
        for item in step.columns
        if not isinstance(item.expression, Column)
    ]
    assert len(computed) == len(set(computed))
    assert len(computed) <= 2 + math.ceil((5 + 6 + 1) / 3)
