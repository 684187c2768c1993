"""The views of a call: however they are given, each once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from onefold.errors import DefinitionError
from onefold.features import FeatureService, FeatureView

__all__ = ["Views", "flattened"]

Views: TypeAlias = FeatureView | FeatureService | Sequence[FeatureView | FeatureService]
"""How users give views: one, a service, or several of them."""


def flattened(views: Views, *, what: str) -> tuple[FeatureView, ...]:
    """Return the views that were given, those of services included, each once.

    Args:
        views: Feature views and services.
        what: What is made of them, for errors, such as ``"A training set"``.

    Raises:
        DefinitionError: If there are none, two different ones have one name, or something else was given.
    """
    given = [views] if isinstance(views, FeatureView | FeatureService) else list(views)
    flat: dict[str, FeatureView] = {}
    for item in given:
        if not isinstance(item, FeatureView | FeatureService):
            raise DefinitionError(
                f"{what} is made of feature views and services, not {type(item).__name__} ({item!r:.60})."
            )
        for view in item.views if isinstance(item, FeatureService) else [item]:
            if flat.setdefault(view.name, view) is not view:
                raise DefinitionError(f"Two different views are named {view.name!r}. Rename one of them.")
    if not flat:
        raise DefinitionError(f"{what} needs at least one feature view.")
    return tuple(flat.values())
