"""Registers the backend under the name ``polars``; Polars is imported when the backend is created, not here."""

from __future__ import annotations

from onefold.contract import Backend, BackendEntry, hookimpl

__all__ = ["onefold_register_backends"]


def _create() -> Backend:
    from onefold_polars.backend import PolarsBackend

    return PolarsBackend()


@hookimpl
def onefold_register_backends() -> tuple[BackendEntry, ...]:
    """Return the one backend of this distribution."""
    return (
        BackendEntry(
            name="polars",
            create=_create,
            distribution="onefold-polars",
            summary="Polars in this process: lazy frames over Parquet, CSV, JSON lines and Arrow",
        ),
    )
