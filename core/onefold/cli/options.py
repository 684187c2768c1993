"""Options that several commands have, so that they read the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["DEBUG", "Debug", "Definitions", "Engine", "Json"]

DEBUG = "onefold.debug"
"""Under which key of the context's ``meta`` it is noted that tracebacks are wanted."""


def _note_debug(context: typer.Context, value: bool) -> bool:
    context.meta[DEBUG] = value or context.meta.get(DEBUG, False)
    return value


Debug = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.", callback=_note_debug, expose_value=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
Definitions = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="Python file with feature definitions, or a folder with an onefold.toml that names it.",
        show_default=False,
    ),
]
Engine = Annotated[
    str | None,
    typer.Option("--engine", help="Engine for all views, over what they name themselves.", show_default=False),
]
