"""Checking the names that users give."""

from __future__ import annotations

from onefold.errors import DefinitionError

__all__ = ["checked_flag", "checked_name", "checked_names"]


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


def checked_names(names: object) -> tuple[str, ...] | None:
    """Return names given as one text or as several, or None when they are something else."""
    if isinstance(names, str):
        return (names,) if names else None
    if not isinstance(names, list | tuple | set | frozenset):
        return None
    found = tuple(name for name in names if isinstance(name, str) and name)
    return found if found and len(found) == len(names) else None
