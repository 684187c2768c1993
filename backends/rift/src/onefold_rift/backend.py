"""The backend: what describes DuckDB, and opens sessions on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from onefold.contract import Capabilities, Health
from onefold_rift.capabilities import CAPABILITIES
from onefold_rift.dialect import ENGINE
from onefold_rift.options import OPTIONS, checked_options
from onefold_rift.session import RiftSession

__all__ = ["RiftBackend"]


class RiftBackend:
    """DuckDB in this process; stateless."""

    name: str = ENGINE
    capabilities: Capabilities = CAPABILITIES
    options: Mapping[str, str] = OPTIONS

    def open(self, options: Mapping[str, Any]) -> RiftSession:
        """Return a session with a database of its own.

        Args:
            options: See :data:`onefold_rift.options.OPTIONS`.

        Raises:
            ConfigurationError: If an option is unknown or its value can not be used.
        """
        return RiftSession(checked_options(options))

    def health(self) -> Health:
        """Run a query through a real session."""
        version = str(duckdb.__version__)
        try:
            with self.open({}) as session:
                session.check()
        except Exception as error:  # noqa: BLE001 - whatever is wrong is what health is about
            return Health(ok=False, version=version, detail=f"DuckDB is installed but can not work: {error}")
        return Health(ok=True, version=version)
