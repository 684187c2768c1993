"""Names and texts in Spark's SQL."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["fresh_name", "quoted", "text"]


def quoted(name: str) -> str:
    """Return a quoted name.

    Examples:
        >>> quoted("a`b")
        '`a``b`'
    """
    return "`" + name.replace("`", "``") + "`"


def text(value: str) -> str:
    r"""Return a text as a constant.

    Examples:
        >>> print(text("it's"))
        'it\'s'
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fresh_name(taken: Iterable[str]) -> str:
    """Return a name for a column that numbers rows, beside others."""
    folded = {name.casefold() for name in taken}
    name = "onefold_row"
    while name in folded:
        name += "_"
    return name
