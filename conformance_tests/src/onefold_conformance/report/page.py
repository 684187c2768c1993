"""What all HTML pages share: the frame, the style, escaping, and how a cell looks."""

from __future__ import annotations

import html
from collections.abc import Mapping
from importlib.resources import files

from onefold_conformance.report.observed import CELL_KINDS, Cell, CellKind
from onefold_conformance.report.wording import printable

__all__ = ["SIGNS", "cell_class", "cell_note", "escaped", "legend", "page", "resource"]

SIGNS: Mapping[CellKind, str] = {
    "full": "✓",
    "emulated": "≈",
    "refused": "–",
    "deviation": "!",
    "failing": "✗",
    "not run": "·",
}
"""What tells cells apart without colours."""

_MEANINGS: Mapping[CellKind, str] = {
    "full": "works",
    "emulated": "works, by other means than the engine's own operation",
    "refused": "not offered, and refused",
    "deviation": "a known deviation",
    "failing": "a case that needs it fails the run",
    "not run": "nothing shown",
}


def escaped(text: str) -> str:
    """Return a text as HTML, fit for content and for attributes in double quotes."""
    return html.escape(printable(text))


def cell_class(cell: Cell) -> str:
    """Return the classes of a cell."""
    return f"{cell.kind.replace(' ', '-')}{'' if cell.suspect else ' weak'}"


def resource(name: str) -> str:
    """Return the text of a file that lies beside this module."""
    return files("onefold_conformance.report").joinpath(name).read_text("utf-8")


def legend() -> str:
    """Return the legend of cells."""
    items = "".join(
        f'<li><span class="tile {kind.replace(" ", "-")}" data-sign="{SIGNS[kind]}">{kind}</span>{_MEANINGS[kind]}</li>'
        for kind in CELL_KINDS
    )
    weak = '<li><span class="tile failing weak" data-sign="✗">failing</span>outlined: more likely for the sake of another</li>'
    return f'<ul class="legend" aria-label="Legend">{items}{weak}</ul>'


def cell_note(cell: Cell) -> str:
    """Return all that is known of a cell, as text."""
    such = f" Such as: {', '.join(cell.examples)}." if cell.examples else ""
    weak = "" if cell.suspect else " Each of these also needs what passes less often."
    return f"{cell.detail}{such}{weak}"


def page(*, title: str, head: str, body: str, foot: str, script: str = "", wide: bool = False) -> str:
    """Return a whole page, which needs nothing but itself.

    Args:
        title: Its title, as text.
        head: What stands in its header, as HTML.
        body: What stands in its main part, as HTML.
        foot: What stands in its footer, as HTML.
        script: A script to end with.
        wide: Whether it may be as wide as the window.
    """
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escaped(title)}</title>
<link rel="icon" href="data:,">
<style>
{resource("page.css")}</style>
</head>
<body{' class="wide"' if wide else ""}>
<a class="skip" href="#main">Skip to the results</a>
<header class="top">
{head}
</header>
<main id="main">
{body}
</main>
<footer>
{foot}
</footer>
{f"<script>{chr(10)}{script}</script>{chr(10)}" if script else ""}</body>
</html>
"""
