"""The options of a session: checked before anything is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefold.errors import ConfigurationError, listed
from onefold_polars.engine import ENGINE

__all__ = ["OPTIONS", "Options", "checked_options"]

OPTIONS: Mapping[str, str] = {
    "batch_rows": "How many rows the batches of a result have, about; 65,536 when left out.",
}
"""The options that a session takes, each with one sentence about its meaning."""

BATCH_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Options:
    """Checked options.

    Args:
        batch_rows: How many rows batches have, about.
    """

    batch_rows: int = BATCH_ROWS


def checked_options(given: Mapping[str, Any]) -> Options:
    """Return options after checking them.

    Raises:
        ConfigurationError: If an option is unknown or its value can not be used.

    Examples:
        >>> checked_options({"batch_rows": 1000}).batch_rows
        1000
    """
    for name in given:
        if name not in OPTIONS:
            raise ConfigurationError(
                f"The engine {ENGINE!r} has no option {name!r}. {listed(name, OPTIONS, what='options')}"
            )
    rows = given.get("batch_rows")
    if rows is None:
        return Options()
    if not isinstance(rows, int) or isinstance(rows, bool) or not 1 <= rows <= 2**24:
        raise ConfigurationError(f"The option batch_rows is a whole number from 1 to {2**24:,}, not {rows!r:.60}.")
    return Options(rows)
