"""Exponentials and logarithms as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering
from onefold_snowflake.types import INFINITY

__all__ = ["LOWERINGS"]

_GREATEST = "CAST('709.782712893384' AS FLOAT)"
"""The greatest number whose exponential is a float."""

# NaN is greater than every number, so it passes the condition and stays NaN. What fails it does not reach the function.
_POSITIVE = "CASE WHEN {0} > 0 THEN {0} END"

LOWERINGS: Mapping[str, Lowering] = {
    "exp": f"CASE WHEN {{0}} > {_GREATEST} AND {{0}} <= {INFINITY} THEN {INFINITY} ELSE EXP({{0}}) END",
    "ln": f"LN({_POSITIVE})",
    "log10": f"LOG(10, {_POSITIVE})",
    "log2": f"LOG(2, {_POSITIVE})",
    "log": f"LOG({{base}}, {_POSITIVE})",
}
