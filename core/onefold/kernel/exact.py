"""Exact sums over windows: prefix sums in fixed point, wide enough that nothing is ever rounded.

The values of a chunk are written as multiples of one power of two, cut into limbs of so many bits that the prefix
sums of a limb can not leave int64. A window's sum is then the difference of two prefixes, limb by limb, exact in
integers, and becomes a double by one correct rounding. So the result is that of ``math.fsum`` over the window's
values, whatever the order of the rows, the cut of the chunks, and the values outside of the window.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import decimal_words, numbers_of
from onefold.kernel.compiled import CompiledPrefix
from onefold.kernel.fixed_point import (
    BLOCK,
    SparsePrefix,
    dense_limbs,
    exponents,
    limb_width,
    prefix_sums,
    wide_limbs,
)
from onefold.kernel.limbs import Float64Array, digits_of, round_pair
from onefold.kernel.segment import Int64Array, Interval, Segment
from onefold.kernel.specials import Specials

__all__ = ["ExactPrefix", "exact_prefix", "float_prefix", "two_product", "window_sums"]

MOST_DENSE_LIMBS = 4
"""Values that span more limbs than this are rare, and their limbs mostly empty: those are kept sparsely."""

_EXACT = float(2**53)
_FAST_EXPONENTS = range(-960, 800)
"""Where all powers of two that splitting and rounding meet are ordinary doubles."""


def two_product(left: Float64Array, right: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Return the products of doubles, rounded, and their rounding errors (Dekker's product with Veltkamp's split).

    The sum of both is the exact product as long as nothing overflows or underflows: factors below 2**510 in
    magnitude, and products that are 0 or above 2**-900.
    """
    product = left * right
    left_high, left_low = _split(left)
    right_high, right_low = (left_high, left_low) if right is left else _split(right)
    error = left_high * right_high
    error -= product
    error += left_high * right_low
    error += left_low * right_high
    error += left_low * right_low
    return product, error


def _split(values: Float64Array) -> tuple[Float64Array, Float64Array]:
    scaled = values * 134217729.0  # 2**27 + 1
    high = scaled - (scaled - values)
    return high, values - high


