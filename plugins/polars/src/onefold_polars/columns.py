"""Columns by name, whatever the name is."""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

__all__ = ["column", "fresh"]


def column(name: str) -> pl.Expr:
    """Return the column with exactly this name; Polars takes ``*`` for all columns, and ``^...$`` for a pattern.

    Examples:
        >>> pl.DataFrame({"*": [1], "a": [2]}).select(column("*")).columns
        ['*']
    """
    if name == "*" or (name.startswith("^") and name.endswith("$")):
        return pl.col(f"^{re.escape(name)}$")
    return pl.col(name)


def fresh(wanted: str, taken: Collection[str]) -> str:
    """Return a name that differs from all that are taken.

    Examples:
        >>> fresh("key", ["key"])
        'key_'
    """
    while wanted in taken:
        wanted += "_"
    return wanted
