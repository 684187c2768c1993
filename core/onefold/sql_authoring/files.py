"""The files beside queries: TOML, or YAML where PyYAML is installed, checked against a model."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from onefold.errors import ConfigurationError, DefinitionError, listed

__all__ = ["SUFFIXES", "Declaration", "read_declaration"]

SUFFIXES = (".toml", ".yml", ".yaml")
"""What declarations end with."""


class Declaration(BaseModel):
    """A part of a declaration: it has these settings, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Declared = TypeVar("_Declared", bound=Declaration)


def read_declaration(file: Path, model: type[_Declared]) -> _Declared:
    """Return what a file declares.

    Args:
        file: A file that ends with one of :data:`SUFFIXES`.
        model: What it may say.

    Raises:
        DefinitionError: If it can not be read, or says something else; the message names the file, and the line where it can.
        ConfigurationError: If it is YAML, and PyYAML is not installed.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{file} can not be read: {error}.") from error
    said = _toml(file, text) if file.suffix == ".toml" else _yaml(file, text)
    if not isinstance(said, dict):
        raise DefinitionError(f"{file} holds settings by name, such as entity = 'customer'.")
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise DefinitionError(_problem(file, text, error, model)) from error


def _toml(file: Path, text: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{file} is not valid TOML: {error}.") from error


def _yaml(file: Path, text: str) -> Any:
    try:
        import yaml  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigurationError(
            f"{file} is YAML, which needs PyYAML: pip install 'onefold[yaml]'. Written as TOML, in {file.with_suffix('.toml').name}, "
            "it needs nothing."
        ) from error
    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise DefinitionError(f"{file} is not valid YAML: {error}") from error


def _problem(file: Path, text: str, error: ValidationError, model: type[BaseModel]) -> str:
    """Return what is wrong first: the file, the line, the setting, and what it can be."""
    detail = error.errors(include_url=False)[0]
    place = detail["loc"]
    setting = ".".join(str(part) for part in place)
    line = _line(text, place, toml=file.suffix == ".toml")
    where = f"{file}, line {line}" if line else str(file)
    if detail["type"] == "missing":
        return f"{where}: the setting {setting!r} is missing."
    if detail["type"] == "extra_forbidden":
        known = list(_model_at(model, place[:-1]).model_fields)
        return f"{where}: there is no setting {setting!r}. {listed(str(place[-1]), known, what='settings')}"
    said = detail["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{where}: {setting!r} can not be {detail['input']!r:.60}: {said}."


def _model_at(model: type[BaseModel], place: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the model of a part of a declaration."""
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            inner = re.findall(r"[\w.]+", str(model.model_fields[part].annotation))
            names = {cls.__name__: cls for cls in _subclasses(Declaration)}
            model = next((names[name.rsplit(".", 1)[-1]] for name in inner if name.rsplit(".", 1)[-1] in names), model)
    return model


def _subclasses(model: type[BaseModel]) -> list[type[BaseModel]]:
    return [cls for direct in model.__subclasses__() for cls in (direct, *_subclasses(direct))]


def _line(text: str, place: tuple[int | str, ...], *, toml: bool) -> int | None:
    """Return the line of a setting in TOML: that of its key, or of the table that lacks it."""
    if not toml:
        return None
    names = [str(part) for part in place if isinstance(part, str)]
    table, key = ".".join(names[:-1]), names[-1]
    number = next((part for part in place if isinstance(part, int)), None)
    counts: dict[str, int] = {}
    current, found = "", None
    for index, line in enumerate(text.splitlines(), start=1):
        within = current == table and number in (None, counts.get(current))
        if header := re.match(r"\s*(\[{1,2})\s*([^\]]+?)\s*\]", line):
            current = header[2].replace('"', "")
            if header[1] == "[[":
                counts[current] = counts.get(current, -1) + 1
            if f"{current}.".startswith(f"{table}.{key}." if table else f"{key}."):
                return index
            if current == table and number in (None, counts.get(current)):
                found = index
        elif within and (written := re.match(r"\s*\"?([\w-]+)\"?\s*=", line)) and written[1] == key:
            return index
    return found
