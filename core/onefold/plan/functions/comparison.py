"""Comparison: null when an operand is null; NaN equals NaN and is greater than every number."""

from __future__ import annotations

from onefold.plan.functions.entry import Example, Function
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

FUNCTIONS = (
    Function(
        name="equal",
        family="comparison",
        signatures=(sig("(O, O) -> bool"),),
        description="Whether two values are equal. NaN equals NaN, and -0.0 equals 0.0; null with anything is null.",
        example=Example((("int64", (1, 2, None)), ("int64", (1, 3, 1))), (True, False, None)),
        substrait="equal",
    ),
)
