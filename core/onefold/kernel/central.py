"""Central moments of windows, from blocks counted back from a window's end and merged without any subtraction.

A window is cut from its end backwards into blocks of 1, 2, 4, ... rows, as the binary digits of its length say. The
moments of every block of 2^level rows about its own mean come from two blocks of half the size by the formulas of
Chan, Golub and LeVeque (1979) and Pébay (2008); only one level exists at a time. Means are kept as unevaluated sums
of two doubles, so that the distance of two means is right even where the values are 1e15 times their spread. All terms
of the even moments are positive: their relative error is a few roundings per level, below 1e-13; that of the third
moment and of the co-moment is as small, relative to sum |x - mean|^3 and to the root of the product of the second
moments. Values may be anywhere in the range of doubles: windows whose moments would overflow or underflow are computed
again from values times a power of two. A result depends on the rows of its window alone. Time is
(rows + windows) x log2 of the longest window.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Int64Array

__all__ = ["Moments", "central_moments"]

_BLOCK = 1 << 14
"""Rows per step: temporaries stay in the processor's cache."""

_SCALES = (0, -400, 400, -800, 800, 900)
"""Powers of two that values are multiplied by until their moments fit."""

_LEAST = 2.0**-450
"""Second moments below this are computed again, larger: their parts may have been lost to underflow."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums of powers of the distances from the mean, over each window.

    Args:
        second: For each column, sum (x - mean)^2; exactly 0 where all values are equal, and only there.
        higher: For one column, sum (x - mean)^3 and sum (x - mean)^4, as far as asked for; for two columns,
            sum (x - mean x)(y - mean y).
        scale: For each column, the power of two that its values were multiplied by: a moment of degree d is
            2^(d scale) times the true one.
    """

    second: tuple[Float64Array, ...]
    higher: tuple[Float64Array, ...]
    scale: tuple[Int64Array, ...]


def central_moments(
    keys: Int64Array, columns: Sequence[Float64Array], left: Int64Array, right: Int64Array, *, degree: int = 2
) -> Moments:
    """Return the central moments of one column, or of a pair of columns, over windows.

    Args:
        keys: The code of each row's key; no window holds rows of two keys.
        columns: One or two columns of finite values.
        left: The first row of each window.
        right: The row after the last one; no window is empty.
        degree: The highest moment of a single column: 2, 3 or 4.

    Examples:
        >>> one_key = np.zeros(3, dtype=np.int64)
        >>> found = central_moments(one_key, [np.array([1e15, 1e15 + 1, 1e15 + 2])], np.array([0]), np.array([3]))
        >>> found.second[0].tolist()
        [2.0]
    """
    count = len(columns)
    moments = np.zeros((_width(count, degree), len(left)))
    scale = np.zeros((count, len(left)), np.int64)
    constant = [_all_equal(column, left, right) for column in columns]
    rest = np.flatnonzero(~np.logical_and.reduce(constant))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for powers in itertools.product(_SCALES, repeat=count):
            if not len(rest):
                break
            scaled = [
                np.ldexp(column, power) if power else column for column, power in zip(columns, powers, strict=True)
            ]
            found = _by_blocks(keys, scaled, left[rest], right[rest], degree)
            second = found[2 * count : 3 * count]
            fits = np.isfinite(found).all(axis=0) & np.isfinite(second[0] * second[-1])
            for k in range(count):
                fits &= (second[k] >= _LEAST) | constant[k][rest]
            moments[:, rest[fits]] = found[:, fits]
            scale[:, rest[fits]] = np.array(powers)[:, None]
            rest = rest[~fits]
    if len(rest):
        raise AssertionError("no power of two brings the moments of these values into the range of doubles")
    return Moments(tuple(moments[2 * count : 3 * count]), tuple(moments[3 * count :]), tuple(scale))


def _width(count: int, degree: int) -> int:
    """How many numbers a state has: for each column its mean (two doubles), second moments, higher moments."""
    return 7 if count == 2 else degree + 1


def _all_equal(column: Float64Array, left: Int64Array, right: Int64Array) -> npt.NDArray[np.bool_]:
    """Return which windows hold equal values only."""
    changes = np.zeros(len(column), np.int64)
    np.cumsum(column[1:] != column[:-1], out=changes[1:])
    same: npt.NDArray[np.bool_] = changes.take(left) == changes.take(right - 1)
    return same


