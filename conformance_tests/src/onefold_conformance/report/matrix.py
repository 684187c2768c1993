"""Several reports side by side: what each backend was seen to do, capability by capability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

from onefold.errors import ConfigurationError
from onefold_conformance.case.model import LEVELS
from onefold_conformance.report.markdown import code, inline, table_head, table_row
from onefold_conformance.report.model import FAILING, Report
from onefold_conformance.report.observed import GROUPS, Cell, cell_of, cells_of, grouped
from onefold_conformance.report.page import SIGNS, cell_class, cell_note, escaped, legend, page
from onefold_conformance.report.wording import counted, headline, level_name, level_reached, moment
from onefold_conformance.report.write import write_text

__all__ = ["LevelCell", "Matrix", "matrix_html", "matrix_markdown", "matrix_of", "write_matrix"]

_LEVEL_SIGNS = {"reached": "✓", "not reached": "–", "not run": "·"}


@dataclass(frozen=True, slots=True)
class LevelCell:
    """Whether a backend reached a level.

    Args:
        state: ``"reached"``, ``"not reached"``, or ``"not run"`` when not all of its cases were run.
        detail: Why it was not reached, in sentences.
        failing: Whether a case of this level fails the run; without one, something is not offered.
    """

    state: Literal["reached", "not reached", "not run"]
    detail: str = ""
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Reports side by side.

    Args:
        reports: The columns.
        levels: For each level, a cell per report.
        groups: For each group of capabilities, its rows: the capability and a cell per report.
    """

    reports: tuple[Report, ...]
    levels: dict[int, tuple[LevelCell, ...]]
    groups: dict[str, dict[str, tuple[Cell, ...]]]


def matrix_of(reports: Sequence[Report]) -> Matrix:
    """Return reports side by side: a row for each capability that any of them knows.

    Raises:
        ConfigurationError: If there is no report.
    """
    if not reports:
        raise ConfigurationError("A matrix is made from at least one report.json.")
    columns = [cells_of(report) for report in reports]
    unknown = cell_of(None)
    groups = {
        group: {name: tuple(column.get(name, unknown) for column in columns) for name in names}
        for group, names in grouped(chain.from_iterable(columns)).items()
    }
    levels = {level: tuple(_level_cell(report, level) for report in reports) for level in LEVELS}
    return Matrix(tuple(reports), levels, groups)


def _level_cell(report: Report, level: int) -> LevelCell:
    if report.level is not None and level <= report.level:
        return LevelCell("reached")
    detail = " ".join(report.missing.get(str(level), ()))
    failing = any(case.level == level and case.status in FAILING for case in report.cases)
    return LevelCell("not reached" if level in report.levels_run else "not run", detail, failing)


def write_matrix(reports: Sequence[Report], path: Path) -> None:
    """Write reports side by side, as HTML or Markdown by the suffix of the file.

    Raises:
        ConfigurationError: If the suffix is another one, there is no report, or the file can not be written.
    """
    formats = {".html": matrix_html, ".md": matrix_markdown}
    if path.suffix not in formats:
        raise ConfigurationError(f"A matrix is written as .html or .md, not as {path.name!r}.")
    write_text(path, formats[path.suffix](reports))


def matrix_html(reports: Sequence[Report]) -> str:
    """Return reports side by side as a page that needs nothing but itself.

    Raises:
        ConfigurationError: If there is no report.
    """
    matrix = matrix_of(reports)
    span = len(matrix.reports) + 1
    heads = "".join(f"<th scope=col>{_column_head(report)}</th>" for report in matrix.reports)
    body = [_rowgroup("Levels", span), *(_level_row(level, cells) for level, cells in matrix.levels.items())]
    body.append(_row("All cases", "".join(f"<td>{_tally(report)}</td>" for report in matrix.reports)))
    for group, rows in matrix.groups.items():
        body.append(_rowgroup(GROUPS.get(group, group.capitalize()), span))
        body += [
            _row(
                f"<code>{escaped(name)}</code>",
                "".join(
                    f'<td class="cell {cell_class(cell)}" data-sign="{SIGNS[cell.kind]}" title="{escaped(cell_note(cell))}">'
                    f"{cell.kind}{f'<small>{cell.share}</small>' if cell.share else ''}</td>"
                    for cell in cells
                ),
            )
            for name, cells in rows.items()
        ]
    names = ", ".join(report.backend for report in matrix.reports)
    return page(
        title=f"Conformance matrix: {names}",
        head=(
            '<p class="eyebrow">onefold conformance matrix</p><h1>What each engine was seen to do</h1>'
            f'<p class="lead">{counted(len(matrix.reports), "backend")}, '
            f"{counted(sum(map(len, matrix.groups.values())), 'capability', 'capabilities')}. "
            "Every cell is made from the results of cases, none from a declaration alone.</p>"
        ),
        body=(
            f"{legend()}<table class=matrix><caption class=hidden>Capabilities by backend</caption>"
            f"<thead><tr><th scope=col>Capability</th>{heads}</tr></thead>{''.join(body)}</tbody></table>{_details(matrix)}"
        ),
        wide=True,
        foot="<p>A cell's title holds the number of cases and what was declared.</p>",
    )


