"""The temporal relations of views and lazy tables: features over trailing windows, and as-of joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onefold.errors import DefinitionError, PlanError, listed
from onefold.features.aggregations import AggExpr, Feature
from onefold.features.deferred import shown
from onefold.features.expressions import Expr
from onefold.features.projecting import flat
from onefold.plan import AggCall, Relation, TrailingMeasure, TrailingWindow
from onefold.types import Schema

__all__ = ["bound_measures", "check_spine", "flat_features"]


def flat_features(features: Iterable[Any] | Mapping[str, Any], *, what: str) -> tuple[Feature, ...]:
    """Return one feature per aggregation and window.

    Args:
        features: Aggregations, also in lists, or by name.
        what: Whose features they are, for errors.

    Raises:
        DefinitionError: If one is no aggregation, or two have one name.
    """
    found: dict[str, Feature] = {}
    for item in _listed(features):
        if not isinstance(item, AggExpr):
            raise DefinitionError(f"{what}: {_no_aggregation(item)}")
        for feature in item.features():
            if feature.name in found:
                raise DefinitionError(
                    f"{what} has two features named {feature.name!r}: {found[feature.name].aggregation!r} and "
                    f'{item!r}. Give one of them a name of its own with .named("...").'
                )
            found[feature.name] = feature
    if not found:
        raise DefinitionError(f"{what} has no features. Give some, such as features=[of.count().over('7d')].")
    return tuple(found.values())


def _listed(features: Any) -> list[Any]:
    """Return features given alone, in lists, or by name."""
    if isinstance(features, Mapping):
        return [item.named(name) if isinstance(item, AggExpr) else item for name, item in features.items()]
    return flat([features] if isinstance(features, AggExpr | Expr | str) else features)


def _no_aggregation(item: Any) -> str:
    if isinstance(item, Expr):
        return (
            f"{shown(item.node)} is a value of one row, and a feature summarises the rows of a window: "
            f"write of.last(...), of.mean(...) or another aggregation of it, or use attributes=[...] for the latest row."
        )
    if isinstance(item, str):
        return (
            f"{item!r} is a column name, and a feature is an aggregation such as of.mean({item!r}).over('7d'). "
            "Columns of the latest row are given as attributes=[...]."
        )
    return f"a feature is an aggregation such as of.sum('amount').over('7d'), not {type(item).__name__} ({item!r:.60})."


def bound_measures(features: Sequence[Feature], events: Schema, *, include_exact: bool) -> tuple[TrailingMeasure, ...]:
    """Return the measures of features over rows of a schema.

    Args:
        features: The features.
        events: The columns of the events.
        include_exact: Whether an event at exactly the end of a window belongs to it.

    Raises:
        PlanError: If a column does not exist or a type does not fit; the path names the feature.
    """
    measures = []
    for feature in features:
        if feature.aggregation.order:
            raise DefinitionError(
                f"The feature {feature.name!r} states order_by, which is for group_by(...).agg(...): "
                "a window orders its rows by time and the source's sequence columns. Leave it out."
            )
        window = TrailingWindow(closed="right" if include_exact else "left")
        if feature.window is not None:
            window = feature.window.window(include_exact=include_exact)
        try:
            call: AggCall = feature.aggregation.bind(events)
            measures.append(TrailingMeasure(name=feature.name, call=call, window=window))
        except PlanError as error:
            raise error.within(f"feature {feature.name!r}") from None
    return tuple(measures)


def check_spine(
    spine: Relation, keys: Sequence[str], time: str, events: Relation, event_keys: Sequence[str], *, what: str
) -> None:
    """Raise a PlanError unless a spine has the keys, in the types of the events, and the time.

    Args:
        spine: The rows to enrich.
        keys: The key columns of the spine.
        time: The time column of the spine.
        events: The rows to look up.
        event_keys: The key columns of the events.
        what: What needs them, such as ``"the entity 'carrier'"``.
    """
    schema = spine.output
    if time not in schema:
        raise PlanError(f"The spine has no time column {time!r}. {listed(time, schema.names, what='columns')}")
    for key, event_key in zip(keys, event_keys, strict=True):
        if key not in schema:
            raise PlanError(
                f"The spine has no column {key!r}, which is a key of {what}. "
                f"{listed(key, schema.names, what='columns')} Rename the spine's column to {key!r}."
            )
        left, right = schema[key].dtype, events.output[event_key].dtype
        if left != right:
            raise PlanError(
                f"The key {key!r} of {what} is {left} in the spine and {right} in the events. "
                f"Cast one of them, such as with_columns({key}=col({key!r}).cast('{right}')) on the spine."
            )
