"""``onefold conformance fuzz``: generated plans, the backend beside the oracle."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from onefold_conformance.command.options import Backend, Options, read_options

__all__ = ["fuzz"]


def fuzz(
    backend: Backend,
    *,
    examples: Annotated[int, typer.Option("--examples", help="How many plans to draw.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="Where the drawing begins: equal seeds, equal plans.")] = 0,
    out: Annotated[
        Path, typer.Option("--out", help="Where to write the smallest failing case.", show_default=True)
    ] = Path("fuzz-case.json"),
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Where to write what was drawn and found, as JSON.", show_default=False),
    ] = None,
    option: Options = None,
) -> None:
    """Draw well-typed plans over the whole catalogue with data on the bounds, and compare the backend with the oracle.

    A difference is shrunk to the smallest plan and data that show it, printed, and written as a case file.
    """
    from onefold_conformance.generate.fuzz import fuzz as run_fuzz
    from onefold_conformance.generate.record import fuzz_record
    from onefold_conformance.report.write import write_text
    from onefold_conformance.runner.located import locate

    located, began = locate(backend), time.monotonic()
    opened = read_options(option)

    def tell(outcomes: Mapping[str, int]) -> None:
        typer.echo(f"{sum(outcomes.values()):,} plans, {time.monotonic() - began:,.0f} s", err=True)

    found = run_fuzz(located.backend, examples=examples, seed=seed, options=opened, on_round=tell)
    typer.echo(found.summary)
    if report is not None:
        write_text(report, fuzz_record(found, located, seed=seed, options=opened, seconds=time.monotonic() - began))
    if found.case is not None:
        out.write_text(found.case_text, "utf-8")
        typer.echo(found.case_text, nl=False)
        typer.echo(f"wrote {out}")
        raise typer.Exit(1)
