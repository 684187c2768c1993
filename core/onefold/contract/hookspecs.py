"""The hooks that a plugin can implement; registered under the entry-point group ``onefold``."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from onefold.contract.backend import BackendEntry

__all__ = ["PROJECT", "hookimpl", "hookspec", "onefold_register_backends"]

PROJECT = "onefold"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def onefold_register_backends() -> Iterable[BackendEntry]:
    """Return the backends that this plugin provides, without importing their engines."""
    return ()
