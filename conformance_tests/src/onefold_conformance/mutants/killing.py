"""Which cases catch which mutants: the kill matrix."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from onefold_conformance.case.model import Case
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.report.model import FAILING
from onefold_conformance.runner.judgement import judge_case

__all__ = ["KillMatrix", "kill_matrix"]


@dataclass(frozen=True, slots=True)
class KillMatrix:
    """Which cases catch which mutants.

    Args:
        kills: For each mutant, the cases that catch it, in the order of the suite.
        cases: All cases that were run against mutants, by id.
    """

    kills: dict[str, tuple[str, ...]]
    cases: tuple[str, ...]

    @property
    def survivors(self) -> tuple[str, ...]:
        """The mutants that no case catches."""
        return tuple(name for name, caught in self.kills.items() if not caught)

    def by_case(self) -> dict[str, tuple[str, ...]]:
        """Return, for each case, the mutants that it catches, sorted."""
        found: dict[str, list[str]] = {case: [] for case in self.cases}
        for mutant, caught in self.kills.items():
            for case in caught:
                found[case].append(mutant)
        return {case: tuple(sorted(names)) for case, names in found.items()}

    def to_json(self) -> str:
        """Return the matrix as JSON text."""
        return json.dumps({"kills": self.kills, "cases": self.by_case()}, indent=1)


def kill_matrix(
    mutants: Iterable[Mutant], cases: Sequence[Case], *, on_mutant: Callable[[Mutant, int], None] = lambda *_: None
) -> KillMatrix:
    """Run every case on every mutant that could be wrong about it.

    Args:
        mutants: The mutants.
        cases: The cases.
        on_mutant: Called after each mutant, with the number of cases that caught it.
    """
    kills = {}
    for mutant in mutants:
        caught = tuple(_caught_by(mutant, cases))
        kills[mutant.name] = caught
        on_mutant(mutant, len(caught))
    return KillMatrix(kills, tuple(case.id for case in cases))


def _caught_by(mutant: Mutant, cases: Sequence[Case]) -> Iterable[str]:
    backend = mutant.backend()
    needs = mutant.needs
    capabilities = backend.capabilities
    with backend.open({}) as session:
        for case in cases:
            if (not needs or needs & set(case.needs)) and judge_case(case, session, capabilities).status in FAILING:
                yield case.id
