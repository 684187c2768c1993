"""Comparison: null when an operand is null; NaN equals NaN and is greater than every number."""

from __future__ import annotations

from onefold.plan.functions.entry import Example, Function
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

NAN, INF = float("nan"), float("inf")

_ORDER = (
    "NaN is equal to NaN and greater than every number, -0.0 is equal to 0.0, text is ordered by its UTF-8 bytes, "
    "false comes before true. Both sides have one type; a wall clock is never compared with an instant."
)


def _comparison(name: str, description: str, result: tuple[bool | None, ...]) -> Function:
    """Return one of the six comparisons; the example compares 1 with 2, 2 with 2, NaN with infinity, null with 1."""
    return Function(
        name=name,
        family="comparison",
        signatures=(sig("(O, O) -> bool"),),
        description=f"{description} Null when a side is null. {_ORDER}",
        example=Example((("float64", (1.0, 2.0, NAN, None)), ("float64", (2.0, 2.0, INF, 1.0))), result),
        substrait=name,
    )


FUNCTIONS = (
    _comparison("equal", "Whether two values are equal.", (False, True, False, None)),
    _comparison("not_equal", "Whether two values differ.", (True, False, True, None)),
    _comparison("lt", "Whether the first value is less than the second.", (True, False, False, None)),
    _comparison("lte", "Whether the first value is less than or equal to the second.", (True, True, False, None)),
    _comparison("gt", "Whether the first value is greater than the second.", (False, False, True, None)),
    _comparison("gte", "Whether the first value is greater than or equal to the second.", (False, True, True, None)),
    Function(
        name="is_distinct_from",
        family="comparison",
        signatures=(sig("(O, O) -> bool"),),
        description="Whether two values differ, where null is a value like any other. Never null.",
        example=Example((("int64", (1, 1, None, None)), ("int64", (1, None, 1, None))), (False, True, True, False)),
        nulls="own",
        substrait="is_distinct_from",
    ),
    Function(
        name="is_not_distinct_from",
        family="comparison",
        signatures=(sig("(O, O) -> bool"),),
        description="Whether two values are equal, where null is a value like any other. Never null.",
        example=Example((("int64", (1, 1, None, None)), ("int64", (1, None, 1, None))), (True, False, False, True)),
        nulls="own",
        substrait="is_not_distinct_from",
    ),
    Function(
        name="between",
        family="comparison",
        signatures=(sig("(O, O, O) -> bool"),),
        description=(
            "Whether the first value is at least the second and at most the third, both ends included. As with "
            "`and`, false when one of the two conditions is false, else null when one of them is null."
        ),
        example=Example(
            (("int64", (1, 3, 4, 0, None)), ("int64", (1, 1, 1, 1, 1)), ("int64", (3, 3, 3, None, 3))),
            (True, True, False, False, None),
        ),
        nulls="own",
        substrait="between",
    ),
    Function(
        name="is_in",
        family="comparison",
        signatures=(sig("(O, O...) -> bool"),),
        description=(
            "Whether the first value is equal to one of the others. Null when it is null, and also when it is equal "
            "to none of them and one of them is null."
        ),
        example=Example(
            (("int64", (1, 2, 3, 3, None)), ("int64", (1, 1, 1, 1, 1)), ("int64", (2, 2, 2, None, 2))),
            (True, True, False, None, None),
        ),
        nulls="own",
    ),
    Function(
        name="is_null",
        family="comparison",
        signatures=(sig("(T) -> bool"),),
        description="Whether the value is null. NaN is not null. Never null itself.",
        example=Example((("float64", (1.0, NAN, None)),), (False, False, True)),
        nulls="own",
        substrait="is_null",
    ),
    Function(
        name="is_not_null",
        family="comparison",
        signatures=(sig("(T) -> bool"),),
        description="Whether the value is not null. NaN is not null. Never null itself.",
        example=Example((("float64", (1.0, NAN, None)),), (True, True, False)),
        nulls="own",
        substrait="is_not_null",
    ),
    Function(
        name="is_nan",
        family="comparison",
        signatures=(sig("(float64) -> bool"),),
        description="Whether the number is NaN. Null for null (some engines say false).",
        example=Example((("float64", (1.0, NAN, INF, None)),), (False, True, False, None)),
        substrait="is_nan",
    ),
    Function(
        name="is_finite",
        family="comparison",
        signatures=(sig("(float64) -> bool"),),
        description="Whether the number is neither infinite nor NaN.",
        example=Example((("float64", (1.0, NAN, INF, -INF, None)),), (True, False, False, False, None)),
        substrait="is_finite",
    ),
    Function(
        name="is_infinite",
        family="comparison",
        signatures=(sig("(float64) -> bool"),),
        description="Whether the number is positive or negative infinity.",
        example=Example((("float64", (1.0, NAN, INF, -INF, None)),), (False, False, True, True, None)),
        substrait="is_infinite",
    ),
)
