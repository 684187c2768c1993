"""The functions and types that generated statements may hold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

__all__ = ["FRAMES", "FUNCTIONS", "TYPES"]

_ROOT = "https://docs.snowflake.com/en/sql-reference/"
_READ = tomllib.loads(resources.files("onefold_snowflake.gate").joinpath("allowed.toml").read_text(encoding="utf-8"))

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {name: f"{_ROOT}functions/{page}" for name, page in _READ["functions"].items()}
)
"""The page of the documentation about each function."""

TYPES: Mapping[str, str] = MappingProxyType({name: f"{_ROOT}{page}" for name, page in _READ["types"].items()})
"""The page of the documentation about each type, by its name in sqlglot."""

FRAMES: Mapping[str, str] = MappingProxyType({name: kind for kind, names in _READ["windows"].items() for name in names})
"""Which windows functions take: ``"ranges"`` all frames, ``"rows"`` those without distances in a range, ``"ranking"`` an
order but no frame. The others take no order either."""
