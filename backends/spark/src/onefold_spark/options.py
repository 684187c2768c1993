"""The options of a session: checked before anything is opened."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onefold.errors import ConfigurationError, listed
from onefold_spark.settings import PINNED

__all__ = ["OPTIONS", "Options", "checked_options"]

OPTIONS: Mapping[str, str] = {
    "master": 'Where Spark runs, such as "local[4]" or "spark://host:7077"; "local[*]" when there is no active session.',
    "remote": 'The address of a Spark Connect server, such as "sc://host:15002"; instead of a master.',
    "conf": "Spark settings by name, such as those of the resources that a view needs.",
    "app_name": 'The name that Spark shows for the application; "onefold" when left out.',
    "memory": "How much memory Spark's driver may use, such as \"4GB\"; Spark's own 1 GiB when left out.",
    "staging": "A directory that this process, the driver and all executors reach; a temporary one with a local master.",
    "collect_limit": "The largest result, in bytes, that comes straight from the driver and not through files; 16 MiB.",
    "small_input": "Up to this many bytes, inputs travel within the query, which runs with little overhead; 1 MiB.",
}
"""The options that a session takes, each with one sentence about its meaning."""

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?", re.IGNORECASE)
_UNITS = {
    "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30,
    "tib": 2**40,
}  # fmt: skip
_LEAST_MEMORY = 512 * 2**20
_MASTER = re.compile(r"local(\[(\d+|\*)(, *\d+)?\])?|(spark|k8s)://.+|yarn|local-cluster\[.+\]")


@dataclass(frozen=True, slots=True)
class Options:
    """Checked options; None stands for Spark's own choice.

    Args:
        master: The master to start Spark on; None for the active session's, or all cores of this machine.
        remote: The address of a Spark Connect server; None for a classic session.
        conf: Spark settings, as text.
        app_name: The application's name.
        memory: The driver's memory in bytes.
        staging: A directory that exists and can be written to; None for a temporary one.
        collect_limit: The largest result in bytes that is collected.
        small_input: The largest input in bytes that is a part of the query.
    """

    master: str | None = None
    remote: str | None = None
    conf: Mapping[str, str] = field(default_factory=dict)
    app_name: str | None = None
    memory: int | None = None
    staging: Path | None = None
    collect_limit: int = 16 * 2**20
    small_input: int = 2**20


def checked_options(given: Mapping[str, Any]) -> Options:
    """Return options after checking them.

    Raises:
        ConfigurationError: If an option is unknown or its value can not be used.

    Examples:
        >>> checked_options({"master": "local[2]", "memory": "2GiB"}).memory
        2147483648
    """
    for name in given:
        if name not in OPTIONS:
            raise ConfigurationError(
                f"The engine 'spark' has no option {name!r}. {listed(name, OPTIONS, what='options')}"
            )
    values = {name: value for name, value in given.items() if value is not None}
    for other in ("master", "memory", "app_name"):
        if "remote" in values and other in values:
            raise ConfigurationError(
                f"The options remote and {other} exclude each other: a Spark Connect server is running already, with a "
                "master, a driver and a name of its own."
            )
    checked: dict[str, Any] = {}
    for name, check in _CHECKS.items():
        if name in values:
            checked[name] = check(name, values[name])
    return Options(**checked)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"The option {name} is a text, not {value!r:.60}.")
    return value.strip()


def _master(name: str, value: object) -> str:
    text = _text(name, value)
    if not _MASTER.fullmatch(text):
        raise ConfigurationError(
            f'The option {name} is an address such as "local[*]", "local[4]", "spark://host:7077" or "yarn", not {text!r:.60}.'
            + (" For a Spark Connect server use the option remote." if text.startswith("sc://") else "")
        )
    return text


def _remote(name: str, value: object) -> str:
    text = _text(name, value)
    if not text.startswith("sc://"):
        raise ConfigurationError(f'The option {name} is an address such as "sc://host:15002", not {text!r:.60}.')
    return text


def _size(name: str, value: object) -> int:
    size: float | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        size = value
    elif isinstance(value, str) and (match := _SIZE.fullmatch(value.strip())):
        size = float(match.group(1)) * _UNITS[(match.group(2) or "B").lower()]
    if size is None or size < 0:
        raise ConfigurationError(
            f'The option {name} is a size such as "4GB" or "512MiB", or a number of bytes, not {value!r:.60}.'
        )
    return int(size)


def _memory(name: str, value: object) -> int:
    size = _size(name, value)
    if size < _LEAST_MEMORY:
        raise ConfigurationError(f"The option {name} is {value!r:.60}; Spark's driver needs at least 512 MiB.")
    return size


def _directory(name: str, value: object) -> Path:
    if not isinstance(value, str | os.PathLike):
        raise ConfigurationError(f"The option {name} is a path, not {value!r:.60}.")
    path = Path(value).expanduser().absolute()
    if not path.is_dir():
        raise ConfigurationError(f"The option {name} names {str(path)!r}, which is not a directory.")
    if not os.access(path, os.W_OK):
        raise ConfigurationError(f"The option {name} names {str(path)!r}, which can not be written to.")
    return path


def _conf(name: str, value: object) -> dict[str, str]:
    if isinstance(value, str):  # from a command line
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise ConfigurationError(
            f'The option {name} maps names of settings to values, such as {{"spark.executor.memory": "4g"}}.'
        )
    settings = {}
    for key, setting in value.items():
        if isinstance(setting, bool):
            settings[key] = "true" if setting else "false"
        elif isinstance(setting, str | int | float):
            settings[key] = str(setting)
        else:
            raise ConfigurationError(f"The setting {key!r} of the option {name} is a constant, not {setting!r:.60}.")
        if key in PINNED and settings[key].lower() != PINNED[key].lower():
            raise ConfigurationError(
                f"The setting {key!r} is always {PINNED[key]!r}, and can not be {settings[key]!r}: "
                "the values of features depend on it."
            )
    return settings


_CHECKS: Mapping[str, Any] = {
    "master": _master,
    "remote": _remote,
    "conf": _conf,
    "app_name": _text,
    "memory": _memory,
    "staging": _directory,
    "collect_limit": _size,
    "small_input": _size,
}
