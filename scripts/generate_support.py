"""Write docs/reference/support.md from reports of the conformance suite: run it when `make conformance` says that it is stale.

    python scripts/generate_support.py conformance-reports/{rift,spark,polars,snowflake,sqlite}/report.json

With `--check` nothing is written, and the exit code says whether the page is what the reports say. The page depends on what
was observed alone: not on when and where the suite ran, nor on how many cases it has.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from onefold_conformance.case.model import LEVELS
from onefold_conformance.report.matrix import Matrix, matrix_of
from onefold_conformance.report.model import Report
from onefold_conformance.report.observed import GROUPS

__all__ = ["PAGE", "is_stale", "page"]

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "support.md"

HEAD = """\
# What each engine supports

<!-- Written by scripts/generate_support.py. Do not edit. -->

What the [conformance suite](../explanation/conformance.md) observed of each capability. Cells come from results, and never
from what a backend says about itself:

- **full**: cases that need it passed, and none failed;
- **emulated**: the same, of what is done by other means than the engine's own, such as the shared kernel or Python;
- **refused**: it is not offered, and every plan that needs it was refused before anything ran;
- **deviation**: a case that needs it fails, known and dated;
- **failing**: a case that needs it fails;
- **not run**: no case has shown anything: none needs it, or each was refused for the sake of something else.

Capabilities with the same cells share a row. Snowflake's backend ran against the emulator, so its column shows what the backend
does, and not yet what Snowflake does: see [what has been verified on Snowflake](snowflake-verified.md).
"""


def page(reports: Sequence[Report]) -> str:
    """Return the text of the page.

    Args:
        reports: The reports, in the order of the columns.
    """
    matrix = matrix_of(reports)
    parts = [HEAD, "## Levels\n", _levels(matrix)]
    for group, rows in matrix.groups.items():
        kinds = {name: tuple(cell.kind for cell in cells) for name, cells in rows.items()}
        parts.append(f"## {GROUPS.get(group, group.capitalize())}\n")
        parts.append(_table(matrix, "capability", _drawn_together(kinds)))
    return "\n".join(parts)


def _levels(matrix: Matrix) -> str:
    rows = [
        (f"{level} ({LEVELS[level]})", tuple(cell.state for cell in cells)) for level, cells in matrix.levels.items()
    ]
    return _table(matrix, "level", rows)


def _drawn_together(kinds: Mapping[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    """Return rows: those with equal cells as one, in the order of the first name of each."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for name, cells in kinds.items():
        rows.setdefault(cells, []).append(f"`{name.partition('.')[2]}`")
    return [(", ".join(names), cells) for cells, names in rows.items()]


def _table(matrix: Matrix, title: str, rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    columns = [title, *(f"`{report.backend}`" for report in matrix.reports)]
    lines = [columns, ["---"] * len(columns), *([name, *cells] for name, cells in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def is_stale(reports: Sequence[Report]) -> bool:
    """Return whether the page is not what reports say."""
    return not PAGE.exists() or PAGE.read_text("utf-8") != page(reports)


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description="Write docs/reference/support.md from reports of the suite.")
    parser.add_argument("reports", nargs="+", type=Path, metavar="REPORT.json")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail when the page is stale")
    given = parser.parse_args()
    reports = [Report.read(path) for path in given.reports]
    if not given.check:
        PAGE.write_text(page(reports), "utf-8")
    elif is_stale(reports):
        sys.stderr.write(f"{PAGE.name} is not what the reports say. Write it anew: python {' '.join(sys.argv[:1])} ")
        sys.stderr.write(f"{' '.join(map(str, given.reports))}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
