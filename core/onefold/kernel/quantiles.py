"""Exact quantiles: order statistics of all windows at once, from a wavelet matrix that is walked bit by bit.

The matrix sorts the rows by one bit of their values' codes at a time, the highest first; a window stays an index
range at every bit, and one prefix count tells which half holds the wanted value. Only one level exists at a time, and
a window that has come down to one row is done. Time is (rows + windows) x bits, whatever the lengths of the windows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import array_of
from onefold.kernel.codes import value_codes
from onefold.kernel.doubles import doubles_of
from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment

__all__ = ["AGGREGATORS", "order_statistics"]

_Int32Array = npt.NDArray[np.int32]


def order_statistics(codes: Int64Array, left: Int64Array, right: Int64Array, place: Int64Array) -> _Int32Array:
    """Return the code at a place of the sorted codes of each range.

    Args:
        codes: The codes, not negative.
        left: The first row of each range.
        right: The row after the last one; no range is empty.
        place: The place among the codes of the range in ascending order, from 0.

    Examples:
        >>> order_statistics(np.array([3, 1, 2, 1]), np.array([0, 1]), np.array([4, 3]), np.array([2, 0]))
        array([2, 1], dtype=int32)
    """
    size = len(codes)
    current, sorted_by_bit = codes.astype(np.int32), np.empty(size, np.int32)
    zeros = np.zeros(size + 1, np.int32)  # before each row: how many codes have a 0 in this bit
    found = np.empty(len(left), np.int32)
    request = np.arange(len(left), dtype=np.int32)
    left32, right32, place32 = (bound.astype(np.int32) for bound in (left, right, place))
    for bit in reversed(range(int(codes.max(initial=0)).bit_length())):
        single = right32 - left32 == 1
        if np.count_nonzero(single) * 4 > len(single):  # often enough to pay for making the arrays shorter
            done = np.flatnonzero(single)
            found[request.take(done)] = current.take(left32.take(done))
            rest = np.flatnonzero(~single)
            left32, right32, place32, request = (array.take(rest) for array in (left32, right32, place32, request))
        if not len(request):
            break
        zero = current & (1 << bit) == 0
        np.cumsum(zero, dtype=np.int32, out=zeros[1:])
        split = int(zeros[-1])
        zeros_left, zeros_right = zeros.take(left32), zeros.take(right32)
        smaller = zeros_right - zeros_left
        upper = place32 >= smaller
        place32 -= smaller * upper
        left32 = np.where(upper, left32 - zeros_left + split, zeros_left)
        right32 = np.where(upper, right32 - zeros_right + split, zeros_right)
        np.compress(zero, current, out=sorted_by_bit[:split])
        np.compress(~zero, current, out=sorted_by_bit[split:])
        current, sorted_by_bit = sorted_by_bit, current
    found[request] = current.take(left32)
    return found


def quantile(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the quantile ``q`` of each window by linear interpolation, as float64; null for an empty window."""
    return _interpolated(segment, intervals, options["q"])


def median(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the middle value of each window, or the mean of the two middle ones, as float64; null when empty."""
    return _interpolated(segment, intervals, 0.5)


def quantile_disc(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the smallest value of each window whose cumulative share is at least ``q``; null for an empty window."""
    codes = value_codes(segment)
    left, right = _joined(intervals)
    some = np.flatnonzero(right > left)
    left, right = left[some], right[some]
    place = np.maximum(np.ceil(options["q"] * (right - left)), 1.0).astype(np.int64) - 1
    places = np.zeros(sum(map(len, intervals)), np.int64)
    places[some] = order_statistics(codes.codes, left, right, place)
    return [
        codes.values.take(pa.array(part, mask=interval.left == interval.right))
        for part, interval in zip(_parts(places, intervals), intervals, strict=True)
    ]


def _interpolated(segment: Segment, intervals: Sequence[Interval], q: float) -> list[pa.Array]:
    codes = value_codes(segment)
    values = doubles_of(codes.values)
    left, right = _joined(intervals)
    some = np.flatnonzero(right > left)
    left, right = left[some], right[some]
    height = q * (right - left - 1)
    place = np.floor(height)
    fraction = height - place
    place = place.astype(np.int64)
    between = np.flatnonzero(fraction > 0.0)
    both = order_statistics(
        codes.codes,
        np.concatenate((left, left[between])),
        np.concatenate((right, right[between])),
        np.concatenate((place, place[between] + 1)),
    )
    found = values[both[: len(some)]]
    found[between] = _blend(found[between], values[both[len(some) :]], fraction[between])
    out = np.zeros(sum(map(len, intervals)))
    out[some] = found
    return [
        array_of(part, pa.float64(), interval.left == interval.right)
        for part, interval in zip(_parts(out, intervals), intervals, strict=True)
    ]


def _blend(low: Float64Array, high: Float64Array, fraction: Float64Array) -> Float64Array:
    with np.errstate(over="ignore", invalid="ignore"):
        result = low + (high - low) * fraction
        wide = np.isinf(high - low) & np.isfinite(low) & np.isfinite(high)
    result[wide] = low[wide] * (1.0 - fraction[wide]) + high[wide] * fraction[wide]
    same = low == high  # two infinities have no difference
    result[same] = low[same]
    return result


def _joined(intervals: Sequence[Interval]) -> tuple[Int64Array, Int64Array]:
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([none, *(interval.left for interval in intervals)]),
        np.concatenate([none, *(interval.right for interval in intervals)]),
    )


def _parts(values: npt.NDArray[Any], intervals: Sequence[Interval]) -> list[npt.NDArray[Any]]:
    return np.split(values, np.cumsum([len(interval) for interval in intervals])[:-1])


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {
        "median": median,
        "quantile": quantile,
        "quantile_disc": quantile_disc,
        "approx_quantile": quantile,  # exact, in the time a sketch would take
    }
)
"""The aggregations of this family, by name."""
