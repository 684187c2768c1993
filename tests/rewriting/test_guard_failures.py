"""Conditions in front of what can fail."""

from __future__ import annotations

from onefold.plan import (
    AggCall,
    Aggregate,
    Call,
    Case,
    Cast,
    Column,
    Filter,
    Input,
    Literal,
    Measure,
    RankCall,
    Relation,
    WhenThen,
    Window,
    WindowMeasure,
)
from onefold.rewriting import guard_failures, push_down_filters
from onefold.types import Schema

ROWS = Input(name="rows", columns=Schema.of(s="string", n="int64", good="bool", fine="bool"))
GOOD, FINE = Column(name="good"), Column(name="fine")
NUMBER = Cast(arg=Column(name="s"), to="int64")  # type: ignore[arg-type]
POSITIVE = Call(function="gt", args=(NUMBER, Literal.of(0)))


def total(arg: object, where: object = GOOD, **more: object) -> Relation:
    call = AggCall(function="sum", args=(arg,), where=where, **more)  # type: ignore[arg-type]
    return Aggregate(input=ROWS, measures=(Measure(name="r", call=call),))


def test_an_argument_that_can_fail_is_computed_where_the_condition_is_true() -> None:
    assert guard_failures(total(NUMBER)) == total(Case(branches=(WhenThen(when=GOOD, then=NUMBER),)))


def test_what_can_not_fail_stays_as_it_is() -> None:
    lenient = NUMBER.replace(on_failure="null")
    for plan in (total(Column(name="n")), total(lenient), total(NUMBER, where=None)):
        assert guard_failures(plan) is plan


def test_a_secondary_key_is_guarded_too() -> None:
    guarded = Case(branches=(WhenThen(when=GOOD, then=NUMBER),))
    assert guard_failures(total(Column(name="n"), by=NUMBER)) == total(Column(name="n"), by=guarded)


def test_rankings_have_no_condition() -> None:
    lag = WindowMeasure(name="r", call=RankCall(function="lag", arg=NUMBER))
    plan = Window(input=ROWS, order_by=(), measures=(lag,))
    assert guard_failures(plan) is plan


def test_a_filter_sees_what_the_one_below_lets_through() -> None:
    lower = Filter(input=ROWS, predicate=GOOD)
    one = Case(branches=(WhenThen(when=GOOD, then=POSITIVE),), otherwise=Literal.of(False))
    assert guard_failures(Filter(input=lower, predicate=POSITIVE)) == Filter(input=ROWS, predicate=one)
    three = Filter(input=Filter(input=lower, predicate=FINE), predicate=POSITIVE)
    two = Call(function="and", args=(GOOD, FINE))
    expected = Case(branches=(WhenThen(when=two, then=POSITIVE),), otherwise=Literal.of(False))
    assert push_down_filters(three) == Filter(input=ROWS, predicate=expected)


def test_plain_filters_are_merged_plainly() -> None:
    plan = Filter(input=Filter(input=ROWS, predicate=GOOD), predicate=FINE)
    assert guard_failures(plan) is plan
    assert push_down_filters(plan) == Filter(input=ROWS, predicate=Call(function="and", args=(GOOD, FINE)))
