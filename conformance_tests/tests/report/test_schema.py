"""``report.json`` is what its schema says, and the schema says all of it."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import jsonschema
import pytest
from conformance_tests.tests.report.reports import case, hostile, one_of_each, report

from onefold.errors import ConfigurationError
from onefold_conformance.report.model import STATUSES, CapabilityResult, CaseResult, Report
from onefold_conformance.report.schema import report_schema

VALIDATOR = jsonschema.Draft202012Validator(report_schema())


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())


@pytest.mark.parametrize("found", [one_of_each(), hostile(), report()], ids=["one of each", "hostile", "empty"])
def test_reports_are_valid_and_can_be_read_again(found: Report) -> None:
    text = found.to_json()
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(text))] == []
    assert Report.from_json(text) == found


@pytest.mark.parametrize("ulps", [float("inf"), float("nan"), 1e300], ids=str)
def test_what_json_has_no_number_for_is_far_and_stays_valid(ulps: float) -> None:
    text = report(case("row/a/b", "fail", ulps=ulps)).to_json()
    document = json.loads(text, parse_constant=pytest.fail)
    assert document["cases"][0]["ulps"] == 2**64
    assert VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("level",), 6),
        (("onefold_conformance_report",), 2),
        (("surplus",), 1),
        (("cases", 0, "status"), "passed"),
        (("cases", 0, "surplus"), 1),
        (("cases", 0, "ulps"), -1),
        (("cases", 0, "variant"), "sorted"),
        (("capabilities", "function.add", "declared"), "yes"),
        (("capabilities", "function.add", "observed", "passed"), 1),
        (("missing", "six"), []),
        (("counts", "pass"), -1),
    ],
    ids=str,
)
def test_the_schema_refuses_what_no_run_writes(place: tuple[Any, ...], value: object) -> None:
    document = json.loads(one_of_each().to_json())
    part = document
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    assert not VALIDATOR.is_valid(document)


def test_the_schema_describes_every_field_and_status() -> None:
    schema = report_schema()
    own = {"onefold_conformance_report", "counts"}
    assert set(schema["properties"]) == {field.name for field in fields(Report)} | own
    parts = schema["$defs"]
    assert set(parts["case"]["properties"]) == {field.name for field in fields(CaseResult)}
    assert set(parts["capability"]["properties"]) == {field.name for field in fields(CapabilityResult)}
    assert tuple(choice["const"] for choice in parts["status"]["oneOf"]) == STATUSES
    assert tuple(schema["properties"]["counts"]["properties"]) == STATUSES
    described = [*schema["properties"].values(), *parts["capability"]["properties"].values()]
    described += [part for name, part in parts["case"]["properties"].items() if name != "status"]
    assert all(part["description"].endswith((".", ";")) for part in described)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"onefold_conformance_report": 1}', "null"], ids=repr)
def test_other_json_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigurationError, match="the file x"):
        Report.from_json(text, where="the file x")
