"""The HTML and Markdown of a report: what is on them, in which order, and hostile texts shown as texts."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from conformance_tests.tests.report.reports import case, hostile, one_of_each, report

from onefold_conformance.report.html import to_html
from onefold_conformance.report.markdown import to_markdown
from onefold_conformance.report.matrix import matrix_html

VOID = {"meta", "link", "input", "br"}
ATTRIBUTES = {
    "aria-hidden", "aria-label", "aria-labelledby", "autocomplete", "charset", "class", "colspan", "content", "data-id",
    "data-sign", "data-status", "for", "hidden", "href", "id", "lang", "name", "placeholder", "rel", "role", "scope",
    "style", "tabindex", "title", "type", "value",
}  # fmt: skip


class Page(HTMLParser):
    """A page taken apart; an element that is not closed, or closed by another, is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        assert len(dict(attributes)) == len(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def having(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a tag that have some of the given values."""
        return [found for name, found in self.tags if name == tag and attributes.items() <= found.items()]


@pytest.mark.parametrize("found", [one_of_each(), hostile(), report()], ids=["one of each", "hostile", "empty"])
def test_pages_are_well_formed_and_fetch_nothing(found: object) -> None:
    assert isinstance(found, type(one_of_each()))
    for text in (to_html(found), matrix_html([found, found])):
        page = Page(text)
        ids = [value for _, attributes in page.tags if (value := attributes.get("id"))]
        assert len(ids) == len(set(ids))
        links = [value for _, attributes in page.tags if (value := attributes.get("href"))]
        assert all(link == "data:," or link.removeprefix("#") in ids for link in links)
        assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
        assert "@import" not in text
        assert "url(" not in text


def test_the_header_has_the_backend_the_level_and_the_counts() -> None:
    text = Page(to_html(one_of_each())).text
    assert "toy level 0 io" in text
    assert (
        "Of 10 cases, 1 failed, 1 ended in an error, 1 gave a value instead of a refusal, 1 passed unexpectedly and "
        in text
    )
    for said in ("passed 2", "failed 1", "known deviation 1", "refused as stated 1", "not run 1"):
        assert said in text
    assert "Level 1 · row: 4 cases fail, such as row/add/overflow." in text
    assert "27 November 2026, 22:15 UTC, 1 min 15 s" in text


def test_failures_stand_first_and_say_everything() -> None:
    text = to_html(one_of_each())
    page = Page(text)
    assert [found["id"] for found in page.having("article")] == [f"failure-{number}" for number in range(4)]
    assert (
        text.index('id="failures"')
        < text.index('id="deviations"')
        < text.index('id="capabilities"')
        < text.index('id="cases"')
    )
    assert (
        "row/add/overflow failed Level 1 · row · variant “split” · 250 ms 1 differs Known to catch wraps Needs function.add"
        in (page.text)
    )
    assert "The run was given up before 1 case." in page.text


def test_capabilities_have_a_tile_each_and_failing_ones_lead_to_a_failure() -> None:
    page = Page(to_html(one_of_each()))
    tiles = [found for found in page.having("li") if "tile" in str(found.get("class")) and "title" in found]
    assert [found["class"] for found in tiles] == [
        "tile full",  # relation.input
        "tile failing",  # function.add
        "tile deviation",  # function.divide
        "tile refused",  # function.md5
        "tile failing",  # function.modulo
        "tile failing",  # function.sha256
        "tile failing",  # function.subtract
        "tile not-run",  # sink.parquet
    ]
    assert len(page.having("a", href="#failure-0")) == 2  # from the tile and from the list of cases


def test_every_case_is_in_the_list_with_its_status() -> None:
    rows = [found for found in Page(to_html(one_of_each())).having("tr") if "data-status" in found]
    assert [(row["data-id"], row["data-status"]) for row in rows[:3]] == [
        ("io/types/int64", "pass"),
        ("io/types/newer", "new"),
        ("row/add/nulls", "pass"),
    ]
    assert len(rows) == 10


def test_hostile_texts_are_shown_as_they_are() -> None:
    page = Page(to_html(hostile()))
    assert page.text.count("<script>alert('x')</script>") >= 6
    assert len(page.having("script")) == 1
    assert "\\x00\\x1b[31m\\ud800" in page.text
    assert page.text.count("x" * 10_000) == 2
    assert len(to_html(hostile())) < 150_000


def test_a_page_of_two_thousand_cases_is_small_enough_to_read() -> None:
    many = report(
        *(case(f"row/topic_{number % 40}/{number}", needs=["type.bool"], why="w" * 80) for number in range(2000))
    )
    text = to_html(many)
    assert len([found for found in Page(text).having("tr") if "data-status" in found]) == 2000
    assert len(text) < 1_500_000


def test_after_forty_failures_the_rest_is_folded() -> None:
    page = Page(to_html(report(*(case(f"row/a/{number}", "fail") for number in range(45)))))
    assert len(page.having("article")) == 45
    assert "5 more failures" in page.text


def test_a_report_without_failures_says_so() -> None:
    fine = report(case("io/a/b", level=0), level=0)
    assert "No case failed." in Page(to_html(fine)).text
    assert "1 case, no failure." in Page(to_html(fine)).text
    assert "## Failures\n\nNone.\n" in to_markdown(fine)


def test_markdown_holds_the_same() -> None:
    text = to_markdown(one_of_each())
    assert text.startswith("# toy: Level 0 · io\n")
    assert "| failed | 1 |" in text
    assert "| Level 1 · row | 8 | ✗ not reached 4 cases fail, such as row/add/overflow. |" in text
    assert "### `row/add/overflow` failed, variant split\n\n```text\n1 differs\n```\n\nKnown to catch: wraps.\n" in text
    assert "| `row/div/zero` | known since 1.0 |" in text
    assert "| Functions |  |  | 1 | 1 | 4 |  |" in text


def test_markdown_of_hostile_texts_keeps_its_form() -> None:
    found = hostile()
    text = to_markdown(found)
    fence = text.index("````text\n")
    assert text.index("\n````\n", fence) > text.index("| a | b |", fence)
    outside = text[:fence]
    assert outside.splitlines()[0].startswith("# \\<script\\>alert\\('x'\\)\\</script\\>")
    table = text[text.index("## Known deviations") : text.index("## Capabilities")].splitlines()
    assert [len(re.split(r"(?<!\\)\|", line)) for line in table if line.startswith("|")] == [4, 4, 4]
    assert len(text) < 20_000
    assert to_markdown(replace(found, backend="plain")).startswith("# plain: No level\n")
