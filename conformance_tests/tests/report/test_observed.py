"""The cells of matrices: made from what was observed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from conformance_tests.tests.report.reports import case, report

from onefold_conformance.report.model import CapabilityResult
from onefold_conformance.report.observed import cell_of, cells_of, grouped


@pytest.mark.parametrize(
    ("declared", "observed", "kind", "share"),
    [
        ("full", {"pass": 3}, "full", ""),
        ("since", {"pass": 3, "refused-ok": 2}, "full", ""),
        ("emulated", {"pass": 3, "new": 1}, "emulated", ""),
        ("emulated", {"pass": 3, "fail": 1}, "failing", "3/4"),
        ("full", {"pass": 3, "error": 1, "deviation": 1}, "failing", "3/5"),
        ("full", {"pass": 3, "deviation": 1}, "deviation", "3/4"),
        ("full", {"deviation": 2}, "deviation", "0/2"),
        ("full", {"xpass": 1, "pass": 1}, "failing", "1/2"),
        ("unsupported", {"refused-ok": 4}, "refused", ""),
        ("not implemented", {"refused-ok": 4, "new": 1}, "refused", ""),
        ("unsupported", {"refused-ok": 4, "value-instead-of-refusal": 1}, "failing", "0/1"),
        ("full", {"refused-ok": 4}, "not run", ""),
        ("full", {}, "not run", ""),
        ("full", {"pass": 0}, "not run", ""),
        ("unsupported", {}, "not run", ""),
        ("full", {"new": 2}, "not run", ""),
        ("full", {"not-run": 2}, "not run", ""),
        ("full", {"not-run": 2, "pass": 1}, "full", ""),
    ],
)
def test_a_cell_tells_what_was_observed(declared: str, observed: Mapping[str, int], kind: str, share: str) -> None:
    cell = cell_of(CapabilityResult(declared, "", observed))
    assert (cell.kind, cell.share) == (kind, share)


def test_what_a_run_does_not_know_was_not_run() -> None:
    assert cell_of(None).kind == "not run"


def test_the_detail_has_all_counts_and_the_declaration() -> None:
    cell = cell_of(CapabilityResult("emulated", "by counting on fingers.", {"pass": 1200, "fail": 1, "new": 0}))
    assert cell.detail == "1,201 cases: 1,200 passed, 1 failed. Declared emulated: by counting on fingers."


def test_a_failure_points_at_what_passes_least_often() -> None:
    cells = cells_of(
        report(
            case("row/sin/a", "fail", needs=["relation.input", "function.sin"]),
            case("row/sin/b", needs=["relation.input", "function.sin"]),
            case("row/cos/a", needs=["relation.input", "function.cos"]),
        )
    )
    assert {name: (cell.kind, cell.share, cell.suspect) for name, cell in cells.items()} == {
        "function.cos": ("full", "", True),
        "function.sin": ("failing", "1/2", True),
        "relation.input": ("failing", "2/3", False),
    }
    assert cells["relation.input"].examples == ("row/sin/a",)
    assert cells["function.cos"].examples == ()


def test_what_always_fails_together_is_suspected_together() -> None:
    cells = cells_of(report(case("row/sin/a", "error", needs=["relation.input", "function.sin"])))
    assert all(cell.kind == "failing" and cell.suspect for cell in cells.values())


def test_groups_have_the_order_of_pages_and_strangers_follow() -> None:
    names = ["zeta.a", "type.bool", "join.left", "function.add", "relation.sort", "alpha.b", "relation.filter"]
    assert list(grouped(names)) == ["relation", "join", "function", "type", "alpha", "zeta"]
    assert grouped(names)["relation"] == ["relation.filter", "relation.sort"]
