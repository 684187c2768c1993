"""Exponentially decayed sums, counts and means: a row of age a has the weight 2^(-a / half_life).

A window is cut from its end backwards into blocks of 1, 2, 4, ... rows, as the binary digits of its length say. The
decayed sum of every block of 2^level rows, as of the block's last row, comes from two blocks of half the size; only
one level exists at a time. So nothing is ever subtracted (values outside of a window leave no trace, however large),
no weight is above 1, and old ones just vanish. A result depends on the rows of its window alone. Time is
(rows + windows) x log2 of the longest window.

Errors are relative to sum |x| 2^(-a / half_life), as long as that is not below the smallest normal double (2^-1022):
at most 4 log2(n) roundings, and 2^-41 for the exponents (those of weights that count are below 2,100 in magnitude,
rounded once at every level): together below 1e-11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import array_of
from onefold.kernel.doubles import argument_doubles
from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment

__all__ = ["AGGREGATORS"]

_SHRINK = 2.0**-64
"""Where a sum of finite values overflows, it is taken of values made smaller by this."""


def decayed_sum(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the sums of x 2^(-age / half_life) as float64; null for an empty window."""
    values = argument_doubles(segment)
    half_life = _half_life(options)
    windows = _Windows(segment, intervals)
    finite = np.where(np.isfinite(values), values, 0.0)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        [total] = windows.totals([finite], half_life)
        sums = _weighted(total, windows.age, half_life)
        if not np.isfinite(total).all():
            [small] = windows.totals([finite * _SHRINK], half_life)
            sums = np.where(np.isfinite(total), sums, _weighted(small, windows.age, half_life) / _SHRINK)
    return windows.arrays(windows.with_specials(values, sums))


def decayed_count(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the sums of 2^(-age / half_life) over the rows as float64; null for an empty window."""
    half_life = _half_life(options)
    windows = _Windows(segment, intervals)
    with np.errstate(under="ignore"):
        [count] = windows.totals([np.ones(len(segment))], half_life)
        return windows.arrays(_weighted(count, windows.age, half_life))


def decayed_mean(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the decayed sum over the decayed count as float64; null for an empty window.

    Both are taken as of the last row of the window, so that a mean does not fade away when its values grow old.
    """
    values = argument_doubles(segment)
    half_life = _half_life(options)
    windows = _Windows(segment, intervals)
    finite = np.where(np.isfinite(values), values, 0.0)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        total, count = windows.totals([finite, np.ones(len(values))], half_life)
        means = total / count
        if not np.isfinite(total).all():
            [small] = windows.totals([finite * _SHRINK], half_life)
            means = np.where(np.isfinite(total), means, small / count / _SHRINK)
    return windows.arrays(windows.with_specials(values, means))


class _Windows:
    """The windows of all intervals that hold a row, one after another.

    Args:
        segment: The rows.
        intervals: The windows.
    """

    def __init__(self, segment: Segment, intervals: Sequence[Interval]) -> None:
        none = np.zeros(0, np.int64)
        left = np.concatenate([none, *(interval.left for interval in intervals)])
        right = np.concatenate([none, *(interval.right for interval in intervals)])
        end = np.concatenate([none, *(interval.end for interval in intervals)])
        self.sizes = [len(interval) for interval in intervals]
        self.empty = left == right
        some = np.flatnonzero(~self.empty)
        self.left, self.last = left[some], right[some] - 1
        self.times = segment.times
        self.age = end[some] - self.times[self.last]
        """The age of the last row of each window, in microseconds."""
        self.place = _place_in_key(segment.keys)

    def totals(self, columns: Sequence[Float64Array], half_life: float) -> list[Float64Array]:
        """Return the decayed sums of columns over each window, as of the window's last row."""
        blocks = [column.copy() for column in columns]  # of 2^level rows, by the last row
        totals = [np.zeros(len(self.last)) for _ in columns]
        length = self.last + 1 - self.left
        position = self.last.copy()  # the last row that is still to be added
        rows = np.arange(len(self.times))
        levels = int(length.max(initial=0)).bit_length()
        for level in range(levels):
            step = 1 << level
            part = np.flatnonzero(length & step)
            at = position.take(part)
            age = self.times.take(self.last.take(part)) - self.times.take(at)
            for block, total in zip(blocks, totals, strict=True):
                total[part] += _weighted(block.take(at), age, half_life)
            position[part] = at - step
            if level + 1 < levels:
                rows = rows[self.place.take(rows) >= 2 * step - 1]  # whose next block begins in their key
                age = self.times.take(rows) - self.times.take(rows - step)
                for block in blocks:
                    block[rows] += _weighted(block.take(rows - step), age, half_life)
        return totals

    def with_specials(self, values: Float64Array, results: Float64Array) -> Float64Array:
        """Return results over the finite values, put right for windows that hold NaN or infinities."""
        if np.isfinite(values).all():
            return results
        nan, up, down = (self._holds(mask) for mask in (np.isnan(values), values == np.inf, values == -np.inf))
        results = np.where(up, np.inf, np.where(down, -np.inf, results))
        return np.where(nan | (up & down), np.nan, results)

    def arrays(self, results: Float64Array) -> list[pa.Array]:
        """Return the results of the windows that hold a row as one column per interval, null elsewhere."""
        column = np.zeros(len(self.empty))
        column[~self.empty] = results + 0.0  # + 0.0: a negative sum that fades away is 0.0, not -0.0
        cuts = np.cumsum(self.sizes)[:-1]
        return [
            array_of(part, pa.float64(), null)
            for part, null in zip(np.split(column, cuts), np.split(self.empty, cuts), strict=True)
        ]

    def _holds(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        before = np.zeros(len(mask) + 1, np.int64)
        np.cumsum(mask, out=before[1:])
        held: npt.NDArray[np.bool_] = before.take(self.last + 1) > before.take(self.left)
        return held


def _weighted(values: Float64Array, age: Int64Array, half_life: float) -> Float64Array:
    # By the square root of the weight, twice: a small weight would lose bits (below 2^-1022) that a large value
    # brings back.
    root = np.exp2(age / (-2.0 * half_life))
    return values * root * root


def _half_life(options: Mapping[str, Any]) -> float:
    return float(min(options["half_life"], 2**512))


def _place_in_key(keys: Int64Array) -> Int64Array:
    new = np.empty(len(keys), np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    starts = np.flatnonzero(new)
    return np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {
        "decayed_sum": decayed_sum,
        "decayed_count": decayed_count,
        "decayed_mean": decayed_mean,
    }
)
"""The aggregations of this family, by name."""
