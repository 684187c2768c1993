"""How Spark writes conversions: the shared way, overridden where Spark has another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.casts import CASTS as SHARED
from onefold.sql.casts import CastLowering
from onefold_spark.casts import numbers, text, times

__all__ = ["CASTS"]

CASTS: Mapping[tuple[str, str], CastLowering] = MappingProxyType(
    {**SHARED, **numbers.CASTS, **text.CASTS, **times.CASTS}
)
"""Every conversion, by source and target."""
