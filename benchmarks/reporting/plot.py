"""A plot: for each workload, the seconds of all tools on one logarithmic line, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from benchmarks.reporting.ratios import by_workload
from benchmarks.reporting.records import Record
from benchmarks.tools import TOOLS

__all__ = ["plot"]

_COLOURS: Final = (
    "#d62728", "#ff9896", "#7f7f7f", "#1f77b4", "#6baed6", "#2ca02c", "#98df8a",
    "#9467bd", "#8c564b", "#c49c94", "#e377c2", "#f7b6d2", "#bcbd22", "#ff7f0e",
)  # fmt: skip
_LEFT: Final = 170
_WIDTH: Final = 760
_ROW: Final = 24
_TOP: Final = 40


def plot(records: Iterable[Record], title: str) -> str:
    """Return the plot; a tool that was stopped is an arrow at its time limit, one with wrong values is hollow."""
    groups = by_workload(records)
    known = [record for group in groups.values() for record in group if record.at_least]
    tools = [name for name in TOOLS if any(record.tool == name for record in known)]
    seconds = [record.at_least or 1.0 for record in known] or [1.0]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    high = max(high, low + 1)
    height = _TOP + _ROW * (len(groups) + len(tools)) + 60

    def across(value: float) -> float:
        return _LEFT + _WIDTH * (math.log10(value) - low) / (high - low)

    parts = [_text(_LEFT, 20, title, size=14)]
    bottom = _TOP + _ROW * len(groups)
    for power in range(low, high + 1):
        x = across(10.0**power)
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}" stroke="#ddd"/>')
        parts.append(_text(x, bottom + 16, f"{10.0**power:g} s", anchor="middle"))
    for number, (workload, group) in enumerate(groups.items()):
        y = _TOP + _ROW * (number + 0.5)
        parts.append(_text(_LEFT - 10, y + 4, workload, anchor="end"))
        # onefold is drawn last, so that nothing lies over it.
        drawn = sorted(group, key=lambda one: not TOOLS[one.tool].peer)
        parts += [_mark(record, across(record.at_least), y, tools) for record in drawn if record.at_least]
    for number, tool in enumerate(tools):
        y = bottom + 40 + _ROW * number
        parts.append(f'<circle cx="{_LEFT}" cy="{y}" r="5" fill="{_colour(tool, tools)}"/>')
        parts.append(_text(_LEFT + 12, y + 4, tool))
    size = f'width="{_LEFT + _WIDTH + 40}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>", ""])


def _mark(record: Record, x: float, y: float, tools: Sequence[str]) -> str:
    colour = _colour(record.tool, tools)
    said = f"<title>{escape(record.tool)}: {record.at_least:.3g} s</title>"
    if record.seconds is None:
        points = f"{x - 5:.1f},{y - 5:.1f} {x + 6:.1f},{y:.1f} {x - 5:.1f},{y + 5:.1f}"
        return f'<polygon points="{points}" fill="{colour}">{said}</polygon>'
    fill = "white" if record.agrees is False else colour
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2">{said}</circle>'


def _colour(tool: str, tools: Sequence[str]) -> str:
    return _COLOURS[list(TOOLS).index(tool) % len(_COLOURS)] if tool in TOOLS else "#000"


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
