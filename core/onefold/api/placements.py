"""Where the views of a training set are computed, and with what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from onefold.choosing import Choice
from onefold.execution import Placement
from onefold.features import FeatureView

__all__ = ["placements", "usual"]

Options = Mapping[str, Mapping[str, Any]]


def placements(views: Sequence[FeatureView], choices: Mapping[str, Choice], options: Options) -> dict[str, Placement]:
    """Return where each view is computed, by its name.

    Args:
        views: The views.
        choices: The engine of each, and why it is that one.
        options: Options per engine for all views; those of a view go before them.
    """
    return {
        view.name: Placement(choices[view.name].engine, choices[view.name].reason, view.fallback).with_options(
            options, view.options
        )
        for view in views
    }


def usual(placed: Mapping[str, Placement]) -> Placement:
    """Return the place of most views; of equally many, the first."""
    counts = Counter(placement.engine for placement in placed.values())
    engine = counts.most_common(1)[0][0]
    return next(placement for placement in placed.values() if placement.engine == engine)
