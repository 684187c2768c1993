"""``onefold conformance kills``: which cases catch which wrong rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold_conformance.command.options import Cases, Filters, Level

__all__ = ["kills"]


def kills(
    *,
    level: Level = None,
    filters: Filters = None,
    cases: Cases = None,
    mutants: Annotated[
        list[str] | None,
        typer.Option(
            "--mutant", help="Only mutants whose name contains this text; may be repeated.", show_default=False
        ),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--all", help="Run every case on every mutant, not only until enough is known.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write the matrix as JSON.", show_default=False)
    ] = None,
    workers: Annotated[int, typer.Option("--workers", help="How many processes share the work.", min=1)] = 2,
    write: Annotated[bool, typer.Option("--write", help="Note in the case files what each case catches.")] = False,
) -> None:
    """Run the cases on the mutants, backends with one wrong rule each, and show which cases catch which.

    Every mutant has to be caught, and every case has to catch one or to be marked as smoke: exit code 1 otherwise.
    """
    from onefold.cli.output import results
    from onefold.errors import ConfigurationError
    from onefold_conformance.case.files import stored_cases
    from onefold_conformance.case.rewriting import note_kills
    from onefold_conformance.mutants.catalogue import MUTANTS
    from onefold_conformance.mutants.killing import kill_matrix
    from onefold_conformance.runner.run import select

    if write and mutants:
        raise ConfigurationError("--write notes what all mutants show: leave out --mutant, or leave out --write.")
    chosen = [mutant for mutant in MUTANTS if not mutants or any(text in mutant.name for text in mutants)]
    selected = [
        case.build()
        for case in select(stored_cases(cases), level=level, filters=filters or ())
        if not (case.is_superseded or case.item.get("smoke", False))
    ]
    matrix = kill_matrix(chosen, selected, complete=complete, folder=cases, workers=workers)
    by_case = matrix.by_case()
    idle = [case.id for case in selected if not by_case[case.id]]
    if out is not None:
        out.write_text(matrix.to_json(), "utf-8")
    if write:
        note_kills(by_case, cases)
    console = results()
    for name in matrix.survivors:
        console.print(f"[bold red]survives[/] {name}")
    for id in idle:
        console.print(f"[yellow]catches nothing[/] {id}")
    caught = len(chosen) - len(matrix.survivors)
    console.print(
        f"{caught:,} of {len(chosen):,} mutants are caught; {len(selected) - len(idle):,} of {len(selected):,} cases "
        "catch one"
    )
    if matrix.survivors or (idle and not mutants):
        raise typer.Exit(1)
