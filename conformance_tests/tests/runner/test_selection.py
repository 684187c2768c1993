"""Which cases run, which backend is meant, and cases that are newer than a backend aims at."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.errors import ConfigurationError
from onefold_conformance.case.files import all_cases, case_document, read_cases, written
from onefold_conformance.case.model import changed
from onefold_conformance.report.model import Report
from onefold_conformance.revision import SUITE_REVISION
from onefold_conformance.runner import run_suite
from onefold_conformance.runner.located import locate


def test_a_level_and_a_filter_choose() -> None:
    report = run_suite("oracle", level=1, filters=["row/add/overflow-above"], isolate=False)
    assert [case.id for case in report.cases] == ["row/add/overflow-above"]
    assert report.levels_run == ()
    assert report.level is None


def test_a_capability_chooses() -> None:
    report = run_suite("oracle", filters=["function.sha256"], isolate=False)
    assert report.cases
    assert all("function.sha256" in case.needs for case in report.cases)


def test_nothing_selected_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="No case is selected by nonsense"):
        run_suite("oracle", filters=["nonsense"])
    with pytest.raises(ConfigurationError, match="There is no level 7"):
        run_suite("oracle", level=7)


def test_an_unknown_backend_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'oracle'"):
        run_suite("oracel")
    with pytest.raises(ConfigurationError, match="There is no backend 'no_such_module:X'"):
        locate("no_such_module:X")
    with pytest.raises(ConfigurationError, match="is no backend"):
        locate("pathlib:Path")


def test_a_newer_case_is_new_until_the_backend_aims_at_it(tmp_path: Path) -> None:
    case = next(case for case in all_cases() if case.id == "row/add/int64")
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "add.json").write_text(written(1, "add", {}, [changed(case, since=SUITE_REVISION + 1)]))
    backend = "conformance_tests.tests.runner.backends:Refuses"
    report = run_suite(backend, folder=folder, isolate=False)
    assert [case.status for case in report.cases] == ["new"]
    assert "it ended with fail" in report.cases[0].message
    assert not report.failed


def test_a_superseded_case_does_not_run(tmp_path: Path) -> None:
    case = next(case for case in all_cases() if case.id == "row/add/int64")
    folder = tmp_path / "cases"
    folder.mkdir()
    cases = [changed(case, superseded_by="row/add/other"), changed(case, id="row/add/other")]
    (folder / "add.json").write_text(written(1, "add", {}, cases))
    assert [c.id for c in run_suite("oracle", folder=folder, isolate=False).cases] == ["row/add/other"]


def test_a_report_says_what_was_declared_and_observed() -> None:
    report = run_suite("oracle", filters=["row/add/"], isolate=False)
    assert report.capabilities["function.add"].declared == "full"
    assert report.capabilities["function.add"].observed["pass"] == len(report.cases)
    assert report.capabilities["source.table"].declared == "unsupported"
    assert report.capabilities["source.table"].observed == {}
    assert Report.from_json(report.to_json()) == report


def test_a_file_can_be_read_back(tmp_path: Path) -> None:
    cases = [case for case in all_cases() if case.id.startswith("row/add/")]
    path = tmp_path / "add.json"
    path.write_text(written(1, "add", {}, cases))
    assert [case_document(case) for case in read_cases(path)] == [case_document(case) for case in cases]
