"""Second moments of ordinary windows from exact prefix sums: n sum x^2 - (sum x)^2 in pairs of doubles.

Each square is rounded to 2^-83 of itself, everything else is exact until the subtraction. A window is ordinary when no
value in it is very large or very small and at least 2^-20 of n sum x^2 is left after the subtraction: what is left is
then right to 2^-62 of itself, and the result to two or three roundings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onefold.kernel.exact import ExactPrefix, two_product
from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Int64Array

__all__ = ["Squares"]

_BLOCK = 1 << 14
"""Windows per step: temporaries stay in the processor's cache."""

_SMALLEST, _GREATEST = 2.0**-300, 2.0**300
"""Squares of values between these neither overflow nor lose digits to underflow."""

_LEFT = 2.0**-20


@dataclass(frozen=True, slots=True)
class Squares:
    """Exact prefix sums of the squares of a column.

    Args:
        prefix: The prefix sums of the squares of ordinary values.
        others: How many values before each row are not ordinary: NaN, infinite, very large or very small; None when
            all are.
    """

    prefix: ExactPrefix
    others: Int64Array | None

    @classmethod
    def of(cls, values: Float64Array) -> Squares:
        """Return the prefix sums for a column; NaN and infinities are allowed."""
        size = np.abs(values)
        ordinary = ((size >= _SMALLEST) & (size <= _GREATEST)) | (size == 0.0)
        others = None
        if not ordinary.all():
            others = np.zeros(len(values) + 1, np.int64)
            np.cumsum(~ordinary, out=others[1:])
            values = np.where(ordinary, values, 0.0)
            size = np.abs(values)
        square, error = np.empty_like(values), np.empty_like(values)
        for start in range(0, len(values), _BLOCK):
            part = slice(start, start + _BLOCK)
            square[part], rest = two_product(values[part], values[part])
            # A double just as far above the square's last bit as rounding is wanted below it rounds the error.
            rounder = square[part] * 2.0**-30
            error[part] = (rest + rounder) - rounder
        least = np.min(square, initial=np.inf, where=square > 0.0)
        multiple = int(np.frexp(least)[1]) - 84 if np.isfinite(least) else None
        terms = (error,) if error.any() else ()
        return cls(ExactPrefix.of_floats(square, *terms, multiple=multiple), others)

    def second_moments(
        self, sums: tuple[Float64Array, Float64Array], left: Int64Array, right: Int64Array
    ) -> tuple[Float64Array, npt.NDArray[np.bool_]]:
        """Return sum (x - mean)^2 over windows, and which of them are ordinary: the others are not to be used.

        Args:
            sums: The exact sum of the values in each window, as a pair of doubles.
            left: The first row of each window.
            right: The row after the last one; no window is empty.
        """
        second = np.empty(len(left))
        ordinary = np.empty(len(left), np.bool_)
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(left), _BLOCK):
                part = slice(start, start + _BLOCK)
                count = (right[part] - left[part]).astype(np.float64)
                high, low = self._sums(left[part], right[part])
                whole, rest = two_product(count, high)
                rest += count * low
                high, low = sums[0][part], sums[1][part]
                less, less_rest = two_product(high, high)
                less_rest += 2.0 * high * low
                result = (whole - less) + (rest - less_rest)
                second[part] = result / count
                ordinary[part] = result >= whole * _LEFT
                ordinary[part] &= result > 0.0
        if self.others is not None:
            ordinary &= self.others.take(left) == self.others.take(right)
        return second, ordinary

    def _sums(self, left: Int64Array, right: Int64Array) -> tuple[Float64Array, Float64Array]:
        """Return the sum of squares in each window as a pair of doubles, right to 2^-100."""
        limbs = self.prefix.differences(left, right)
        if not 3 <= len(limbs) <= 6:
            return self.prefix.window(left, right)
        width = self.prefix.width
        digits = []
        over = np.zeros(len(left), np.int64)
        for limb in limbs:
            over = over + limb
            carried = over >> width
            digits.append((over - (carried << width)).astype(np.float64))
            over = carried
        digits.append(over.astype(np.float64))
        # Added up from the lowest digit, with the rounding errors: they are added up in the same way.
        total = digits[0] * 2.0**self.prefix.exponent
        errors = []
        for k, digit in enumerate(digits[1:], 1):
            scaled = digit * 2.0 ** (self.prefix.exponent + k * width)
            together = scaled + total
            back = together - scaled
            errors.append((scaled - (together - back)) + (total - back))
            total = together
        rest = errors[0]
        for error in errors[1:]:
            rest = rest + error
        high = total + rest
        return high, rest - (high - total)
