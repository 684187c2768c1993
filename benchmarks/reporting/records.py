"""All that is known about one tool on one workload."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.checking import Agreement
from benchmarks.running import Run

__all__ = ["Record", "rounded"]


@dataclass(slots=True)
class Record:
    """One tool on one workload.

    Args:
        workload: Its name.
        scale: The name of the scale.
        tool: Its name.
        runs: The measurements, one for each round.
        reason: Why it was not run at all; empty when it was.
        problem: What is wrong with the result as a whole; empty when nothing is.
        sample: How it compares with the truth on a sample; None when there is nothing to compare.
        others: How it compares with a result that is right on the sample, on all rows.
    """

    workload: str
    scale: str
    tool: str
    runs: list[Run] = field(default_factory=list)
    reason: str = ""
    problem: str = ""
    sample: Agreement | None = None
    others: Agreement | None = None

    @property
    def seconds(self) -> float | None:
        """The median over the rounds; None when a round did not finish."""
        return _median([run.seconds for run in self.runs])

    @property
    def cpu_seconds(self) -> float | None:
        """The median processor time of all threads; unlike seconds, it hardly depends on what else is running."""
        return _median([run.cpu_seconds for run in self.runs])

    @property
    def peak_mib(self) -> float | None:
        """The median over the rounds; of those until they were stopped, when they did not finish."""
        return _median([run.peak_mib for run in self.runs])

    @property
    def spilled_mib(self) -> float | None:
        """The median over the rounds of the most that was in files for temporary data."""
        return _median([run.spilled_mib for run in self.runs])

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
        found = [off for check in checks for off in check.deviation.values()]
        # Infinity is no number that JSON has; what differs is in the note.
        return max((off for off in found if off != float("inf")), default=0.0) if checks else None

    @property
    def note(self) -> str:
        """Why there are no seconds, or what differs; empty when all is well."""
        failed = [run.note for run in self.runs if run.note]
        problems = [found for check in (self.sample, self.others) if check is not None for found in check.problems]
        parts = [text for text in (self.reason, *failed[:1], self.problem, *problems[:2]) if text]
        if len(problems) > 2:
            parts.append(f"and {len(problems) - 2} more")
        return "; ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the record as it stands in the report."""
        return {
            "workload": self.workload,
            "scale": self.scale,
            "tool": self.tool,
            "seconds": rounded(self.seconds, 4),
            "peak_mib": rounded(self.peak_mib, 1),
            "spilled_mib": rounded(self.spilled_mib, 1),
            "agrees": self.agrees,
            "deviation": self.deviation,
            "cpu_seconds": rounded(self.cpu_seconds, 4),
            "at_least_seconds": rounded(self.at_least, 4),
            "runs": [
                {
                    "seconds": rounded(run.seconds, 4),
                    "peak_mib": rounded(run.peak_mib, 1),
                    "spilled_mib": rounded(run.spilled_mib, 1),
                }
                for run in self.runs
            ],
            "note": self.note,
        }


def rounded(value: float | None, digits: int = 3) -> float | None:
    """Return a number with so many digits after the point, or None."""
    return None if value is None else round(value, digits)


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known and len(known) == len(values) else None
