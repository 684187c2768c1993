"""Curves as a drawing: one small plot each, both axes logarithmic, with a line of what linear growth would be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from benchmarks.curves.sizes import Curve, Point

__all__ = ["draw"]

_WIDTH: Final = 340
_HEIGHT: Final = 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 34, 40
_COLUMNS: Final = 3

# Colours that can be read on a light page and on a dark one.
_LINE: Final = "#d9480f"
_PALE: Final = "#868e96"


def draw(points: Sequence[Point], curves: Mapping[str, Curve]) -> str:
    """Return an SVG document with a plot for each curve that has points."""
    names = [name for name in curves if any(point.curve == name for point in points)]
    rows = -(-len(names) // _COLUMNS)
    parts = []
    for number, name in enumerate(names):
        x, y = number % _COLUMNS * _WIDTH, number // _COLUMNS * _HEIGHT
        drawn = _plot([point for point in points if point.curve == name], curves[name])
        parts.append(f'<g transform="translate({x} {y})">{drawn}</g>')
    width, height = _WIDTH * min(_COLUMNS, max(1, len(names))), _HEIGHT * max(1, rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{_PALE}">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _plot(points: Sequence[Point], curve: Curve) -> str:
    values = [point.value for point in points]
    seconds = [point.seconds for point in points]
    low_x, high_x = math.log10(min(values)), math.log10(max(values))
    low_y = math.floor(math.log10(min(seconds)))
    high_y = max(math.ceil(math.log10(max(seconds))), low_y + 1)

    def at(value: float, second: float) -> str:
        across = (math.log10(value) - low_x) / ((high_x - low_x) or 1)
        up = (math.log10(second) - low_y) / (high_y - low_y)
        x = _LEFT + across * (_WIDTH - _LEFT - _RIGHT)
        y = _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM)
        return f"{x:.1f},{y:.1f}"

    parts = [f'<text x="{_LEFT}" y="18" font-size="12" font-weight="600">{escape(curve.title)}</text>']
    for power in range(low_y, high_y + 1):
        (x, y), end = at(values[0], 10.0**power).split(","), at(values[-1], 10.0**power).split(",")[0]
        parts.append(f'<line x1="{x}" y1="{y}" x2="{end}" y2="{y}" stroke="{_PALE}" stroke-opacity="0.25"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{float(y) + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    for value in values:
        x = at(value, seconds[0]).split(",")[0]
        parts.append(f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{_short(value)}</text>')
    if curve.linear:
        most = min(values[-1], values[0] * 10.0**high_y / seconds[0])
        ends = f"{at(values[0], seconds[0])} {at(most, seconds[0] * most / values[0])}"
        parts.append(f'<polyline points="{ends}" fill="none" stroke="{_PALE}" stroke-dasharray="3 4"/>')
    path = " ".join(at(point.value, point.seconds) for point in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{_LINE}" stroke-width="2"/>')
    for point in points:
        x, y = at(point.value, point.seconds).split(",")
        said = f"{point.value:,}: {point.seconds:.3g} s, {point.peak_mib:,.0f} MiB"
        parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{_LINE}"><title>{escape(said)}</title></circle>')
    return "".join(parts)


def _short(value: int) -> str:
    for size, letter in ((10**6, "M"), (10**3, "k")):
        if value >= size and value % (size // 10) == 0:
            return f"{value / size:g}{letter}"
    return f"{value:,}"
