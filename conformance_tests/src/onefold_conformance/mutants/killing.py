"""Which cases catch which mutants: the kill matrix.

To run every case on every mutant takes long, and says more than has to be known: that every mutant is caught, and that
every case catches one. So unless all is asked for, a mutant runs until some cases have caught it, those first that are
noted in the case files as catching it; and then each case that has caught nothing yet runs on mutants until it does.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from onefold_conformance.case.files import stored_cases
from onefold_conformance.case.model import Case
from onefold_conformance.mutants.catalogue import MUTANTS
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.report.model import FAILING
from onefold_conformance.runner.judgement import judge_case
from onefold_conformance.runner.variants import VARIANTS

__all__ = ["KillMatrix", "kill_matrix"]

ENOUGH = 3
"""By how many cases a mutant is to be caught before it is left alone."""

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class KillMatrix:
    """Which cases catch which mutants.

    Args:
        kills: For each mutant, cases that catch it.
        cases: All cases that were run against mutants, by id.
        complete: Whether every case was run on every mutant.
    """

    kills: dict[str, tuple[str, ...]]
    cases: tuple[str, ...]
    complete: bool

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
        return json.dumps({"complete": self.complete, "kills": self.kills, "cases": self.by_case()}, indent=1)


def kill_matrix(
    mutants: Iterable[Mutant],
    cases: Sequence[Case],
    *,
    complete: bool = False,
    folder: Path | None = None,
    workers: int = 1,
) -> KillMatrix:
    """Run cases on mutants that could be wrong about them.

    Args:
        mutants: The mutants.
        cases: The cases.
        complete: Whether to run every case on every mutant.
        folder: Where the cases were read from, for other processes; the suite's own when None.
        workers: How many processes share the work.
    """
    mutants = list(mutants)
    known = {mutant.name: mutant for mutant in mutants}
    ids = tuple(case.id for case in cases)
    shared = partial(_across, ids=ids, folder=folder, workers=workers, cases=cases)
    kills = dict(zip(known, shared(partial(_catchers, complete=complete), list(known)), strict=True))
    if not complete:
        caught = {case for found in kills.values() for case in found}
        idle = [case.id for case in cases if case.id not in caught and not case.smoke]
        for case, mutant in zip(idle, shared(partial(_caught, names=frozenset(known)), idle), strict=True):
            if mutant is not None:
                kills[mutant] = (*kills[mutant], case)
    return KillMatrix(kills, ids, complete)


def _across(
    work: Callable[..., _Found],
    items: Sequence[str],
    *,
    ids: tuple[str, ...],
    folder: Path | None,
    workers: int,
    cases: Sequence[Case],
) -> list[_Found]:
    """Return what some work gives for each item, with the work spread over processes."""
    if workers == 1 or len(items) < 20:
        return [work(item, cases=cases) for item in items]
    fresh = multiprocessing.get_context("spawn")  # a fork would copy threads that hold locks
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        return list(pool.map(partial(_with_cases, work, ids, folder), items, chunksize=8))


def _with_cases(work: Callable[..., _Found], ids: tuple[str, ...], folder: Path | None, item: str) -> _Found:
    return work(item, cases=_cases(ids, folder))


@lru_cache(maxsize=1)
def _cases(ids: tuple[str, ...], folder: Path | None) -> tuple[Case, ...]:
    wanted = set(ids)
    return tuple(case.build() for case in stored_cases(folder) if case.id in wanted)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Mutant]:
    return {mutant.name: mutant for mutant in MUTANTS}


def _concerned(mutant: Mutant, case: Case) -> bool:
    """Return whether a mutant can be wrong about a case."""
    return not mutant.needs or not mutant.needs.isdisjoint(case.needs)


def _catchers(name: str, *, complete: bool, cases: Sequence[Case]) -> tuple[str, ...]:
    """Return cases that catch a mutant, in the order of the suite."""
    mutant = _by_name()[name]
    concerned = [case for case in cases if _concerned(mutant, case)]
    noted = [case for case in concerned if name in case.kills]
    caught: tuple[str, ...] = ()
    if not complete:  # what is known to catch it says enough, if it still does
        caught = tuple(_killed_by(mutant, noted[:ENOUGH], VARIANTS))
    # Most mutants are wrong about one batch of rows already; others about several, or about rows in another order.
    nearest = sorted(concerned, key=lambda case: len(case.needs))
    for only in (VARIANTS[:1], VARIANTS) if mutant.spoil is None else (VARIANTS,):
        if not caught:
            caught = tuple(_first(_killed_by(mutant, nearest, only), None if complete else ENOUGH))
    places = {case.id: place for place, case in enumerate(cases)}
    return tuple(sorted(caught, key=places.__getitem__))


def _caught(case_id: str, *, names: frozenset[str], cases: Sequence[Case]) -> str | None:
    """Return a mutant that a case catches; None when it catches none."""
    (case,) = (case for case in cases if case.id == case_id)
    noted = [_by_name()[name] for name in case.kills if name in names]
    if noted and (found := _catching(case, noted, VARIANTS)) is not None:
        return found
    # Those first that are wrong about little: they are most likely to be wrong about what the case is for.
    nearest = sorted(
        (mutant for name, mutant in _by_name().items() if name in names and _concerned(mutant, case)),
        key=lambda mutant: (mutant.spoil is not None, len(mutant.needs) or 1000),
    )
    return _catching(case, nearest, VARIANTS[:1]) or _catching(case, nearest, VARIANTS)


def _catching(case: Case, mutants: Sequence[Mutant], only: Sequence[str]) -> str | None:
    """Return the first of some mutants that a case catches."""
    return next((mutant.name for mutant in mutants if any(_killed_by(mutant, (case,), only))), None)


def _first(items: Iterator[_Item], count: int | None) -> Iterator[_Item]:
    for number, item in enumerate(items, start=1):
        yield item
        if number == count:
            return


def _killed_by(mutant: Mutant, cases: Iterable[Case], only: Sequence[str]) -> Iterator[str]:
    """Yield the cases that catch a mutant; one that breaks down by itself proves nothing."""
    backend = mutant.backend()
    capabilities = backend.capabilities
    with backend.open({}) as session:
        for case in cases:
            verdict = judge_case(case, session, capabilities, only=only)
            if verdict.status in FAILING and not verdict.broken:
                yield case.id
