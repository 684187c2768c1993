"""Cards and tables as HTML that takes its colours from the page around it, light or dark, and needs no script."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

from onefold.display.text import GAP, MOST, numeric_columns, value_text

__all__ = ["card", "details", "facts", "html_page", "html_table", "tree"]

_CARD = "border:1px solid #8888;border-radius:6px;padding:.6em .9em;margin:.4em 0;line-height:1.45;max-width:80em"
_TABLE = "table-layout:auto;border-collapse:collapse;margin:.2em 0;font-size:.92em;font-variant-numeric:tabular-nums"
_ROW = "background:none"
_CELL = "padding:.15em 1.1em .15em 0;border:0;vertical-align:top;white-space:pre"
_PRE = "overflow-x:auto;line-height:1.3;margin:.4em 0;background:none"
_BRANCH = "margin-left:.35em;border-left:1px solid #8886;padding-left:.9em"
_LINE = "border-bottom:1px solid #8886"


def card(title: str, subtitle: str, *parts: str) -> str:
    """Return a box with a title.

    Args:
        title: Text in bold.
        subtitle: Text behind it.
        parts: HTML.
    """
    about = f' <span style="opacity:.75">{html.escape(subtitle)}</span>' if subtitle else ""
    return f'<div class="onefold" style="{_CARD}"><div><b>{html.escape(title)}</b>{about}</div>{"".join(parts)}</div>'


def facts(lines: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return what there is to say by name, the names in a column of their own.

    Args:
        lines: Each name, and the lines of text behind it.
    """
    rows = "".join(
        f'<div style="display:flex;gap:1em"><div style="min-width:5em;opacity:.75">{html.escape(name)}</div>'
        f"<div>{'<br/>'.join(map(html.escape, texts))}</div></div>"
        for name, texts in lines
    )
    return f'<div style="margin:.5em 0">{rows}</div>'


def details(summary: str, text: str, *, opened: bool = False) -> str:
    """Return preformatted text that is folded away behind a line.

    Args:
        summary: The line.
        text: The text.
        opened: Whether it is shown at first.
    """
    shown = ' open="open"' if opened else ""
    return (
        f'<details{shown} style="margin:.3em 0"><summary>{html.escape(summary)}</summary>'
        f'<pre style="{_PRE}">{html.escape(text)}</pre></details>'
    )


def html_table(
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    gap: int | None = None,
    most: int = MOST,
    hints: Sequence[str] = (),
) -> str:
    """Return a table that scrolls sideways where it is wider than the page.

    Args:
        names: The names of the columns.
        rows: The values.
        gap: The position before which rows are left out; None: all are there.
        most: How many characters of a value are shown at most.
        hints: What is shown of each row when it is pointed at; empty: nothing of any.
    """
    sides = ["right" if right else "left" for right in numeric_columns(len(names), rows)]
    head = "".join(
        f'<th style="{_CELL};{_LINE};text-align:{side};font-weight:600">{html.escape(name)}</th>'
        for name, side in zip(names, sides, strict=True)
    )
    lines = [
        f'<tr style="{_ROW}"{_title(hint)}>'
        + "".join(
            f'<td style="{_CELL};text-align:{side}">{_cell(value, most)}</td>'
            for value, side in zip(row, sides, strict=True)
        )
        + "</tr>"
        for row, hint in zip(rows, hints or [""] * len(rows), strict=True)
    ]
    if gap is not None:
        lines.insert(
            gap,
            f'<tr style="{_ROW}"><td colspan="{len(names)}" style="{_CELL};text-align:left;opacity:.75">{GAP}</td></tr>',
        )
    return (
        f'<div style="overflow-x:auto"><table style="{_TABLE}"><thead><tr style="{_ROW}">{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def tree(title: str, subtitle: str, folded: str, below: Iterable[str]) -> str:
    """Return a step and those below it, each with text that is folded away.

    Args:
        title: What the step is, in bold.
        subtitle: Text behind it.
        folded: The text that is folded away.
        below: The steps below, as HTML.
    """
    branches = "".join(below)
    return (
        f'<div><details style="margin:.1em 0"><summary><b>{html.escape(title)}</b> '
        f'<span style="opacity:.75">{html.escape(subtitle)}</span></summary>'
        f'<pre style="{_PRE};padding-left:1.2em">{html.escape(folded)}</pre></details>'
        f'<div style="{_BRANCH}">{branches}</div></div>'
    )


def html_page(title: str, body: str) -> str:
    """Return a whole page around HTML, without scripts, that fits light and dark screens.

    Args:
        title: The title of the page.
        body: What it holds.
    """
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>{html.escape(title)}</title>'
        "<style>:root{color-scheme:light dark}body{font-family:system-ui,sans-serif;margin:1.5em}</style></head>"
        f"<body>{body}</body></html>"
    )


def _title(hint: str) -> str:
    return f' title="{html.escape(hint)}"' if hint else ""


def _cell(value: Any, most: int) -> str:
    text = html.escape(value_text(value, most=most))
    return f'<span style="opacity:.55">{text}</span>' if value is None else text
