"""Fuzzing: a right backend passes, a wrong one is found, and the example is small."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from onefold.plan import (
    AsOfJoin,
    Call,
    Column,
    Input,
    NamedExpression,
    Project,
    Relation,
    Sort,
    SortKey,
    TrailingAggregate,
    TrailingWindow,
)
from onefold.types import DataType, Schema
from onefold_conformance.case.files import read_document
from onefold_conformance.generate.fuzz import FuzzReport, fuzz, judge
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.backend import OracleBackend
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, Entry
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Value


def test_the_oracle_agrees_with_itself() -> None:
    report = fuzz(OracleBackend(), examples=150)
    assert report.finding is None
    assert report.case is None
    assert report.case_text == ""
    assert report.outcomes["same"] > 100
    assert report.exercised["relation.input"] == 150


def test_equal_seeds_give_equal_plans() -> None:
    first, second, other = (fuzz(OracleBackend(), examples=40, seed=seed).exercised for seed in (1, 1, 2))
    assert first == second != other


@pytest.fixture(scope="module")
def wrong_count() -> FuzzReport:
    """What is found of a backend that never counts above two."""

    def count(call: Application, entries: Sequence[Entry]) -> int:
        return min(len(entries), 2)

    wrong = OracleBackend("few", Oracle(aggregations={**AGGREGATIONS, "count": count}))
    return fuzz(wrong, examples=600, kinds=("aggregate",))


def test_a_wrong_rule_is_found(wrong_count: FuzzReport) -> None:
    assert wrong_count.finding is not None
    assert wrong_count.outcomes["different"] == 1
    assert wrong_count.summary.startswith("few: ")
    assert wrong_count.finding.problem in wrong_count.summary


def test_the_example_is_small(wrong_count: FuzzReport) -> None:
    finding = wrong_count.finding
    assert finding is not None
    assert [relation.kind for relation in finding.plan.walk()] == ["aggregate", "input"]
    assert [table.num_rows for table in finding.inputs.values()] == [3]
    assert len(finding.plan.output) <= 2


def test_the_example_is_a_case(wrong_count: FuzzReport) -> None:
    (case,) = read_document(json.loads(wrong_count.case_text), where="the finding")
    finding = wrong_count.finding
    assert finding is not None
    assert case.plan == finding.plan
    assert case.why == finding.problem
    assert {name: table for name, (table, _) in case.inputs.items()} == finding.inputs


def test_a_plan_that_fails_on_both_is_right_and_on_one_is_wrong() -> None:
    numbers = Input(name="numbers", columns=Schema.of(n="int64"))
    negated = Call(function="negate", args=(Column(name="n"),))
    plan = Project(input=numbers, columns=(NamedExpression(name="x", expression=negated),))
    inputs = {"numbers": pa.table({"n": [-(2**63)]})}
    wraps = Oracle(functions={**FUNCTIONS, "negate": lambda call, value: value})
    with OracleBackend().open({}) as right, OracleBackend("wraps", wraps).open({}) as wrong:
        assert judge(right, plan, inputs, Oracle()).kind == "failed"
        assert "expected an error" in judge(wrong, plan, inputs, Oracle()).problem
        assert "raised EngineError" in judge(right, plan, inputs, wraps).problem


def test_a_sorted_plan_is_compared_in_its_order() -> None:
    class NullsFirst(Rules):
        """Nulls are sorted first, wherever they are wanted."""

        def placed(self, value: Value, dtype: DataType, key: SortKey) -> tuple[Any, ...]:
            return super().placed(value, dtype, key.model_copy(update={"nulls": "first"}))

    numbers = Input(name="numbers", columns=Schema.of(n="int64"))
    up = Sort(input=numbers, keys=(SortKey(column="n"),))
    inputs = {"numbers": pa.table({"n": [2, None, 1]})}
    wrong = OracleBackend("nulls-first", Oracle(rules=NullsFirst()))
    with OracleBackend().open({}) as right, wrong.open({}) as session:
        assert judge(right, up, inputs, Oracle()).kind == "same"
        assert judge(session, up, inputs, Oracle()).kind == "different"


class _Leaking(Rules):
    """What becomes known at the very moment is known already."""

    def is_known(self, known_at: int, at: int, *, include_exact: bool) -> bool:
        return super().is_known(known_at, at, include_exact=True)


class _OpenWindow(Rules):
    """Both ends belong to every window."""

    def is_inside(self, known_at: int, start: int | None, end: int, window: TrailingWindow) -> bool:
        return super().is_inside(known_at, start, end, window.model_copy(update={"closed": "both"}))


@pytest.mark.parametrize(
    ("rules", "kind"), [(_Leaking(), AsOfJoin), (_OpenWindow(), TrailingAggregate)], ids=["leak", "window"]
)
def test_a_wrong_rule_of_time_is_found(rules: Rules, kind: type[Relation]) -> None:
    report = fuzz(OracleBackend("wrong", Oracle(rules=rules)), examples=400, kinds=(kind.kind,))
    assert report.finding is not None
    assert any(isinstance(relation, kind) for relation in report.finding.plan.walk())
    assert sum(table.num_rows for table in report.finding.inputs.values()) <= 3
