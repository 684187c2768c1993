"""How Snowflake writes conversions, each of them in its own words; ``TRY_CAST`` reads nothing but text there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.sql.casts import CastLowering
from onefold_snowflake.casts import numbers, text, times

__all__ = ["CASTS"]

CASTS: Mapping[tuple[str, str], CastLowering] = MappingProxyType({**numbers.CASTS, **text.CASTS, **times.CASTS})
"""Every conversion, by source and target."""
