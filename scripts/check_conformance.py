"""Run the conformance suite on every backend of the workspace, and check what comes out: `make conformance`.

Reports, the matrix of all backends and the kill matrix of the mutants are left in `conformance-reports/`. The exit code is 1
when a case fails, a backend has lost a level, a page made from the reports is stale, or a wrong rule is caught by no case.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import generate_snowflake_verified
import generate_support

from onefold_conformance.report.matrix import write_matrix
from onefold_conformance.report.model import FAILING, Report
from onefold_conformance.report.write import write_report
from onefold_conformance.runner import run_suite

FOLDER = Path(__file__).parents[1] / "conformance-reports"

LEVELS = {"oracle": 5, "rift": 5, "polars": 5, "spark": 5, "snowflake": 4, "sqlite": 4, "template": 0}
"""The level that each backend has, and keeps. Snowflake reads and writes no files, which level 5 is about."""

EMULATED = {"snowflake": "backends.snowflake.tests.emulated:EmulatedSnowflake"}
"""The backends whose engine is not on this machine, and what takes its place: it is imported from the repository's root, which
generate_snowflake_verified has put on the path."""

SHOWN_IN_SUPPORT = ("rift", "spark", "polars", "snowflake", "sqlite")
"""The engines of docs/reference/support.md, in the order of its columns."""

SAMPLED = ("spark", "snowflake")
"""The backends whose cases run in one variant each, because a query costs them a tenth of a second: all variants took them
half an hour. `onefold conformance run spark` without `--sample` runs them all."""

SHOWN = 20
"""How many failures of a backend are printed; the reports have all."""


def problems() -> Iterator[str]:
    """Run everything, and yield what is wrong."""
    reports: dict[str, Report] = {}
    for name, level in LEVELS.items():
        workers = min(os.cpu_count() or 1, 8)
        report = run_suite(EMULATED.get(name, name), workers=workers, timeout=180, sample=name in SAMPLED)
        reports[name] = report
        write_report(report, FOLDER / name)
        counts = ", ".join(f"{count:,} {status}" for status, count in report.counts.items() if count)
        _say(f"{report.seconds:6.1f} s  {name}: level {report.level}; {counts}")
        failed = [case for case in report.cases if case.status in FAILING]
        yield from (f"{name}: {case.status} {case.id}: {case.message}" for case in failed[:SHOWN])
        if report.level is None or report.level < level:
            above = 0 if report.level is None else report.level + 1
            yield f"{name}: the level is {report.level}, not {level}: {'; '.join(report.missing[str(above)])}"
    shown = [reports[name] for name in SHOWN_IN_SUPPORT]
    write_matrix([*shown, reports["template"], reports["oracle"]], FOLDER / "matrix.html")
    for script, names in ((generate_support, SHOWN_IN_SUPPORT), (generate_snowflake_verified, ("snowflake",))):
        if script.is_stale([reports[name] for name in names]):
            paths = " ".join(f"{FOLDER.name}/{name}/report.json" for name in names)
            again = f"python scripts/{script.__name__}.py {paths}"
            yield f"{script.PAGE.name} is not what the reports say. Write it anew: {again}"
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - this interpreter, on our own command
        [Path(sys.executable).with_name("onefold"), "conformance", "kills", "--out", FOLDER / "kills.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    _say(f"{time.perf_counter() - started:6.1f} s  mutants: {(done.stdout.strip() or 'none').splitlines()[-1]}")
    if done.returncode:
        yield f"{done.stdout}{done.stderr}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run everything."""
    found = list(problems())
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
