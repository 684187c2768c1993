"""Exponentials and logarithms as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

# NaN is greater than every number, so it passes the condition and stays NaN.
LOWERINGS: Mapping[str, Lowering] = {
    "exp": "EXP({0})",
    "ln": "CASE WHEN {0} > 0 THEN LN({0}) END",
    "log10": "CASE WHEN {0} > 0 THEN LOG10({0}) END",
    "log2": "CASE WHEN {0} > 0 THEN LOG2({0}) END",
    "log": "CASE WHEN {0} > 0 THEN LOG({base}, {0}) END",
}
