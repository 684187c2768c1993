"""The stages of a job as a graph, drawn as SVG: boxes in columns, each to the right of what it reads."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rich.cells import cell_len, set_cell_size

from onefold.analysis import headline
from onefold.execution.edges import Edge
from onefold.execution.stages import ARROW, PYTHON, Stage
from onefold.plan import Project, Relation

__all__ = ["drawn", "size_text"]

CHARACTER = 6.9
"""How wide a character of the font is at most, in pixels: monospace fonts of 11 pixels are 5.5 to 6.7 wide."""
LINE = 15
PADDING = 10
BOX_CHARACTERS = 34
BOX_WIDTH = BOX_CHARACTERS * CHARACTER + 2 * PADDING
SPACE = 22
LANE = 18
"""How high the way of an edge is, where it passes a column or arrives at a box."""

COLOURS = ("#4e79a7", "#e08214", "#59a14f", "#b07aa1", "#d1495b", "#2a9d8f")
NO_ENGINE = "#888888"


class Report(Protocol):
    """What is drawn of a stage."""

    @property
    def stage(self) -> Stage:
        """The stage."""
        ...

    @property
    def passed(self) -> str:
        """What it gave."""
        ...

    @property
    def reads(self) -> Mapping[str, Edge | None]:
        """What it read."""
        ...


@dataclass(slots=True)
class _Box:
    """A box, or (without lines) a place where an edge passes a column."""

    name: str
    depth: int
    lines: tuple[str, ...] = ()
    title: str = ""
    colour: str = NO_ENGINE
    reads: list[tuple[_Box, str]] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        if not self.lines:
            return LANE
        return max(len(self.lines) * LINE, len(self.reads) * LANE) + 2 * PADDING

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def size_text(size: float) -> str:
    """Return a number of bytes for people.

    Examples:
        >>> size_text(0), size_text(2048), size_text(3.5 * 2**30)
        ('0 B', '2.0 KiB', '3.5 GiB')
    """
    if size < 1024:
        return f"{size:.0f} B"
    for unit in ("KiB", "MiB", "GiB"):
        size /= 1024
        if size < 1024:
            return f"{size:,.1f} {unit}"
    return f"{size / 1024:,.1f} TiB"


def drawn(reports: Sequence[Report]) -> str:
    """Return the graph of stages as an SVG element; colours follow the text around it, light or dark."""
    boxes = _boxes(reports)
    labels = [label for box in boxes for _, label in box.reads]
    gap = max([56.0, *(cell_len(label) * CHARACTER + 30 for label in labels)])
    columns = _columns(boxes)
    total = max(sum(box.height + SPACE for box in column) for column in columns)
    for number, column in enumerate(columns):
        y = (total - sum(box.height + SPACE for box in column)) / 2 + SPACE / 2
        for box in column:
            box.x, box.y = 1 + number * (BOX_WIDTH + gap), y
            y += box.height + SPACE
    width = len(columns) * BOX_WIDTH + (len(columns) - 1) * gap + 2
    parts = [*(_edges(box) for box in boxes), *(_drawn_box(box) for box in boxes if box.lines)]
    return (
        f'<div style="overflow-x:auto"><svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{total:.0f}" '
        f'viewBox="0 0 {width:.0f} {total:.0f}" role="img" aria-label="The stages and what they read" '
        'font-family="ui-monospace,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" font-size="11" '
        f'fill="currentColor">{"".join(parts)}</svg></div>'
    )


def _boxes(reports: Sequence[Report]) -> list[_Box]:
    """Return all boxes, and the places where edges pass columns, each after those that it reads."""
    found: dict[str, _Box] = {}
    passing: list[_Box] = []
    colours: dict[str, str] = {}
    for report in reports:
        stage = report.stage
        depth = max([0, *(found[name].depth for name in report.reads if name in found)]) + 1
        for name in report.reads:
            found.setdefault(name, _Box(name, depth - 1, (name, "data in memory"), name))
        what = headline(_telling(stage.plan))[0]
        lines = (f"stage {stage.id} on {stage.engine}", what, *filter(None, (stage.reason, report.passed)))
        box = found[stage.name] = _Box(stage.name, depth, lines, "\n".join(lines))
        if stage.engine not in (PYTHON, ARROW):
            box.colour = colours.setdefault(stage.engine, COLOURS[len(colours) % len(COLOURS)])
        for name, edge in report.reads.items():
            source = found[name]
            for column in range(source.depth + 1, depth):
                source = _Box(f"{name} to {stage.name}", column, reads=[(source, "")])
                passing.append(source)
            box.reads.append((source, _label(edge)))
    return [*passing, *found.values()]


def _telling(plan: Relation) -> Relation:
    """Return the relation of a plan that says most about it: a projection says little."""
    while isinstance(plan, Project):
        plan = plan.input
    return plan


def _label(edge: Edge | None) -> str:
    if edge is None:
        return ""
    return f"{edge.traffic.rows:,} rows, {size_text(edge.traffic.bytes)}"


def _columns(boxes: list[_Box]) -> list[list[_Box]]:
    """Return the boxes by depth, in each column near to what they read."""
    columns: list[list[_Box]] = [[] for _ in range(max(box.depth for box in boxes) + 1)]
    for box in boxes:
        columns[box.depth].append(box)
    columns = [column for column in columns if column]  # the first one is empty where nothing is in memory
    places = {id(box): place for place, box in enumerate(columns[0])}
    for column in columns[1:]:
        column.sort(key=lambda box: sum(places.get(id(source), 0) for source, _ in box.reads) / max(1, len(box.reads)))
        places.update({id(box): place for place, box in enumerate(column)})
    for column in columns:
        for box in column:
            box.reads.sort(key=lambda read: places[id(read[0])])
    return columns


def _edges(box: _Box) -> str:
    """Return the lines from what a box reads, each to a place of its own on the left side."""
    parts = []
    first = box.middle - (len(box.reads) - 1) * LANE / 2
    for number, (source, label) in enumerate(box.reads):
        x1, y1, x2, y2 = source.x + BOX_WIDTH, source.middle, box.x, first + number * LANE
        bend = min(24.0, (x2 - x1) / 2)
        parts.append(
            f'<path d="M{x1:.1f} {y1:.1f} C{x1 + bend:.1f} {y1:.1f} {x1 + bend / 2:.1f} {y2:.1f} {x1 + 1.5 * bend:.1f} {y2:.1f} '
            f'H{x2 + (0 if box.lines else BOX_WIDTH):.1f}" fill="none" stroke="currentColor" stroke-opacity=".55"/>'
        )
        if box.lines:
            parts.append(f'<path d="M{x2 - 6:.1f} {y2 - 3:.1f} L{x2:.1f} {y2:.1f} L{x2 - 6:.1f} {y2 + 3:.1f} Z"/>')
        if label:
            parts.append(
                f'<text x="{x2 - 9:.1f}" y="{y2 - 4:.1f}" text-anchor="end" fill-opacity=".8">{html.escape(label)}</text>'
            )
    return "".join(parts)


def _drawn_box(box: _Box) -> str:
    top = box.y + (box.height - len(box.lines) * LINE) / 2
    faint = 'fill-opacity=".75"'
    styles = ('font-weight="bold"', 'fill-opacity="1"')
    texts = "".join(
        f'<text x="{box.x + PADDING + 4:.1f}" y="{top + (number + 0.75) * LINE:.1f}" '
        f"{styles[number] if number < len(styles) else faint}>{html.escape(_cut(line))}</text>"
        for number, line in enumerate(box.lines)
    )
    return (
        f"<g><title>{html.escape(box.title)}</title>"
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{BOX_WIDTH:.1f}" height="{box.height:.1f}" rx="6" fill="{box.colour}" '
        f'fill-opacity=".12" stroke="{box.colour}" stroke-width="1.5"/>{texts}</g>'
    )


def _cut(line: str) -> str:
    """Return a line that fits into a box, wide characters counted twice."""
    flat = " ".join(line.split())
    return flat if cell_len(flat) <= BOX_CHARACTERS else set_cell_size(flat, BOX_CHARACTERS - 1).rstrip() + "…"
