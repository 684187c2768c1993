"""Profiles in Snowflake's own configuration: ``connections.toml``, as all of Snowflake's tools read it."""

from __future__ import annotations

from typing import Any

from snowflake.connector.config_manager import CONFIG_MANAGER
from snowflake.connector.errors import ConfigSourceError, Error

from onefold.errors import ConfigurationError, listed

__all__ = ["profile"]


def profile(name: str | None) -> dict[str, Any]:
    """Return the settings of a profile; they hold secrets.

    Args:
        name: Its name; None for the default one.

    Raises:
        ConfigurationError: If the configuration can not be read, or there is no such profile.
    """
    try:
        CONFIG_MANAGER.read_config()  # it may have changed since this process began
        found: Any = CONFIG_MANAGER["connections"]
        chosen = name if name is not None else str(CONFIG_MANAGER["default_connection_name"])
    except (ConfigSourceError, Error) as error:
        raise ConfigurationError(f"Snowflake's configuration can not be read: {error}") from error
    if chosen in found:
        return {str(key): value for key, value in found[chosen].unwrap().items()}
    if name is None:
        raise ConfigurationError(
            f"Nothing says which Snowflake account is meant: there is no default profile {chosen!r} in connections.toml. "
            f"Name a profile with the option connection, or an account with the option account. "
            f"{listed(chosen, found, what='profiles')}"
        )
    raise ConfigurationError(
        f"The option connection names the profile {chosen!r}, which connections.toml does not have. "
        f"{listed(chosen, found, what='profiles')}"
    )
