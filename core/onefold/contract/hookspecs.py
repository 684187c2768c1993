"""The hooks that a plugin can implement; registered under the entry-point group ``onefold``."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from onefold.contract.backend import BackendEntry
from onefold.contract.estimates import Estimate, View

__all__ = ["PROJECT", "hookimpl", "hookspec", "onefold_choose_engine", "onefold_register_backends"]

PROJECT = "onefold"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def onefold_register_backends() -> Iterable[BackendEntry]:
    """Return the backends that this plugin provides, without importing their engines."""
    return ()


@hookspec(firstresult=True)
def onefold_choose_engine(view: View, estimate: Estimate) -> str | None:
    """Return the engine of a view that has ``engine="auto"``; None to leave the choice to others.

    The first answer that is not None counts. Without one, onefold's own policy decides by the size of what is read.
    An answer has to name an installed engine; the same question has to get the same answer.

    Args:
        view: The view.
        estimate: What it reads, as far as that is known.
    """
