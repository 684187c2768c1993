"""Registers the backend under the name ``sqlite``."""

from __future__ import annotations

from onefold.contract import Backend, BackendEntry, hookimpl

__all__ = ["onefold_register_backends"]


def _create() -> Backend:
    from onefold_sqlite.backend import SqliteBackend

    return SqliteBackend()


@hookimpl
def onefold_register_backends() -> tuple[BackendEntry, ...]:
    """Return the one backend of this distribution."""
    return (BackendEntry("sqlite", _create, "onefold-sqlite", "SQLite in this process, over Arrow data"),)
