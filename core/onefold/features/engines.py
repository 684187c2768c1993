"""Checking the names of engines when definitions are made, without importing an engine."""

from __future__ import annotations

from onefold.errors import ConfigurationError, listed, near_matches
from onefold.registry import installed

__all__ = ["check_engine"]

_PUBLISHED = ("rift",)
"""Engines that can be installed together with onefold, for advice."""


def check_engine(name: str, *, what: str) -> None:
    """Raise a ConfigurationError unless an engine is installed.

    Args:
        name: The engine's name.
        what: What names it, for the error.
    """
    registry = installed()
    if name in registry.backends or name in registry.broken:  # what is broken is reported when it is used
        return
    known = near_matches(str(name), (*_PUBLISHED, *registry.names), limit=1)
    advice = f'Install it with: pip install "onefold[{known[0]}]". ' if known and known[0] not in registry.names else ""
    raise ConfigurationError(
        f"{what} names the engine {name!r}, which is not installed. {advice}"
        f"{listed(str(name), registry.names, what='installed engines')}"
    )
