"""The suite as tests of pytest: ``pytest --pyargs onefold_conformance --backend NAME``, one test for each case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onefold.errors import ConfigurationError
from onefold_conformance.case.stored import StoredCase
from onefold_conformance.report.model import FAILING, CaseResult
from onefold_conformance.report.write import write_report
from onefold_conformance.runner.run import SuiteRun

__all__ = ["add_options", "pytest_generate_tests", "suite_run"]


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("onefold conformance suite")
    group.addoption("--backend", help="the backend to run the suite on: an installed name, or 'module:attribute'")
    group.addoption("--level", type=int, default=None, help="only the cases up to this level, 0 to 5")
    group.addoption("--out", default=None, help="a directory for report.json, junit.xml, report.md and report.html")
    group.addoption("--deviations", default=None, help="the backend's conformance.toml; that in its package by default")
    group.addoption("--case-timeout", type=float, default=60.0, help="how long a case may take, in seconds")


def _run(config: pytest.Config) -> SuiteRun:
    found = config.stash.get(_RUN, None)
    if found is None:
        name = config.getoption("--backend")
        if not name:
            raise pytest.UsageError("Name the backend to test: pytest --pyargs onefold_conformance --backend NAME")
        statement = config.getoption("--deviations")
        try:
            found = SuiteRun(
                name,
                level=config.getoption("--level"),
                statement=None if statement is None else Path(statement),
                timeout=config.getoption("--case-timeout"),
            )
        except ConfigurationError as error:
            raise pytest.UsageError(str(error)) from error
        config.stash[_RUN] = found
    return found


_RUN = pytest.StashKey[SuiteRun]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each case."""
    if "conformance_case" in metafunc.fixturenames:
        cases = _run(metafunc.config).cases
        metafunc.parametrize("conformance_case", cases, ids=[case.id for case in cases])


@pytest.fixture(scope="session")
def suite_run(request: pytest.FixtureRequest) -> Iterator[SuiteRun]:
    """The run that all cases are a part of; its reports are written at the end."""
    run = _run(request.config)
    try:
        yield run
    finally:
        report = run.finish()
        out = request.config.getoption("--out")
        if out is not None:
            write_report(report, Path(out))


def check(run: SuiteRun, case: StoredCase) -> CaseResult:
    """Run a case; skip the test when it was refused, is new or a known deviation, and fail it when it failed."""
    result = run.run(case)
    if result.status in FAILING:
        pytest.fail(f"{result.status}: {result.message}\n{case.why}", pytrace=False)
    if result.status != "pass":
        pytest.skip(f"{result.status}: {result.message}")
    return result
