"""Which workloads and suites there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.suites.several import SEVERAL
from benchmarks.suites.trailing import TRAILING
from benchmarks.tools import TOOLS

__all__ = ["SUITES", "WORKLOADS", "Suite"]

WORKLOADS: Final = {workload.name: workload for workload in (*TRAILING, *SEVERAL)}


@dataclass(frozen=True, slots=True)
class Suite:
    """Workloads and tools that belong together.

    Args:
        name: Its name.
        title: What it is, for readers.
        workloads: Their names.
        tools: Their names.
    """

    name: str
    title: str
    workloads: tuple[str, ...]
    tools: tuple[str, ...]


SUITES: Final[dict[str, Suite]] = {
    suite.name: suite
    for suite in (
        Suite(
            "core",
            "onefold on one machine, beside all peers",
            tuple(WORKLOADS),
            tuple(name for name in TOOLS if name != "onefold-spark"),
        ),
        Suite(
            "spark",
            "onefold on Spark, local[2], beside Spark SQL",
            ("sums-6", "even-keys", "heavy-key"),
            ("onefold-spark", "spark-sql"),
        ),
    )
}
