"""``onefold validate``: whether a repository of features is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, results

if TYPE_CHECKING:
    from onefold.api.validation import Check

__all__ = ["Repository", "validate"]

Repository = Annotated[
    str,
    typer.Argument(
        metavar="[PATH]",
        help="Python file with feature definitions, or a folder: one of views in SQL, or with an onefold.toml.",
    ),
]


def validate(path: Repository = ".", json: Json = False, debug: Debug = False) -> None:
    """Check all definitions of a repository, and whether its sources are what they say. Nothing is computed.

    The exit code is 1 when something is wrong.

    [bold]Examples[/]

      onefold validate

      onefold validate features.py --json
    """
    from onefold.api.validation import checks

    found = list(checks(path))
    failed = [check for check in found if check.problem]
    if json:
        print_json({"passed": not failed, "checks": [_as_json(check) for check in found]})
    else:
        _print(found, failed)
    if failed:
        raise typer.Exit(1)


def _as_json(check: Check) -> dict[str, Any]:
    return {
        "kind": check.kind,
        "name": check.name,
        "file": check.file,
        "passed": not check.problem,
        "found": check.passed,
        "problem": check.problem or None,
        "notes": list(check.notes),
    }


def _print(found: list[Check], failed: list[Check]) -> None:
    from rich.markup import escape
    from rich.table import Table

    console = results()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("", "", "found", "file"):
        table.add_column(title, header_style="dim")
    for check in found:
        mark = "[bold red]✗[/]" if check.problem else "[bold yellow]![/]" if check.notes else "[bold green]✓[/]"
        said = "[red]failed[/]" if check.problem else escape(check.passed)
        table.add_row(f"{mark} {check.kind}", f"[bold]{escape(check.name)}[/]", said, f"[dim]{escape(check.file)}[/]")
    console.print(table)
    for check in found:
        for note in check.notes:
            console.print(
                f"\n[bold yellow]![/] {check.kind} [bold]{escape(check.name)}[/]: {escape(note)}.", soft_wrap=True
            )
    for check in failed:
        console.print(f"\n[bold red]✗[/] {check.kind} [bold]{escape(check.name)}[/]", soft_wrap=True)
        console.print(check.problem, markup=False, soft_wrap=True)
    console.print()
    if failed:
        console.print(f"[bold red]{len(failed)} of {len(found)} checks failed.[/]")
    else:
        console.print(f"[bold green]All {len(found)} checks passed.[/]")
