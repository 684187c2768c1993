"""Entities: what features describe, and the columns that identify it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onefold.errors import DefinitionError
from onefold.features.cards import entity_card
from onefold.features.naming import checked_name, checked_names

__all__ = ["Entity"]


@dataclass(frozen=True, slots=True, init=False)
class Entity:
    """Something that features describe: a carrier, a user, a pair of airports.

    Args:
        name: Its name.
        keys: The columns that identify it, in the sources and in spines; a row with a null key belongs to none.
        description: What it is, for people.

    Raises:
        DefinitionError: If the name or keys are missing, or a key appears twice.

    Examples:
        >>> Entity("route", keys=["origin", "dest"])
        Entity('route', keys=['origin', 'dest'])
    """

    name: str
    keys: tuple[str, ...]
    description: str

    def __init__(self, name: str, keys: str | Sequence[str], description: str = "") -> None:
        checked_name(name, what="an entity")
        columns = checked_names(keys)
        if columns is None:
            raise DefinitionError(
                f"The entity {name!r} needs the names of its key columns: Entity({name!r}, keys=['...'])."
            )
        if twice := next((key for key in columns if columns.count(key) > 1), None):
            raise DefinitionError(f"The entity {name!r} names the key {twice!r} twice.")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "keys", columns)
        object.__setattr__(self, "description", description)

    def __repr__(self) -> str:
        return f"Entity({self.name!r}, keys={list(self.keys)!r})"

    def _repr_html_(self) -> str:
        return entity_card(self)
