"""The report as Markdown: short enough for the summary of a build, with every failure in it."""

from __future__ import annotations

import re

from onefold_conformance.case.model import LEVELS
from onefold_conformance.report.model import FAILING, CaseResult, Report
from onefold_conformance.report.observed import CELL_KINDS, GROUPS, cells_of, grouped
from onefold_conformance.report.wording import (
    STATUS_NAMES,
    counted,
    headline,
    level_name,
    level_reached,
    moment,
    printable,
    shortened,
    span_of_time,
)

__all__ = ["code", "inline", "table_head", "table_row", "to_markdown"]

_SHOWN_IN_FULL = 50
_MESSAGE_LENGTH = 3_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$])")


def inline(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line.

    Examples:
        >>> print(inline("a|b *c*\n<d>"))
        a\|b \*c\* \<d\>
    """
    return _SPECIAL.sub(r"\\\1", " ".join(printable(text).split()))


def code(text: str) -> str:
    r"""Return a text as code on one line, fit for a table.

    Examples:
        >>> print(code("a`b|c"))
        ``a`b\|c``
    """
    content = " ".join(printable(text).split()).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", content)), default=0))
    space = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{space}{content}{space}{fence}"


def table_head(*cells: str) -> list[str]:
    """Return the two lines that begin a table."""
    return [table_row(*cells), table_row(*["---"] * len(cells))]


def table_row(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |"


def to_markdown(report: Report) -> str:
    """Return a report as Markdown."""
    lines = [
        f"# {inline(report.backend)}: {level_reached(report)}",
        "",
        headline(report),
        "",
        *table_head("Status", "Cases"),
        *(table_row(STATUS_NAMES[status], f"{number:,}") for status, number in report.counts.items() if number),
        "",
        *_levels(report),
        *_failures(report),
        *_deviations(report),
        *_capabilities(report),
        *_run(report),
    ]
    return "\n".join(lines) + "\n"


def _levels(report: Report) -> list[str]:
    lines = ["## Levels", "", *table_head("Level", "Cases", "Result")]
    for level in LEVELS:
        if report.level is not None and level <= report.level:
            result = "✓ reached"
        else:
            said = "✗ not reached" if level in report.levels_run else "· not run, or in part"
            result = " ".join([said, *(inline(reason) for reason in report.missing.get(str(level), ()))])
        number = sum(case.level == level for case in report.cases)
        lines.append(table_row(level_name(level), f"{number:,}", result))
    return [*lines, ""]


def _failures(report: Report) -> list[str]:
    failures = [case for case in report.cases if case.status in FAILING and case.status != "not-run"]
    lines = ["## Failures", ""]
    if given_up := report.counts["not-run"]:
        lines += [f"The run was given up before {counted(given_up, 'case')}.", ""]
    if not failures:
        return lines if given_up else [*lines, "None.", ""]
    for case in failures[:_SHOWN_IN_FULL]:
        lines += _failure(case)
    if rest := failures[_SHOWN_IN_FULL:]:
        lines += [f"And {len(rest):,} more:", ""]
        lines += [f"- {code(case.id)} {STATUS_NAMES[case.status]}" for case in rest]
        lines.append("")
    return lines


def _failure(case: CaseResult) -> list[str]:
    variant = f", variant {inline(case.variant)}" if case.variant else ""
    lines = [f"### {code(case.id)} {STATUS_NAMES[case.status]}{variant}", ""]
    if case.why:
        lines += [inline(case.why), ""]
    if case.message:
        message = shortened(printable(case.message), _MESSAGE_LENGTH)
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", message)), default=0))
        lines += [f"{fence}text", message, fence, ""]
    if case.kills:
        lines += [f"Known to catch: {'; '.join(inline(rule) for rule in case.kills)}.", ""]
    return lines


def _deviations(report: Report) -> list[str]:
    deviations = [case for case in report.cases if case.status == "deviation"]
    if not deviations:
        return []
    rows = [table_row(code(case.id), inline(shortened(case.message, 500))) for case in deviations]
    return ["## Known deviations", "", *table_head("Case", "Reason"), *rows, ""]


def _capabilities(report: Report) -> list[str]:
    cells = cells_of(report)
    lines = ["## Capabilities", "", *table_head("Group", *CELL_KINDS)]
    for group, names in grouped(cells).items():
        kinds = [cells[name].kind for name in names]
        numbers = (str(kinds.count(kind) or "") for kind in CELL_KINDS)
        lines.append(table_row(inline(GROUPS.get(group, group.capitalize())), *numbers))
    return [*lines, ""]


def _run(report: Report) -> list[str]:
    facts = {
        "provided by": report.distribution,
        "engine": report.engine_version,
        "cases": f"revision {report.suite_revision} ({report.suite_hash[:12]}), target revision {report.target_revision}",
        "run": f"{moment(report.started)}, {span_of_time(report.seconds)}",
        **report.versions,
    }
    return ["## Run", "", *(f"- {inline(name)}: {inline(text)}" for name, text in facts.items() if text)]
