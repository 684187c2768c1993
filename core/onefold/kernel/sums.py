"""Counts, sums, means, and the logical sums any and all: differences of exact prefixes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import array_of, bools_of, decimals_of
from onefold.kernel.doubles import divide_by_power_of_ten
from onefold.kernel.exact import exact_prefix, window_sums
from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment

__all__ = ["AGGREGATORS", "float_sums"]


def count(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the number of rows in each window, as int64."""
    return [pa.array(interval.right - interval.left) for interval in intervals]


def sums(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the exact sums: int64, decimal128(38, s), or float64 rounded once; null for an empty window.

    Raises:
        OverflowError: If the sum of integers or decimals does not fit.
    """
    dtype = segment.args[0].type
    if pa.types.is_floating(dtype):
        return [array_of(window_sums(segment, interval)[0], pa.float64(), _empty(interval)) for interval in intervals]
    prefix = exact_prefix(segment)
    out = []
    for interval in intervals:
        if pa.types.is_decimal(dtype):
            low, high = prefix.words(interval.left, interval.right)
            if _beyond_digits(low, high, window_sums(segment, interval)[0]).any():
                raise OverflowError("A sum has more than 38 digits. Cast the values to float64 to get a rounded sum.")
            out.append(decimals_of(low, high, pa.decimal128(38, dtype.scale), _empty(interval)))
        else:
            total, overflow = prefix.integers(interval.left, interval.right)
            if overflow.any():
                raise OverflowError("A sum does not fit in int64. Cast the values to decimal or float64.")
            out.append(array_of(total, pa.int64(), _empty(interval)))
    return out


def mean(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the sum, rounded to float64, divided by the number of values; null for an empty window."""
    out = []
    for interval in intervals:
        null = _empty(interval)
        values = float_sums(segment, interval) / np.where(null, 1, interval.right - interval.left)
        out.append(array_of(values + 0.0, pa.float64(), null))  # + 0.0: a quotient that underflows is 0.0, not -0.0
    return out


def any_true(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return whether a value in the window is true; null for an empty window."""
    return [array_of(_trues(segment, i) > 0, pa.bool_(), _empty(i)) for i in intervals]


def all_true(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return whether no value in the window is false; null for an empty window."""
    return [array_of(_trues(segment, i) == i.right - i.left, pa.bool_(), _empty(i)) for i in intervals]


def float_sums(segment: Segment, interval: Interval, arg: int = 0) -> Float64Array:
    """Return the exact sum of a numeric argument over each window, rounded once to float64 (0 for an empty one)."""
    high, low = window_sums(segment, interval, arg)
    dtype = segment.args[arg].type
    if not pa.types.is_decimal(dtype) or not dtype.scale:
        return high
    return _divided(high, low, segment, interval, arg)


def _divided(high: Float64Array, low: Float64Array, segment: Segment, interval: Interval, arg: int) -> Float64Array:
    """Return the sums of decimals, high + low over a power of ten, rounded once."""
    scale = segment.args[arg].type.scale
    result, unsure = divide_by_power_of_ten(high, low, scale)
    if len(unsure):
        words = exact_prefix(segment, arg).words(interval.left[unsure], interval.right[unsure])
        whole = ((int(top) << 64) + int(bottom) for bottom, top in zip(*words, strict=True))
        result[unsure] = [number / 10**scale for number in whole]  # Python divides integers exactly, rounding once
    return result


def _empty(interval: Interval) -> npt.NDArray[np.bool_]:
    empty: npt.NDArray[np.bool_] = interval.left == interval.right
    return empty


def _trues(segment: Segment, interval: Interval) -> Int64Array:
    def make() -> Int64Array:
        return np.concatenate(([0], np.cumsum(bools_of(segment.args[0]), dtype=np.int64)))

    prefix = segment.shared("prefix of true", make)
    return prefix.take(interval.right) - prefix.take(interval.left)


def _beyond_digits(low: npt.NDArray[np.uint64], high: Int64Array, rounded: Float64Array) -> npt.NDArray[np.bool_]:
    """Return which 128-bit integers have more than 38 digits; the rounded sum tells those beyond 128 bits."""
    top, bottom = divmod(10**38, 2**64)
    above = (high > top) | ((high == top) & (low >= np.uint64(bottom)))
    top, bottom = divmod(-(10**38), 2**64)
    below = (high < top) | ((high == top) & (low <= np.uint64(bottom)))
    beyond: npt.NDArray[np.bool_] = above | below | (np.abs(rounded) > 1.5e38)
    return beyond


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {"count": count, "sum": sums, "mean": mean, "any": any_true, "all": all_true}
)
"""The aggregations of this family, by their names in the catalogue."""
