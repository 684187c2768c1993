"""A whole run of the suite in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from onefold_conformance.report.model import CaseResult, Report
from onefold_conformance.runner.run import SuiteRun

__all__ = ["run_suite"]


def run_suite(
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
    on_result: Callable[[CaseResult], None] = lambda result: None,
) -> Report:
    """Run the suite on a backend.

    Args:
        name: The name of an installed backend, or ``"module:attribute"``.
        level: Run only the cases up to this level; all when None.
        filters: Run only cases whose id contains one of these texts, or that need a capability of that name.
        options: The options with which a session is opened.
        statement: The backend's ``conformance.toml``; that in its package when None.
        folder: Where the cases are; those of the suite when None.
        timeout: How long a case may take, in seconds; only where it is isolated.
        isolate: Whether cases run in other processes, which may crash and hang.
        workers: How many such processes there are.
        sample: Whether each case runs in only one of its variants, which takes a third of the time and shows less.
        on_result: Called with each result as it comes.

    Returns:
        What was found. ``report.failed`` says whether anything is wrong.

    Raises:
        ConfigurationError: If there is no such backend, its ``conformance.toml`` is wrong, or no case is selected.

    Examples:
        >>> report = run_suite("oracle", level=0, isolate=False)
        >>> report.failed, report.level
        (False, 0)
    """
    run = SuiteRun(
        name,
        level=level,
        filters=filters,
        options=options,
        statement=statement,
        folder=folder,
        timeout=timeout,
        isolate=isolate,
        workers=workers,
        sample=sample,
    )
    run.run_all(on_result)
    return run.finish()
