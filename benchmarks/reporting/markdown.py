"""The results as a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.reporting.ratios import by_workload, ours_of
from benchmarks.reporting.records import Record
from benchmarks.reporting.tables import HEADINGS, TARGET_HEADINGS, cells, target_cells

__all__ = ["markdown"]


def markdown(
    records: Iterable[Record],
    titles: Mapping[str, str],
    compared: Sequence[Mapping[str, Any]],
    reached: Iterable[Mapping[str, Any]],
    run: Mapping[str, Any],
) -> str:
    """Return the page.

    Args:
        records: What was measured.
        titles: What each workload is.
        compared: The ratios.
        reached: The targets.
        run: What the report says about the run and the machine.
    """
    machine = run["environment"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    where = (
        f"{machine['processors']} processors, {machine['memory_mib']:,} MiB, Python {machine['python']}, {versions}; "
        f"seed {run['seed']}, windows {', '.join(run['windows'])}; medians of {run['rounds']} rounds. "
        "A ratio is onefold's time to the tool's: below 1, onefold is faster."
    )
    lines = [
        f"# Benchmark: suite {run['suite']}, scale {run['scale']}",
        "",
        where,
        "",
        "## Targets",
        "",
        *_table(TARGET_HEADINGS, (target_cells(target) for target in reached)),
        "",
        "## Ratios",
        "",
        *_table(("workload", "to the best peer", "which is", "to the floor"), _compared(compared)),
        "",
    ]
    for workload, group in by_workload(records).items():
        ours = ours_of(group)
        lines += [f"## {workload}", "", f"{titles[workload].capitalize()}.", ""]
        lines += [*_table(HEADINGS, (cells(record, ours) for record in group if record.runs)), ""]
        if explained := [f"- {record.tool}: {record.note}" for record in group if record.note]:
            lines += [*explained, ""]
    return "\n".join(lines)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    line = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    return [*line, *(f"| {' | '.join(row)} |" for row in rows)]


def _compared(compared: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, ...]]:
    for workload in dict.fromkeys(ratio["workload"] for ratio in compared):
        found = {ratio["against"]: ratio for ratio in compared if ratio["workload"] == workload}
        peer, floor = found.get("best peer"), found.get("floor")
        yield workload, _ratio(peer), "-" if peer is None else peer["is"], _ratio(floor)


def _ratio(ratio: Mapping[str, Any] | None) -> str:
    return "-" if ratio is None else f"{'< ' if ratio['bound'] else ''}{ratio['seconds']:.3g}"
