"""Trigonometry as Snowflake writes it; what is NaN, or infinite, is written out, because the query could stop there."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering
from onefold_snowflake.types import INFINITY, NAN

__all__ = ["LOWERINGS"]


def _of_finite(function: str) -> str:
    return f"CASE WHEN ABS({{0}}) = {INFINITY} THEN {NAN} ELSE {function}({{0}}) END"


def _of_unit(function: str) -> str:
    return f"CASE WHEN ABS({{0}}) > 1 THEN {NAN} ELSE {function}({{0}}) END"


_GREATEST = "CAST('710.4758600739439' AS FLOAT)"
"""The greatest number whose hyperbolic sine and cosine are floats."""


LOWERINGS: Mapping[str, Lowering] = {
    "sin": _of_finite("SIN"),
    "cos": _of_finite("COS"),
    "tan": _of_finite("TAN"),
    "asin": _of_unit("ASIN"),
    "acos": _of_unit("ACOS"),
    "atan": "ATAN({0})",
    # There is one zero: -0.0, which may be left by an earlier step, has another angle.
    "atan2": "ATAN2({0} + 0, {1} + 0)",
    "sinh": (
        f"CASE WHEN ABS({{0}}) > {_GREATEST} AND ABS({{0}}) <= {INFINITY} THEN SIGN({{0}}) * {INFINITY} "
        "ELSE SINH({0}) END"
    ),
    "cosh": f"CASE WHEN ABS({{0}}) > {_GREATEST} AND ABS({{0}}) <= {INFINITY} THEN {INFINITY} ELSE COSH({{0}}) END",
    "tanh": "TANH({0})",
    "degrees": "DEGREES({0})",
    "radians": "RADIANS({0})",
}
