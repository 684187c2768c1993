"""Metamorphic relations: they hold for the oracle, and each catches an executor that is wrong in its way."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from conformance_tests.tests.generate.executors import (
    Spoil,
    WrongBackend,
    doubles_rows_of_short_tables,
    forgets_the_first_row,
    knows_nothing_before_1970,
    loses_stacked_filters,
    reads_columns_by_position,
    reads_one_batch,
    reads_three_rows,
)

from onefold.plan import AggCall, Column, EventOrder, Filter, Input, Measure, TimeBuckets
from onefold.types import INT64, Schema
from onefold_conformance.generate.metamorphic import METAMORPHIC, doubled_filters, merged_tiles, renamed_columns
from onefold_conformance.generate.relating import relate
from onefold_conformance.generate.tiles import merged, same_state
from onefold_conformance.generate.values import instant
from onefold_conformance.oracle.backend import OracleBackend


def test_they_hold_for_the_oracle() -> None:
    report = relate(OracleBackend(), examples=60)
    assert report.broken == ()
    assert set(report.checked) == set(METAMORPHIC)
    assert all(count > 0 for count in report.checked.values())


@pytest.mark.parametrize(
    ("relation", "spoil"),
    [
        ("shuffled_rows", forgets_the_first_row),
        ("split_batches", reads_one_batch),
        ("unrelated_key", reads_three_rows),
        ("shifted_times", knows_nothing_before_1970),
        ("merged_tiles", doubles_rows_of_short_tables),
        ("united_keys", doubles_rows_of_short_tables),
        ("renamed_columns", reads_columns_by_position),
        ("doubled_filters", loses_stacked_filters),
    ],
)
def test_each_catches_a_wrong_executor(relation: str, spoil: Spoil) -> None:
    report = relate(WrongBackend(spoil), examples=400, relations=(relation,))
    (broken,) = report.broken
    assert broken.relation == relation
    assert broken.problem
    assert sum(table.num_rows for table in broken.inputs.values()) <= 8


_EVENTS = Input(name="events", columns=Schema.of(k="string", t="timestamp[us, UTC]", v="int64"))


def tiles(function: str, **options: Any) -> TimeBuckets:
    """Return tiles of an aggregation of ``v``."""
    call = AggCall(function=function, args=(Column(name="v"),), options=options)
    return TimeBuckets(
        events=_EVENTS, by=("k",), order=EventOrder(time="t"), every=10, measures=(Measure(name="m", call=call),)
    )


def test_tiles_of_halves_are_merged() -> None:
    table = pa.table(
        {"k": ["a", "a", "a"], "t": [instant(1), instant(2), instant(3)], "v": [1, 2, 4]},
        schema=pa.schema([("k", pa.string()), ("t", pa.timestamp("us", tz="UTC")), ("v", pa.int64())]),
    )
    follow_up = merged_tiles(tiles("sum"), {"events": table})
    assert follow_up is not None
    assert [run[1]["events"].column("v").to_pylist() for run in follow_up.runs] == [[1, 4], [2]]

    def tile(total: int) -> pa.Table:
        return pa.table(
            {"k": ["a"], "bucket_start": [instant(0)], "m__sum": [total]},
            schema=pa.schema(
                [("k", pa.string()), ("bucket_start", pa.timestamp("us", tz="UTC")), ("m__sum", pa.int64())]
            ),
        )

    assert follow_up.check(tile(7), [tile(5), tile(2)]) == ""
    assert "merged are {'sum': 8}" in follow_up.check(tile(7), [tile(5), tile(3)])


@pytest.mark.parametrize(
    ("call", "left", "right", "expected"),
    [
        (("count", {}), {"count": 2}, {"count": 1}, {"count": 3}),
        (("sum", {}), {"sum": None}, {"sum": 4}, {"sum": 4}),
        (("mean", {}), {"sum": 3, "count": 2}, {"sum": 4, "count": 1}, {"sum": 7, "count": 3}),
        (("min", {}), {"min": 3}, {"min": 1}, {"min": 1}),
        (("max_n", {"n": 2}), {"max_n": [5, 1]}, {"max_n": [3]}, {"max_n": [5, 3]}),
        (
            ("mode", {}),
            {"histogram": [{"key": 1, "value": 2}]},
            {"histogram": [{"key": 0, "value": 1}, {"key": 1, "value": 1}]},
            {"histogram": [{"key": 0, "value": 1}, {"key": 1, "value": 3}]},
        ),
        # at one time the smaller value is the first, the greater one the last
        (("first", {}), {"first": 7, "time": 5}, {"first": 3, "time": 5}, {"first": 3, "time": 5}),
        (("last", {}), {"last": 7, "time": 5}, {"last": 3, "time": 6}, {"last": 3, "time": 6}),
        (
            ("last_n", {"n": 2}),
            {"values": [1, 9], "times": [1, 4]},
            {"values": [2], "times": [3]},
            {"values": [2, 9], "times": [3, 4]},
        ),
        # 1 and 3; 5: the mean is 3, and the squared distances 4, 0 and 4 have the mean 8 / 3
        (
            ("var_samp", {}),
            {"count": 2, "mean": 2.0, "var_pop": 1.0},
            {"count": 1, "mean": 5.0, "var_pop": 0.0},
            {"count": 3, "mean": 3.0, "var_pop": 8 / 3},
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_states_are_merged_as_the_catalogue_says(
    call: tuple[str, dict[str, Any]], left: dict[str, Any], right: dict[str, Any], expected: dict[str, Any]
) -> None:
    name, options = call
    applied = AggCall(function=name, args=(Column(name="v"),), options=options)
    assert same_state(merged(applied, left, right, INT64), expected)
    assert not same_state(expected, {**expected, next(iter(expected)): None})


def test_a_filter_is_doubled_and_columns_are_renamed() -> None:
    flags = Input(name="flags", columns=Schema.of(a="bool", b="int64"))
    plan = Filter(input=flags, predicate=Column(name="a"))
    inputs = {"flags": pa.table({"a": [True, None], "b": [1, 2]})}
    doubled = doubled_filters(plan, inputs)
    assert doubled is not None
    ((twice, same),) = doubled.runs
    assert isinstance(twice, Filter)
    assert twice.input == plan
    assert same == inputs
    assert doubled_filters(flags, inputs) is None
    renamed = renamed_columns(plan, inputs)
    assert renamed is not None
    assert renamed.runs[0][1]["flags"].column_names == ["column 1", "column 0"]
    assert renamed.runs[0][0].output == plan.output
