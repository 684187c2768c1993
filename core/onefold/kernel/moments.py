"""Variance, skewness, kurtosis, covariance and correlation of windows.

The second moments of ordinary windows come from exact sums, as n sum x^2 - (sum x)^2 in pairs of doubles (see
``squares``). All other windows and all other moments are merged from blocks (see ``central``). Either way they are
within a few roundings of the exact moments of the values, never negative, and exactly 0 for equal values; and they
depend on the rows of the window alone.

Integers and decimals are taken as their unscaled integers, rounded to double beyond 2^53; the power of ten of a
decimal is divided out in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import array_of
from onefold.kernel.central import central_moments
from onefold.kernel.doubles import doubles_of
from onefold.kernel.exact import float_prefix, window_sums
from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Aggregator, Int64Array, Interval, Segment
from onefold.kernel.squares import squares_of

__all__ = ["AGGREGATORS"]

_Mask = npt.NDArray[np.bool_]


def var_samp(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return sum (x - mean)^2 / (n - 1) as float64; null for fewer than two values, NaN among NaN or infinities."""
    return _spreads(segment, intervals, lost=1, root=False)


def var_pop(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return sum (x - mean)^2 / n as float64; null for an empty window, NaN among NaN or infinities."""
    return _spreads(segment, intervals, lost=0, root=False)


def stddev_samp(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the square root of the sample variance as float64; null for fewer than two values."""
    return _spreads(segment, intervals, lost=1, root=True)


def stddev_pop(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return the square root of the population variance as float64; null for an empty window."""
    return _spreads(segment, intervals, lost=0, root=True)


def skewness(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return m3 / m2^1.5 of the central moments as float64; null when all values are equal."""
    out = []
    for interval, window in zip(intervals, _higher_moments(segment, intervals, (0,)), strict=True):
        with np.errstate(invalid="ignore", divide="ignore"):
            second, third = window.second[0], window.higher[0]
            values = np.sqrt(window.count) * third / (second * np.sqrt(second))
        out.append(window.array(interval, values, null=(second == 0.0) & ~window.special))
    return out


def kurtosis(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return m4 / m2^2 - 3 of the central moments as float64; null when all values are equal."""
    out = []
    for interval, window in zip(intervals, _higher_moments(segment, intervals, (0,)), strict=True):
        with np.errstate(invalid="ignore", divide="ignore"):
            second, fourth = window.second[0], window.higher[1]
            values = window.count * fourth / (second * second) - 3.0
        out.append(window.array(interval, values, null=(second == 0.0) & ~window.special))
    return out


def covar_samp(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return sum (x - mean x)(y - mean y) / (n - 1) as float64; null for fewer than two pairs."""
    return _covariances(segment, intervals, lost=1)


def covar_pop(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return sum (x - mean x)(y - mean y) / n as float64; null for an empty window."""
    return _covariances(segment, intervals, lost=0)


def corr(segment: Segment, intervals: Sequence[Interval], options: Mapping[str, Any]) -> list[pa.Array]:
    """Return Pearson's correlation as float64, within [-1, 1]; null for fewer than two pairs or a constant side."""
    out = []
    for interval, window in zip(intervals, _higher_moments(segment, intervals, (0, 1)), strict=True):
        with np.errstate(invalid="ignore", divide="ignore"):
            values = window.higher[0] / np.sqrt(window.second[0] * window.second[1])
        constant = (window.second[0] == 0.0) | (window.second[1] == 0.0)
        null = (constant & ~window.special) | (window.count < 2)
        out.append(window.array(interval, np.clip(values, -1.0, 1.0), null=null))
    return out


@dataclass(frozen=True, slots=True)
class _Windows:
    """The moments of those windows of an interval that hold a row.

    Args:
        some: Which windows of the interval these are.
        count: How many rows each holds.
        special: Which of them hold NaN or an infinity: their moments are 0 and mean nothing.
        second: For each column, sum (x - mean)^2.
        higher: For one column, sum (x - mean)^3 and sum (x - mean)^4; for two, sum (x - mean x)(y - mean y).
        scale: For each column, the power of two that its values were multiplied by.
    """

    some: Int64Array
    count: Int64Array
    special: _Mask
    second: tuple[Float64Array, ...]
    higher: tuple[Float64Array, ...]
    scale: tuple[Int64Array, ...]

    def array(self, interval: Interval, values: Float64Array, null: _Mask) -> pa.Array:
        """Return values as a column over the interval: NaN for special windows unless they are null."""
        column, nulls = np.zeros(len(interval)), np.ones(len(interval), np.bool_)
        column[self.some] = np.where(self.special, np.nan, values)
        nulls[self.some] = null
        column[nulls] = 0.0
        return array_of(column, pa.float64(), nulls)


def _spreads(segment: Segment, intervals: Sequence[Interval], *, lost: int, root: bool) -> list[pa.Array]:
    dtype = segment.args[0].type
    power = 10.0 ** (dtype.scale if pa.types.is_decimal(dtype) else 0)
    out = []
    for interval, window in zip(intervals, _second_moments(segment, intervals), strict=True):
        with np.errstate(over="ignore", under="ignore"):
            values = window.second[0] / np.maximum(window.count - lost, 1)
            if root:
                values = np.ldexp(np.sqrt(values), -window.scale[0]) / power
            else:
                values = np.ldexp(values, -2 * window.scale[0]) / (power * power)
        out.append(window.array(interval, values, null=window.count <= lost))
    return out


def _covariances(segment: Segment, intervals: Sequence[Interval], *, lost: int) -> list[pa.Array]:
    out = []
    for interval, window in zip(intervals, _higher_moments(segment, intervals, (0, 1)), strict=True):
        with np.errstate(over="ignore", under="ignore"):
            values = window.higher[0] / np.maximum(window.count - lost, 1)
            values = np.ldexp(values, -(window.scale[0] + window.scale[1])) + 0.0  # no -0.0 where it fades away
        out.append(window.array(interval, values, null=window.count <= lost))
    return out


def _second_moments(segment: Segment, intervals: Sequence[Interval]) -> list[_Windows]:
    """Return the second moments of the first argument, computed once for variances and standard deviations."""
    return _once(segment, intervals, "second moments", lambda: _from_squares(segment, intervals))


def _higher_moments(segment: Segment, intervals: Sequence[Interval], args: tuple[int, ...]) -> list[_Windows]:
    """Return the moments of all degrees of an argument, or of a pair of arguments, computed once."""
    return _once(segment, intervals, ("moments", args), lambda: _merged(segment, intervals, args))


def _once(
    segment: Segment, intervals: Sequence[Interval], name: Hashable, make: Callable[[], list[_Windows]]
) -> list[_Windows]:
    made: list[_Windows] = []

    def get(place: int) -> _Windows:
        if not made:  # one pass over the rows for all intervals
            made.extend(make())
        return made[place]

    return [
        segment.shared(name, lambda place=place: get(place), interval=interval)  # type: ignore[misc]
        for place, interval in enumerate(intervals)
    ]


def _from_squares(segment: Segment, intervals: Sequence[Interval]) -> list[_Windows]:
    values = _numbers(segment, 0)
    squares = segment.shared("squares", lambda: squares_of(values))
    joined = _Joined(segment, intervals, (0,))
    sums = [_sums(segment, interval) for interval in intervals]
    high = np.concatenate([pair[0][some] for pair, some in zip(sums, joined.somes, strict=True)])
    low = np.concatenate([pair[1][some] for pair, some in zip(sums, joined.somes, strict=True)])
    second, ordinary = squares.second_moments((high, low), joined.left, joined.right)
    single = joined.right - joined.left == 1
    second[joined.special | single] = 0.0
    scale = np.zeros(len(second), np.int64)
    rest = np.flatnonzero(~(ordinary | joined.special | single))
    if len(rest):
        found = central_moments(segment.keys, [_finite(values)], joined.left[rest], joined.right[rest])
        second[rest], scale[rest] = found.second[0], found.scale[0]
    return joined.split((second,), (), (scale,))


def _merged(segment: Segment, intervals: Sequence[Interval], args: tuple[int, ...]) -> list[_Windows]:
    joined = _Joined(segment, intervals, args)
    columns = [_finite(_numbers(segment, arg)) for arg in args]
    rest = np.flatnonzero(~joined.special)
    found = central_moments(segment.keys, columns, joined.left[rest], joined.right[rest], degree=4)

    def everywhere(arrays: tuple[npt.NDArray[Any], ...]) -> tuple[npt.NDArray[Any], ...]:
        out = []
        for array in arrays:
            whole = np.zeros(len(joined.left), array.dtype)
            whole[rest] = array
            out.append(whole)
        return tuple(out)

    return joined.split(everywhere(found.second), everywhere(found.higher), everywhere(found.scale))


class _Joined:
    """The windows of all intervals that hold a row, one after another.

    Args:
        segment: The rows.
        intervals: The windows.
        args: The arguments whose NaN and infinities make a window special.
    """

    def __init__(self, segment: Segment, intervals: Sequence[Interval], args: tuple[int, ...]) -> None:
        self.somes = [np.flatnonzero(interval.left < interval.right) for interval in intervals]
        self.left = np.concatenate([i.left[some] for i, some in zip(intervals, self.somes, strict=True)])
        self.right = np.concatenate([i.right[some] for i, some in zip(intervals, self.somes, strict=True)])
        self.special = np.zeros(len(self.left), np.bool_)
        for arg in args:
            self.special |= _holds(_special(segment, arg), self.left, self.right)

    def split(
        self, second: tuple[Float64Array, ...], higher: tuple[Float64Array, ...], scale: tuple[Int64Array, ...]
    ) -> list[_Windows]:
        """Return results over all windows as those of each interval."""
        out = []
        start = 0
        for some in self.somes:
            part = slice(start, start + len(some))
            start += len(some)
            count = self.right[part] - self.left[part]
            out.append(
                _Windows(
                    some,
                    count,
                    self.special[part],
                    tuple(array[part] for array in second),
                    tuple(array[part] for array in higher),
                    tuple(array[part] for array in scale),
                )
            )
        return out


def _numbers(segment: Segment, arg: int) -> Float64Array:
    """Return an argument as doubles; decimals without their point."""

    def make() -> Float64Array:
        array = segment.args[arg]
        if pa.types.is_decimal(array.type):
            array = pa.Array.from_buffers(pa.decimal128(38, 0), len(array), array.buffers(), offset=array.offset)
        return doubles_of(array)

    return segment.shared(("moments of", arg), make)


def _sums(segment: Segment, interval: Interval) -> tuple[Float64Array, Float64Array]:
    values = _numbers(segment, 0)
    if pa.types.is_floating(segment.args[0].type) or np.abs(values).max(initial=0.0) <= 2.0**53:
        return window_sums(segment, interval)  # the doubles are the values
    prefix = segment.shared("prefix of doubles", lambda: float_prefix(values))
    return prefix.window(interval.left, interval.right)


def _special(segment: Segment, arg: int) -> Int64Array | None:
    """Return how many values before each row are NaN or infinite; None when none is."""

    def make() -> Int64Array | None:
        finite = np.isfinite(_numbers(segment, arg))
        if finite.all():
            return None
        before = np.zeros(len(finite) + 1, np.int64)
        np.cumsum(~finite, out=before[1:])
        return before

    return segment.shared(("special values", arg), make)


def _holds(before: Int64Array | None, left: Int64Array, right: Int64Array) -> _Mask:
    if before is None:
        return np.zeros(len(left), np.bool_)
    held: _Mask = before.take(right) > before.take(left)
    return held


def _finite(values: Float64Array) -> Float64Array:
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, 0.0)


AGGREGATORS: Mapping[str, Aggregator] = MappingProxyType(
    {
        "var_samp": var_samp,
        "var_pop": var_pop,
        "stddev_samp": stddev_samp,
        "stddev_pop": stddev_pop,
        "skewness": skewness,
        "kurtosis": kurtosis,
        "covar_samp": covar_samp,
        "covar_pop": covar_pop,
        "corr": corr,
    }
)
"""The aggregations of this family, by name."""
