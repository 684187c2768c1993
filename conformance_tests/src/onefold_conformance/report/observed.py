"""What a run observed of each capability: the cells of every matrix.

A cell tells what happened, never what was promised: a capability that no case has shown to work is not shown as
working. The declaration only tells an emulated operation from one of the engine's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from onefold_conformance.report.model import CapabilityResult, Report
from onefold_conformance.report.wording import counted

__all__ = ["CELL_KINDS", "GROUPS", "Cell", "CellKind", "cell_of", "cells_of", "grouped"]

CellKind = Literal["full", "emulated", "refused", "deviation", "failing", "not run"]
"""What a run showed of a capability.

* ``full``: cases that need it passed, and none failed.
* ``emulated``: the same, of what the backend does by other means than the engine's own operation.
* ``refused``: the backend does not offer it, and refused all cases that need it.
* ``deviation``: a case that needs it fails as ``conformance.toml`` says, and none fails otherwise.
* ``failing``: a case that needs it ended in a way that fails the run.
* ``not run``: no case has shown anything: none needs it, or each was refused for the sake of something else.
"""

CELL_KINDS: tuple[CellKind, ...] = get_args(CellKind)

GROUPS: Mapping[str, str] = {
    "relation": "Relations",
    "join": "Joins",
    "frame": "Frames",
    "expression": "Expressions",
    "function": "Functions",
    "cast": "Casts",
    "aggregation": "Aggregations",
    "window": "Windows",
    "trailing": "Trailing windows",
    "type": "Types",
    "schema": "Schemas",
    "source": "Sources",
    "sink": "Sinks",
    "sql": "Native SQL",
    "transform": "Transforms",
}
"""The groups of capabilities in the order of pages, with their titles; any other group follows, by name."""

_FAILING = ("fail", "error", "value-instead-of-refusal", "xpass")
_OFFERED = ("full", "emulated", "since")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a run showed of one capability.

    Args:
        kind: The outcome.
        passed: How many of the cases that need it passed.
        decisive: How many were answered, or should have been: all but those that were refused, new or not run.
        detail: All that is known, in sentences.
        examples: The first cases that stand for a failure or a deviation.
        suspect: False where cases that need it fail, but each of them also needs what passes less often: it is more
            likely that they fail for the sake of that. Shown with a weaker colour, counted all the same.
    """

    kind: CellKind
    passed: int
    decisive: int
    detail: str
    examples: tuple[str, ...] = ()
    suspect: bool = True

    @property
    def share(self) -> str:
        """``"28/31"`` where not all cases passed, else nothing."""
        return f"{self.passed}/{self.decisive}" if self.passed < self.decisive else ""


def cells_of(report: Report) -> dict[str, Cell]:
    """Return a cell for each capability of a report, by name, sorted."""
    failing: dict[str, list[str]] = defaultdict(list)
    deviating: dict[str, list[str]] = defaultdict(list)
    suspects: set[str] = set()
    for case in report.cases:
        if case.status in _FAILING or case.status == "deviation":
            suspects |= _suspects(case.needs, report.capabilities)
            for name in case.needs:
                (deviating if case.status == "deviation" else failing)[name].append(case.id)
    return {
        name: cell_of(result, examples=tuple((failing[name] or deviating[name])[:5]), suspect=name in suspects)
        for name, result in sorted(report.capabilities.items())
    }


def _suspects(needs: Iterable[str], capabilities: Mapping[str, CapabilityResult]) -> set[str]:
    """Return what a case that failed points at most: of what it needs, that which passes least often elsewhere."""
    shares: dict[str, float] = {}
    for name in needs:
        if name in capabilities:
            passed, failed, deviations = _counts(capabilities[name].observed)
            shares[name] = passed / max(passed + failed + deviations, 1)
    return {name for name, share in shares.items() if share == min(shares.values())}


def cell_of(result: CapabilityResult | None, *, examples: tuple[str, ...] = (), suspect: bool = True) -> Cell:
    """Return the cell of one capability.

    Args:
        result: What a run observed of it; None when the run does not know it.
        examples: Cases that stand for a failure or a deviation.
        suspect: See :class:`Cell`.
    """
    if result is None:
        return Cell("not run", 0, 0, "This run knows nothing of it.")
    count = {status: number for status, number in result.observed.items() if number}
    passed, failed, deviations = _counts(count)
    bad = failed + deviations > 0
    return Cell(
        _kind(result.declared, passed, failed, deviations, count.get("refused-ok", 0)),
        passed,
        passed + failed + deviations,
        f"{_observed(count)} {_declared(result)}",
        examples if bad else (),
        suspect or not bad,
    )


def _counts(observed: Mapping[str, int]) -> tuple[int, int, int]:
    """Return how many cases passed, failed, and have a known deviation."""
    failed = sum(observed.get(status, 0) for status in _FAILING)
    return observed.get("pass", 0), failed, observed.get("deviation", 0)


def _kind(declared: str, passed: int, failed: int, deviations: int, refused: int) -> CellKind:
    if failed:
        return "failing"
    if deviations:
        return "deviation"
    if passed:
        return "emulated" if declared == "emulated" else "full"
    # A refusal shows something only of what is not offered: what is offered was refused for another's sake.
    return "refused" if refused and declared not in _OFFERED else "not run"


def _observed(count: Mapping[str, int]) -> str:
    if not count:
        return "No case of this run needs it."
    said = {
        "pass": "passed",
        "refused-ok": "refused",
        "new": "newer than the target revision",
        "deviation": "with a known deviation",
        "fail": "failed",
        "error": "with an error",
        "value-instead-of-refusal": "answered instead of refused",
        "xpass": "passed unexpectedly",
        "not-run": "not run",
    }
    parts = ", ".join(f"{count[status]:,} {words}" for status, words in said.items() if status in count)
    return f"{counted(sum(count.values()), 'case')}: {parts}."


def _declared(result: CapabilityResult) -> str:
    detail = result.detail.strip().rstrip(".")
    return f"Declared {result.declared}{f': {detail}' if detail else ''}."


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of capabilities by group, groups in the order of pages, names sorted.

    Examples:
        >>> grouped(["type.bool", "relation.sort", "relation.filter", "magic.wand"])
        {'relation': ['relation.filter', 'relation.sort'], 'type': ['type.bool'], 'magic': ['magic.wand']}
    """
    groups: dict[str, list[str]] = {group: [] for group in GROUPS}
    for name in sorted(set(names)):
        groups.setdefault(name.partition(".")[0], []).append(name)
    return {group: entries for group, entries in groups.items() if entries}
