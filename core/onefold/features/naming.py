"""Checking the names that users give."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from onefold.errors import DefinitionError

__all__ = ["checked_flag", "checked_name", "checked_names", "checked_options"]


def checked_name(name: object, *, what: str) -> str:
    """Return a name.

    Args:
        name: What was given.
        what: What it names, such as ``"an entity"``.

    Raises:
        DefinitionError: If it is not text, or empty.
    """
    if isinstance(name, str) and name:
        return name
    raise DefinitionError(f"The name of {what} is text that is not empty, not {name!r:.80}.")


def checked_flag(value: object, *, what: str) -> bool:
    """Return a switch; text such as ``"no"`` would be true for Python, and is refused.

    Raises:
        DefinitionError: If it is not True or False.
    """
    if value is True or value is False:
        return value
    raise DefinitionError(f"{what} is True or False, not {value!r:.60}.")


def checked_options(options: object, *, what: str) -> Mapping[str, Mapping[str, Any]]:
    """Return options by engine; none for None.

    Raises:
        DefinitionError: If they are not a mapping of mappings.
    """
    if options is None:
        return MappingProxyType({})
    if not isinstance(options, Mapping) or not all(isinstance(values, Mapping) for values in options.values()):
        raise DefinitionError(
            f"The options of {what} are given by engine, such as options={{'rift': {{'threads': 2}}}}, not {options!r:.80}."
        )
    return MappingProxyType({str(engine): MappingProxyType(dict(values)) for engine, values in options.items()})


def checked_names(names: object) -> tuple[str, ...] | None:
    """Return names given as one text or as several, or None when they are something else."""
    if isinstance(names, str):
        return (names,) if names else None
    if not isinstance(names, list | tuple | set | frozenset):
        return None
    found = tuple(name for name in names if isinstance(name, str) and name)
    return found if found and len(found) == len(names) else None
