"""``onefold engines``: what is installed, whether it works, and what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, results

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["engines"]


def engines(
    name: Annotated[
        str | None, typer.Argument(help="One engine: show each capability that it limits or lacks.", show_default=False)
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the installed engines: versions, health, capabilities, and why a broken one is broken.

    [bold]Examples[/]

      onefold engines

      onefold engines rift

      onefold engines --json
    """
    from onefold.cli.inventory import take_inventory

    entries = take_inventory(name)
    if json:
        print_json([entry.as_json() for entry in entries])
        return
    from rich.markup import escape

    console = results()
    if not entries:
        console.print(escape('No engine is installed. Install one with: pip install "onefold[rift]"'))
        return
    console.print(_overview(entries))
    for entry in entries:
        if entry.problem:
            console.print(f"\n[bold red]{escape(entry.name)} is broken:[/] {escape(entry.problem)}")
    working = [entry for entry in entries if entry.capabilities]
    if working:
        console.print()
        console.print(_counts(working))
    if name is not None:
        for entry in working:
            console.print()
            console.print(_details(entry))


def _overview(entries: Any) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Engines", title_justify="left", title_style="bold")
    for heading in ("name", "status", "version", "provided by", "what it is"):
        table.add_column(heading, overflow="fold")
    for entry in entries:
        status = "[green]ok[/]" if entry.status == "ok" else f"[red]{entry.status}[/]"
        cells = (entry.version or "-", entry.distribution or "-", entry.summary or "-")
        table.add_row(f"[bold]{escape(entry.name)}[/]", status, *(escape(cell) for cell in cells))
    return table


def _counts(entries: Any) -> Table:
    """Return how much of each group of capabilities every engine offers."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Capabilities offered", title_justify="left", title_style="bold")
    table.add_column("group")
    for entry in entries:
        table.add_column(escape(entry.name), justify="right")
    groups = dict.fromkeys(group for entry in entries for group in entry.counts())
    for group in groups:
        cells = []
        for entry in entries:
            offered, known = entry.counts().get(group, (0, 0))
            cells.append(f"{offered} of {known}")
        table.add_row(group, *cells)
    return table


def _details(entry: Any) -> Table:
    """Return the capabilities of an engine that are not simply its own."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=f"What {entry.name} does in another way, or does not do", title_justify="left", title_style="bold"
    )
    for heading in ("capability", "status", "how, or why not"):
        table.add_column(heading, overflow="fold")
    for capability, statement in entry.capabilities.items():
        if statement["status"] != "full":
            remark = " ".join(str(value) for key, value in statement.items() if key != "status")
            table.add_row(capability, statement["status"], escape(remark))
    if not table.rows:
        table.add_row("-", "full", "everything is the engine's own")
    return table