def _rowgroup(title: str, span: int) -> str:
    close = "" if title == "Levels" else "</tbody>"
    return f'{close}<tbody><tr><th scope=rowgroup colspan="{span}">{escaped(title)}</th></tr>'


def _row(head: str, cells: str) -> str:
    return f"<tr><th scope=row>{head}</th>{cells}</tr>"


def _column_head(report: Report) -> str:
    version = f"<small>engine {escaped(report.engine_version)}</small>" if report.engine_version else ""
    distribution = f"<small>{escaped(report.distribution)}</small>" if report.distribution else ""
    level = " no-level" if report.level is None else ""
    return f'{escaped(report.backend)}{version}{distribution}<span class="badge{level}"><span>{level_reached(report)}</span></span>'


def _level_row(level: int, cells: tuple[LevelCell, ...]) -> str:
    classes = {"reached": "full", "not reached": "refused", "not run": "not-run"}
    return _row(
        level_name(level),
        "".join(
            f'<td class="cell {"failing" if cell.failing else classes[cell.state]}" data-sign="{_LEVEL_SIGNS[cell.state]}" title="{escaped(cell.detail)}">'
            f"{cell.state}</td>"
            for cell in cells
        ),
    )


def _tally(report: Report) -> str:
    failing = sum(case.status in FAILING for case in report.cases)
    said = f"{failing:,} failing" if failing else "none failing"
    return f"{len(report.cases):,}<small>{said}</small>"


def _details(matrix: Matrix) -> str:
    """Return what is known of each report, and why levels are missing: what titles alone would keep from keyboards."""
    parts = []
    for column, report in enumerate(matrix.reports):
        reasons = "".join(
            f"<li><b>{level_name(level)}:</b> {escaped(cells[column].detail)}</li>"
            for level, cells in matrix.levels.items()
            if cells[column].detail
        )
        remarks = "".join(
            f"<li><code>{escaped(name)}</code> {cells[column].kind}: {escaped(cell_note(cells[column]))}</li>"
            for rows in matrix.groups.values()
            for name, cells in rows.items()
            if cells[column].kind in ("failing", "deviation", "emulated")
        )
        more = f"<details><summary>What is not simply full</summary><ul>{remarks}</ul></details>" if remarks else ""
        parts.append(
            f'<div class="group"><h3>{escaped(report.backend)} <span class="number">'
            f"revision {report.suite_revision} of the cases, target {report.target_revision}, "
            f"{escaped(moment(report.started))}</span></h3><p>{escaped(headline(report))}</p>"
            f"{f'<ul>{reasons}</ul>' if reasons else ''}{more}</div>"
        )
    return f"<h2>The reports</h2>{''.join(parts)}"


def matrix_markdown(reports: Sequence[Report]) -> str:
    """Return reports side by side as Markdown tables.

    Raises:
        ConfigurationError: If there is no report.
    """
    matrix = matrix_of(reports)
    heads = [f"{inline(report.backend)} {inline(report.engine_version)}".strip() for report in matrix.reports]
    lines = ["# Conformance matrix", "", *table_head("Level", *heads)]
    for level, cells in matrix.levels.items():
        lines.append(table_row(level_name(level), *(f"{_LEVEL_SIGNS[cell.state]} {cell.state}" for cell in cells)))
    for group, rows in matrix.groups.items():
        lines += ["", f"## {inline(GROUPS.get(group, group.capitalize()))}", "", *table_head("Capability", *heads)]
        lines += [
            table_row(code(name), *(f"{SIGNS[cell.kind]} {cell.kind} {cell.share}".strip() for cell in cells))
            for name, cells in rows.items()
        ]
    return "\n".join(lines) + "\n"