class ExactPrefix:
    """Prefix sums of a column without any rounding.

    Built by :meth:`of_floats`, :meth:`of_ints` or :meth:`of_decimals`; windows are index intervals.

    Args:
        limbs: The prefix sums of each limb by its place, each one longer than the column.
        width: The bits of a limb.
        exponent: The binary exponent of limb 0.
        special: Where the column is not finite.
    """

    __slots__ = ("exponent", "limbs", "special", "width")

    def __init__(
        self,
        limbs: dict[int, Int64Array | SparsePrefix],
        width: int,
        exponent: int,
        special: Specials | None = None,
    ) -> None:
        self.limbs = limbs
        self.width = width
        self.exponent = exponent
        self.special = special

    @classmethod
    def of_floats(cls, values: Float64Array, *terms: Float64Array, multiple: int | None = None) -> ExactPrefix:
        """Return the prefix sums of doubles.

        Args:
            values: The values; NaN and infinities are allowed.
            terms: More values of the same rows that are added to them, such as rounding errors.
            multiple: An exponent, when all values and terms are known to be multiples of 2**multiple: otherwise
                the last bits of the smallest one are assumed to be in use.
        """
        columns = [values, *terms]
        width = limb_width(len(values) * len(columns))
        special = Specials.of(columns)
        if special is not None:
            broken = ~np.logical_and.reduce([np.isfinite(column) for column in columns])
            columns = [np.where(broken, 0.0, column) for column in columns]
        low, high = exponents(columns)
        if high <= low:
            return cls({}, width, 0, special)
        low = low if multiple is None else max(low, multiple)
        count = -(-(high - low) // width)
        if count <= MOST_DENSE_LIMBS and low in _FAST_EXPONENTS and high in _FAST_EXPONENTS:
            limbs: dict[int, Int64Array | SparsePrefix] = dict(enumerate(dense_limbs(columns, width, low, count)))
        else:
            limbs = dict(wide_limbs(columns, width, low))
        return cls(limbs, width, low, special)

    @classmethod
    def of_ints(cls, values: Int64Array) -> ExactPrefix:
        """Return the prefix sums of integers."""
        width = limb_width(len(values))
        top = max(-int(values.min()), int(values.max())) if len(values) else 0
        if top * len(values) < 2**62:
            return cls({0: prefix_sums(values)}, width, 0)
        mask = np.int64((1 << width) - 1)
        return cls({0: prefix_sums(values & mask), 1: prefix_sums(values >> width)}, width, 0)

    @classmethod
    def of_decimals(cls, values: pa.Array) -> ExactPrefix:
        """Return the prefix sums of the unscaled integers of a decimal128 column without nulls."""
        low, high = decimal_words(values)
        small = low.view(np.int64)
        if np.array_equal(high, small >> 63):
            return cls.of_ints(small)
        width = limb_width(len(values))
        limbs: dict[int, Int64Array | SparsePrefix] = {}
        mask = np.uint64((1 << width) - 1)
        upper = high.view(np.uint64)
        for place in range(0, 128, width):
            if place + width >= 128:
                limbs[place // width] = prefix_sums(high >> (place - 64))
            elif place >= 64:
                limbs[place // width] = prefix_sums(((upper >> np.uint64(place - 64)) & mask).view(np.int64))
            else:
                word = low >> np.uint64(place)
                if place:
                    word |= upper << np.uint64(64 - place)
                limbs[place // width] = prefix_sums((word & mask).view(np.int64))
        return cls(limbs, width, 0)

    def differences(self, left: Int64Array, right: Int64Array) -> list[Int64Array]:
        """Return the limbs of each window's sum, lowest first; their values are not yet carried."""
        if not self.limbs:
            return [np.zeros(len(left), np.int64)]
        empty = np.zeros(len(left), np.int64)
        return [
            self.limbs[k].take(right) - self.limbs[k].take(left) if k in self.limbs else empty
            for k in range(max(self.limbs) + 1)
        ]

    def window(self, left: Int64Array, right: Int64Array) -> tuple[Float64Array, Float64Array]:
        """Return each window's sum as an unevaluated sum of two doubles.

        Args:
            left: The first row of each window.
            right: The row after the last one.

        Returns:
            The sum, rounded to nearest even, and what is left of the exact sum, rounded (0 where the first is not
            finite). An empty window gives 0.
        """
        high = np.empty(len(left), np.float64)
        low = np.empty(len(left), np.float64)
        for start in range(0, len(left), BLOCK):
            part = slice(start, start + BLOCK)
            high[part], low[part] = self._block(left[part], right[part])
        if self.special is not None:
            self.special.put(high, low, left, right)
        return high, low

    def rounded(self, left: Int64Array, right: Int64Array) -> Float64Array:
        """Return each window's sum, rounded once: equal to ``math.fsum`` of its values."""
        return self.window(left, right)[0]

    def _block(self, left: Int64Array, right: Int64Array) -> tuple[Float64Array, Float64Array]:
        limbs = self.differences(left, right)
        if len(limbs) > 2 or self.exponent not in _FAST_EXPONENTS:
            return round_pair(limbs, self.width, self.exponent)
        scale = 2.0**self.exponent
        if len(limbs) == 1:
            high = limbs[0].astype(np.float64)
            rest = (limbs[0] - high.astype(np.int64)).astype(np.float64)
            return high * scale, rest * scale
        over = limbs[0] >> self.width
        bottom = (limbs[0] - (over << self.width)).astype(np.float64)
        over += limbs[1]
        top = over.astype(np.float64)
        inexact = np.abs(top) > _EXACT
        top *= scale * 2.0**self.width
        bottom *= scale
        high = top + bottom  # both are exact, so that this is the only rounding
        low = bottom - (high - top)
        if inexact.any():
            high[inexact], low[inexact] = round_pair([limb[inexact] for limb in limbs], self.width, self.exponent)
        return high, low

    def integers(self, left: Int64Array, right: Int64Array) -> tuple[Int64Array, npt.NDArray[np.bool_]]:
        """Return each window's sum as int64, and where it does not fit (for prefixes of integers)."""
        limbs = self.differences(left, right)
        if len(limbs) == 1:
            return limbs[0], np.zeros(len(left), np.bool_)
        over = limbs[0] >> self.width
        bottom = limbs[0] - (over << self.width)
        over += limbs[1]
        most = 1 << (63 - self.width)
        return (over << self.width) + bottom, (over < -most) | (over >= most)

    def words(self, left: Int64Array, right: Int64Array) -> tuple[npt.NDArray[np.uint64], Int64Array]:
        """Return the low and high 64 bits of each window's sum modulo 2**128 (for integers and decimals)."""
        limbs = self.differences(left, right)
        if len(limbs) == 1:
            return limbs[0].view(np.uint64), limbs[0] >> 63
        digits, negative = digits_of(limbs, self.width)
        low = np.zeros(len(left), np.uint64)
        high = np.zeros(len(left), np.uint64)
        for k, digit in enumerate(digits.view(np.uint64)):
            place = k * self.width
            if place < 64:
                low |= digit << np.uint64(place)
                if place + self.width > 64:
                    high |= digit >> np.uint64(64 - place)
            elif place < 128:
                high |= digit << np.uint64(place - 64)
        high = np.where(negative, ~high + (low == 0), high)
        low = np.where(negative, ~low + np.uint64(1), low)
        return low, high.view(np.int64)


def float_prefix(values: Float64Array) -> ExactPrefix | CompiledPrefix:
    """Return the prefix sums of doubles: compiled where that can be."""
    return CompiledPrefix.of(values) or ExactPrefix.of_floats(values)


def exact_prefix(segment: Segment, arg: int = 0) -> ExactPrefix:
    """Return the exact prefix sums of integers or decimals, shared by all aggregations over a segment."""

    def make() -> ExactPrefix:
        values = segment.args[arg]
        if pa.types.is_decimal(values.type):
            return ExactPrefix.of_decimals(values)
        return ExactPrefix.of_ints(numbers_of(values))

    return segment.shared(("exact prefix", arg), make)


def window_sums(segment: Segment, interval: Interval, arg: int = 0) -> tuple[Float64Array, Float64Array]:
    """Return the sum of an argument over each window as a pair of doubles, shared by all aggregations.

    For decimals it is the sum of the unscaled integers.
    """

    def sums() -> tuple[Float64Array, Float64Array]:
        values = segment.args[arg]
        if pa.types.is_floating(values.type):
            prefix = segment.shared(("float prefix", arg), lambda: float_prefix(numbers_of(values)))
            return prefix.window(interval.left, interval.right)
        return exact_prefix(segment, arg).window(interval.left, interval.right)

    return segment.shared(("window sums", arg), sums, interval=interval)
