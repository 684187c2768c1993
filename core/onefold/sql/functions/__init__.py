"""How each function of the catalogue is written in SQL: the canonical way, which engines override with data.

The texts are valid in DuckDB's dialect and as near to the standard as it allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.functions import arithmetic, boolean, comparison, epoch, null_handling
from onefold.sql.template import Lowering

__all__ = ["FUNCTIONS"]

FUNCTIONS: Mapping[str, Lowering] = MappingProxyType(
    {
        name: lowering
        for family in (arithmetic, comparison, boolean, null_handling, epoch)
        for name, lowering in family.LOWERINGS.items()
    }
)
"""Every scalar function of the catalogue, by name."""
