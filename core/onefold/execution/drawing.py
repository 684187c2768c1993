"""The stages of a job as a graph: boxes in columns, each to the right of what it reads, and lines that say how much.

It is HTML over SVG, in the colours of the page, light or dark. A box under the pointer tells all that it has no room
for, and its lines stand out: that is CSS. A click unfolds what the page says of the stage below the graph; where
notebooks take scripts away, the link does that, or the reader.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rich.cells import cell_len

from onefold.analysis import headline
from onefold.execution.edges import Edge
from onefold.execution.stages import ARROW, PYTHON, Stage
from onefold.plan import AsOfJoin, Project, Relation, Scan, TrailingAggregate

__all__ = ["drawn", "size_text"]

CHARACTER = 6.9
"""How wide a character of a label is at most, in pixels: fonts of 11 pixels are 5.5 to 6.7 wide."""
LINE = 18
PADDING = 9
BOX_WIDTH = 206
SPACE = 22
LANE = 30
"""How high the way of an edge is, where it passes a column or arrives at a box."""

COLOURS = ("#4e79a7", "#e08214", "#59a14f", "#b07aa1", "#d1495b", "#2a9d8f")
NO_ENGINE = "#888888"

MOST_LINES = 3
"""How much is told of a box under the pointer; all of it stands in what the page says of the stage."""

_STYLE = """
.onefold-graph .box { transition: box-shadow .12s }
.onefold-graph a.box { cursor: pointer }
.onefold-graph a.box:hover, .onefold-graph a.box:focus-visible { box-shadow: 0 1px 7px #8889; outline: none }
.onefold-graph .edge { transition: opacity .12s }
.onefold-graph:has(.box:hover) .edge { opacity: .2 }
.onefold-graph .telling { min-height: 5.8em; line-height: 1.45; font-size: .9em; margin: .2em 0 .6em }
.onefold-graph .hint { display: block !important }
.onefold-graph:has(.box:hover) .hint { display: none !important }
"""
_STYLE_OF_ONE = """
.onefold-graph:has(.box.{key}:hover) .edge.{key} {{ opacity: 1; stroke-width: 1.8 }}
.onefold-graph:has(.box.{key}:hover) .told.{key} {{ display: block !important }}
.onefold-explain:has(details.{key}[open]) a.box.{key} {{ box-shadow: 0 0 0 2px {colour} }}
"""
_UNFOLD = (
    "const it = this.closest('.onefold-explain').querySelector('details.{key}'); it.open = !it.open; "
    "if (it.open) it.scrollIntoView({{block: 'nearest', behavior: 'smooth'}}); return false"
)
_ONE_LINE = "overflow:hidden;white-space:nowrap;text-overflow:ellipsis"


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
    """A box, or (without lines) a place where an edge passes a column.

    ``key`` is the class of the box and of its edges; a place has those of both ends.
    """

    key: str
    depth: int
    lines: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    colour: str = NO_ENGINE
    is_stage: bool = False
    reads: list[tuple[_Box, tuple[str, ...]]] = field(default_factory=list)
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


def drawn(reports: Sequence[Report], anchor: str) -> str:
    """Return the graph of stages as HTML.

    Args:
        reports: The stages, each after those that it reads.
        anchor: What the page says of stage 3 has the id ``<anchor>-s3`` within a ``details`` of the class ``s3``.
    """
    boxes = _boxes(reports)
    labels = [line for box in boxes for _, label in box.reads for line in label]
    gap = max([56.0, *(cell_len(label) * CHARACTER + 26 for label in labels)])
    columns = _columns(boxes)
    total = max(sum(box.height + SPACE for box in column) for column in columns)
    for number, column in enumerate(columns):
        y = (total - sum(box.height + SPACE for box in column)) / 2 + SPACE / 2
        for box in column:
            box.x, box.y = 2 + number * (BOX_WIDTH + gap), y
            y += box.height + SPACE
    width = len(columns) * BOX_WIDTH + (len(columns) - 1) * gap + 4
    shown = [box for box in boxes if box.lines]
    style = _STYLE + "".join(_STYLE_OF_ONE.format(key=box.key, colour=box.colour) for box in shown)
    return (
        f'<style>{style}</style><div class="onefold-graph" style="overflow-x:auto">'
        f'<div style="position:relative;width:{width:.0f}px;height:{total:.0f}px;font-size:11.5px;line-height:{LINE}px">'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{total:.0f}" '
        f'viewBox="0 0 {width:.0f} {total:.0f}" role="img" aria-label="What each stage reads" '
        'style="position:absolute;left:0;top:0" font-family="system-ui,sans-serif" font-size="11" fill="currentColor" '
        f'stroke-width="1">{"".join(_edges(box) for box in boxes)}</svg>'
        f"{''.join(_drawn_box(box, anchor) for box in shown)}</div>"
        '<div class="telling">'
        '<div class="hint" style="display:none;opacity:.6">Point at a box to see what it does, click a stage for its '
        f"plan and query.</div>{''.join(_told(box) for box in shown)}</div></div>"
    )


def _boxes(reports: Sequence[Report]) -> list[_Box]:
    """Return all boxes, and the places where edges pass columns, each after those that it reads."""
    found: dict[str, _Box] = {}
    passing: list[_Box] = []
    sources: list[_Box] = []
    colours: dict[str, str] = {}
    for report in reports:
        stage = report.stage
        scans = _scans(stage.plan)
        depth = max([0, *(found[name].depth for name in report.reads if name in found)])
        depth += bool(report.reads or scans)
        for name in report.reads:
            if name not in found:
                lines = (name, "data in memory")
                found[name] = _Box(f"i{len(found)}", depth - 1, lines, lines)
        what = _what(stage.plan)
        title = f"stage {stage.id} on {stage.engine}"
        further = tuple(filter(None, (stage.reason, report.passed)))
        box = found[stage.name] = _Box(f"s{stage.id}", depth, (title, what[0], *further), is_stage=True)
        box.told = (" · ".join((title, *further)), *what[:MOST_LINES])
        if stage.engine not in (PYTHON, ARROW):
            box.colour = colours.setdefault(stage.engine, COLOURS[len(colours) % len(COLOURS)])
        for name, edge in report.reads.items():
            source = found[name]
            for column in range(source.depth + 1, depth):
                source = _Box(f"{found[name].key} {box.key}", column, reads=[(source, ())])
                passing.append(source)
            box.reads.append((source, _label(edge)))
        for name, same in scans.items():
            made = _source(f"r{len(sources)}", depth - 1, name, same)
            sources.append(made)
            box.reads.append((made, ()))
    return [*sources, *passing, *found.values()]


def _scans(plan: Relation) -> dict[str, list[Scan]]:
    """Return what a plan reads from outside, by the name of the source."""
    found: dict[str, list[Scan]] = {}
    for relation in plan.walk():
        if isinstance(relation, Scan) and relation not in found.setdefault(relation.table.name, []):
            found[relation.table.name].append(relation)
    return found


def _source(key: str, depth: int, name: str, scans: Sequence[Scan]) -> _Box:
    """Return the box of a source that a stage reads, perhaps for several views."""
    table = scans[0].table
    columns = {column for scan in scans for column in scan.output.names}
    about = f"{table.format}, {len(columns)} of {len(table.columns)} columns"
    told = dict.fromkeys(line for scan in scans for line in headline(scan)[1:])
    return _Box(key, depth, (name, about), (f"{name} · {table.format}", *list(told)[:MOST_LINES]))


def _what(plan: Relation) -> list[str]:
    """Return what a plan does, the most telling line first: a projection says little, and of many joins one does."""
    joins = [relation for relation in plan.walk() if isinstance(relation, TrailingAggregate | AsOfJoin)]
    if len(joins) > 1:
        count = sum(len(join.measures if isinstance(join, TrailingAggregate) else join.columns) for join in joins)
        return [f"{count:,} features in {len(joins):,} steps", *(headline(join)[0] for join in joins)]
    while isinstance(plan, Project):
        plan = plan.input
    return headline(plan)


def _label(edge: Edge | None) -> tuple[str, ...]:
    """Return what stands above and below the line of an edge."""
    return () if edge is None else (f"{edge.traffic.rows:,} rows", size_text(edge.traffic.bytes))


def _columns(boxes: list[_Box]) -> list[list[_Box]]:
    """Return the boxes by depth, in each column near to what they read."""
    columns: list[list[_Box]] = [[] for _ in range(max(box.depth for box in boxes) + 1)]
    for box in boxes:
        columns[box.depth].append(box)
    columns = [column for column in columns if column]
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
        end = x2 - 6 if box.lines else x2 + BOX_WIDTH
        path = (
            f'<path d="M{x1:.1f} {y1:.1f} C{x1 + bend:.1f} {y1:.1f} {x1 + bend / 2:.1f} {y2:.1f} {x1 + 1.5 * bend:.1f} {y2:.1f} '
            f'H{end:.1f}" fill="none" stroke="currentColor" stroke-opacity=".5"/>'
        )
        if box.lines:
            path += f'<path d="M{x2 - 7:.1f} {y2 - 3.5:.1f} L{x2:.1f} {y2:.1f} L{x2 - 7:.1f} {y2 + 3.5:.1f} Z" fill-opacity=".7"/>'
        for line, y in zip(label, (y2 - 4, y2 + 12), strict=False):
            path += (
                f'<text x="{x2 - 10:.1f}" y="{y:.1f}" text-anchor="end" fill-opacity=".8">{html.escape(line)}</text>'
            )
        keys = " ".join(dict.fromkeys(f"{source.key} {box.key}".split()))
        parts.append(f'<g class="edge {keys}">{path}</g>\n')
    return "".join(parts)


def _drawn_box(box: _Box, anchor: str) -> str:
    where = f"position:absolute;left:{box.x:.1f}px;top:{box.y:.1f}px;width:{BOX_WIDTH}px;height:{box.height:.1f}px"
    border = f"1px solid {box.colour};border-left-width:4px" if box.is_stage else f"1px dashed {box.colour}"
    style = (
        f"{where};box-sizing:border-box;border:{border};border-radius:6px;background:{box.colour}1f;padding:0 9px 0 11px;"
        "display:flex;flex-direction:column;justify-content:center;color:inherit;text-decoration:none"
    )
    texts = "".join(_box_lines(box))
    if not box.is_stage:
        return f'<div class="box {box.key}" style="{style}">{texts}</div>'
    return (
        f'<a class="box {box.key}" style="{style}" href="#{anchor}-{box.key}" '
        f'onclick="{_UNFOLD.format(key=box.key)}">{texts}</a>'
    )


def _box_lines(box: _Box) -> Iterator[str]:
    for number, line in enumerate(box.lines):
        look = "font-weight:600" if number == 0 else "opacity:.8;font-variant-numeric:tabular-nums"
        yield f'<div style="{_ONE_LINE};{look}">{html.escape(" ".join(line.split()))}</div>\n'


def _told(box: _Box) -> str:
    first, *others = box.told
    lines = "".join(f"<div>{html.escape(line)}</div>" for line in others)
    return f'<div class="told {box.key}" style="display:none"><b>{html.escape(first)}</b>{lines}</div>'
