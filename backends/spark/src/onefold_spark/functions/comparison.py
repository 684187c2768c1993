"""Comparison as Spark writes it, where that is not the shared way."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

# ISNAN says false for null. NaN is equal to itself, and greater than infinity.
LOWERINGS: Mapping[str, Lowering] = {
    "is_nan": "{0} = CAST('NaN' AS DOUBLE)",
    "is_finite": "ABS({0}) < CAST('Infinity' AS DOUBLE)",
    "is_infinite": "ABS({0}) = CAST('Infinity' AS DOUBLE)",
}