def _by_blocks(
    keys: Int64Array, columns: Sequence[Float64Array], left: Int64Array, right: Int64Array, degree: int
) -> Float64Array:
    """Return the state of every window."""
    count = len(columns)
    width = _width(count, degree)
    blocks = np.zeros((width, len(keys)))  # of 2^level rows, by the last row
    for k, column in enumerate(columns):
        blocks[2 * k] = column
    totals = np.zeros((width, len(left)))
    length = right - left
    position = right - 1  # the last row that is still to be added
    rows, place = _covered(keys, left, right)
    levels = int(length.max()).bit_length()
    for level in range(levels):
        step = 1 << level
        part = np.flatnonzero(length & step)
        for start in range(0, len(part), _BLOCK):
            some = part[start : start + _BLOCK]
            size = (length[some] & (step - 1)).astype(np.float64)  # rows added so far, all after the block's
            older, newer = _take(blocks, position[some]), _take(totals, some)
            np.copyto(newer[: 2 * count], older[: 2 * count], where=size == 0.0)  # nothing is no distance away
            share = size / (size + step)
            _put(totals, some, _join(older, newer, (step / (size + step), share), step * share, count))
        position[part] -= step
        if level + 1 < levels:
            kept = np.flatnonzero(place >= 2 * step - 1)  # whose next block begins in the same stretch
            rows, place = rows[kept], place[kept]
            for start in reversed(range(0, len(rows), _BLOCK)):  # backwards: a block is read before it is replaced
                some = rows[start : start + _BLOCK]
                if some[-1] - some[0] == len(some) - 1:
                    older, newer = (blocks[:, some[0] - back : some[-1] + 1 - back] for back in (step, 0))
                    newer[:] = _join(older, newer, (0.5, 0.5), 0.5 * step, count)
                else:
                    older, newer = _take(blocks, some - step), _take(blocks, some)
                    _put(blocks, some, _join(older, newer, (0.5, 0.5), 0.5 * step, count))
    return totals


def _take(states: Float64Array, index: Int64Array) -> Float64Array:
    out = np.empty((len(states), len(index)))
    for row, taken in zip(states, out, strict=True):  # much faster than indexing both axes
        row.take(index, out=taken, mode="clip")
    return out


def _put(states: Float64Array, index: Int64Array, values: Float64Array) -> None:
    for row, given in zip(states, values, strict=True):
        row[index] = given


def _covered(keys: Int64Array, left: Int64Array, right: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Return the rows that some window holds, and the place of each in its stretch of such rows of one key."""
    open_windows = np.bincount(left, minlength=len(keys) + 1) - np.bincount(right, minlength=len(keys) + 1)
    rows = np.flatnonzero(np.cumsum(open_windows)[:-1])
    new = np.empty(len(rows), np.bool_)
    new[:1] = True
    np.not_equal(keys[rows[1:]], keys[rows[:-1]], out=new[1:])
    new[1:] |= np.diff(rows) > 1
    starts = np.flatnonzero(new)
    return rows, np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))


def _join(
    older: Float64Array,
    newer: Float64Array,
    shares: tuple[Float64Array | float, Float64Array | float],
    size: Float64Array | float,
    count: int,
) -> Float64Array:
    """Return the states of two sets of rows together.

    Args:
        older: The state of one set.
        newer: The state of the other.
        shares: The shares that the two have in the number of rows.
        size: The product of their numbers of rows, divided by the sum.
        count: How many columns there are.
    """
    out = older + newer
    distances = []
    for k in range(count):
        high, low = 2 * k, 2 * k + 1
        distance = (newer[high] - older[high]) + (newer[low] - older[low])
        step = distance * shares[1]
        total = older[high] + step
        back = total - older[high]
        out[low] = (older[high] - (total - back)) + (step - back) + older[low]
        out[high] = total
        out[2 * count + k] += distance * distance * size
        distances.append(distance)
    if count == 2:
        out[6] += distances[0] * distances[1] * size
        return out
    distance = distances[0]
    second = shares[0] * newer[2] - shares[1] * older[2]
    squared = distance * distance
    if len(out) > 3:
        out[3] += distance * (squared * (size * (shares[0] - shares[1])) + 3.0 * second)
    if len(out) > 4:
        spread = shares[0] * shares[0] - shares[0] * shares[1] + shares[1] * shares[1]
        second = shares[0] * shares[0] * newer[2] + shares[1] * shares[1] * older[2]
        third = shares[0] * newer[3] - shares[1] * older[3]
        out[4] += squared * (squared * (size * spread) + 6.0 * second) + 4.0 * distance * third
    return out
