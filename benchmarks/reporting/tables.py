"""Tables for a terminal, and the cells that they share with Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rich.table import Table

from benchmarks.reporting.ratios import by_workload, ours_of
from benchmarks.reporting.records import Record

__all__ = ["HEADINGS", "TARGET_HEADINGS", "cells", "notes", "tables", "target_cells"]

HEADINGS: Final = ("tool", "seconds", "ratio", "cpu s", "peak MiB", "spilled MiB", "agrees", "off by")
TARGET_HEADINGS: Final = ("workload", "target", "limit", "measured", "met")
_LEFT: Final = ("tool", "agrees", "workload", "target", "met")


def cells(record: Record, ours: Record | None) -> tuple[str, ...]:
    """Return a record as texts, in the order of :data:`HEADINGS`; the ratio is onefold's time to the tool's."""
    seconds, bound = "-", ""
    if record.at_least is not None:
        bound = "" if record.seconds is not None else "<"
        seconds = f"{'>' if bound else ''}{record.at_least:.3g}"
    ratio = "-"
    if ours is not None and ours is not record and ours.seconds and record.at_least:
        ratio = f"{bound}{ours.seconds / record.at_least:.3g}"
    agrees = {True: "yes", False: "NO", None: "-"}[record.agrees]
    deviation = "-" if record.deviation is None else f"{record.deviation:.0e}" if record.deviation else "0"
    cpu = "-" if record.cpu_seconds is None else f"{record.cpu_seconds:.3g}"
    return record.tool, seconds, ratio, cpu, _mib(record.peak_mib), _mib(record.spilled_mib), agrees, deviation


def _mib(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def target_cells(target: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a target as texts, in the order of :data:`TARGET_HEADINGS`."""
    sign = "≥" if target["sense"] == "at least" else "≤"
    measured = "-" if target["measured"] is None else f"{target['measured']:.4g}"
    if target["bound"]:
        measured = f"{'>' if target['sense'] == 'at least' else '<'} {measured}"
    met = {True: "met", False: "NOT MET", None: "open"}[target["met"]]
    return target["workload"], target["what"], f"{sign} {target['limit']:.4g}", measured, met


def tables(records: Iterable[Record], reached: Iterable[Mapping[str, Any]]) -> list[Table]:
    """Return the results as tables, one for each workload, and one of the targets."""
    shown = []
    for workload, group in by_workload(records).items():
        ours = ours_of(group)
        shown.append(_table(workload, HEADINGS, (cells(record, ours) for record in group if record.runs)))
    shown.append(_table("targets", TARGET_HEADINGS, (target_cells(target) for target in reached)))
    return shown


def _table(title: str, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in _LEFT else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def notes(records: Iterable[Record]) -> list[str]:
    """Return a line for each record that has something to explain."""
    return [f"{record.workload}, {record.tool}: {record.note}" for record in records if record.note]
