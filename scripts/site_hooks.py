"""What mkdocs does not do by itself, for the pages in ``docs`` as they are: they are read in the repository too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DRAWING = re.compile(r"^!\[(?P<label>[^\]]+)\]\((?P<file>[\w-]+\.svg)\)$", re.MULTILINE)
"""A drawing that stands alone in its line."""

OUTSIDE = re.compile(
    r"\[(?P<text>[^\]]+)\]\((?:\.\./)+(?P<file>(?:core|backends|plugins|conformance_tests|examples)/[^)]+)\)"
)
"""A link to what is in the repository and not on the site."""


def on_config(config: Any) -> Any:
    """Return the settings with the pages that the patterns in the navigation stand for."""
    config["nav"] = _expanded(config["nav"], Path(config["docs_dir"]))
    return config


def _expanded(nav: list[Any], docs: Path) -> list[Any]:
    found: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            found += [
                {title: _expanded(inside, docs) if isinstance(inside, list) else inside}
                for title, inside in entry.items()
            ]
        elif "*" in entry:
            found += [path.relative_to(docs).as_posix() for path in sorted(docs.glob(entry))]
        else:
            found.append(entry)
    return found


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return the text of a page with its drawings in it, and links to source files as the names of these.

    A drawing that is part of the page takes its colours from it; an image would not follow when the reader chooses dark.
    """
    folder = Path(page.file.abs_src_path).parent
    markdown = DRAWING.sub(lambda match: _drawing(folder / match["file"], match["label"]), markdown)
    return OUTSIDE.sub(lambda match: f"{match['text']} (`{match['file']}`)", markdown)


def _drawing(path: Path, label: str) -> str:
    svg = path.read_text(encoding="utf-8")
    return f'<figure class="drawing" role="img" aria-label="{label}" markdown="0">{svg}</figure>'
