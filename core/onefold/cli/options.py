"""Options that several commands have, so that they read the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

__all__ = ["DEBUG", "Debug", "Definitions", "Engines", "Json", "NamedEngines", "Views", "named_engines", "named_views"]

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
Engines = Annotated[
    list[str] | None,
    typer.Option(
        "--engine",
        metavar="[VIEW=]ENGINE",
        help="Engine for all views, or for one, over what they name themselves; auto chooses. Can be repeated.",
        show_default=False,
    ),
]
Views = Annotated[
    str | None,
    typer.Option("--views", help="Views and services, separated by commas; all when left out.", show_default=False),
]


@dataclass(frozen=True, slots=True)
class NamedEngines:
    """What ``--engine`` names: an engine for all views, and engines for some."""

    engine: str | None
    engines: Mapping[str, str]


def named_engines(given: Sequence[str] | None) -> NamedEngines:
    """Return what was given for ``--engine``.

    Raises:
        typer.BadParameter: If two engines are named for the same views.

    Examples:
        >>> named_engines(["rift", "carrier_delay=spark"])
        NamedEngines(engine='rift', engines={'carrier_delay': 'spark'})
    """
    found: dict[str, str] = {}
    for text in given or ():
        view, _, engine = text.rpartition("=")
        if view in found:
            whom = f"the view {view!r}" if view else "all views"
            raise typer.BadParameter(f"it names two engines for {whom}: {found[view]}, {engine}", param_hint="--engine")
        found[view] = engine
    return NamedEngines(found.pop("", None), found)


def named_views(given: str | None) -> list[str] | None:
    """Return the names that were given for ``--views``; None for all views.

    Raises:
        typer.BadParameter: If there is none among them.

    Examples:
        >>> named_views("spend, latest")
        ['spend', 'latest']
    """
    names = None if given is None else [name.strip() for name in given.split(",") if name.strip()]
    if names == []:
        raise typer.BadParameter("give at least one name, or leave the option out for all views", param_hint="--views")
    return names
