"""The backend: what describes the engine, and opens sessions on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from onefold.contract import Capabilities, Health
from onefold.errors import ConfigurationError, listed
from onefold_template.capabilities import CAPABILITIES
from onefold_template.session import TemplateSession

__all__ = ["TemplateBackend"]


class TemplateBackend:
    """Arrow in memory; stateless, and cheap to create."""

    name: str = "template"
    capabilities: Capabilities = CAPABILITIES
    # The options that `open` takes, each with one sentence about its meaning, such as an address or a number of threads.
    options: Mapping[str, str] = {}

    def open(self, options: Mapping[str, Any]) -> TemplateSession:
        """Return a session.

        Raises:
            ConfigurationError: If an option is unknown.
        """
        # An option that nobody reads is an error: a slip of the finger must not be a setting that is ignored.
        for option in options:
            if option not in self.options:
                raise ConfigurationError(
                    f"{self.name!r} has no option {option!r}. {listed(option, self.options, what='options')}"
                )
        return TemplateSession()

    def health(self) -> Health:
        """Say whether the engine can work here; `onefold engines` shows it."""
        # An engine behind a network would be asked for its version here, and an error be told in `detail`.
        return Health(ok=True, version=pa.__version__)
