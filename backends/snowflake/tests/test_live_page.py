"""The page about what has been verified: nothing counts as verified but what passed on Snowflake with the SQL of today."""

from __future__ import annotations

import re

import pytest
from backends.snowflake.tests.live.golden import golden_statements
from backends.snowflake.tests.live.here import here
from backends.snowflake.tests.live.results import Result, Results
from backends.snowflake.tests.live.sent import key_of
from scripts.generate_snowflake_verified import page

from onefold_conformance.case.files import stored_cases
from onefold_conformance.report.model import Report
from onefold_conformance.runner import run_suite
from onefold_snowflake_emulator import Emulator

CASES = [case for case in stored_cases() if case.id.startswith(("row/abs/", "row/sign/"))]
PASSED = Result("pass", "2026-11-28", "9.33.1")


@pytest.fixture(scope="module")
def report() -> Report:
    with Emulator() as server:
        return run_suite(
            "snowflake", options=server.connection, filters=["row/abs/", "row/sign/"], isolate=False, sample=True
        )


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    with here() as emulator:
        return {case.id: emulator.key(case) for case in CASES}


def states(text: str, title: str) -> dict[str, str]:
    """Return the state of each name in a section of the page."""
    section = text.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = re.findall(r"^\| (`.*`) \| (.*) \|$", section, re.MULTILINE)
    return {name: state for names, state in rows for name in re.findall(r"`([^`]+)`", names)}


def test_nothing_is_verified_by_itself(report: Report) -> None:
    text = page(report, Results("snowflake"))
    assert "**Nothing has been run on Snowflake itself yet.**" in text
    for title in ("Functions", "Types", "Golden statements"):
        assert set(states(text, title).values()) == {"not verified live"}
    assert set(states(text, "Functions")) >= {"abs", "sign"}
    assert "casts.sql" in states(text, "Golden statements")


def test_what_passed_with_the_sql_of_today_is_verified(report: Report, keys: dict[str, str]) -> None:
    results = Results("snowflake")
    for case, key in keys.items():
        results.note(case, key, PASSED)
    for golden in golden_statements():
        if golden.file in ("literals", "casts"):
            results.note(golden.name, key_of([golden.text]), PASSED)
    results.note(golden.name, key_of([golden.text]), PASSED)  # one of the last file
    text = page(report, results)
    assert "on Snowflake 9.33.1, between 2026-11-28 and 2026-11-28" in text
    assert states(text, "Functions")["abs"] == states(text, "Functions")["sign"] == "verified live"
    files = states(text, "Golden statements")
    assert (files.pop("literals.sql"), files.pop("casts.sql")) == ("verified live", "verified live")
    assert files.pop(f"{golden.file}.sql") == "in part"
    assert set(files.values()) == {"not verified live"}


@pytest.mark.parametrize(
    ("key", "result"), [("0" * 64, PASSED), (None, Result("fail", "2026-11-28", "9.33.1"))], ids=["other SQL", "failed"]
)
def test_other_sql_or_a_failure_verifies_nothing(
    report: Report, keys: dict[str, str], key: str | None, result: Result
) -> None:
    results = Results("snowflake")
    first, *_ = (case for case in keys if case.startswith("row/abs/"))
    for case, current in keys.items():
        results.note(case, current, PASSED)
    results.note(first, key or keys[first], result)
    functions = states(page(report, results), "Functions")
    assert (functions["abs"], functions["sign"]) == ("in part", "verified live")
