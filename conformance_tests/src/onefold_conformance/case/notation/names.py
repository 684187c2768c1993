"""What the names in a plan of a case stand for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from onefold.plan import FunctionRef, Table
from onefold.types import Schema

__all__ = ["Names"]


class Names:
    """What the names in a plan stand for.

    Args:
        tables: The schemas of the tables that a plan can read as inputs.
        files: The declared sources, by name.
        functions: The Python functions that a plan can name.
        directory: Where sinks write: a plan names its sinks relative to it.
    """

    def __init__(
        self,
        tables: Mapping[str, Schema],
        files: Mapping[str, Table] | None = None,
        functions: Mapping[str, FunctionRef] | None = None,
        directory: Path = Path("case"),
    ) -> None:
        self.tables = tables
        self.files = files or {}
        self.functions = functions or {}
        self.directory = directory
