"""``onefold demo``: the story of a training set, from a year of real flights."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, progress_bar, results

__all__ = ["demo"]


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for all that the demo writes.")] = Path("onefold-demo"),
    model: Annotated[bool, typer.Option(help="Train and score a model on the training set.")] = True,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Build a training set from 336,776 real flights, step by step, in about a minute.

    Needs the extra "demo": the flights, and scikit-learn for a model that shows what the features are worth.

    [bold]Examples[/]

      onefold demo

      onefold demo --out /tmp/flights --no-model
    """
    from rich.console import Console

    from onefold.demo import run_demo

    # Threads of the model that wait for each other sleep: on a busy machine, spinning takes several times as long.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(file=nowhere) if json else results(width=110)
        report = run_demo(
            out, console=console, progress=lambda label, total: progress_bar(label, total=total), model=model
        )
    if json:
        print_json(report)
