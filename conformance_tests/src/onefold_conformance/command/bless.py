"""``onefold conformance bless``: expected values from two witnesses that agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["bless"]


def bless(
    paths: Annotated[list[Path], typer.Argument(help="Case files.", show_default=False)],
    witness: Annotated[
        str,
        typer.Option("--witness", help="A backend that has to agree with the oracle.", show_default=False),
    ],
) -> None:
    """Give cases without an expectation the values on which the oracle and a second witness agree.

    Cases that have an expectation keep it, and are checked against the oracle. Tolerances that a plan has by its meaning are
    noted, and the files are brought into their canonical form. What was blessed is to be read before it is committed.
    """
    from rich.markup import escape

    from onefold.cli.output import results
    from onefold_conformance.case.blessing import Blessing
    from onefold_conformance.case.rewriting import rewrite
    from onefold_conformance.runner.located import locate

    console = results()
    backend = locate(witness).backend
    with backend.open({}) as session:
        blessing = Blessing(session, backend.capabilities)
        for path in paths:
            rewrite(path, blessing)
    for sentence in blessing.problems:
        console.print(escape(sentence))
    console.print(f"{blessing.blessed} cases blessed, {blessing.checked} checked, {len(blessing.problems)} problems")
    if blessing.problems:
        raise typer.Exit(1)
