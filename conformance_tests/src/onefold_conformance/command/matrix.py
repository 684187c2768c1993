"""``onefold conformance matrix``: several reports side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["matrix"]


def matrix(
    reports: Annotated[list[Path], typer.Argument(help="Files that `run --out` has written.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write: a file that ends in .html or .md.")
    ] = Path("matrix.html"),
) -> None:
    """Merge reports into one matrix: a row for each capability, a column for each backend, cells from results only."""
    from onefold_conformance.report.matrix import write_matrix
    from onefold_conformance.report.model import Report

    write_matrix([Report.read(path) for path in reports], output)
    typer.echo(f"wrote {output}")
