"""The lowest level of the suite in every way to the emulator; `make conformance` runs all levels, the ways by turns."""

from __future__ import annotations

import pytest
from backends.snowflake.tests.emulated import WAYS, EmulatedSnowflake

from onefold.errors import ConfigurationError
from onefold.plan import Input
from onefold.types import Schema
from onefold_conformance.case.files import stored_cases
from onefold_conformance.report.model import FAILING
from onefold_conformance.runner import run_suite

BACKEND = "backends.snowflake.tests.emulated:EmulatedSnowflake"


@pytest.mark.parametrize("way", WAYS)
def test_level_0_in_every_way(way: str) -> None:
    report = run_suite(BACKEND, level=0, options={"way": way}, isolate=False, sample=True)
    failed = [(case.id, case.message) for case in report.cases if case.status in FAILING]
    # The emulator's tables can not have names that differ only in case; its queries can.
    staged = [(name, message) for name, message in failed if "only-case-differs" in name and WAYS[way].staged]
    assert failed == staged
    assert report.level == (None if staged else 0)


def test_plans_take_all_ways_by_turns() -> None:
    names = Schema.of(k="int64", K="int64")
    others = [Input(name=f"rows{number}", columns=names) for number in range(20)]
    with EmulatedSnowflake().open({}) as session:
        taken = {session.way(case.build().plan) for case in stored_cases() if case.level == 0}
        assert taken == set(WAYS.values())
        assert {session.way(plan) for plan in others} == {way for way in WAYS.values() if not way.staged}


@pytest.mark.parametrize("options", [{"way": "row"}, {"chunk_rows": "1"}])
def test_options_are_checked(options: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=r"Did you mean|has no option|options are"):
        EmulatedSnowflake().open(options)
