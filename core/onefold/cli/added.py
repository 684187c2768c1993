"""Commands that other distributions add to ``onefold``: entry points of the group ``onefold.commands``.

An entry point names a ``typer.Typer``. Its module has to be cheap to import, because ``onefold --help`` shows its help.
(Backends are found by :mod:`onefold.registry`, whose imports would make ``--help`` slow.)
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from onefold.errors import PluginError

__all__ = ["added_command", "added_commands"]

GROUP = "onefold.commands"

_ELSEWHERE = {"conformance": "onefold-conformance"}
"""Commands that other distributions of this project provide: what to install for them."""


@lru_cache(maxsize=1)
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def added_commands() -> tuple[str, ...]:
    """Return the names of the commands that are installed beside those of onefold itself, sorted."""
    return tuple(_points())


def added_command(name: str) -> Any:
    """Return a command of another distribution, imported now; None when there is none of that name.

    Raises:
        PluginError: If it is a command of this project whose distribution is not installed, or can not be imported.
    """
    import typer

    point = _points().get(name)
    if point is None:
        if name in _ELSEWHERE:
            raise PluginError(
                f"`onefold {name}` is provided by {_ELSEWHERE[name]}, which is not installed. "
                f"Install it with: pip install {_ELSEWHERE[name]}"
            )
        return None
    try:
        command = typer.main.get_command(point.load())
    except Exception as error:
        raise PluginError(
            f"The command {name!r} of {point.dist.name if point.dist else point.value} can not be loaded: "
            f"{type(error).__name__}: {error}"
        ) from error
    command.name = name
    return command
