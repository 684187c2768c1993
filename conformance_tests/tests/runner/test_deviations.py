"""``conformance.toml``: strict, so that it can not rot."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from onefold.errors import ConfigurationError
from onefold_conformance.report.model import Report
from onefold_conformance.runner import run_suite
from onefold_conformance.runner.deviations import read_statement

KNOWN = ["row/add/overflow-above", "row/add/int64"]
ENTRY: dict[str, Any] = {
    "id": "row/add/overflow-above",
    "reason": "it wraps",
    "issue": "https://example.org/1",
    "since": dt.date(2026, 1, 1),
    "expires": dt.date(2099, 1, 1),
}


def _run(tmp_path: Path, backend: str, *, id: str, expires: str = "2099-01-01", revision: int = 1) -> Report:
    path = tmp_path / "conformance.toml"
    path.write_text(
        f'target_revision = {revision}\n[[deviation]]\nid = "{id}"\nreason = "known"\n'
        f'issue = "https://example.org/1"\nsince = 2026-01-01\nexpires = {expires}\n'
    )
    return run_suite(backend, filters=["row/add/int64", "row/add/overflow-above"], statement=path, isolate=False)


def test_a_known_failure_does_not_fail_the_run_and_costs_the_level(tmp_path: Path) -> None:
    report = _run(tmp_path, "conformance_tests.tests.runner.backends:Refuses", id="row/add/int64")
    statuses = {case.id: case.status for case in report.cases}
    assert statuses["row/add/int64"] == "deviation"
    assert statuses["row/add/overflow-above"] == "fail"


def test_a_deviation_that_passes_fails(tmp_path: Path) -> None:
    report = _run(tmp_path, "oracle", id="row/add/overflow-above")
    assert {case.id: case.status for case in report.cases}["row/add/overflow-above"] == "xpass"
    assert report.failed


def test_an_expired_deviation_fails(tmp_path: Path) -> None:
    backend = "conformance_tests.tests.runner.backends:Refuses"
    report = _run(tmp_path, backend, id="row/add/int64", expires="2026-06-01")
    case = next(case for case in report.cases if case.id == "row/add/int64")
    assert case.status == "fail"
    assert "expired on 2026-06-01" in case.message


def test_an_unknown_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"there is no case 'row/add/overflow-abov'.*Did you mean 'row/add/overflow-above'"
    ):
        _run(tmp_path, "oracle", id="row/add/overflow-abov")


@pytest.mark.parametrize("member", list(ENTRY))
def test_every_member_is_needed(member: str) -> None:
    entry = {name: value for name, value in ENTRY.items() if name != member}
    with pytest.raises(ConfigurationError, match="has exactly the members"):
        read_statement({"deviation": [entry]}, where="x", known=KNOWN)


@pytest.mark.parametrize(("member", "value"), [("issue", ""), ("reason", ""), ("expires", "2099-01-01")])
def test_members_are_of_their_kind_and_not_empty(member: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=member):
        read_statement({"deviation": [{**ENTRY, member: value}]}, where="x", known=KNOWN)


def test_a_case_is_named_once() -> None:
    with pytest.raises(ConfigurationError, match="two deviations"):
        read_statement({"deviation": [ENTRY, ENTRY]}, where="x", known=KNOWN)


@pytest.mark.parametrize("revision", [0, 99, "1", True])
def test_the_revision_exists(revision: object) -> None:
    with pytest.raises(ConfigurationError, match="target_revision"):
        read_statement({"target_revision": revision}, where="x", known=KNOWN)


def test_unknown_members_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'deviation'"):
        read_statement({"deviations": []}, where="x", known=KNOWN)


def test_an_empty_statement_aims_at_the_newest_revision() -> None:
    assert not read_statement({}, where="x", known=KNOWN).deviations
