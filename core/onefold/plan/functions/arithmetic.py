"""Arithmetic: integers are int64 and never wrap, division gives float64, decimals stay exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onefold.errors import PlanError
from onefold.plan.functions.entry import Example, Function
from onefold.plan.functions.signature import sig
from onefold.types import DataType, Decimal

__all__ = ["FUNCTIONS"]


def _sum_type(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    left, right = args
    assert isinstance(left, Decimal) and isinstance(right, Decimal)
    scale = max(left.scale, right.scale)
    whole = max(left.precision - left.scale, right.precision - right.scale) + 1
    if whole + scale > 38:
        raise PlanError(f"The sum of {left} and {right} can need more than 38 digits. Cast one to fewer digits.")
    return Decimal(whole + scale, scale)


def _product_type(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    left, right = args
    assert isinstance(left, Decimal) and isinstance(right, Decimal)
    if left.scale + right.scale > 12:
        raise PlanError(
            f"The product of {left} and {right} has {left.scale + right.scale} decimals; engines agree up to 12. "
            "Cast one to fewer decimals."
        )
    return Decimal(38, left.scale + right.scale)


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
            "Decimals keep the larger scale and get one digit more, at most 38."
        ),
        example=Example((("int64", (1, -5, None)), ("int64", (2, 7, 1))), (3, 2, None)),
        substrait="add",
    ),
    Function(
        name="divide",
        family="arithmetic",
        signatures=(sig("(float64, float64) -> float64"),),
        description=(
            "The quotient as float64, also for integers and decimals (which are widened first). "
            "Division by zero is null: engines otherwise give infinity, NaN, null or an error."
        ),
        example=Example((("float64", (7.0, 1.0, 0.0)), ("float64", (2.0, 0.0, 0.0))), (3.5, None, None)),
        can_be_null=True,
        accuracy="0ulp",
        substrait="divide",
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
            "precision becomes 38, and the product is exact."
        ),
        example=Example((("int64", (3, -4, None)), ("int64", (5, 2, 1))), (15, -8, None)),
        substrait="multiply",
    ),
)
