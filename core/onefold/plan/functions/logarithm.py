"""Exponentials and logarithms; a logarithm that does not exist is null."""

from __future__ import annotations

import math

from onefold.plan.functions.entry import Example, Function, Option
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

NAN, INF = float("nan"), float("inf")


def _base_problem(base: float) -> str | None:
    return None if 0 < base < INF and base != 1 else "it is above zero and not 1."


def _logarithm(name: str, description: str, arg: float, value: float, **options: float) -> Function:
    """Return a logarithm; its example has 1, zero, a negative number, infinity, NaN and null."""
    return Function(
        name=name,
        family="logarithm",
        signatures=(sig("(float64) -> float64"),),
        description=f"{description} Null for zero and negative numbers (some engines give infinity, NaN or an error).",
        example=Example(
            (("float64", (1.0, arg, 0.0, -1.0, INF, NAN, None)),), (0.0, value, None, None, INF, NAN, None), options
        ),
        options={"base": Option(float, "Above zero and not 1.", check=_base_problem)} if options else {},
        can_be_null=True,
        accuracy="4ulp",
        substrait=None if options else name,
    )


FUNCTIONS = (
    Function(
        name="exp",
        family="logarithm",
        signatures=(sig("(float64) -> float64"),),
        description="e raised to the number. Infinity when that is too large for a float64, 0 when it is too small.",
        example=Example((("float64", (0.0, 1.0, 1000.0, -INF, NAN, None)),), (1.0, math.e, INF, 0.0, NAN, None)),
        accuracy="4ulp",
        substrait="exp",
    ),
    _logarithm("ln", "The natural logarithm.", math.e, 1.0),
    _logarithm("log10", "The logarithm to the base 10.", 1000.0, 3.0),
    _logarithm("log2", "The logarithm to the base 2.", 1024.0, 10.0),
    _logarithm("log", "The logarithm to a base of your choice.", 81.0, 4.0, base=3.0),
)
