"""Expected values are accepted when two independent witnesses agree, or when a case says how they were derived."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa

from onefold.contract import Capabilities, Session
from onefold.errors import OnefoldError
from onefold_conformance.case.model import ERRORS, Case, ExpectedError, ExpectedRows, changed
from onefold_conformance.compare.tables import compare_tables
from onefold_conformance.oracle.backend import OracleBackend
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import to_table
from onefold_conformance.runner.execution import Outcome, run_case_plan
from onefold_conformance.runner.judgement import judge_case

__all__ = ["AGREED", "Blessing", "derived"]

AGREED = "the oracle and an independent engine agree"
"""The derivation of a case that was blessed."""


def derived(case: Case) -> tuple[ExpectedRows | ExpectedError, dict[str, Tolerance], bool]:
    """Return what the oracle says of a case: the expectation, how far others may be off, and whether it is determined.

    Cases with files or Python functions run through the oracle as a backend; their tolerances are those that they state.
    """
    backend = OracleBackend()
    inputs = {name: table for name, (table, _) in case.inputs.items()}
    if case.uses_files or case.functions_used:
        with tempfile.TemporaryDirectory(prefix="onefold-case-") as name, backend.open({}) as session:
            outcome = run_case_plan(case, session, backend.capabilities, inputs, Path(name))
        return _expectation(case, outcome), dict(case.tolerances), True
    try:
        result = Oracle().run(case.plan, inputs)
    except ValueFailure:
        return ExpectedError("EngineError"), {}, True
    except OnefoldError as error:
        return _expectation(case, Outcome(None, error)), {}, True
    bounds = {name: bound for name, bound in result.tolerances.items() if not bound.is_exact}
    return ExpectedRows(to_table(result.rows, case.plan.output), case.plan.output), bounds, result.determined


def _expectation(case: Case, outcome: Outcome) -> ExpectedRows | ExpectedError:
    written = {} if case.expect is None else case.expect.written
    if outcome.error is not None:
        for cls in type(outcome.error).__mro__:
            if cls.__name__ in ERRORS:
                return ExpectedError(cls.__name__, written)
        raise outcome.error
    table: pa.Table = outcome.table
    return ExpectedRows(table, case.plan.output, written)


class Blessing:
    """Blesses cases: called with one, it returns it with an expectation, or notes a problem and returns it as it was.

    Args:
        witness: A session of the second witness.
        capabilities: What that backend offers.
    """

    def __init__(self, witness: Session, capabilities: Capabilities) -> None:
        self._witness = witness
        self._capabilities = capabilities
        self.problems: list[str] = []
        self.blessed = 0
        self.checked = 0

    def __call__(self, case: Case) -> Case:
        """Bless or check a case."""
        expect, bounds, determined = derived(case)
        if not determined:
            self.problems.append(f"{case.id}: several results are right; give it an order, or other data")
            return case
        unknown = [name for name, bound in bounds.items() if not bound.known and name not in case.tolerances]
        if unknown:
            self.problems.append(
                f"{case.id}: state how far {', '.join(unknown)} may be off: its values come from inexact ones"
            )
            return case
        given = {**{name: bound for name, bound in bounds.items() if bound.known}, **case.tolerances}
        if case.expect is not None:
            return self._checked(changed(case, tolerances=given), expect)
        new = changed(case, expect=expect, tolerances=given, derivation=case.derivation or AGREED)
        verdict = judge_case(new, self._witness, self._capabilities)
        if verdict.status != "pass":
            self.problems.append(f"{case.id}: the witnesses do not agree: {verdict.status}, {verdict.message}")
            return case
        self.blessed += 1
        return new

    def _checked(self, case: Case, expect: ExpectedRows | ExpectedError) -> Case:
        self.checked += 1
        if problem := difference(case, expect):
            self.problems.append(f"{case.id}: the oracle says otherwise: {problem}")
        return case


def difference(case: Case, found: ExpectedRows | ExpectedError) -> str:
    """Return in what an expectation differs from that of a case, as a sentence; empty when it does not."""
    expect = case.expect
    if isinstance(expect, ExpectedError) or isinstance(found, ExpectedError):
        same = isinstance(expect, ExpectedError) and isinstance(found, ExpectedError) and expect.kind == found.kind
        return "" if same else f"{_name(found)} instead of {_name(expect)}"
    assert expect is not None
    if expect.written:
        return ""  # the path of what was written is that of a directory that is gone
    comparison = compare_tables(
        expect.table, found.table, expect.schema, ordered=case.order != "none", tolerances=case.tolerances
    )
    return "; ".join(comparison.differences)


def _name(expect: ExpectedRows | ExpectedError | None) -> str:
    return expect.kind if isinstance(expect, ExpectedError) else "rows"
