"""How Spark writes the functions of the catalogue: the shared way, overridden where Spark has another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.functions import FUNCTIONS as SHARED
from onefold.sql.template import Lowering
from onefold_spark.functions import (
    arithmetic,
    calendar,
    clock,
    comparison,
    epoch,
    hash,
    nested,
    pattern,
    rounding,
    string,
)

__all__ = ["FUNCTIONS"]

_FAMILIES = (arithmetic, comparison, rounding, string, pattern, hash, calendar, clock, epoch, nested)

FUNCTIONS: Mapping[str, Lowering] = MappingProxyType(
    {**SHARED, **{name: lowering for family in _FAMILIES for name, lowering in family.LOWERINGS.items()}}
)
"""Every scalar function of the catalogue, by name."""
