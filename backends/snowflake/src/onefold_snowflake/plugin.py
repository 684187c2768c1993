"""Registers the backend under the name ``snowflake``; its driver is imported when the backend is created, not here."""

from __future__ import annotations

from onefold.contract import Backend, BackendEntry, hookimpl

__all__ = ["onefold_register_backends"]


def _create() -> Backend:
    from onefold_snowflake.backend import SnowflakeBackend

    return SnowflakeBackend()


@hookimpl
def onefold_register_backends() -> tuple[BackendEntry, ...]:
    """Return the one backend of this distribution."""
    return (
        BackendEntry(
            name="snowflake",
            create=_create,
            distribution="onefold-snowflake",
            summary="Snowflake: feature views inside of the warehouse, or only their first stage",
        ),
    )
