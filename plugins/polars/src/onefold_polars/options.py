"""The options of a session: checked before anything is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from onefold.errors import ConfigurationError, listed
from onefold_polars.engine import ENGINE

__all__ = ["OPTIONS", "Options", "checked_options"]

OPTIONS: Mapping[str, str] = {
    "engine": 'Which of Polars\' engines runs queries: "streaming" in bounded memory, which is the default, or "in-memory".',
    "batch_rows": "How many rows the batches of a result have, about; 65,536 when left out.",
}
"""The options that a session takes, each with one sentence about its meaning."""

BATCH_ROWS = 65_536
_ENGINES = ("streaming", "in-memory")


@dataclass(frozen=True, slots=True)
class Options:
    """Checked options.

    Args:
        engine: Which of Polars' engines runs queries.
        batch_rows: How many rows batches have, about.
    """

    engine: Literal["streaming", "in-memory"] = "streaming"
    batch_rows: int = BATCH_ROWS


def checked_options(given: Mapping[str, Any]) -> Options:
    """Return options after checking them.

    Raises:
        ConfigurationError: If an option is unknown or its value can not be used.

    Examples:
        >>> checked_options({"engine": "in-memory"}).engine
        'in-memory'
    """
    for name in given:
        if name not in OPTIONS:
            raise ConfigurationError(
                f"The engine {ENGINE!r} has no option {name!r}. {listed(name, OPTIONS, what='options')}"
            )
    values = {name: value for name, value in given.items() if value is not None}
    engine = values.get("engine", "streaming")
    if engine not in _ENGINES:
        raise ConfigurationError(
            f"The option engine is {engine!r:.60}. {listed(str(engine), _ENGINES, what='engines')}"
        )
    rows = values.get("batch_rows", BATCH_ROWS)
    if not isinstance(rows, int) or isinstance(rows, bool) or not 1 <= rows <= 2**24:
        raise ConfigurationError(f"The option batch_rows is a whole number from 1 to {2**24:,}, not {rows!r:.60}.")
    return Options(engine, rows)
