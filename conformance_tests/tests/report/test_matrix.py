"""Several reports side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance_tests.tests.report.reports import case, one_of_each, report

from onefold.errors import ConfigurationError
from onefold_conformance.report.matrix import matrix_html, matrix_markdown, matrix_of, write_matrix
from onefold_conformance.report.model import Report


def small() -> Report:
    return report(
        case("io/a/b", level=0, needs=["relation.input", "type.bool"]),
        case("row/a/b", "refused-ok", needs=["relation.input", "function.add"]),
        declared={"function.add": ("not implemented", ""), "relation.input": ("emulated", "slowly")},
        level=0,
        levels_run=(0, 1),
        backend="small",
        missing={"1": ("function.add is not offered.",)},
    )


def test_rows_are_all_that_any_report_knows_in_groups() -> None:
    matrix = matrix_of([one_of_each(), small()])
    kinds = {
        name: tuple(cell.kind for cell in cells) for rows in matrix.groups.values() for name, cells in rows.items()
    }
    assert list(matrix.groups) == ["relation", "function", "type", "sink"]
    assert kinds == {
        "relation.input": ("full", "emulated"),
        "function.add": ("failing", "refused"),
        "function.divide": ("deviation", "not run"),
        "function.md5": ("refused", "not run"),
        "function.modulo": ("failing", "not run"),
        "function.sha256": ("failing", "not run"),
        "function.subtract": ("failing", "not run"),
        "type.bool": ("not run", "full"),
        "sink.parquet": ("not run", "not run"),
    }


def test_levels_are_reached_missed_or_not_run() -> None:
    first, second = zip(*matrix_of([one_of_each(), small()]).levels.values(), strict=True)
    assert [cell.state for cell in first] == ["reached", *["not reached"] * 5]
    assert [cell.failing for cell in first] == [False, True, False, False, False, False]
    assert [cell.state for cell in second] == ["reached", "not reached", *["not run"] * 4]
    assert second[1].detail == "function.add is not offered."


def test_the_page_and_the_table_say_the_same() -> None:
    page = matrix_html([one_of_each(), small()])
    assert '<td class="cell failing" data-sign="✗" title="2 cases: 1 passed, 1 failed. Declared full. ' in page
    assert "Declared emulated: slowly." in page
    table = matrix_markdown([one_of_each(), small()])
    assert "| Level 1 · row | – not reached | – not reached |" in table
    assert "| `function.add` | ✗ failing 1/2 | – refused |" in table
    assert "| Capability | toy 9.8.7 | small 9.8.7 |" in table


def test_one_backend_may_come_twice() -> None:
    assert "| `type.bool` | ✓ full | ✓ full |" in matrix_markdown([small(), small()])


@pytest.mark.parametrize(("name", "start"), [("m.html", "<!DOCTYPE html>"), ("deep/m.md", "# Conformance matrix")])
def test_the_suffix_chooses_the_form(name: str, start: str, tmp_path: Path) -> None:
    write_matrix([small()], tmp_path / name)
    assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_other_suffixes_and_no_reports_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"as \.html or \.md, not as 'm\.pdf'"):
        write_matrix([small()], tmp_path / "m.pdf")
    with pytest.raises(ConfigurationError, match="at least one"):
        write_matrix([], tmp_path / "m.html")
    assert list(tmp_path.iterdir()) == []
