"""All lowerings in one table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold_polars.expressions.functions import (
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
from onefold_polars.expressions.lowering import Lowering

__all__ = ["FUNCTIONS"]

FUNCTIONS: Mapping[str, Lowering] = MappingProxyType(
    {
        name: lowering
        for family in (
            arithmetic,
            rounding,
            logarithm,
            trigonometry,
            comparison,
            boolean,
            null_handling,
            string,
            pattern,
            hash,
            calendar,
            clock,
            epoch,
            nested,
        )
        for name, lowering in family.LOWERINGS.items()
    }
)
"""How each catalogue function is written in Polars."""
