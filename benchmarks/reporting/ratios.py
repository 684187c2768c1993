"""onefold beside the others: how many times as long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.reporting.records import Record
from benchmarks.tools import FLOOR, OURS, TOOLS

__all__ = ["best", "by_workload", "ours_of", "ratios"]


def by_workload(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return the records of each workload."""
    grouped: dict[str, list[Record]] = {}
    for record in records:
        grouped.setdefault(record.workload, []).append(record)
    return grouped


def ours_of(records: Sequence[Record]) -> Record | None:
    """Return the record of onefold among those of one workload: on rift, or else on Spark; None when there is none."""
    found = {record.tool: record for record in records}
    return found.get(OURS) or found.get("onefold-spark")


def best(records: Iterable[Record], wanted: Callable[[str], bool] = lambda _: True) -> Record | None:
    """Return the fastest peer that gives the right values; one that was stopped when none finished; or None.

    Args:
        records: Those of one workload.
        wanted: Which tools are looked at, of those that are peers.
    """
    peers = [record for record in records if TOOLS[record.tool].peer and wanted(record.tool)]
    finished = [record for record in peers if record.seconds is not None and record.agrees]
    stopped = [record for record in peers if record.seconds is None and record.at_least is not None]
    return min(finished or stopped, key=lambda record: record.at_least or 0.0, default=None)


def ratios(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return onefold's time and memory as multiples of the best peer's, the floor's and each other tool's.

    Below 1, onefold needs less. For a tool that was stopped, the time limit stands in (``bound``): the true ratio is
    smaller.
    """
    found = []
    for workload, group in by_workload(records).items():
        ours = ours_of(group)
        if ours is None or not ours.seconds:
            continue
        named = [("best peer", best(group)), ("floor", next((one for one in group if one.tool == FLOOR), None))]
        for against, other in (*named, *((one.tool, one) for one in group if one is not ours)):
            if other is None or not other.at_least:
                continue
            found.append(
                {
                    "workload": workload,
                    "tool": ours.tool,
                    "against": against,
                    "is": other.tool,
                    "seconds": round(ours.seconds / other.at_least, 4),
                    "peak_mib": round(ours.peak_mib / other.peak_mib, 4) if ours.peak_mib and other.peak_mib else None,
                    "bound": other.seconds is None,
                }
            )
    return found
