"""Trigonometry as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "sin": "SIN({0})",
    "cos": "COS({0})",
    "tan": "TAN({0})",
    "asin": "ASIN({0})",
    "acos": "ACOS({0})",
    "atan": "ATAN({0})",
    # There is one zero: -0.0, which engines keep between two steps, has another angle.
    "atan2": "ATAN2({0} + 0e0, {1} + 0e0)",
    "sinh": "SINH({0})",
    "cosh": "COSH({0})",
    "tanh": "TANH({0})",
    "degrees": "DEGREES({0})",
    "radians": "RADIANS({0})",
}
