"""Checking the names of engines where they are written, without importing an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onefold.errors import ConfigurationError, listed, near_matches
from onefold.registry import AUTO, FIRST_PARTY, Registry, installed

__all__ = ["engine_name", "options_by_engine"]

_PUBLISHED = ("rift", "spark", "polars")
"""Engines that can be installed together with onefold, for advice."""


def engine_name(name: object, *, what: str, auto: bool = True, registry: Registry | None = None) -> str:
    """Return the one name of an engine, for a name or an alias of it.

    Args:
        name: The engine's name.
        what: What names it, for the error, such as ``"ONEFOLD_ENGINE"``.
        auto: Whether ``"auto"`` is a name here too.
        registry: What is installed; None: this environment.

    Raises:
        ConfigurationError: If it is not installed; the message gives near matches, and how to install it.
    """
    if auto and name == AUTO:
        return AUTO
    known = registry or installed()
    if isinstance(name, str):
        if name in known.backends:
            return known.backends[name].name
        if name in known.broken:  # what is broken is reported when it is used
            return name
    names = (*((AUTO,) if auto else ()), *known.names)
    near = near_matches(str(name), (*_PUBLISHED, *names), limit=1)
    advice = f'Install it with: pip install "onefold[{near[0]}]". ' if near and near[0] not in names else ""
    raise ConfigurationError(
        f"{what} names the engine {name!r:.80}, which is not installed. {advice}"
        f"{listed(str(name), names, what='engines here')}"
    )


def options_by_engine(options: Mapping[str, Mapping[str, Any]], *, what: str) -> dict[str, Mapping[str, Any]]:
    """Return options under the one name of each engine; onefold's own need not be installed on every machine.

    Args:
        options: The options of each engine, under its name or an alias.
        what: What holds them, for the error.

    Raises:
        ConfigurationError: If an engine does not exist, or has two of its names here.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for given, values in options.items():
        name = given if given in FIRST_PARTY else engine_name(given, what=what, auto=False)
        if name in found:
            raise ConfigurationError(
                f"{what} names the engine {name!r} twice, once by an alias. Put its options together."
            )
        found[name] = values
    return found
