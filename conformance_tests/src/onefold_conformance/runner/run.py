"""A run of the suite, step by step: which cases, on which backend, and the report of it."""

from __future__ import annotations

import datetime as dt
import platform
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from onefold.contract import Capabilities, Emulated, NotImplementedYet, Since, Unsupported
from onefold.errors import ConfigurationError
from onefold_conformance.case.files import stored_cases, suite_hash
from onefold_conformance.case.model import LEVELS
from onefold_conformance.case.stored import StoredCase
from onefold_conformance.report.model import CapabilityResult, CaseResult, Report, Status
from onefold_conformance.revision import SUITE_REVISION
from onefold_conformance.runner.deviations import Deviation, Statement, read_statement
from onefold_conformance.runner.judgement import Verdict
from onefold_conformance.runner.levels import level_reached
from onefold_conformance.runner.located import locate
from onefold_conformance.runner.worker import InProcess, Isolated

__all__ = ["SuiteRun", "select"]

MAX_FATAL = 5
"""After so many cases in a row that killed their process, the run is given up."""


class SuiteRun:
    """A run of the suite on a backend, one case at a time.

    Args:
        name: The name of an installed backend, or ``"module:attribute"``.
        level: Select only the cases up to this level; all when None.
        filters: Select only cases whose id contains one of these texts, or that need a capability of that name.
        options: The options with which a session is opened.
        statement: The backend's ``conformance.toml``; that in its package when None.
        folder: Where the cases are; those of the suite when None.
        timeout: How long a case may take, in seconds; only where it is isolated.
        isolate: Whether cases run in other processes, which may crash and hang.
        workers: How many such processes there are.
        sample: Whether each case runs in only one of its variants, which takes a third of the time and shows less.

    Raises:
        ConfigurationError: If there is no such backend, its ``conformance.toml`` is wrong, or no case is selected.
    """

    def __init__(
        self,
        name: str,
        *,
        level: int | None = None,
        filters: Sequence[str] = (),
        options: Mapping[str, Any] | None = None,
        statement: Path | None = None,
        folder: Path | None = None,
        timeout: float = 60.0,
        isolate: bool = True,
        workers: int = 1,
        sample: bool = False,
    ) -> None:
        self._started, self._clock = dt.datetime.now(dt.UTC), time.perf_counter()
        self._located = locate(name, statement=statement)
        self._every = tuple(case for case in stored_cases(folder) if not case.is_superseded)
        known = [case.id for case in self._every]
        self._stated = read_statement(self._located.statement, where=self._located.statement_path, known=known)
        self._runners: list[InProcess | Isolated] = (
            [Isolated(name, options or {}, timeout=timeout, sample=sample) for _ in range(workers)]
            if isolate
            else [InProcess(self._located.backend, options or {}, sample=sample)]
        )
        self._sample = sample
        self._given_up = False
        self._results: dict[str, CaseResult] = {}
        self.cases = select(self._every, level=level, filters=filters)
        """The cases that are selected."""

    def run(self, case: StoredCase) -> CaseResult:
        """Run one of the cases."""
        return self._run(case, self._runners[0])

    def run_all(self, on_result: Callable[[CaseResult], None] = lambda result: None) -> None:
        """Run all cases that are selected, by all workers at once.

        Args:
            on_result: Called with each result as it comes, in this thread.
        """
        waiting = SimpleQueue[StoredCase]()
        for case in self.cases:
            waiting.put(case)
        finished = SimpleQueue[CaseResult | BaseException]()
        threads = [
            threading.Thread(target=self._work, args=(runner, waiting, finished), daemon=True)
            for runner in self._runners
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in self.cases:
                result = finished.get()
                if isinstance(result, BaseException):
                    raise result
                on_result(result)
        except BaseException:
            self._given_up = True
            self.close()
            raise
        for thread in threads:
            thread.join()

    def _work(
        self,
        runner: InProcess | Isolated,
        waiting: SimpleQueue[StoredCase],
        finished: SimpleQueue[CaseResult | BaseException],
    ) -> None:
        try:
            while True:
                finished.put(self._run(waiting.get_nowait(), runner))
        except Empty:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised where the results are awaited
            finished.put(error)

    def _run(self, case: StoredCase, runner: InProcess | Isolated) -> CaseResult:
        self._given_up = self._given_up or (isinstance(runner, Isolated) and runner.fatal >= MAX_FATAL)
        if self._given_up:
            verdict = Verdict("not-run", f"given up after {MAX_FATAL} cases in a row that ended their process")
        else:
            verdict = runner.run(case)
        result = _result(case, verdict, self._stated, self._started.date())
        self._results[case.id] = result
        return result

    def close(self) -> None:
        """Close the backend's sessions, or end their processes; idempotent."""
        for runner in self._runners:
            runner.close()

    def finish(self) -> Report:
        """Close everything and return what was found."""
        self.close()
        backend = self._located.backend
        capabilities = backend.capabilities
        results = [self._results[case.id] for case in self.cases if case.id in self._results]
        ran = Counter(result.level for result in results)
        whole = Counter(case.level for case in self._every)
        levels_run = tuple(level for level in LEVELS if 0 < ran[level] == whole[level])
        reached, missing = level_reached(results, capabilities, levels_run)
        return Report(
            backend=backend.name,
            distribution=self._located.distribution,
            engine_version=backend.health().version,
            suite_revision=SUITE_REVISION,
            suite_hash=suite_hash(),
            target_revision=self._stated.target_revision,
            level=reached,
            levels_run=levels_run,
            versions={
                "onefold": version("onefold"),
                "onefold-conformance": version("onefold-conformance"),
                "python": platform.python_version(),
                "pyarrow": version("pyarrow"),
                "platform": platform.platform(),
            },
            started=self._started.isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - self._clock, 3),
            cases=tuple(results),
            capabilities=_capabilities(capabilities, results),
            missing=missing,
            variants="one" if self._sample else "all",
        )


