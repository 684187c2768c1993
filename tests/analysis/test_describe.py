"""Descriptions: every relation says what it does, shared parts once, and nothing grows without bound."""

from __future__ import annotations

import pytest
from tests.plan.examples import DAY, HOUR, agg, as_of, call, col, events, every_kind, lit, random_plan, trailing

from onefold.analysis import describe, headline, leakage_notes
from onefold.analysis.describe import MOST, expression_text
from onefold.plan import Cast, EventOrder, Relation, TrailingMeasure, TrailingWindow, Union
from onefold.types import STRING


def test_every_kind_of_relation_has_a_line_of_its_own() -> None:
    for relation in every_kind().walk():
        first = headline(relation)[0]
        assert first.startswith(type(relation).__name__)
        assert first != type(relation).__name__ or relation.kind == "distinct"


def test_temporal_relations_state_their_clock_and_their_ends() -> None:
    node = trailing(
        TrailingMeasure(name="spent", call=agg("sum", col("v"), where=col("late")), window=TrailingWindow(size=DAY)),
        TrailingMeasure(
            name="n",
            call=agg("count"),
            window=TrailingWindow(size=HOUR, closed="right", offset=DAY, every=HOUR, last_rows=3),
        ),
        order=EventOrder(time="t", delay=HOUR),
    )
    assert headline(node) == [
        "TrailingAggregate on user = k, t + 1h as of at: 2 features",
        "[1d): spent = sum(v) where late",
        "(1h] offset 1d every 1h last 3 rows: n = count()",
    ]
    assert headline(as_of(include_exact=True, max_age=DAY)) == [
        "AsOfJoin on user = k: latest event with t <= at, at most 1d old",
        "takes: latest",
    ]


def test_a_shared_part_is_written_once() -> None:
    relation: Relation = events()
    for _ in range(50):
        relation = Union(relations=(relation, relation))
    lines = describe(relation).splitlines()
    assert len(lines) < 200
    assert sum("(as in line" in line for line in lines) == 49


def test_long_lists_and_expressions_are_cut() -> None:
    predicate = call("is_in", col("x"), *(lit(number) for number in range(5000)))
    assert all(len(line) < MOST + 40 for line in describe(events(predicate=predicate)).splitlines())


@pytest.mark.parametrize("seed", range(40))
def test_random_plans_can_be_described(seed: int) -> None:
    root = random_plan(seed)
    assert describe(root).splitlines()[0].startswith(type(root).__name__)


def test_expressions_are_written_as_people_write_them() -> None:
    text = expression_text(call("and", call("gt", col("v"), lit(1.5)), call("is_null", Cast(arg=col("x"), to=STRING))))
    assert text == "((v > 1.5) and is_null(cast(x as string)))"


@pytest.mark.parametrize(
    ("window", "noted"),
    [
        (TrailingWindow(size=DAY), False),
        (TrailingWindow(size=DAY, closed="neither"), False),
        (TrailingWindow(size=DAY, closed="right"), True),
        (TrailingWindow(size=DAY, closed="both"), True),
        (TrailingWindow(closed="right"), True),
        (TrailingWindow(size=DAY, closed="right", offset=1), False),
    ],
    ids=str,
)
def test_what_may_use_an_event_of_the_spines_own_time_is_noted(window: TrailingWindow, noted: bool) -> None:
    notes = leakage_notes(trailing(TrailingMeasure(name="n", call=agg("count"), window=window)))
    assert [note.features for note in notes] == ([("n",)] if noted else [])


def test_as_of_joins_that_include_the_exact_time_are_noted() -> None:
    assert leakage_notes(as_of()) == ()
    assert [note.features for note in leakage_notes(as_of(include_exact=True))] == [("latest",)]
