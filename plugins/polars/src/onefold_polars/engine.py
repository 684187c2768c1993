"""The name of the engine."""

from __future__ import annotations

__all__ = ["ENGINE"]

ENGINE = "polars"
"""The name by which views choose this backend."""
