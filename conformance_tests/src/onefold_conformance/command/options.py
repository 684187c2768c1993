"""Options that several commands share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from onefold.errors import ConfigurationError

__all__ = ["Backend", "Cases", "Filters", "Level", "Options", "read_options"]

Backend = Annotated[
    str,
    typer.Argument(
        metavar="BACKEND",
        help="The name of an installed backend, or [bold]module:attribute[/] for one that is not installed.",
        show_default=False,
    ),
]
Level = Annotated[
    int | None,
    typer.Option("--level", help="Only the cases up to this level, 0 (io) to 5 (pipeline).", show_default=False),
]
Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        help="Only cases whose id contains this text, or that need this capability; may be given several times.",
        show_default=False,
    ),
]
Cases = Annotated[
    Path | None,
    typer.Option("--cases", help="A folder of case files to use instead of those of the suite.", show_default=False),
]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        help="An option of the backend's session, as name=value; may be given several times.",
        show_default=False,
    ),
]


def read_options(given: list[str] | None) -> dict[str, Any]:
    """Return options that were given as ``name=value``; values are JSON where they can be, else text.

    Raises:
        ConfigurationError: If one has no value.
    """
    options: dict[str, Any] = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigurationError(f"The option {text!r} has no value: write it as name=value.")
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return options
