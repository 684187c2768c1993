"""JUnit XML: counts, outcomes and reasons, well-formed whatever texts hold."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from conformance_tests.tests.report.reports import hostile, one_of_each

from onefold_conformance.report.junit import to_junit


def test_a_suite_per_level_with_exact_counts() -> None:
    root = ET.fromstring(to_junit(one_of_each()))
    names = ("name", "tests", "failures", "errors", "skipped", "time")
    assert [tuple(suite.get(name) for name in names) for suite in root] == [
        ("Level 0 · io", "2", "0", "0", "1", "0.500"),
        ("Level 1 · row", "8", "3", "2", "2", "2.000"),
    ]
    assert tuple(root.get(name) for name in names[1:]) == ("10", "3", "2", "3", "75.000")


def test_every_outcome_has_its_element_and_its_reason() -> None:
    root = ET.fromstring(to_junit(one_of_each()))
    outcomes = {
        str(element.get("name")): [(part.tag, part.get("type"), part.get("message")) for part in element]
        for element in root.iter("testcase")
    }
    assert outcomes == {
        "int64": [],
        "newer": [("skipped", None, "newer than the target: since revision 4")],
        "nulls": [],
        "overflow": [("failure", "fail", "1 differs")],
        "crash": [("error", "error", "it crashed")],
        "text": [("failure", "value-instead-of-refusal", "answered")],
        "zero": [("skipped", None, "known deviation: known since 1.0")],
        "sign": [("failure", "xpass", "passes")],
        "last": [("error", "not-run", "not run")],
    }
    assert [element.get("classname") for element in root.iter("testcase")][:3] == [
        "toy.io.types",
        "toy.io.types",
        "toy.row.add",
    ]


def test_a_failure_says_all_that_is_known() -> None:
    failure = next(ET.fromstring(to_junit(one_of_each())).iter("failure"))
    assert failure.text == "1 differs\n\nvariant: split\n\nknown to catch: wraps"


def test_hostile_texts_are_texts() -> None:
    text = to_junit(hostile())
    root = ET.fromstring(text)
    failure = next(root.iter("failure"))
    assert failure.text is not None
    assert failure.text.startswith(
        "<script>alert('x')</script> & \"quoted\" ]]> --> ```\n| a | b |\n\\x00\\x1b[31m\\ud800"
    )
    assert len(text) < 100_000
    assert next(root.iter("error")).get("message") == "x" * 159 + "…"