def select(cases: Iterable[StoredCase], *, level: int | None, filters: Sequence[str]) -> tuple[StoredCase, ...]:
    """Return the cases up to a level that one of some texts chooses.

    Raises:
        ConfigurationError: If the level does not exist, or nothing is left.
    """
    if level is not None and level not in LEVELS:
        raise ConfigurationError(f"There is no level {level}. The levels are: {_levels()}.")
    found = tuple(
        case for case in cases if (level is None or case.level <= level) and (not filters or _is_chosen(case, filters))
    )
    if not found:
        raise ConfigurationError(
            f"No case is selected by {', '.join(filters) or f'level {level}'}. `onefold conformance list` shows all of them."
        )
    return found


def _is_chosen(case: StoredCase, filters: Sequence[str]) -> bool:
    return any(text in case.id for text in filters) or (
        any("." in text for text in filters) and not set(filters).isdisjoint(case.build().needs)
    )


def _levels() -> str:
    return ", ".join(f"{number} ({name})" for number, name in LEVELS.items())


def _result(case: StoredCase, verdict: Verdict, stated: Statement, today: dt.date) -> CaseResult:
    status, message = _final(case, verdict, stated, today)
    return CaseResult(
        id=case.id,
        level=case.level,
        status=status,
        seconds=round(verdict.seconds, 6),
        ulps=verdict.ulps,
        needs=verdict.needs,
        message=message,
        variant=verdict.variant,
        why=case.why,
        kills=case.kills,
    )


def _final(case: StoredCase, verdict: Verdict, stated: Statement, today: dt.date) -> tuple[Status, str]:
    """Return the status of a case after its revision and the backend's known deviations are looked at."""
    deviation = stated.deviations.get(case.id)
    if deviation is not None:
        return _deviating(deviation, verdict, today)
    if case.since > stated.target_revision and verdict.status != "not-run":
        note = f"of revision {case.since}, and {stated.target_revision} is aimed at; it ended with {verdict.status}"
        return "new", f"{note}: {verdict.message}" if verdict.message else note
    return verdict.status, verdict.message


def _deviating(deviation: Deviation, verdict: Verdict, today: dt.date) -> tuple[Status, str]:
    about = f"{deviation.reason} ({deviation.issue})"
    if verdict.status == "not-run":
        return verdict.status, verdict.message
    if verdict.status in ("pass", "refused-ok"):
        return "xpass", f"it does not fail any more: take the deviation out of conformance.toml. It said: {about}"
    if today >= deviation.expires:
        return "fail", f"{verdict.message}; the deviation has expired on {deviation.expires}: {about}"
    return "deviation", f"{about}: {verdict.message}"


def _capabilities(capabilities: Capabilities, results: Sequence[CaseResult]) -> dict[str, CapabilityResult]:
    observed: dict[str, Counter[str]] = {name: Counter() for name, _ in capabilities}
    for result in results:
        for name in result.needs:
            observed.setdefault(name, Counter())[result.status] += 1
    found = {}
    for name in sorted(observed):
        statement = capabilities.get(name)
        match statement:
            case Emulated(how=detail) | Since(version=detail) | Unsupported(reason=detail):
                pass
            case NotImplementedYet(issue=detail):
                pass
            case _:
                detail = ""
        found[name] = CapabilityResult(statement.status, detail, dict(observed[name]))
    return found
