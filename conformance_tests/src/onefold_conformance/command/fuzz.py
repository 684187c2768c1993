"""``onefold conformance fuzz``: generated plans, the backend beside the oracle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold_conformance.command.options import Backend, Options, read_options

__all__ = ["fuzz"]


def fuzz(
    backend: Backend,
    examples: Annotated[int, typer.Option("--examples", help="How many plans to draw.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="Where the drawing begins: equal seeds, equal plans.")] = 0,
    out: Annotated[
        Path, typer.Option("--out", help="Where to write the smallest failing case.", show_default=True)
    ] = Path("fuzz-case.json"),
    option: Options = None,
) -> None:
    """Draw well-typed plans over the whole catalogue with data on the bounds, and compare the backend with the oracle.

    A difference is shrunk to the smallest plan and data that show it, printed, and written as a case file.
    """
    from onefold_conformance.generate.fuzz import fuzz as run_fuzz
    from onefold_conformance.runner.located import locate

    report = run_fuzz(locate(backend).backend, examples=examples, seed=seed, options=read_options(option))
    typer.echo(report.summary)
    if report.case is not None:
        out.write_text(report.case_text, "utf-8")
        typer.echo(report.case_text, nl=False)
        typer.echo(f"wrote {out}")
        raise typer.Exit(1)
