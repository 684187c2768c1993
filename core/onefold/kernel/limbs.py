"""Integers too wide for a machine word, as vectors of limbs: carries, signs, and rounding to double.

A number is ``sum(limbs[k] * 2**(k * width))``, times ``2**exponent``. Limbs are int64 and may have any sign and up to
62 bits until carries are propagated.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from onefold.kernel.segment import Int64Array

__all__ = ["Float64Array", "digits_of", "round_digits", "round_pair"]

Float64Array = npt.NDArray[np.float64]

SIGNIFICANT = 62
"""How many leading bits are kept for rounding: more than 54, and safe in int64."""


def carry(digits: Int64Array, width: int) -> None:
    """Propagate carries in place, so that all digits but the last are in ``[0, 2**width)``.

    Args:
        digits: One row per limb, lowest first; the value of the last limb takes the final carry.
        width: The bits of a limb.
    """
    for k in range(len(digits) - 1):
        over = digits[k] >> width
        digits[k] -= over << width
        digits[k + 1] += over


def digits_of(limbs: list[Int64Array], width: int) -> tuple[Int64Array, npt.NDArray[np.bool_]]:
    """Return the magnitudes of numbers as non-negative digits, and which numbers are negative.

    Args:
        limbs: The limbs, lowest first, each an array over the numbers; at most 62 bits each.
        width: The bits of a limb, at least 31.

    Returns:
        Digits in ``[0, 2**width)``, one row per limb, three rows more than there were limbs; and the signs.
    """
    digits = np.zeros((len(limbs) + 3, len(limbs[0])), np.int64)
    for k, limb in enumerate(limbs):
        digits[k] = limb
    carry(digits, width)
    negative = digits[-1] < 0
    if negative.any():
        np.negative(digits, out=digits, where=negative)
        carry(digits, width)
    return digits, negative


def round_digits(digits: Int64Array, width: int, exponent: int) -> Float64Array:
    """Return numbers given by digits as doubles, each rounded once, to nearest, ties to even.

    Args:
        digits: Digits in ``[0, 2**width)``, one row per limb, lowest first.
        width: The bits of a limb, 31 to 50.
        exponent: The binary exponent of the lowest limb.
    """
    present = digits != 0
    lead = len(digits) - 1 - np.argmax(present[::-1], axis=0)
    lowest = np.argmax(present, axis=0)
    columns = np.arange(digits.shape[1])
    first = digits[lead, columns]
    second = np.where(lead >= 1, digits[lead - 1, columns], 0)
    third = np.where(lead >= 2, digits[lead - 2, columns], 0)
    sticky = (lowest < lead - 2) & (first != 0)

    bits = np.frexp(first.astype(np.float64))[1].astype(np.int64)
    room = SIGNIFICANT - bits  # how many more bits the mantissa takes after the first digit
    mantissa = first << room
    left = np.maximum(room - width, 0)
    cut = np.maximum(width - room, 0)
    mantissa |= (second >> cut) << left
    sticky |= (second & ((np.int64(1) << cut) - 1)) != 0
    cut = width - left
    mantissa |= third >> cut
    sticky |= (third & ((np.int64(1) << cut) - 1)) != 0
    mantissa |= sticky  # int64 -> double rounds to nearest even, and the sticky bit is far below its last bit
    with np.errstate(over="ignore"):
        rounded: Float64Array = np.ldexp(mantissa.astype(np.float64), exponent + lead * width - room)
    return rounded


def round_pair(limbs: list[Int64Array], width: int, exponent: int) -> tuple[Float64Array, Float64Array]:
    """Return numbers as unevaluated sums of two doubles: the number rounded, and the rest rounded.

    Args:
        limbs: The limbs, lowest first, each an array over the numbers; at most 62 bits each.
        width: The bits of a limb, 31 to 50.
        exponent: The binary exponent of the lowest limb.
    """
    digits, negative = digits_of(limbs, width)
    high = round_digits(digits, width, exponent)
    low = np.zeros_like(high)
    fraction, power = np.frexp(high)
    place = power.astype(np.int64) - 53 - exponent  # of the last bit of `high`, in digits
    rest = np.flatnonzero((place > 0) & np.isfinite(high) & (high != 0))  # otherwise nothing was rounded away
    if len(rest):
        mantissa = np.ldexp(fraction[rest], 53).astype(np.int64)
        at, shift = np.divmod(place[rest], width)
        left = digits[:, rest]
        mask = (np.int64(1) << width) - 1
        column = np.arange(len(rest))
        inside = np.minimum(width - shift, 62)
        left[at, column] -= (mantissa & ((np.int64(1) << inside) - 1)) << shift
        mantissa >>= inside
        left[at + 1, column] -= mantissa & mask
        left[at + 2, column] -= mantissa >> width
        rest_digits, below = digits_of(list(left), width)
        rounded = round_digits(rest_digits, width, exponent)
        low[rest] = np.where(below, -rounded, rounded)
    np.negative(high, out=high, where=negative)
    np.negative(low, out=low, where=negative & (low != 0))
    return high, low
