"""The backend: what describes Snowflake, and opens sessions on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import snowflake.connector

from onefold.contract import Capabilities, Health
from onefold.plan import MapBatches
from onefold_snowflake.capabilities import CAPABILITIES
from onefold_snowflake.dialect import ENGINE
from onefold_snowflake.options import OPTIONS, checked_options
from onefold_snowflake.session import SnowflakeSession
from onefold_snowflake.transforms import why_outside

__all__ = ["SnowflakeBackend"]


class SnowflakeBackend:
    """Snowflake; stateless."""

    name: str = ENGINE
    capabilities: Capabilities = CAPABILITIES
    options: Mapping[str, str] = OPTIONS

    def open(self, options: Mapping[str, Any]) -> SnowflakeSession:
        """Return a session, logged in.

        Args:
            options: See :data:`onefold_snowflake.options.OPTIONS`.

        Raises:
            ConfigurationError: If an option is unknown or its value can not be used, or Snowflake refuses who logs in.
            EngineError: If Snowflake can not be reached.
        """
        return SnowflakeSession(checked_options(options))

    def why_outside(self, transform: MapBatches, options: Mapping[str, Any]) -> str | None:
        """Return why a transform runs in this process, in a few words; None when it runs in the warehouse.

        Raises:
            ConfigurationError: If an option is unknown or its value can not be used.
        """
        checked = checked_options(options)
        if checked.transforms == "here":
            return 'the option transforms is "here"'
        return why_outside(transform, checked.packages)

    def health(self) -> Health:
        """Say which version of the connector is installed; logging in may ask a person for something, and costs."""
        return Health(ok=True, version=f"connector {snowflake.connector.__version__}")
