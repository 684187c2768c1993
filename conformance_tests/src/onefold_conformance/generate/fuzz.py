"""Fuzzing: drawn plans on a backend and on the oracle, and the smallest one on which they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyarrow as pa

from onefold.contract import Backend, Session, required_capabilities
from onefold.errors import EngineError, OnefoldError, SourceError
from onefold.plan import AsOfJoin, Input, Limit, Relation, Sort, TrailingAggregate
from onefold_conformance.case.model import Case
from onefold_conformance.compare.tables import compare_tables
from onefold_conformance.generate.allowed import allowed
from onefold_conformance.generate.drawing import Difference, draw_until
from onefold_conformance.generate.finding import Finding
from onefold_conformance.generate.plans import DrawnPlan, plans
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import to_table

__all__ = ["FuzzReport", "Judgement", "fuzz", "judge"]

ROUND = 1000
"""How many plans are drawn from one seed: what a drawing remembers of all its plans grows with their number."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of one plan on a backend.

    Args:
        kind: ``same``, ``failed`` (on both, as it should), ``open`` (there is no one right answer), or ``different``.
        problem: What is wrong; empty when nothing is.
        expected: What the oracle says; None where it is an error.
    """

    kind: str
    problem: str
    expected: Result | None


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

    @property
    def summary(self) -> str:
        """What was done and found, in a few lines."""
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(self.outcomes.items()))
        text = f"{self.backend}: {sum(self.outcomes.values())} plans ({counts}), {len(self.exercised)} capabilities"
        return text if self.finding is None else f"{text}\n{self.finding.problem}"

    @property
    def case(self) -> Case | None:
        """The smallest failing case; None when there is none."""
        return None if self.finding is None else self.finding.case

    @property
    def case_text(self) -> str:
        """The smallest failing case as a case file; empty when there is none."""
        return "" if self.finding is None else self.finding.case_text


@dataclass
class _Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    exercised: Counter[str] = field(default_factory=Counter)
    smallest: Finding | None = None


def fuzz(
    backend: Backend,
    *,
    examples: int = 200,
    seed: int | None = None,
    options: Mapping[str, Any] | None = None,
    kinds: Iterable[str] | None = None,
    without: Iterable[str] = (),
    shrink: bool = True,
    deadline: timedelta | None = None,
    oracle: Oracle | None = None,
    on_round: Callable[[Mapping[str, int]], None] = lambda outcomes: None,
) -> FuzzReport:
    """Draw plans and data, run them on a backend and on the oracle, and compare.

    Args:
        backend: The backend.
        examples: How many plans are drawn.
        seed: Where drawing begins; the same plans every time when left out. Every 1,000 plans begin a round, with the
            next seed.
        options: The options with which its session is opened.
        kinds: The kinds of relations; all that the backend offers when left out.
        without: Capabilities that are not used although the backend offers them.
        shrink: Whether a smaller example is looked for when there is a difference.
        deadline: How long one plan may take; without bound when left out.
        oracle: What says what is right; the oracle of the suite when left out.
        on_round: Called after each round with the outcomes so far.
    """
    limits = allowed(backend.capabilities, without=without)
    reference = oracle or Oracle()
    chosen = None if kinds is None else tuple(kinds)
    tally = _Tally()

    with backend.open(options or {}) as session:

        def compared(drawn: DrawnPlan) -> None:
            judgement = judge(session, drawn.plan, drawn.inputs, reference)
            if tally.smallest is None:
                tally.outcomes[judgement.kind] += 1
                tally.exercised.update(required_capabilities(drawn.plan))
            if judgement.problem:
                tally.smallest = Finding(drawn.plan, drawn.inputs, judgement.problem, judgement.expected)
                raise Difference(judgement.problem)

        strategy = plans(limits, kinds=chosen)
        for number, start in enumerate(range(0, examples, ROUND)):
            if tally.smallest is None:
                count = min(ROUND, examples - start)
                begin = seed if number == 0 else (seed or 0) + number
                draw_until(compared, strategy, examples=count, seed=begin, shrink=shrink, deadline=deadline)
                on_round(dict(tally.outcomes))
    return FuzzReport(backend.name, dict(tally.outcomes), dict(tally.exercised), tally.smallest)


def judge(session: Session, plan: Relation, inputs: Mapping[str, pa.Table], oracle: Oracle) -> Judgement:
    """Run a plan on a session and on the oracle, and say whether they agree.

    Args:
        session: An open session, of a backend that offers all that the plan needs.
        plan: The plan.
        inputs: The tables that it reads.
        oracle: What says what is right.
    """
    expected, failure = None, ""
    try:
        expected = oracle.run(plan, inputs)
    except (ValueFailure, SourceError) as error:
        failure = str(error)
    try:
        found = session.execute(plan, inputs).read_all()
    except (EngineError, SourceError) as error:
        if expected is None:
            return Judgement("failed", "", None)
        return Judgement("different", f"raised {type(error).__name__}: {error}", expected)
    except OnefoldError as error:
        return Judgement("different", f"raised {type(error).__name__}, which is not due: {error}", expected)
    if expected is None:
        return Judgement("different", f"returned {found.num_rows} rows, expected an error: {failure}", None)
    if not expected.determined:
        return Judgement("open", "", expected)
    problem = _difference(plan, expected, found)
    return Judgement("different" if problem else "same", problem, expected)


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
