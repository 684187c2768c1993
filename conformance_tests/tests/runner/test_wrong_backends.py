"""The runner on backends that lie, refuse, crash, hang, or break the contract in other ways."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from onefold_conformance.report.model import Report
from onefold_conformance.runner import run_suite

BACKENDS = "conformance_tests.tests.runner.backends"
FEW = ("row/add/", "row/filter/", "aggregate/distinct/")


def _run(name: str, filters: Sequence[str] = FEW, *, isolate: bool = False, timeout: float = 20) -> Report:
    return run_suite(f"{BACKENDS}:{name}", filters=filters, isolate=isolate, timeout=timeout)


def _statuses(report: Report) -> set[str]:
    return {case.status for case in report.cases}


def test_the_oracle_passes_what_the_others_fail() -> None:
    report = run_suite("oracle", filters=FEW, isolate=False)
    assert _statuses(report) == {"pass"}
    assert not report.failed


def test_a_liar_is_caught() -> None:
    report = _run("Liar")
    assert report.failed
    assert report.counts["fail"] >= 0.8 * len(report.cases)


def test_refusing_what_is_declared_fails() -> None:
    report = _run("Refuses")
    assert _statuses(report) == {"fail"}
    assert "refused, although all that it needs is declared" in report.cases[0].message


def test_refusing_what_is_not_declared_is_right_and_of_no_level() -> None:
    report = run_suite(f"{BACKENDS}:Modest", level=0, isolate=False)
    assert _statuses(report) == {"refused-ok"}
    assert not report.failed
    assert report.level is None
    assert "it is required and not offered: relation.input" in report.missing["0"][0]


def test_a_right_value_instead_of_a_refusal_fails() -> None:
    report = _run("Boaster")
    assert _statuses(report) == {"value-instead-of-refusal"}
    assert report.failed


def test_a_schema_of_its_own_fails() -> None:
    report = _run("WrongSchema", ["row/add/"])
    assert report.counts["fail"] > 0
    assert any("the schema is" in case.message for case in report.cases)
    expecting_rows = [case for case in report.cases if case.status == "pass"]
    assert all("error" in case.why or "overflow" in case.id or "decimal" in case.id for case in expecting_rows)


def test_an_exception_of_an_engine_is_an_error_and_named() -> None:
    report = _run("Raises", ["row/add/"])
    assert _statuses(report) == {"error"}
    assert "KeyError at backends.py" in report.cases[0].message


def test_a_failure_while_rows_are_read_is_found() -> None:
    report = _run("FailsLate", ["aggregate/distinct/"])
    assert report.counts["error"] >= 0.8 * len(report.cases)


def test_a_backend_that_can_not_be_opened_fails_its_cases() -> None:
    report = _run("CanNotOpen", ["row/add/"])
    assert _statuses(report) == {"error"}
    assert "no server at the other end" in report.cases[0].message


def test_a_crash_costs_one_case(tmp_path: object) -> None:
    report = _run("CrashesAtTimes", ["row/add/overflow-above", "row/filter/", "row/add/int64"], isolate=True)
    by_topic = {case.id.rpartition("/")[0]: case.status for case in report.cases}
    assert by_topic["row/filter"] in ("error", "not-run")
    assert by_topic["row/add"] == "pass"
    assert any("exit code 3" in case.message for case in report.cases)


def test_a_run_is_given_up_after_some_crashes_in_a_row() -> None:
    report = _run("Crashes", ["row/"], isolate=True)
    assert report.counts["error"] == 5
    assert report.counts["not-run"] == len(report.cases) - 5
    assert report.failed


def test_a_hanging_case_is_ended() -> None:
    report = _run("Hangs", ["row/add/int64"], isolate=True, timeout=4)
    assert _statuses(report) == {"error"}
    assert "gave no answer within 4 s" in report.cases[0].message


def test_what_an_engine_prints_is_no_answer() -> None:
    report = _run("Chatters", ["row/add/"], isolate=True)
    assert _statuses(report) == {"pass"}


@pytest.mark.parametrize("name", ["Liar", "Refuses", "Boaster", "WrongSchema", "Raises"])
def test_none_of_them_has_a_level(name: str) -> None:
    report = run_suite(f"{BACKENDS}:{name}", level=0, isolate=False)
    assert report.failed
    assert report.level is None
