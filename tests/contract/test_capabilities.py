"""Capabilities are closed: what is not declared is not offered, and every part of a plan asks for its own."""

from __future__ import annotations

import pytest
from tests.plan.examples import agg, call, col, events, every_kind, lit, named, random_plan, trailing

from onefold.contract import (
    Capabilities,
    Emulated,
    Full,
    NotImplementedYet,
    Since,
    Unsupported,
    capabilities_of,
    known_capabilities,
    required_capabilities,
)
from onefold.errors import UnsupportedOperation
from onefold.plan import (
    AGGREGATIONS,
    RANKINGS,
    Aggregate,
    Call,
    Cast,
    EventOrder,
    Filter,
    Frame,
    Input,
    Join,
    Limit,
    Measure,
    Plan,
    Project,
    RankCall,
    Relation,
    Sink,
    SortKey,
    TimeBuckets,
    TrailingMeasure,
    TrailingWindow,
    Window,
    WindowMeasure,
    Write,
)
from onefold.plan.document import KINDS
from onefold.types import STRING, Schema

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
    assert {"sql.duckdb", "transform.polars", "cast.int64_to_string", "aggregation.by"} <= needed


def test_capabilities_of_one_relation_leave_out_those_below() -> None:
    node = trailing(events=events(predicate=call("is_null", col("k"))))
    own = set(capabilities_of(node))
    assert own == {
        "relation.trailing_aggregate",
        "trailing.count",
        *(f"type.{kind}" for kind in ("string", "timestamp_utc", "bool", "int64", "float64", "list")),
    }
    assert "function.is_null" in required_capabilities(node)


ROWS = Input(
    name="rows",
    columns=Schema.of(k="string", t="timestamp[us, UTC]", d="date32", v="float64", m="decimal128(10, 2)"),
)


def needed_by(node: Relation) -> set[str]:
    """Return what a relation needs beside its kind and the types of its rows."""
    return set(capabilities_of(node)) - set(capabilities_of(ROWS)) - {f"relation.{node.kind}"}


def test_types_of_columns_and_of_every_part_of_an_expression() -> None:
    kinds = ("string", "timestamp_utc", "date32", "float64", "decimal128")
    assert set(capabilities_of(ROWS)) == {"relation.input", *(f"type.{kind}" for kind in kinds)}
    nested = Input(name="n", columns=Schema.of(x="list<struct<a: timestamp[us], b: binary>>"))
    inside = {"type.list", "type.struct", "type.timestamp", "type.binary"}
    assert set(capabilities_of(nested)) == {"relation.input", *inside}
    # The year is an int64 that no column holds; what is compared, and the result, have types too.
    kept = Filter(input=ROWS, predicate=call("equal", call("year", col("d")), lit(2020)))
    functions = {"function.equal", "function.year"}
    assert needed_by(kept) == {*functions, "expression.column", "expression.literal", "type.int64", "type.bool"}


def test_conversions_by_both_types() -> None:
    text = Project(input=ROWS, columns=(named("x", Cast(arg=col("t"), to=STRING)),))
    assert needed_by(text) == {"cast.timestamp_utc_to_string", "expression.cast", "expression.column"}


def test_aggregations_by_the_place_where_they_stand() -> None:
    total = agg("sum", col("m"))
    grouped = Aggregate(input=ROWS, by=("k",), measures=(Measure(name="s", call=total),))
    assert needed_by(grouped) == {"aggregation.sum", "expression.column"}
    frame = Frame(unit="range", start=-7)
    framed = Window(
        input=ROWS,
        order_by=(SortKey(column="d"),),
        measures=(
            WindowMeasure(name="s", call=total, frame=frame),
            WindowMeasure(name="r", call=RankCall(function="rank")),
        ),
    )
    assert needed_by(framed) == {"window.sum", "window.rank", "frame.range", "expression.column", "type.int64"}
    by = agg("count", by=col("k"))
    last = trailing(TrailingMeasure(name="n", call=by, window=TrailingWindow(last_rows=2)))
    assert {"trailing.count", "trailing.by", "type.struct"} <= set(capabilities_of(last))
    assert not {name for name in capabilities_of(last) if name.startswith("aggregation")}


def test_tiles_need_the_aggregations_of_their_partial_states() -> None:
    means = (Measure(name="m", call=agg("mean", col("v"))),)
    tiles = TimeBuckets(events=ROWS, by=("k",), order=EventOrder(time="t"), every=60_000_000, measures=means)
    found = {name for name in capabilities_of(tiles) if name.startswith("aggregation")}
    assert found == {"aggregation.sum", "aggregation.count"}


def test_kinds_of_joins_names_and_addresses() -> None:
    other = Input(name="other", columns=Schema.of(K="string", d="date32"))
    joined = Join(left=ROWS, right=other, left_on=("d",), right_on=("d",), how="left")
    assert needed_by(joined) == {"join.left", "schema.case_sensitive_names"}
    assert "schema.case_sensitive_names" in needed_by(Limit(input=joined, count=1))
    assert not needed_by(joined.replace(how="semi")) - {"join.semi"}
    assert "sink.remote" in needed_by(Write(input=ROWS, sink=Sink(format="parquet", path="s3://bucket/key")))
    assert "sink.remote" not in needed_by(Write(input=ROWS, sink=Sink(format="parquet", path="C:/key")))
    parts = Sink(format="parquet", path="out", mode="overwrite_partitions", partition_by=(ROWS.output.names[0],))
    assert "sink.overwrite_partitions" in needed_by(Write(input=ROWS, sink=parts))
    assert "sink.overwrite_partitions" not in needed_by(
        Write(input=ROWS, sink=parts.model_copy(update={"mode": "overwrite"}))
    )


def test_every_name_that_a_plan_needs_is_known() -> None:
    open_groups = ("source.", "sink.", "sql.", "transform.")
    needed = {name for seed in range(100) for name in required_capabilities(random_plan(seed))}
    needed |= required_capabilities(every_kind())
    assert {name for name in needed if not name.startswith(open_groups)} <= set(known_capabilities())
    assert len(known_capabilities()) == len(set(known_capabilities()))


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
