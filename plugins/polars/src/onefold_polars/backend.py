"""The backend: what describes Polars, and opens sessions on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from onefold.contract import Capabilities, Health
from onefold_polars.capabilities import CAPABILITIES
from onefold_polars.engine import ENGINE
from onefold_polars.options import OPTIONS, checked_options
from onefold_polars.session import PolarsSession

__all__ = ["PolarsBackend"]


class PolarsBackend:
    """Polars in this process; stateless."""

    name: str = ENGINE
    capabilities: Capabilities = CAPABILITIES
    options: Mapping[str, str] = OPTIONS

    def open(self, options: Mapping[str, Any]) -> PolarsSession:
        """Return a session.

        Args:
            options: See :data:`onefold_polars.options.OPTIONS`.

        Raises:
            ConfigurationError: If an option is unknown or its value can not be used.
        """
        return PolarsSession(checked_options(options))

    def health(self) -> Health:
        """Run a query."""
        try:
            pl.LazyFrame({"n": [1, 2]}).filter(pl.col("n") > 1).collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError) as error:
            return Health(ok=False, version=pl.__version__, detail=f"Polars is installed but can not work: {error}")
        return Health(ok=True, version=pl.__version__)
