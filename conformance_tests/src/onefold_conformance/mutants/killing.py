"""Which cases catch which mutants: the kill matrix."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from onefold_conformance.case.files import stored_cases
from onefold_conformance.case.model import Case
from onefold_conformance.mutants.catalogue import MUTANTS
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.report.model import FAILING
from onefold_conformance.runner.judgement import Verdict, judge_case
from onefold_conformance.runner.variants import VARIANTS

__all__ = ["KillMatrix", "caught_by", "kill_matrix"]


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
    mutants: Iterable[Mutant], cases: Sequence[Case], *, folder: Path | None = None, workers: int = 1
) -> KillMatrix:
    """Run every case on every mutant that could be wrong about it.

    Args:
        mutants: The mutants.
        cases: The cases.
        folder: Where the cases were read from, for other processes; the suite's own when None.
        workers: How many processes share the work.
    """
    ids = tuple(case.id for case in cases)
    mutants = list(mutants)
    if workers == 1:
        return KillMatrix({mutant.name: caught_by(mutant, cases) for mutant in mutants}, ids)
    names = [mutant.name for mutant in mutants]
    fresh = multiprocessing.get_context("spawn")  # a fork would copy threads that hold locks
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        caught = pool.map(partial(_caught_by_name, ids=ids, folder=folder), names, chunksize=8)
        return KillMatrix(dict(zip(names, caught, strict=True)), ids)


def caught_by(mutant: Mutant, cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the cases that catch a mutant.

    Most mutants are wrong about one batch of rows already; one that is not may be wrong about several, or about rows in
    another order.
    """
    if not mutant.by_variant and (caught := _caught(mutant, cases, VARIANTS[:1])):
        return caught
    return _caught(mutant, cases, VARIANTS)


def _caught(mutant: Mutant, cases: Sequence[Case], only: Sequence[str]) -> tuple[str, ...]:
    backend = mutant.backend()
    needs = mutant.needs
    capabilities = backend.capabilities
    with backend.open({}) as session:
        return tuple(
            case.id
            for case in cases
            if (not needs or not needs.isdisjoint(case.needs))
            and _fails(judge_case(case, session, capabilities, only=only))
        )


def _fails(verdict: Verdict) -> bool:
    """Return whether a case was failed by what came out; a mutant that broke down itself proves nothing."""
    return verdict.status in FAILING and not verdict.broken


@lru_cache(maxsize=1)
def _cases(ids: tuple[str, ...], folder: Path | None) -> tuple[Case, ...]:
    wanted = set(ids)
    return tuple(case.build() for case in stored_cases(folder) if case.id in wanted)


def _caught_by_name(name: str, ids: tuple[str, ...], folder: Path | None) -> tuple[str, ...]:
    (mutant,) = (mutant for mutant in MUTANTS if mutant.name == name)
    return caught_by(mutant, _cases(ids, folder))
