"""How each function of the catalogue is written in SQL: the canonical way, which engines override with data.

The texts are valid in DuckDB's dialect and as near to the standard as it allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.functions import (
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
from onefold.sql.template import Lowering

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
"""Every scalar function of the catalogue, by name."""
