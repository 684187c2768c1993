"""``onefold conformance list`` and ``show``: what the cases are."""

from __future__ import annotations

from typing import Annotated

import typer

from onefold.cli.options import Json
from onefold_conformance.command.options import Cases, Filters, Level

__all__ = ["list_cases", "show"]


def list_cases(level: Level = None, filters: Filters = None, cases: Cases = None, as_json: Json = False) -> None:
    """List the cases: their ids, and what they are about."""
    from rich.markup import escape
    from rich.table import Table

    from onefold.cli.output import print_json, results
    from onefold_conformance.case.files import stored_cases
    from onefold_conformance.runner.run import select

    found = select(stored_cases(cases), level=level, filters=filters or ())
    if as_json:
        print_json(
            [{"id": case.id, "level": case.level, "tags": case.item.get("tags", []), "why": case.why} for case in found]
        )
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("case", no_wrap=True)
    table.add_column("what it is about")
    for case in found:
        table.add_row(escape(case.id), escape(case.why))
    console = results()
    console.print(table)
    console.print(f"{len(found):,} cases")


def show(id: Annotated[str, typer.Argument(help="The id of a case.", show_default=False)], cases: Cases = None) -> None:
    """Show one case: its inputs, its plan, what has to come out, and why."""
    from onefold.errors import ConfigurationError, listed
    from onefold_conformance.case.files import stored_cases, written

    known = {case.id: case for case in stored_cases(cases)}
    if id not in known:
        raise ConfigurationError(f"There is no case {id!r}. {listed(id, known, what='cases')}")
    case = known[id].build()
    typer.echo(written(case.level, case.topic.partition("/")[2], {}, [case]), nl=False)
    typer.echo(f"needs: {', '.join(case.needs)}", err=True)
