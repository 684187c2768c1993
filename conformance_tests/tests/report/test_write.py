"""Writing reports: all files, whole, or an error and none."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance_tests.tests.report.reports import hostile, one_of_each

from onefold.errors import ConfigurationError
from onefold_conformance.report.model import Report
from onefold_conformance.report.write import write_report

NAMES = ["report.json", "junit.xml", "report.md", "report.html"]


def test_four_files_are_written_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    write_report(hostile(), folder)
    (folder / "mine.txt").write_text("kept")
    assert write_report(one_of_each(), folder) == [folder / name for name in NAMES]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*NAMES, "mine.txt"])
    assert Report.read(folder / "report.json") == one_of_each()


def test_what_can_not_be_written_is_an_error_and_leaves_no_drafts(tmp_path: Path) -> None:
    (tmp_path / "report.md").mkdir()
    with pytest.raises(ConfigurationError, match="can not be written"):
        write_report(one_of_each(), tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="can not be written"):
        write_report(one_of_each(), tmp_path / "file")
