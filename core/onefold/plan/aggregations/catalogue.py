"""The catalogue itself, put together from its families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.errors import PlanError, listed
from onefold.plan.aggregations import decay, distinct, extremes, frequencies, moments, order, quantiles, sums
from onefold.plan.aggregations.entry import Aggregation

__all__ = ["AGGREGATIONS", "get_aggregation"]

_FAMILIES = (sums, extremes, moments, order, distinct, quantiles, frequencies, decay)

AGGREGATIONS: Mapping[str, Aggregation] = MappingProxyType(
    {entry.name: entry for family in _FAMILIES for entry in family.AGGREGATIONS}
)
"""Every aggregation, by name, in the order of the documentation."""

if len(AGGREGATIONS) != sum(len(family.AGGREGATIONS) for family in _FAMILIES):
    raise AssertionError("two catalogue entries have one name")


def get_aggregation(name: str) -> Aggregation:
    """Return the catalogue entry with this name.

    Raises:
        PlanError: If there is none; the message gives near matches.
    """
    try:
        return AGGREGATIONS[name]
    except KeyError:
        raise PlanError(
            f"There is no aggregation {name!r:.60}. {listed(name, AGGREGATIONS, what='aggregations')}"
        ) from None
