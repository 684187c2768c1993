"""The options of a session: checked before anything is opened."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onefold.errors import ConfigurationError, listed

__all__ = ["OPTIONS", "Options", "checked_options"]

OPTIONS: Mapping[str, str] = {
    "memory_limit": 'How much memory DuckDB may use before it spills to disk, such as "4GB"; 80 % of the machine\'s.',
    "threads": "How many threads DuckDB uses; as many as there are processors when left out.",
    "spill_directory": "Where temporary files are written; the system's temporary directory when left out.",
}
"""The options that a session takes, each with one sentence about its meaning."""

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", re.IGNORECASE)
_UNITS = {
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
_LEAST_MEMORY = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Options:
    """Checked options; None stands for DuckDB's own choice.

    Args:
        memory_limit: Bytes.
        threads: A number of threads.
        spill_directory: A directory that exists and can be written to.
    """

    memory_limit: int | None = None
    threads: int | None = None
    spill_directory: Path | None = None


def checked_options(given: Mapping[str, Any]) -> Options:
    """Return options after checking them.

    Raises:
        ConfigurationError: If an option is unknown or its value can not be used.

    Examples:
        >>> checked_options({"memory_limit": "1GB", "threads": 2}).memory_limit
        1000000000
    """
    for name in given:
        if name not in OPTIONS:
            raise ConfigurationError(
                f"The engine 'rift' has no option {name!r}. {listed(name, OPTIONS, what='options')}"
            )
    values = {name: value for name, value in given.items() if value is not None}
    return Options(
        _memory(values["memory_limit"]) if "memory_limit" in values else None,
        _threads(values["threads"]) if "threads" in values else None,
        _directory(values["spill_directory"]) if "spill_directory" in values else None,
    )


def _memory(value: object) -> int:
    size: float | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        size = value
    elif isinstance(value, str) and (match := _SIZE.fullmatch(value.strip())):
        size = float(match.group(1)) * _UNITS[match.group(2).lower()]
    if size is None:
        raise ConfigurationError(
            f'The option memory_limit is a size such as "4GB" or "512MiB", or a number of bytes, not {value!r:.60}.'
        )
    if size < _LEAST_MEMORY:
        raise ConfigurationError(f"The option memory_limit is {value!r:.60}; DuckDB needs at least 32 MiB.")
    return int(size)


def _threads(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1024:
        raise ConfigurationError(f"The option threads is a whole number from 1 to 1024, not {value!r:.60}.")
    return value


def _directory(value: object) -> Path:
    if not isinstance(value, str | os.PathLike):
        raise ConfigurationError(f"The option spill_directory is a path, not {value!r:.60}.")
    path = Path(value).expanduser()
    if not path.is_dir():
        raise ConfigurationError(f"The option spill_directory names {str(path)!r}, which is not a directory.")
    if not os.access(path, os.W_OK):
        raise ConfigurationError(f"The option spill_directory names {str(path)!r}, which can not be written to.")
    return path
