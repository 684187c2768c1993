"""The families of mutants: every entry of the catalogue has wrong rules, and each mutant is wrong in one of them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from onefold.contract import cast_capability, known_capabilities
from onefold.plan import AGGREGATIONS, CASTS, FUNCTIONS
from onefold.types import DataType, Decimal, parse_type
from onefold_conformance.mutants.catalogue import MUTANTS
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS as AGGREGATION_RULES
from onefold_conformance.oracle.casts import CASTS as CAST_RULES
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS as FUNCTION_RULES

by_name = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)

LEAST_OF_FUNCTIONS = 2
"""How many mutants each function and conversion has at least."""

LEAST_OF_AGGREGATIONS = 3


def _type(kind: str) -> DataType:
    return Decimal(1, 0) if kind == "decimal" else parse_type(kind)


CONVERSIONS = [(source, target) for source, targets in CASTS.items() for target in targets] + [("decimal", "decimal")]


def _touched(prefix: str) -> Counter[str]:
    """Return how many mutants there are for each capability of a group."""
    return Counter(name.removeprefix(prefix) for mutant in MUTANTS for name in mutant.needs if name.startswith(prefix))


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(mutant.name for mutant in MUTANTS).items() if count > 1] == []


@by_name
def test_names_are_kebab_case(mutant: Mutant) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", mutant.name)


@by_name
def test_what_is_a_sentence(mutant: Mutant) -> None:
    assert re.fullmatch(r"[A-Z].+[^ .]\.", mutant.what)


@by_name
def test_one_rule_is_wrong(mutant: Mutant) -> None:
    entries = len(mutant.functions) + len(mutant.casts) + len(mutant.aggregations)
    # A mutant of relations may need the same mistake in all that read events.
    others = [bool(mutant.relations), mutant.rules is not None, mutant.spoil is not None]
    assert entries + sum(others) == 1


@by_name
def test_the_wrong_rule_replaces_one_of_the_oracle(mutant: Mutant) -> None:
    assert mutant.functions.keys() <= FUNCTION_RULES.keys()
    assert mutant.casts.keys() <= CAST_RULES.keys()
    assert mutant.aggregations.keys() <= AGGREGATION_RULES.keys()
    assert not any(FUNCTION_RULES[name] is rule for name, rule in mutant.functions.items())
    assert not any(CAST_RULES[kinds] is rule for kinds, rule in mutant.casts.items())
    assert not any(AGGREGATION_RULES[name] is rule for name, rule in mutant.aggregations.items())


@by_name
def test_what_a_mutant_touches_is_known(mutant: Mutant) -> None:
    groups = ("relation.", "source.", "sink.", "sql.", "transform.")
    assert [name for name in mutant.needs if not name.startswith(groups) and name not in known_capabilities()] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_mutants(name: str) -> None:
    assert _touched("function.")[name] >= LEAST_OF_FUNCTIONS


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_every_aggregation_has_mutants(name: str) -> None:
    assert _touched("aggregation.")[name] >= LEAST_OF_AGGREGATIONS


@pytest.mark.parametrize(("source", "target"), CONVERSIONS)
def test_every_conversion_has_mutants(source: str, target: str) -> None:
    capability = cast_capability(_type(source), _type(target))
    assert sum(capability in mutant.touches for mutant in MUTANTS) >= LEAST_OF_FUNCTIONS
