"""Numbers of any type as doubles, each rounded once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import decimal_words, numbers_of
from onefold.kernel.exact import two_product
from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Int64Array, Segment

__all__ = ["argument_doubles", "divide_by_power_of_ten", "doubles_of"]

_EXACT_INTEGER = 2**53
_EXACT_POWER = 22
"""10**22 is the greatest power of ten that is a double."""


def argument_doubles(segment: Segment, arg: int = 0) -> Float64Array:
    """Return an argument as doubles; worked out once for a segment."""
    return segment.shared(("doubles", arg), lambda: doubles_of(segment.args[arg]))


def doubles_of(array: pa.Array) -> Float64Array:
    """Return an int64, float64 or decimal column without nulls as doubles, to nearest, ties to even.

    Examples:
        >>> from decimal import Decimal
        >>> doubles_of(pa.array([Decimal("0.10"), Decimal("-3.00")])).tolist()
        [0.1, -3.0]
    """
    if not pa.types.is_decimal(array.type):
        return numbers_of(array).astype(np.float64, copy=False)
    low, high = decimal_words(array)
    scale = array.type.scale
    whole = low.view(np.int64)
    small = np.array_equal(high, whole >> 63) and bool((np.abs(whole.astype(np.float64)) <= _EXACT_INTEGER).all())
    if small and scale <= _EXACT_POWER:
        quotients: Float64Array = whole / 10.0**scale  # both are exact, so that the division rounds once
        return quotients
    head, tail = _pair(low, high)
    result, unsure = divide_by_power_of_ten(head, tail, scale)
    for row in unsure.tolist():  # next to the middle between two doubles: rare
        result[row] = ((int(high[row]) << 64) + int(low[row])) / 10**scale
    return result


def divide_by_power_of_ten(high: Float64Array, low: Float64Array, scale: int) -> tuple[Float64Array, Int64Array]:
    """Return ``(high + low) / 10**scale``, rounded once, and the rows where that is not certain.

    Args:
        high: The numbers, rounded to double.
        low: What rounding left off them, itself rounded.
        scale: The power of ten, at most 38.

    Returns:
        The quotients, and the (very few) rows whose quotient is so close to the middle between two doubles that the
        caller has to divide exactly.
    """
    power = 10**scale
    power_high = float(power)
    power_low = float(power - int(power_high))  # 5**38 has 89 bits: two doubles hold every power exactly
    quotient = high / power_high
    product, error = two_product(quotient, np.full_like(quotient, power_high))
    rest = ((high - product) - error + low - quotient * power_low) / power_high
    result = quotient + rest
    # The rest is right to about 2**-52 of itself. Only next to the middle between two doubles can that matter.
    below, above = quotient + rest * (1 - 2.0**-44), quotient + rest * (1 + 2.0**-44)
    return result, np.flatnonzero((below != result) | (above != result))


def _pair(low: npt.NDArray[np.uint64], high: Int64Array) -> tuple[Float64Array, Float64Array]:
    """Return 128-bit integers as sums of two doubles."""
    upper = high >> 11 << 11  # a double holds 53 bits
    head, tail = upper * 2.0**64, np.zeros(len(high))
    for part in ((high - upper) * 2.0**64, (low >> np.uint64(32)) * 2.0**32, low & np.uint64(2**32 - 1)):
        total = head + part
        back = total - head
        tail += (head - (total - back)) + (part - back)
        head = total
    total = head + tail
    return total, tail - (total - head)
