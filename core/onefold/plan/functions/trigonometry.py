"""Trigonometry, in radians; outside of its domain a function is NaN, as in IEEE 754."""

from __future__ import annotations

import math

from onefold.plan.functions.entry import Accuracy, Example, Function
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

NAN, INF = float("nan"), float("inf")


def _function(
    name: str,
    description: str,
    args: tuple[float | None, ...],
    result: tuple[float | None, ...],
    *,
    accuracy: Accuracy = "4ulp",
) -> Function:
    return Function(
        name=name,
        family="trigonometry",
        signatures=(sig("(float64) -> float64"),),
        description=description,
        example=Example((("float64", (*args, NAN, None)),), (*result, NAN, None)),
        accuracy=accuracy,
        substrait=name,
    )


_HALF = math.pi / 2

FUNCTIONS = (
    _function("sin", "The sine of an angle in radians. NaN for infinity.", (0.0, _HALF, INF), (0.0, 1.0, NAN)),
    _function("cos", "The cosine of an angle in radians. NaN for infinity.", (0.0, math.pi, INF), (1.0, -1.0, NAN)),
    _function("tan", "The tangent of an angle in radians. NaN for infinity.", (0.0, 1.0, INF), (0.0, math.tan(1), NAN)),
    _function(
        "asin",
        "The angle, -pi/2 to pi/2, whose sine the number is. NaN for numbers outside of -1 to 1.",
        (0.0, 1.0, -1.0, 1.5),
        (0.0, _HALF, -_HALF, NAN),
        accuracy="16ulp",
    ),
    _function(
        "acos",
        "The angle, 0 to pi, whose cosine the number is. NaN for numbers outside of -1 to 1.",
        (1.0, 0.0, -1.0, -1.5),
        (0.0, _HALF, math.pi, NAN),
        accuracy="16ulp",
    ),
    _function("atan", "The angle, -pi/2 to pi/2, whose tangent the number is.", (0.0, INF), (0.0, _HALF)),
    Function(
        name="atan2",
        family="trigonometry",
        signatures=(sig("(float64, float64) -> float64"),),
        description="The angle, -pi to pi, of the point whose y is the first and whose x is the second argument.",
        example=Example(
            (("float64", (0.0, 1.0, 0.0, NAN, None)), ("float64", (1.0, 0.0, -1.0, 1.0, 1.0))),
            (0.0, _HALF, math.pi, NAN, None),
        ),
        accuracy="4ulp",
        substrait="atan2",
    ),
    _function("sinh", "The hyperbolic sine; infinite when too large.", (0.0, 1000.0), (0.0, INF)),
    _function("cosh", "The hyperbolic cosine; infinite when too large.", (0.0, -1000.0), (1.0, INF)),
    _function("tanh", "The hyperbolic tangent, -1 to 1.", (0.0, 1000.0), (0.0, 1.0)),
    _function("degrees", "An angle in radians as degrees.", (0.0, math.pi, INF), (0.0, 180.0, INF), accuracy="4ulp"),
    _function("radians", "An angle in degrees as radians.", (0.0, 180.0, -INF), (0.0, math.pi, -INF), accuracy="4ulp"),
)
