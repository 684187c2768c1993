"""The report as JUnit XML: a test suite per level, for the test views of continuous integration."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from onefold_conformance.report.model import CaseResult, Report, Status
from onefold_conformance.report.wording import STATUS_NAMES, first_line, level_name, printable, shortened

__all__ = ["to_junit"]

_ELEMENTS: Mapping[Status, str] = {
    "fail": "failure",
    "value-instead-of-refusal": "failure",
    "xpass": "failure",
    "error": "error",
    "not-run": "error",
    "refused-ok": "skipped",
    "deviation": "skipped",
    "new": "skipped",
}
_MESSAGE_LENGTH = 20_000


def to_junit(report: Report) -> str:
    """Return a report as JUnit XML.

    Failures, values instead of refusals and unexpected passes are failures; errors and what was not run are errors;
    refusals, known deviations and cases newer than the target are skipped, each with its reason.
    """
    root = ET.Element("testsuites", {"name": f"onefold conformance: {printable(report.backend)}"})
    _count(root, report.cases, report.seconds)
    for level in sorted({case.level for case in report.cases}):
        cases = tuple(case for case in report.cases if case.level == level)
        suite = ET.SubElement(root, "testsuite", {"name": level_name(level)})
        _count(suite, cases, sum(case.seconds for case in cases))
        suite.set("timestamp", printable(report.started))
        _properties(suite, report)
        for case in cases:
            _case(suite, case, printable(report.backend))
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _count(element: ET.Element, cases: tuple[CaseResult, ...], seconds: float) -> None:
    kinds = [_ELEMENTS.get(case.status) for case in cases]
    element.set("tests", str(len(cases)))
    element.set("failures", str(kinds.count("failure")))
    element.set("errors", str(kinds.count("error")))
    element.set("skipped", str(kinds.count("skipped")))
    element.set("time", f"{seconds:.3f}")


def _properties(suite: ET.Element, report: Report) -> None:
    properties = ET.SubElement(suite, "properties")
    facts = {
        "distribution": report.distribution,
        "engine_version": report.engine_version,
        "suite_revision": str(report.suite_revision),
        "suite_hash": report.suite_hash,
        "target_revision": str(report.target_revision),
        **report.versions,
    }
    for name, value in facts.items():
        ET.SubElement(properties, "property", {"name": printable(name), "value": printable(value)})


def _case(suite: ET.Element, case: CaseResult, backend: str) -> None:
    topic, _, name = printable(case.id).rpartition("/")
    element = ET.SubElement(
        suite,
        "testcase",
        {"classname": ".".join([backend, *topic.split("/")]).rstrip("."), "name": name, "time": f"{case.seconds:.3f}"},
    )
    kind = _ELEMENTS.get(case.status)
    if kind is None:
        return
    said = printable(first_line(case.message)) or STATUS_NAMES[case.status]
    outcome = ET.SubElement(
        element, kind, {"message": f"{STATUS_NAMES[case.status]}: {said}" if kind == "skipped" else said}
    )
    if kind == "skipped":
        return
    outcome.set("type", case.status)
    parts = [printable(shortened(case.message, _MESSAGE_LENGTH)), printable(case.why)]
    parts.append(f"variant: {printable(case.variant)}" if case.variant else "")
    parts.append(f"known to catch: {printable('; '.join(case.kills))}" if case.kills else "")
    outcome.text = "\n\n".join(part for part in parts if part)
