"""The catalogue itself, put together from its families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.errors import PlanError, listed
from onefold.plan.functions import (
    arithmetic,
    boolean,
    calendar,
    clock,
    comparison,
    epoch,
    hash,
    logarithm,
    nested,
    null_handling,
    pattern,
    rounding,
    string,
    trigonometry,
)
from onefold.plan.functions.entry import Function

__all__ = ["FUNCTIONS", "get_function"]

_FAMILIES = (
    arithmetic,
    comparison,
    boolean,
    null_handling,
    rounding,
    logarithm,
    trigonometry,
    string,
    pattern,
    hash,
    calendar,
    clock,
    epoch,
    nested,
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {entry.name: entry for family in _FAMILIES for entry in family.FUNCTIONS}
)
"""Every scalar function, by name, in the order of the documentation."""

if len(FUNCTIONS) != sum(len(family.FUNCTIONS) for family in _FAMILIES):
    raise AssertionError("two catalogue entries have one name")


def get_function(name: str) -> Function:
    """Return the catalogue entry with this name.

    Raises:
        PlanError: If there is none; the message gives near matches.
    """
    try:
        return FUNCTIONS[name]
    except KeyError:
        raise PlanError(f"There is no function {name!r:.60}. {listed(name, FUNCTIONS, what='functions')}") from None
