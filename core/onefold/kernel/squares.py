"""Second moments of ordinary windows from exact prefix sums: n sum x^2 - (sum x)^2 in pairs of doubles.

Each square is rounded to 2^-83 of itself, everything else is exact until the subtraction. A window is ordinary when no
value in it is very large or very small and at least 2^-20 of n sum x^2 is left after the subtraction: what is left is
then right to 2^-62 of itself, and the result to two or three roundings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onefold.kernel.compiled import CompiledSquares
from onefold.kernel.exact import ExactPrefix, two_product
from onefold.kernel.limbs import Float64Array
from onefold.kernel.ordinary import is_ordinary, prefix_counts
from onefold.kernel.segment import Int64Array

__all__ = ["Squares", "squares_of"]

_BLOCK = 1 << 14
"""Windows per step: temporaries stay in the processor's cache."""

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
        ordinary = is_ordinary(values)
        others = None
        if not ordinary.all():
            others = prefix_counts(~ordinary)
            values = np.where(ordinary, values, 0.0)
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
                high, low = self.prefix.window(left[part], right[part])
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


def squares_of(values: Float64Array) -> Squares | CompiledSquares:
    """Return the prefix sums of the squares of a column: compiled where that can be."""
    return CompiledSquares.of(values) or Squares.of(values)
