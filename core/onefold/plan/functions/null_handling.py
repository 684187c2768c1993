"""Putting values in place of nulls, and nulls in place of values."""

from __future__ import annotations

from onefold.plan.functions.entry import Example, Function
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

FUNCTIONS = (
    Function(
        name="coalesce",
        family="null_handling",
        signatures=(sig("(T...) -> T"),),
        description="The first argument that is not null; null when all are. NaN is not null.",
        example=Example(
            (("float64", (1.0, None, float("nan"), None)), ("float64", (2.0, 2.0, 2.0, None))),
            (1.0, 2.0, float("nan"), None),
        ),
        nulls="own",
        substrait="coalesce",
    ),
    Function(
        name="nullif",
        family="null_handling",
        signatures=(sig("(O, O) -> O"),),
        description=(
            "Null when the two arguments are equal, else the first. NaN is equal to NaN. "
            "When the second is null, the first is returned as it is."
        ),
        example=Example((("int64", (0, 5, 5, None)), ("int64", (0, 0, None, 0))), (None, 5, 5, None)),
        nulls="own",
        can_be_null=True,
        substrait="nullif",
    ),
    Function(
        name="nan_to_null",
        family="null_handling",
        signatures=(sig("(float64) -> float64"),),
        description="Null for NaN, every other number as it is.",
        example=Example((("float64", (1.5, float("nan"), float("inf"), None)),), (1.5, None, float("inf"), None)),
        can_be_null=True,
    ),
)
