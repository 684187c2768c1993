"""Registers the oracle as a backend; nothing of it is imported until it is created."""

from __future__ import annotations

from onefold.contract import Backend, BackendEntry, hookimpl

__all__ = ["onefold_register_backends"]


def _create() -> Backend:
    from onefold_conformance.oracle.backend import OracleBackend

    return OracleBackend()


@hookimpl
def onefold_register_backends() -> tuple[BackendEntry, ...]:
    """Return the one backend of this distribution."""
    return (
        BackendEntry(
            name="oracle",
            create=_create,
            distribution="onefold-conformance",
            summary="A plain interpreter of plans in Python: slow, and right; for comparison, not for work",
        ),
    )
