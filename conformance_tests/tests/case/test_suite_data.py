"""The cases themselves: their form, their number, what they cover, and that their expectations hold."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import onefold_conformance
from onefold.contract import known_capabilities
from onefold.plan import AGGREGATIONS, CASTS, FUNCTIONS, RANKINGS
from onefold_conformance.case.blessing import AGREED, derived, difference
from onefold_conformance.case.files import CASES, all_cases, read_cases, written
from onefold_conformance.case.model import LEVELS, Case, ExpectedError
from onefold_conformance.case.notation.writing import relation_document
from onefold_conformance.case.values import read_table
from onefold_conformance.oracle.backend import OracleBackend

FILES = sorted(CASES.glob("*/*.json"))
PACKAGE = Path(onefold_conformance.__file__).parent
ENGINES = re.compile(r"duckdb|\brift\b|spark|polars|snowflake|sqlite|\bpandas\b|postgres|bigquery", re.IGNORECASE)
SQL = re.compile(r"\bselect\s[^\"]*\sfrom\s|\bgroup by\b|\border by\b|\bcreate table\b|\bunion all\b", re.IGNORECASE)
FORMATS = re.compile(r'"(arrow|polars|pandas)"')


def test_there_are_at_least_1500_on_every_level() -> None:
    counts = Counter(case.level for case in all_cases())
    assert sum(counts.values()) >= 1500
    assert set(counts) == set(LEVELS)
    assert len({case.id for case in all_cases()}) == sum(counts.values())


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_files_have_their_canonical_form_and_place(path: Path) -> None:
    text = path.read_text("utf-8")
    document = json.loads(text)
    assert path.parent.name == f"{document['level']}-{LEVELS[document['level']]}"
    assert path.stem == document["topic"]
    tables = {name: read_table(table, where=name) for name, table in document["tables"].items()}
    assert text == written(document["level"], document["topic"], tables, read_cases(path))


def test_names_are_plain() -> None:
    assert [case.id for case in all_cases() if not re.fullmatch(r"[a-z]+/[a-z0-9_-]+/[a-z0-9-]+", case.id)] == []


def test_every_case_says_why_and_where_its_values_come_from() -> None:
    assert [case.id for case in all_cases() if len(case.why) < 8 or not case.why.endswith((".", "?", ")"))] == []
    derivations = {case.id: case.derivation for case in all_cases()}
    assert [
        id for id, text in derivations.items() if text != AGREED and not text.startswith(("by hand", "computed"))
    ] == []


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_the_oracle_still_says_what_is_expected(path: Path) -> None:
    for case in read_cases(path):
        assert case.expect is not None, f"{case.id} has not been blessed"
        expect, bounds, determined = derived(case)
        assert determined, case.id
        assert difference(case, expect) == "", case.id
        for name, bound in bounds.items():
            stated = case.tolerances.get(name)
            assert stated is not None, f"{case.id}: {name} may be off by {bound}, and the case does not say so"


def test_the_notation_reads_back() -> None:
    for case in all_cases():
        assert relation_document(case.plan, case.names()) == case.document, case.id


def test_the_suite_names_no_engine_and_holds_no_sql() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in (".py", ".json", ".html", ".css", ".js", ".md", ".toml", ".txt"):
            continue
        text = path.read_text("utf-8")
        text = FORMATS.sub("", text)
        found += [f"{path.relative_to(PACKAGE)}: {match.group()}" for match in ENGINES.finditer(text)]
        if path.suffix == ".json":
            found += [f"{path.relative_to(PACKAGE)}: {match.group()[:60]}" for match in SQL.finditer(text)]
    assert found == []


# ----------------------------------------------------------------------------------------------------
# What is covered


def _needing() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = defaultdict(list)
    for case in all_cases():
        for name in case.needs:
            found[name].append(case)
    return found


def test_every_capability_that_the_oracle_offers_has_cases() -> None:
    needed = _needing()
    offered = OracleBackend().capabilities
    assert [name for name in sorted(known_capabilities()) if offered.offers(name) and name not in needed] == []


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_every_function_has_several_kinds_of_cases(name: str) -> None:
    cases = [case for case in _needing()[f"function.{name}"] if case.topic == f"row/{name}"]
    assert len(cases) >= 3
    tags = {tag for case in cases for tag in case.tags}
    assert "null" in tags
    assert any(case.inputs and all(table.num_rows for table, _ in case.inputs.values()) for case in cases)


@pytest.mark.parametrize("name", list(AGGREGATIONS))
def test_every_aggregation_has_cases_in_groups_and_in_windows_over_time(name: str) -> None:
    needed = _needing()
    in_groups = needed[f"aggregation.{name}"]
    assert len(in_groups) >= 4
    assert {"null", "empty"} <= {tag for case in in_groups for tag in case.tags}
    assert len(needed[f"trailing.{name}"]) >= 2
    if AGGREGATIONS[name].family != "decay":
        assert len(needed[f"window.{name}"]) >= 1


@pytest.mark.parametrize("name", list(RANKINGS))
def test_every_ranking_has_cases_with_ties(name: str) -> None:
    cases = _needing()[f"window.{name}"]
    assert len(cases) >= 3
    assert "tie" in {tag for case in cases for tag in case.tags}


def test_every_cast_has_cases_both_ways_of_failing() -> None:
    topics = {case.topic for case in all_cases() if case.level == 1}
    kinds = {"date32": "date", "timestamp[us]": "wall-clock", "timestamp[us, UTC]": "instant"}
    wanted = {
        f"row/cast-{kinds.get(source, source)}-to-{kinds.get(target, target)}"
        for source, targets in CASTS.items()
        for target in targets
    }
    assert wanted - topics == set()


def test_errors_are_cases_too() -> None:
    errors = [case for case in all_cases() if isinstance(case.expect, ExpectedError)]
    assert len(errors) >= 60
    assert {case.level for case in errors} >= {1, 2, 4}
