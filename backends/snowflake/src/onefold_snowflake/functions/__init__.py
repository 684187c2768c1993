"""How Snowflake writes the functions of the catalogue, each of them in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.template import Lowering
from onefold_snowflake.functions import (
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

__all__ = ["FUNCTIONS"]

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

FUNCTIONS: Mapping[str, Lowering] = MappingProxyType(
    {name: lowering for family in _FAMILIES for name, lowering in family.LOWERINGS.items()}
)
"""The scalar functions that Snowflake computes exactly, by name."""
