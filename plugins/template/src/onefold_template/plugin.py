"""Registers the backend under the name ``template``."""

from __future__ import annotations

from onefold.contract import Backend, BackendEntry, hookimpl

__all__ = ["onefold_register_backends"]


def _create() -> Backend:
    # Imported only when the backend is asked for: every use of onefold imports this module, none should import an engine.
    from onefold_template.backend import TemplateBackend

    return TemplateBackend()


@hookimpl
def onefold_register_backends() -> tuple[BackendEntry, ...]:
    """Return the one backend of this distribution."""
    return (
        BackendEntry(
            name="template",  # what users write: engine="template"
            create=_create,
            distribution="onefold-template",  # what to install when the engine can not be imported
            summary="Plain columns, limits and unions, on Arrow in memory",  # a line of `onefold engines`
        ),
    )
