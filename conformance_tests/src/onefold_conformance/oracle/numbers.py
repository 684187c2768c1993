"""Numbers: what fits in a type, and rounding to the nearest whole number."""

from __future__ import annotations

import decimal
import math

from onefold.types import Decimal
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.values import EXACT

__all__ = ["checked_decimal", "checked_int64", "round_half_away"]


def checked_int64(value: int) -> int:
    """Return a whole number that fits in 64 bits.

    Raises:
        ValueFailure: If it does not fit.

    Examples:
        >>> checked_int64(2**63)
        Traceback (most recent call last):
        onefold_conformance.oracle.interface.ValueFailure: 9223372036854775808 does not fit in int64
    """
    if not -(2**63) <= value < 2**63:
        raise ValueFailure(f"{value} does not fit in int64")
    return value


def checked_decimal(value: decimal.Decimal, dtype: Decimal) -> decimal.Decimal:
    """Return a number with the digits of a decimal type after the point, rounded half away from zero.

    Raises:
        ValueFailure: If it then has more digits than the type.

    Examples:
        >>> checked_decimal(decimal.Decimal("-1.25"), Decimal(3, 1))
        Decimal('-1.3')
    """
    bound = decimal.Decimal(1).scaleb(dtype.precision - dtype.scale)
    if value.copy_abs() < bound:  # before it is rounded too: text can hold a number of any length
        rounded = value.quantize(decimal.Decimal(1).scaleb(-dtype.scale), context=EXACT)
        if rounded.copy_abs() < bound:
            return rounded
    raise ValueFailure(f"{value} has more digits than {dtype}")


def round_half_away(value: float) -> float:
    """Return the nearest whole number, that away from zero when two are as near; infinities and NaN as they are.

    Examples:
        >>> round_half_away(-2.5), round_half_away(0.49999999999999994)
        (-3.0, 0.0)
    """
    if not math.isfinite(value) or abs(value) >= 2.0**52:  # such a float has no fraction
        return value
    whole = math.floor(abs(value))
    return math.copysign(whole + (abs(value) - whole >= 0.5), value)
