"""Registers the backend under the name ``rift``; DuckDB is imported when the backend is created, not here."""

from __future__ import annotations

from onefold.contract import Backend, BackendEntry, hookimpl

__all__ = ["onefold_register_backends"]


def _create() -> Backend:
    from onefold_rift.backend import RiftBackend

    return RiftBackend()


@hookimpl
def onefold_register_backends() -> tuple[BackendEntry, ...]:
    """Return the one backend of this distribution."""
    return (
        BackendEntry(
            name="rift",
            create=_create,
            distribution="onefold-rift",
            summary="DuckDB on this machine: Parquet, CSV, JSON lines and Arrow, in bounded memory",
            aliases=("duckdb",),
        ),
    )
