"""Fuzzing: drawn plans on a backend and on the oracle, and the smallest one on which they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import hypothesis
import pyarrow as pa
from hypothesis import HealthCheck, Phase

from onefold.contract import Backend, Session, required_capabilities
from onefold.errors import EngineError, OnefoldError, SourceError
from onefold.plan import AsOfJoin, Input, Limit, Relation, Sort, TrailingAggregate
from onefold_conformance.compare.tables import compare_tables
from onefold_conformance.generate.allowed import allowed
from onefold_conformance.generate.plans import DrawnPlan, plans
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import to_table

__all__ = ["Finding", "FuzzReport", "Judgement", "fuzz", "judge"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of one plan on a backend.

    Args:
        problem: What is wrong; empty when nothing is.
        kind: ``same``, ``failed`` (on both, as it should), ``open`` (there is no one right answer), or ``different``.
    """

    problem: str
    kind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The smallest plan found on which a backend and the oracle differ.

    Args:
        plan: The plan.
        inputs: The tables that it reads.
        problem: What is wrong.
    """

    plan: Relation
    inputs: Mapping[str, pa.Table]
    problem: str


@dataclass(frozen=True, slots=True)
class FuzzReport:
    """What fuzzing a backend gave.

    Args:
        backend: Its name.
        outcomes: How many plans ended in each way; see :class:`Judgement`. Those of shrinking are not counted.
        exercised: How many plans needed each capability.
        finding: What was found wrong; None for nothing.
    """

    backend: str
    outcomes: Mapping[str, int]
    exercised: Mapping[str, int]
    finding: Finding | None


@dataclass
class _Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    exercised: Counter[str] = field(default_factory=Counter)
    smallest: Finding | None = None


class _Difference(Exception):
    """Raised for Hypothesis, which then looks for a smaller example."""


def fuzz(
    backend: Backend,
    *,
    examples: int = 200,
    seed: int | None = None,
    kinds: Iterable[str] | None = None,
    without: Iterable[str] = (),
    shrink: bool = True,
    deadline: timedelta | None = None,
    oracle: Oracle | None = None,
) -> FuzzReport:
    """Draw plans and data, run them on a backend and on the oracle, and compare.

    Args:
        backend: The backend.
        examples: How many plans are drawn.
        seed: Where drawing begins; the same plans every time when left out.
        kinds: The kinds of relations; all that the backend offers when left out.
        without: Capabilities that are not used although the backend offers them.
        shrink: Whether a smaller example is looked for when there is a difference.
        deadline: How long one plan may take; without bound when left out.
        oracle: What says what is right; the oracle of the suite when left out.
    """
    limits = allowed(backend.capabilities, without=without)
    reference = oracle or Oracle()
    chosen = None if kinds is None else tuple(kinds)
    tally = _Tally()

    with backend.open({}) as session:

        def compared(drawn: DrawnPlan) -> None:
            judgement = judge(session, drawn.plan, drawn.inputs, reference)
            if tally.smallest is None:
                tally.outcomes[judgement.kind] += 1
                tally.exercised.update(required_capabilities(drawn.plan))
            if judgement.problem:
                tally.smallest = Finding(drawn.plan, drawn.inputs, judgement.problem)
                raise _Difference(judgement.problem)

        phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
        settings = hypothesis.settings(
            max_examples=examples,
            derandomize=seed is None,
            database=None,
            deadline=deadline,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
        )
        test = settings(hypothesis.given(plans(limits, kinds=chosen))(compared))
        with suppress(_Difference):  # the last example that Hypothesis runs is the smallest, and is what was kept
            (test if seed is None else hypothesis.seed(seed)(test))()
    return FuzzReport(backend.name, dict(tally.outcomes), dict(tally.exercised), tally.smallest)


def judge(session: Session, plan: Relation, inputs: Mapping[str, pa.Table], oracle: Oracle) -> Judgement:
    """Run a plan on a session and on the oracle, and say whether they agree.

    Args:
        session: An open session, of a backend that offers all that the plan needs.
        plan: The plan.
        inputs: The tables that it reads.
        oracle: What says what is right.
    """
    expected: Result | Exception
    try:
        expected = oracle.run(plan, inputs)
    except (ValueFailure, SourceError) as error:
        expected = error
    try:
        found = session.execute(plan, inputs).read_all()
    except (EngineError, SourceError) as error:
        if isinstance(expected, Exception):
            return Judgement("", "failed")
        return Judgement(f"raised {type(error).__name__}: {error}", "different")
    except OnefoldError as error:
        return Judgement(f"raised {type(error).__name__}, which is not due: {error}", "different")
    if isinstance(expected, Exception):
        return Judgement(f"returned {found.num_rows} rows, expected an error: {expected}", "different")
    if not expected.determined:
        return Judgement("", "open")
    problem = _difference(plan, expected, found)
    return Judgement(problem, "different" if problem else "same")


def _difference(plan: Relation, expected: Result, found: pa.Table) -> str:
    """Return what differs, in the order that the rows of the plan have; empty for nothing."""
    rows = to_table(expected.rows, plan.output)
    ordered = _keeps_order(plan)
    comparison = compare_tables(rows, found, plan.output, ordered=ordered, tolerances=expected.tolerances)
    if comparison.same and isinstance(plan, Sort):
        # Rows that the keys leave equal have no order: the keys alone have to come as they should.
        keys = list(dict.fromkeys(key.column for key in plan.keys))
        comparison = compare_tables(
            rows.select(keys),
            found.select(keys),
            plan.output.select(keys),
            ordered=True,
            tolerances={name: expected.tolerances[name] for name in keys},
        )
    return "; ".join(comparison.differences)


def _keeps_order(plan: Relation) -> bool:
    """Return whether every row has its place: that of the spine, or the only one that a limit over a sort leaves."""
    if isinstance(plan, Limit):
        return isinstance(plan.input, Sort)
    below = plan
    while isinstance(below, AsOfJoin | TrailingAggregate):
        below = below.spine
    return below is not plan and isinstance(below, Input)
