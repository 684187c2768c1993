"""Capabilities are closed: what is not declared is not offered, and every part of a plan asks for its own."""

from __future__ import annotations

import pytest
from tests.plan.examples import call, col, events, every_kind, random_plan, trailing

from onefold.contract import (
    Capabilities,
    Emulated,
    Full,
    NotImplementedYet,
    Since,
    Unsupported,
    capabilities_of,
    required_capabilities,
)
from onefold.errors import UnsupportedOperation
from onefold.plan import AGGREGATIONS, RANKINGS, Call, Plan
from onefold.plan.document import KINDS

OFFERED = Capabilities(
    "toy",
    {
        "relation.filter": Full(),
        "relation.sort": Emulated(how="in Python"),
        "relation.join": Since(version="2.1"),
        "relation.window": NotImplementedYet(issue="it comes with the next release"),
        "function.md5": Unsupported(reason="no hashes"),
    },
)


@pytest.mark.parametrize("name", ["relation.filter", "relation.sort", "relation.join"])
def test_what_is_offered(name: str) -> None:
    assert OFFERED.offers(name)
    OFFERED.require(name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("relation.window", "it comes with the next release"),
        ("function.md5", "no hashes"),
        ("relation.union", "not implemented"),
        ("", "not implemented"),
    ],
)
def test_what_is_not_offered_says_why_and_what_to_do(name: str, reason: str) -> None:
    assert not OFFERED.offers(name)
    with pytest.raises(UnsupportedOperation) as caught:
        OFFERED.require(name)
    assert caught.value.engine == "toy"
    assert caught.value.node == name
    assert reason in str(caught.value)
    assert "another engine" in str(caught.value)


def test_every_node_of_a_plan_asks_for_a_capability() -> None:
    root = every_kind()
    needed = required_capabilities(root)
    kinds = {kind for kind in KINDS if f"relation.{kind}" in needed or f"expression.{kind}" in needed}
    assert set(KINDS) - kinds == {"call", "agg_call", "rank_call"}, "these ask by the name of their function"
    assert {
        "function.gt",
        "aggregation.quantile",
        "window.lag",
        "source.csv",
        "source.parquet",
        "sink.parquet",
    } <= needed
    assert {"sql.duckdb", "transform.polars"} <= needed


def test_capabilities_of_one_relation_leave_out_those_below() -> None:
    node = trailing(events=events(predicate=call("is_null", col("k"))))
    own = set(capabilities_of(node))
    assert own == {"relation.trailing_aggregate", "aggregation.count"}
    assert "function.is_null" in required_capabilities(node)


def test_functions_deep_inside_are_found() -> None:
    deep: Call = call("md5", col("k"))
    for _ in range(200):
        deep = call("not", call("equal", deep, deep)) if deep.size > 20_000 else call("coalesce", deep, col("k"))
    assert "function.md5" in set(capabilities_of(events(predicate=call("is_null", deep))))


def test_what_is_missing_is_sorted_and_complete() -> None:
    root = every_kind()
    missing = OFFERED.missing(root)
    assert list(missing) == sorted(missing)
    assert set(missing) == set(required_capabilities(root)) - {"relation.filter", "relation.sort", "relation.join"}
    everything = Capabilities("all", {name: Full() for name in required_capabilities(root)})
    assert everything.missing(root) == ()


@pytest.mark.parametrize("seed", range(30))
def test_documents_do_not_change_what_is_needed(seed: int) -> None:
    root = random_plan(seed)
    assert required_capabilities(Plan.from_json(Plan(root).to_json()).root) == required_capabilities(root)


def test_names_of_capabilities_come_from_the_catalogue() -> None:
    assert {entry.capability for entry in AGGREGATIONS.values()} == {f"aggregation.{name}" for name in AGGREGATIONS}
    assert set(RANKINGS) == {"row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "lag", "lead"}
