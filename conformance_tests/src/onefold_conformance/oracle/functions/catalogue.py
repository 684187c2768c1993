"""The rules of all scalar functions, put together from their families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold_conformance.oracle.functions import (
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
from onefold_conformance.oracle.interface import FunctionRule

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

FUNCTIONS: Mapping[str, FunctionRule] = MappingProxyType(
    {name: rule for family in _FAMILIES for name, rule in family.RULES.items()}
)
"""The rule of every scalar function, by its name in the catalogue."""
