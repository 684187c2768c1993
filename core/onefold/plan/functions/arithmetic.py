"""Arithmetic: integers are int64 and never wrap, division gives float64, decimals stay exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onefold.errors import PlanError
from onefold.plan.functions.entry import Example, Function
from onefold.plan.functions.signature import sig
from onefold.types import DataType, Decimal

__all__ = ["FUNCTIONS"]

INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)


def _sum_type(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    left, right = args
    assert isinstance(left, Decimal)
    assert isinstance(right, Decimal)
    scale = max(left.scale, right.scale)
    whole = max(left.precision - left.scale, right.precision - right.scale) + 1
    if whole + scale > 38:
        raise PlanError(f"The sum of {left} and {right} can need more than 38 digits. Cast one to fewer digits.")
    return Decimal(whole + scale, scale)


def _product_type(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    left, right = args
    assert isinstance(left, Decimal)
    assert isinstance(right, Decimal)
    if left.scale + right.scale > 12:
        raise PlanError(
            f"The product of {left} and {right} has {left.scale + right.scale} decimals; engines agree up to 12. "
            "Cast one to fewer decimals."
        )
    return Decimal(38, left.scale + right.scale)


def _same_type(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    return args[0]


FUNCTIONS = (
    Function(
        name="add",
        family="arithmetic",
        signatures=(
            sig("(int64, int64) -> int64"),
            sig("(float64, float64) -> float64"),
            sig("(decimal, decimal) -> decimal", _sum_type),
        ),
        description=(
            "The sum. An int64 result outside of 64 bits is an error on every engine (some would wrap silently). "
            "Floats follow IEEE 754, with infinity when too large. "
            "Decimals keep the larger scale and get one digit more, at most 38."
        ),
        example=Example((("int64", (1, -5, INT64_MAX, None)), ("int64", (2, 7, -1, 1))), (3, 2, INT64_MAX - 1, None)),
        accuracy="0ulp",
        substrait="add",
    ),
    Function(
        name="subtract",
        family="arithmetic",
        signatures=(
            sig("(int64, int64) -> int64"),
            sig("(float64, float64) -> float64"),
            sig("(decimal, decimal) -> decimal", _sum_type),
        ),
        description=(
            "The difference, first minus second. An int64 result outside of 64 bits is an error on every engine. "
            "Decimals keep the larger scale and get one digit more, at most 38. "
            "Dates and timestamps are subtracted with days_between and duration_between."
        ),
        example=Example((("int64", (5, 1, INT64_MIN, None)), ("int64", (2, -1, -1, 1))), (3, 2, INT64_MIN + 1, None)),
        accuracy="0ulp",
        substrait="subtract",
    ),
    Function(
        name="multiply",
        family="arithmetic",
        signatures=(
            sig("(int64, int64) -> int64"),
            sig("(float64, float64) -> float64"),
            sig("(decimal, decimal) -> decimal", _product_type),
        ),
        description=(
            "The product. An int64 result outside of 64 bits is an error. Decimal scales add up (at most 12), the "
            "precision becomes 38, and the product is exact; one that needs more digits is an error."
        ),
        example=Example((("int64", (3, -4, 0, None)), ("int64", (5, 2, INT64_MIN, 1))), (15, -8, 0, None)),
        accuracy="0ulp",
        substrait="multiply",
    ),
    Function(
        name="divide",
        family="arithmetic",
        signatures=(sig("(float64, float64) -> float64"),),
        description=(
            "The quotient as float64, also for integers and decimals (which are widened first). "
            "Division by zero is null: engines otherwise give infinity, NaN, null or an error."
        ),
        example=Example(
            (("float64", (7.0, 1.0, 0.0, None)), ("float64", (2.0, 0.0, 0.0, 1.0))), (3.5, None, None, None)
        ),
        can_be_null=True,
        accuracy="0ulp",
        substrait="divide",
    ),
    Function(
        name="int_divide",
        family="arithmetic",
        signatures=(sig("(int64, int64) -> int64"),),
        description=(
            "The quotient without its fraction: truncated towards zero, so that -7 by 2 is -3 (some engines round "
            "down to -4). Division by zero is null; the one quotient outside of 64 bits, that of the smallest int64 "
            "by -1, is an error."
        ),
        example=Example((("int64", (7, -7, 7, 1, None)), ("int64", (2, 2, -2, 0, 1))), (3, -3, -3, None, None)),
        can_be_null=True,
    ),
    Function(
        name="modulo",
        family="arithmetic",
        signatures=(sig("(int64, int64) -> int64"),),
        description=(
            "The remainder of int_divide: it has the sign of the dividend, so that -7 by 2 leaves -1. "
            "By zero it is null; by -1 it is 0, for the smallest int64 as well."
        ),
        example=Example(
            (("int64", (7, -7, 7, INT64_MIN, 1, None)), ("int64", (2, 2, -2, -1, 0, 1))), (1, -1, 1, 0, None, None)
        ),
        can_be_null=True,
        substrait="modulus",
    ),
    Function(
        name="negate",
        family="arithmetic",
        signatures=(
            sig("(int64) -> int64"),
            sig("(float64) -> float64"),
            sig("(decimal) -> decimal", _same_type),
        ),
        description="The number with its sign changed. The smallest int64 has no positive twin and is an error.",
        example=Example((("int64", (3, -4, INT64_MAX, None)),), (-3, 4, -INT64_MAX, None)),
        accuracy="0ulp",
        substrait="negate",
    ),
    Function(
        name="abs",
        family="arithmetic",
        signatures=(
            sig("(int64) -> int64"),
            sig("(float64) -> float64"),
            sig("(decimal) -> decimal", _same_type),
        ),
        description="The number without its sign. The smallest int64 has no positive twin and is an error.",
        example=Example((("int64", (-3, 4, -INT64_MAX, None)),), (3, 4, INT64_MAX, None)),
        accuracy="0ulp",
        substrait="abs",
    ),
    Function(
        name="sign",
        family="arithmetic",
        signatures=(sig("(int64) -> int64"), sig("(float64) -> float64"), sig("(decimal) -> int64")),
        description="-1, 0 or 1: whether the number is negative, zero or positive. Zero gives 0.0 and NaN gives NaN.",
        example=Example((("int64", (-3, 0, INT64_MAX, None)),), (-1, 0, 1, None)),
        accuracy="0ulp",
        substrait="sign",
    ),
    Function(
        name="power",
        family="arithmetic",
        signatures=(sig("(float64, float64) -> float64"),),
        description=(
            "The first number raised to the second, as float64 also for integers. IEEE 754 holds: a negative number "
            "raised to a fraction is NaN, 0 raised to a negative number is infinity, anything raised to 0 is 1."
        ),
        example=Example(
            (("float64", (2.0, 9.0, 0.0, -8.0, None)), ("float64", (10.0, 0.5, 0.0, 0.5, 2.0))),
            (1024.0, 3.0, 1.0, float("nan"), None),
        ),
        accuracy="4ulp",
        substrait="power",
    ),
    Function(
        name="sqrt",
        family="arithmetic",
        signatures=(sig("(float64) -> float64"),),
        description="The square root. That of a negative number is null; that of NaN is NaN.",
        example=Example((("float64", (2.25, 0.0, -1.0, None)),), (1.5, 0.0, None, None)),
        can_be_null=True,
        accuracy="0ulp",
        substrait="sqrt",
    ),
    Function(
        name="greatest",
        family="arithmetic",
        signatures=(sig("(O...) -> O"),),
        description=(
            "The greatest of the arguments that are not null, and null when all are. NaN is greater than every "
            "number. Text is ordered by its bytes, false comes before true."
        ),
        example=Example(
            (("int64", (1, 5, None, None)), ("int64", (2, None, INT64_MIN, None))), (2, 5, INT64_MIN, None)
        ),
        nulls="own",
        substrait="greatest_skip_null",
    ),
    Function(
        name="least",
        family="arithmetic",
        signatures=(sig("(O...) -> O"),),
        description=(
            "The least of the arguments that are not null, and null when all are. NaN is greater than every "
            "number. Text is ordered by its bytes, false comes before true."
        ),
        example=Example(
            (("int64", (1, 5, None, None)), ("int64", (2, None, INT64_MAX, None))), (1, 5, INT64_MAX, None)
        ),
        nulls="own",
        substrait="least_skip_null",
    ),
)
