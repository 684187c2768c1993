"""The suite itself, as one parametrised test; collected only where the plugin of the suite is loaded."""

from __future__ import annotations

from onefold_conformance.case.stored import StoredCase
from onefold_conformance.pytest_plugin import check
from onefold_conformance.runner.run import SuiteRun


def test_case(suite_run: SuiteRun, conformance_case: StoredCase) -> None:
    """Run one case on the backend that was named."""
    check(suite_run, conformance_case)
