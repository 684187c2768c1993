"""The documentation site as `make docs` builds it: complete, without warnings, and readable without a network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_LOADED = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=\"?(?P<address>[^\"\s>]+)")
"""What a browser fetches by itself when it opens a page; links that a reader may follow are not among it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_every_document_is_a_page(site: Path) -> None:
    documents = {path.relative_to(ROOT / "docs") for path in ROOT.glob("docs/**/*.md")}
    pages = {path.relative_to(site) for path in site.rglob("*.html")}
    wanted = {
        path.with_name("index.html") if path.name == "README.md" else path.with_suffix(".html") for path in documents
    }
    assert wanted <= pages


def test_pages_load_nothing_from_another_host(site: Path) -> None:
    loaded = {
        f"{page.relative_to(site)}: {match['address']}"
        for page in site.rglob("*.html")
        for match in _LOADED.finditer(page.read_text("utf-8"))
        if match["address"].startswith(("http:", "https:", "//"))
    }
    assert loaded == set()


def test_what_pages_load_is_there(site: Path) -> None:
    for page in site.rglob("*.html"):
        for match in _LOADED.finditer(page.read_text("utf-8")):
            address = match["address"].partition("#")[0].partition("?")[0]
            if address and not address.startswith("data:") and page.name != "404.html":
                assert (page.parent / address).exists(), f"{page.relative_to(site)} loads {address}"


def test_style_sheets_load_nothing_from_another_host(site: Path) -> None:
    for sheet in site.rglob("*.css"):
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*", sheet.read_text("utf-8")) == [], sheet.name


def test_the_search_works_from_files(site: Path) -> None:
    """The index is also a script, since a page from a file may not fetch; and a frame takes the place of the worker."""
    script = (site / "search" / "search_index.js").read_text("utf-8")
    entries = json.loads(script.removeprefix("var __index = "))["docs"]
    assert any(entry["location"] == "reference/errors/OF110.html" for entry in entries)
    assert 'src="offline/iframe-worker.js"' in (site / "index.html").read_text("utf-8")


def test_a_drawing_is_part_of_its_page(site: Path) -> None:
    page = (site / "explanation" / "architecture.html").read_text("utf-8")
    assert '<figure class="drawing" role="img"' in page
    assert "<svg" in page.partition('<figure class="drawing"')[2].partition("</figure>")[0]


def test_links_to_source_files_become_their_names(site: Path) -> None:
    page = (site / "how-to" / "choose-an-engine.html").read_text("utf-8")
    assert "<code>core/onefold/contract/estimates.py</code>" in page
