"""What was measured, as JSON, as a table for a terminal and as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from benchmarks.training_set.agreement import Agreement
from benchmarks.training_set.measure import Run
from benchmarks.training_set.tools import TOOLS

__all__ = ["Record", "environment", "markdown", "notes", "ratios", "tables", "targets"]

OURS: Final = "onefold"
FLOOR: Final = "sort-and-stream"


@dataclass(slots=True)
class Record:
    """All that is known about one tool on one workload.

    Args:
        tool: Its name.
        workload: Its name.
        runs: The measurements, one for each round.
        sample: How it compares with the truth on a sample; None when there is nothing to compare.
        others: How it compares with a result that is right on the sample, on all rows.
    """

    tool: str
    workload: str
    runs: list[Run] = field(default_factory=list)
    sample: Agreement | None = None
    others: Agreement | None = None
    problem: str = ""

    @property
    def seconds(self) -> float | None:
        """The median over the rounds; None when a round did not finish."""
        return self._median([run.seconds for run in self.runs])

    @property
    def cpu_seconds(self) -> float | None:
        """The median processor time of all threads; unlike seconds, it hardly depends on what else is running."""
        return self._median([run.cpu_seconds for run in self.runs])

    @property
    def peak_mib(self) -> float | None:
        """The median over the rounds; of those until they were stopped, when they did not finish."""
        return self._median([run.peak_mib for run in self.runs])

    @property
    def at_least(self) -> float | None:
        """The median seconds, or the time limit when it was stopped; None when it failed."""
        stopped = [run.stopped_after for run in self.runs if run.stopped_after is not None]
        return stopped[0] if stopped else self.seconds

    @property
    def agrees(self) -> bool | None:
        """Whether the values are right; None when there are none."""
        if self.problem:
            return False
        if self.sample is None:
            return None
        return bool(self.sample) and (self.others is None or bool(self.others))

    @property
    def deviation(self) -> float | None:
        """The greatest difference found, from the truth and from the others; None when there are no values."""
        checks = [check for check in (self.sample, self.others) if check is not None]
        return max((off for check in checks for off in check.deviation.values()), default=0.0) if checks else None

    @property
    def note(self) -> str:
        """Why there are no seconds, or what differs; empty when all is well."""
        failed = [run.note for run in self.runs if run.note]
        problems = [found for check in (self.sample, self.others) if check is not None for found in check.problems]
        parts = [*failed[:1], *([self.problem] if self.problem else []), *problems[:2]]
        if len(problems) > 2:
            parts.append(f"and {len(problems) - 2} more")
        return "; ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the record as it stands in the report."""
        return {
            "tool": self.tool,
            "workload": self.workload,
            "seconds": _rounded(self.seconds),
            "peak_mib": _rounded(self.peak_mib, 1),
            "agrees": self.agrees,
            "deviation": self.deviation,
            "cpu_seconds": _rounded(self.cpu_seconds),
            "runs": [{"seconds": _rounded(run.seconds), "peak_mib": _rounded(run.peak_mib, 1)} for run in self.runs],
            "note": self.note,
        }

    @staticmethod
    def _median(values: Sequence[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return statistics.median(known) if known and len(known) == len(values) else None


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def ratios(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return onefold's time and memory as multiples of each other tool's; below 1, onefold needs less.

    For a tool that was stopped, the time limit stands in (``bound``): the true ratio is smaller.
    """
    found = []
    records = list(records)
    for ours in (record for record in records if record.tool == OURS):
        for other in records:
            if other.workload != ours.workload or other is ours or not (ours.seconds and other.at_least):
                continue
            assert ours.peak_mib is not None
            found.append(
                {
                    "workload": ours.workload,
                    "tool": OURS,
                    "against": other.tool,
                    "seconds": round(ours.seconds / other.at_least, 4),
                    "peak_mib": round(ours.peak_mib / other.peak_mib, 4) if other.peak_mib else None,
                    "bound": other.seconds is None,
                }
            )
    return found


def targets(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return what onefold is to reach for 10 million events and 1 million spine rows, and what it reached."""
    by_tool = {record.tool: record for record in records if record.workload == "sums"}
    ours = by_tool.get(OURS)
    if ours is None or not ours.seconds:
        return []
    found: list[dict[str, Any]] = []
    for other, most in (
        (FLOOR, 1.3),
        ("duckdb-sql", 1 / 2.5),
        ("duckdb-prefix-sums", 1 / 2.5),
        ("polars-rolling", 0.5),
    ):
        if other in by_tool and (theirs := by_tool[other].at_least):
            ratio = ours.seconds / theirs
            what = f"seconds, as a multiple of {other}"
            found.append({"workload": "sums", "what": what, "at_most": most, "measured": round(ratio, 4)})
    found.append({"workload": "sums", "what": "peak MiB", "at_most": 1229, "measured": _rounded(ours.peak_mib, 1)})
    for entry in found:
        entry["met"] = entry["measured"] <= entry["at_most"]
    return found


def environment(tools: Iterable[str]) -> dict[str, Any]:
    """Return where it was measured: versions, processors, memory, and how busy the machine is now."""
    packages = sorted({package for tool in tools for package in TOOLS[tool].packages})
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20),
        "load_at_start": round(os.getloadavg()[0], 2),
        "versions": {package: _version(package) for package in packages},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


_HEADINGS: Final = ("tool", "seconds", "ratio", "cpu s", "peak MiB", "agrees", "off by")


def _cells(record: Record, ours: Record | None) -> tuple[str, ...]:
    seconds, bound = "-", ""
    if record.at_least is not None:
        bound = "" if record.seconds is not None else "<"
        seconds = f"{'>' if bound else ''}{record.at_least:.2f}"
    ratio = "-"
    if ours is not None and ours is not record and ours.seconds and record.at_least:
        ratio = f"{bound}{ours.seconds / record.at_least:.3g}"
    agrees = {True: "yes", False: "NO", None: "-"}[record.agrees]
    deviation = "-" if record.deviation is None else f"{record.deviation:.0e}" if record.deviation else "0"
    peak = "-" if record.peak_mib is None else f"{record.peak_mib:,.0f}"
    cpu = "-" if record.cpu_seconds is None else f"{record.cpu_seconds:.2f}"
    return record.tool, seconds, ratio, cpu, peak, agrees, deviation


def _by_workload(records: Iterable[Record]) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = {}
    for record in records:
        grouped.setdefault(record.workload, []).append(record)
    return grouped


def _ours(records: Iterable[Record]) -> Record | None:
    return next((record for record in records if record.tool == OURS), None)


def tables(records: Iterable[Record], title: str) -> list[Table]:
    """Return the results as tables for a terminal, one for each workload; the ratio is onefold's time to the tool's."""
    shown = []
    for workload, group in _by_workload(records).items():
        one = Table(title=f"{workload}: {title}", title_justify="left")
        for heading in _HEADINGS:
            one.add_column(heading, justify="left" if heading in ("tool", "agrees") else "right", no_wrap=True)
        for record in group:
            one.add_row(*_cells(record, _ours(group)))
        shown.append(one)
    return shown


def notes(records: Iterable[Record]) -> list[str]:
    """Return a line for each record that has something to explain."""
    return [f"{record.workload}, {record.tool}: {record.note}" for record in records if record.note]


def markdown(records: Iterable[Record], title: str, where: dict[str, Any], path: Path) -> None:
    """Write the results as a Markdown page."""
    versions = ", ".join(f"{name} {number}" for name, number in where["versions"].items())
    lines = [
        f"# Training set: {title}",
        "",
        f"{where['processors']} processors, Python {where['python']}, {versions}.",
        "",
    ]
    for workload, group in _by_workload(records).items():
        lines += [f"## {workload}", "", f"| {' | '.join(_HEADINGS)} |", "|---|--:|--:|--:|--:|---|--:|"]
        lines += [f"| {' | '.join(_cells(record, _ours(group)))} |" for record in group]
        lines += ["", *(f"- {note}" for note in notes(group)), ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))
