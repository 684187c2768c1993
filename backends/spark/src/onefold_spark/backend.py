"""The backend: what describes Spark, and opens sessions on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyspark

from onefold.contract import Capabilities, Health
from onefold_spark.capabilities import CAPABILITIES
from onefold_spark.dialect import ENGINE
from onefold_spark.options import OPTIONS, checked_options
from onefold_spark.session import SparkEngineSession

__all__ = ["SparkBackend"]


class SparkBackend:
    """Spark; stateless."""

    name: str = ENGINE
    capabilities: Capabilities = CAPABILITIES
    options: Mapping[str, str] = OPTIONS

    def open(self, options: Mapping[str, Any]) -> SparkEngineSession:
        """Return a session on Spark, which is started if none is running.

        Args:
            options: See :data:`onefold_spark.options.OPTIONS`.

        Raises:
            ConfigurationError: If an option is unknown or its value can not be used, or there is no Java.
            EngineError: If Spark does not start, or can not be reached.
        """
        return SparkEngineSession(checked_options(options))

    def health(self) -> Health:
        """Say which version is installed."""
        return Health(ok=True, version=str(pyspark.__version__))
