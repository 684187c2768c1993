"""Write docs/reference/snowflake-verified.md: what has been run on Snowflake itself, and what has not.

    python scripts/generate_snowflake_verified.py conformance-reports/snowflake/report.json

The report says what the emulator has shown, and the results of the live suite say which of it holds on Snowflake: with the
SQL that is sent today, which an emulator shows again for each case that has a result. With `--check` nothing is written, and
the exit code says whether the page is what both say.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # the live suite is a part of the backend's tests

from backends.snowflake.tests.live.golden import golden_statements  # noqa: E402
from backends.snowflake.tests.live.here import here  # noqa: E402
from backends.snowflake.tests.live.results import KEPT, Results  # noqa: E402
from backends.snowflake.tests.live.sent import key_of  # noqa: E402

from onefold_conformance.case.files import stored_cases  # noqa: E402
from onefold_conformance.report.model import Report  # noqa: E402
from onefold_conformance.report.observed import GROUPS, grouped  # noqa: E402

__all__ = ["PAGE", "is_stale", "page"]

PAGE = ROOT / "docs" / "reference" / "snowflake-verified.md"

STATES = ("verified live", "in part", "not verified live")

HEAD = """\
# What has been verified on Snowflake

<!-- Written by scripts/generate_snowflake_verified.py. Do not edit. -->

{summary}

Everything below passes the [conformance suite](../explanation/conformance.md) on the emulator, level {level}; tables as sources,
tables that are written and SQL of your own have tests of their own there. What all of this shows:

| proven with the real connector and a real Snowpark session | not proven |
| --- | --- |
| logging in: password, key pair, OAuth, access tokens; profiles; sessions that are handed over | Snowflake's own checks of them, roles and rights, browsers, TLS |
| what is on the wire: Arrow of all widths, chunks, times without values, results without rows | the widths, and the lengths of chunks, that Snowflake chooses |
| loading by files and `COPY INTO`, temporary tables, and that nothing stays behind | limits and speed of stages |
| tags, time limits, cancelling, tokens that expire, requests that are sent again | how Snowflake's own services fail |
| memory: ten million rows with that of a few chunks | cost and speed of a warehouse |
| Python functions as table functions: values of all types, errors, and that nothing stays behind | Snowflake's sandbox: its packages, frames and limits (see [0021](../decisions/0021-functions-in-the-warehouse.md)) |
| that statements hold documented functions, types and frames alone, by a list and by an independent grammar | that Snowflake takes each of them |
| values, as far as DuckDB and the rewriting of the emulator mean what Snowflake means | **values on Snowflake** |

The last two are what the live suite is for, on an account of yours:

```
pytest -m snowflake_live --snowflake-connection NAME
```

It runs the same cases, compiles the golden statements, and keeps the results by the hash of the SQL: when the SQL of a case
changes, it is not verified any more. The states:

- **verified live**: all of its cases passed on Snowflake, with the SQL that is sent today;
- **in part**: some of them did;
- **not verified live**: none did.
"""


def page(report: Report, results: Results) -> str:
    """Return the text of the page.

    Args:
        report: The suite on the emulator.
        results: Results on Snowflake.
    """
    verified = set(_verified(results))
    cases: dict[str, set[str]] = {}
    for case in report.cases:
        if case.status == "pass":
            for need in case.needs:
                cases.setdefault(need, set()).add(case.id)
    parts = [HEAD.format(summary=_summary(results, verified), level=report.level)]
    for group, names in grouped(cases).items():
        parts.append(f"## {GROUPS.get(group, group.capitalize())}\n")
        parts.append(_table("capability", {name.partition(".")[2]: _state(cases[name], verified) for name in names}))
    files: dict[str, set[str]] = {}
    for golden in golden_statements():
        files.setdefault(f"{golden.file}.sql", set()).add(golden.name)
    parts.append(
        "## Golden statements\n\nThe files of `backends/snowflake/tests/golden`; a statement is verified when Snowflake has compiled it.\n"
    )
    parts.append(_table("file", {file: _state(names, verified) for file, names in files.items()}))
    return "\n".join(parts)


def _verified(results: Results) -> Iterator[str]:
    """Yield the names of what passed on Snowflake with the SQL that is sent today."""
    for golden in golden_statements():
        if _passed(results, golden.name, key_of([golden.text])):
            yield golden.name
    known = results.cases()
    cases = [case for case in stored_cases() if case.id in known]
    if cases:
        with here() as emulator:
            yield from (case.id for case in cases if _passed(results, case.id, emulator.key(case)))


def _passed(results: Results, name: str, key: str) -> bool:
    found = results.of(name, key)
    return found is not None and found.outcome == "pass"


def _summary(results: Results, verified: Collection[str]) -> str:
    current = [found for each in results.by_sql.values() for name, found in each.items() if name in verified]
    if not current:
        return "**Nothing has been run on Snowflake itself yet.**"
    versions = ", ".join(sorted({found.version for found in current}))
    first, last = min(found.date for found in current), max(found.date for found in current)
    return f"{len(current):,} cases and statements have passed on Snowflake {versions}, between {first} and {last}."


def _state(names: Iterable[str], verified: Collection[str]) -> str:
    found = {name in verified for name in names}
    return STATES[1] if len(found) > 1 else STATES[0] if True in found else STATES[2]


def _table(title: str, states: Mapping[str, str]) -> str:
    """Return a table with a row for each state."""
    named = {state: ", ".join(f"`{name}`" for name in states if states[name] == state) for state in STATES}
    lines = [
        f"| {title} | state |",
        "| --- | --- |",
        *(f"| {names} | {state} |" for state, names in named.items() if names),
    ]
    return "\n".join(lines) + "\n"


def is_stale(reports: Sequence[Report]) -> bool:
    """Return whether the page is not what the one report and the results say."""
    (report,) = reports
    return not PAGE.exists() or PAGE.read_text("utf-8") != page(report, Results.read(KEPT, "snowflake"))


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description="Write docs/reference/snowflake-verified.md.")
    parser.add_argument("report", type=Path, metavar="REPORT.json", help="the suite on the emulator")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail when the page is stale")
    given = parser.parse_args()
    report = Report.read(given.report)
    if not given.check:
        PAGE.write_text(page(report, Results.read(KEPT, "snowflake")), "utf-8")
    elif is_stale([report]):
        sys.stderr.write(f"{PAGE.name} is stale. Write it anew: python {sys.argv[0]} {given.report}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
