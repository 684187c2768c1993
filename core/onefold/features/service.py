"""Feature services: named sets of views, as one model uses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from onefold.errors import DefinitionError
from onefold.features.cards import service_card
from onefold.features.naming import checked_name
from onefold.features.view import FeatureView

__all__ = ["FeatureService"]


class FeatureService:
    """The views that belong together, such as those of one model.

    Args:
        name: The service's name.
        views: Feature views and other services.
        owner: Who answers for it.
        description: What it is for.
        tags: Anything else, as text by name.

    Raises:
        DefinitionError: If there are no views, or two different ones have one name.
    """

    def __init__(
        self,
        name: str,
        views: Iterable[FeatureView | FeatureService],
        *,
        owner: str = "",
        description: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self.name = checked_name(name, what="a feature service")
        found: dict[str, FeatureView] = {}
        for item in [views] if isinstance(views, FeatureView | FeatureService) else views:
            if not isinstance(item, FeatureView | FeatureService):
                raise DefinitionError(
                    f"The feature service {name!r} is made of feature views, not {type(item).__name__} ({item!r:.60})."
                )
            for view in item.views if isinstance(item, FeatureService) else [item]:
                if found.setdefault(view.name, view) is not view:
                    raise DefinitionError(
                        f"The feature service {name!r} has two different views named {view.name!r}. Rename one of them."
                    )
        if not found:
            raise DefinitionError(f"The feature service {name!r} needs at least one feature view.")
        self.views: tuple[FeatureView, ...] = tuple(found.values())
        self.owner = owner
        self.description = description
        self.tags: Mapping[str, str] = MappingProxyType(dict(tags or {}))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The names of all features, in the order of the views."""
        return tuple(name for view in self.views for name in view.feature_names)

    def __repr__(self) -> str:
        views = ", ".join(view.name for view in self.views)
        return f"FeatureService({self.name!r}, {len(self.feature_names)} features of {views})"

    def _repr_html_(self) -> str:
        return service_card(self)
