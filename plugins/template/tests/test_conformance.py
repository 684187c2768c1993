"""The backend does what it says: the conformance suite of onefold, and the level that is to be kept."""

from __future__ import annotations

from onefold_conformance.report.model import FAILING, Report
from onefold_conformance.runner import run_suite


def test_conformance() -> None:
    report: Report = run_suite("template")
    assert [f"{case.id}: {case.message}" for case in report.cases if case.status in FAILING] == []
    # Raise this as the backend grows, and no change takes a level away unnoticed.
    assert report.level == 0, report.missing
