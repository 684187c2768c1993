"""Rounding: ties go away from zero, unless a function says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onefold.plan.functions.entry import Example, Function, Option
from onefold.plan.functions.signature import sig
from onefold.types import DataType, Decimal

__all__ = ["FUNCTIONS"]

NAN, INF = float("nan"), float("inf")


def _rounded_type(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    (given,), digits = args, options["digits"]
    assert isinstance(given, Decimal)
    if digits >= given.scale:
        return given
    scale = max(digits, 0)
    return Decimal(min(38, given.precision - given.scale + scale + 1), scale)


def _digits_problem(digits: int) -> str | None:
    return None if -15 <= digits <= 15 else "it is between -15 and 15."


def _whole(name: str, description: str, result: tuple[float | None, ...], substrait: str | None = None) -> Function:
    """Return a function to whole numbers; its example has ties, zero, infinity, NaN and null."""
    return Function(
        name=name,
        family="rounding",
        signatures=(sig("(float64) -> float64"),),
        description=f"{description} The result is a float64: infinities and NaN stay, cast it for an int64.",
        example=Example((("float64", (2.5, -2.5, 1.5, -0.3, 1e300, INF, NAN, None)),), result),
        accuracy="0ulp",
        substrait=substrait,
    )


FUNCTIONS = (
    Function(
        name="round",
        family="rounding",
        signatures=(
            sig("(int64) -> int64"),
            sig("(float64) -> float64"),
            sig("(decimal) -> decimal", _rounded_type),
        ),
        description=(
            "The number with so many digits after the point, or, when negative, with so many zeros before it. Ties "
            "go away from zero. For a float and digits n the result is round(x * 10**n) / 10**n, for negative n "
            "round(x / 10**-n) * 10**-n, each step as IEEE 754 has it, so 1.005 with 2 digits is 1.0 (it is stored "
            "as a little less than 1.005). A float of 2**52 and more is whole, and stays as it is. A decimal gets the "
            "scale asked for and one digit more."
        ),
        example=Example(
            (("float64", (2.675, -1.25, 0.5, 123456.789, 1e300, INF, NAN, None)),),
            (2.7, -1.3, 0.5, 123456.8, 1e300, INF, NAN, None),
            {"digits": 1},
        ),
        options={"digits": Option(int, "Digits after the point, -15 to 15.", 0, check=_digits_problem)},
        accuracy="0ulp",
        substrait="round",
    ),
    _whole(
        "round_half_even",
        "The nearest whole number; ties go to the even one.",
        (2.0, -2.0, 2.0, 0.0, 1e300, INF, NAN, None),
    ),
    _whole(
        "floor",
        "The greatest whole number that is not greater.",
        (2.0, -3.0, 1.0, -1.0, 1e300, INF, NAN, None),
        "floor",
    ),
    _whole(
        "ceil",
        "The least whole number that is not less.",
        (3.0, -2.0, 2.0, 0.0, 1e300, INF, NAN, None),
        "ceil",
    ),
    _whole(
        "trunc",
        "The number without its fraction, towards zero.",
        (2.0, -2.0, 1.0, 0.0, 1e300, INF, NAN, None),
    ),
)
