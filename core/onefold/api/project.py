"""The project file ``onefold.toml``: where definitions lie, and what applies to all of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onefold.choosing import options_by_engine
from onefold.errors import ConfigurationError, listed

__all__ = ["PROJECT_FILE", "ProjectFile", "load_project"]

PROJECT_FILE = "onefold.toml"
_SETTINGS = ("definitions", "engine", "options")


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """What a project file says.

    Args:
        definitions: The Python file or package with the definitions, from the folder of the file.
        engine: The engine of views that name none, or ``"auto"``; None: the usual default.
        options: Options per engine.
    """

    definitions: str | None = None
    engine: str | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def with_options(self, given: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Mapping[str, Any]]:
        """Return the project's options per engine with those of a call over them, each by itself.

        Raises:
            ConfigurationError: If the call gives options to an engine that does not exist.

        Examples:
            >>> project = ProjectFile(options={"rift": {"threads": 2, "memory_limit": "4GB"}})
            >>> project.with_options({"rift": {"threads": 8}, "spark": {"master": "local[2]"}})
            {'rift': {'threads': 8, 'memory_limit': '4GB'}, 'spark': {'master': 'local[2]'}}
        """
        given = options_by_engine(given or {}, what="options=")
        names = dict.fromkeys((*self.options, *given))
        return {name: {**self.options.get(name, {}), **given.get(name, {})} for name in names}


def load_project(folder: str | Path) -> ProjectFile:
    """Return what the project file of a folder says; nothing when there is none.

    Args:
        folder: The folder.

    Raises:
        ConfigurationError: If the file can not be used. That its engine is not installed shows when it counts.
    """
    file = Path(folder) / PROJECT_FILE
    if not file.is_file():
        return ProjectFile()
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} is not valid TOML: {error}.") from error
    for name in settings:
        if name not in _SETTINGS:
            raise ConfigurationError(f"{file} has no setting {name!r}. {listed(name, _SETTINGS, what='settings')}")
    for name in ("definitions", "engine"):
        if not isinstance(settings.get(name, ""), str):
            raise ConfigurationError(f"{name!r} in {file} is text, not {settings[name]!r:.60}.")
    options = settings.get("options", {})
    if not isinstance(options, dict) or not all(isinstance(values, dict) for values in options.values()):
        raise ConfigurationError(f"Options in {file} are tables by engine, such as: [options.rift].")
    return ProjectFile(
        settings.get("definitions"), settings.get("engine"), options_by_engine(options, what=f"[options] in {file}")
    )
