"""Which intervals lie over each point: the common core of distinct values and frequencies.

A row counts in one run of windows (from the first that ends after the row to the first that starts after it), so what
windows hold can be read off intervals over the *outputs*. Costs grow with intervals, points and results (times log),
never with the number of intervals over a point that do not make it into the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onefold.kernel.segment import Int64Array, Interval

__all__ = ["Piece", "count_covering", "first_covering", "greatest_covering", "row_spans"]

_BUDGET = 1 << 21
"""How many intervals and results one piece of the work may have, so that temporaries stay small."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The result for points ``start <= q < stop``: those of point ``start + j`` are ``items[offsets[j]:offsets[j + 1]]``."""

    start: int
    stop: int
    offsets: Int64Array
    items: Int64Array


def row_spans(interval: Interval, rows: int) -> tuple[Int64Array, Int64Array]:
    """Return for each row (and one past the last) the first window that ends after it, and the first that starts after it.

    A row is in window q when ``enters[row] <= q < leaves[row]``; where no window ends or starts after a row, it
    is the number of windows.
    """
    enters = np.cumsum(np.bincount(interval.right, minlength=rows + 1))
    leaves = np.cumsum(np.bincount(interval.left, minlength=rows + 1))
    return enters, leaves


def count_covering(start: Int64Array, stop: Int64Array, points: int) -> Int64Array:
    """Return how many of the intervals ``start <= q < stop`` lie over each point q.

    Examples:
        >>> count_covering(np.array([0, 1]), np.array([2, 3]), 4)
        array([1, 2, 1, 0])
    """
    change = np.bincount(start, minlength=points + 1) - np.bincount(stop, minlength=points + 1)
    return np.cumsum(change)[:points]


def greatest_covering(start: Int64Array, stop: Int64Array, value: Int64Array, points: int) -> Int64Array:
    """Return the greatest value of the intervals over each point, -1 where there is none.

    Args:
        start: The first point of each interval; no interval is empty.
        stop: The point after the last one.
        value: The value of each interval, not negative.
        points: How many points there are.

    Examples:
        >>> greatest_covering(np.array([0, 1]), np.array([2, 3]), np.array([5, 7]), 4)
        array([ 5,  7,  7, -1])
    """
    # A sparse table backwards: an interval is two runs of 2^level points that may overlap; each level hands its
    # maxima down to the two halves.
    level = np.frexp((stop - start).astype(np.float64))[1] - 1
    best = np.full(points, -1, dtype=np.int64)
    for height in range(int(level.max(initial=0)), -1, -1):
        mine = np.flatnonzero(level == height)
        np.maximum.at(best, start[mine], value[mine])
        np.maximum.at(best, stop[mine] - (1 << height), value[mine])
        if height:
            half = 1 << (height - 1)
            handed = best[: max(0, points - half)].copy()
            np.maximum(best[half:], handed, out=best[half:])
    return best


def first_covering(start: Int64Array, stop: Int64Array, points: int, limit: int | None) -> Iterator[Piece]:
    """Yield the first ``limit`` intervals over each point, in the order in which the intervals are given.

    Args:
        start: The first point of each interval; no interval is empty.
        stop: The point after the last one.
        points: How many points there are.
        limit: How many intervals to give for a point; None gives all.

    Examples:
        >>> [piece] = first_covering(np.array([0, 1]), np.array([2, 3]), 4, limit=None)
        >>> piece.offsets, piece.items
        (array([0, 1, 3, 4, 4]), array([0, 0, 1, 1]))
    """
    work = count_covering(start, stop, points)
    if limit is not None:
        work = np.minimum(work, limit)
    done = np.cumsum(work + np.bincount(start, minlength=points)[:points])
    by_start = np.argsort(start, kind="stable")
    start_of = start[by_start]
    open_items = np.zeros(0, dtype=np.int64)
    low = 0
    while low < points:
        before = int(done[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(done, before + _BUDGET, side="right")))
        new = by_start[np.searchsorted(start_of, low) : np.searchsorted(start_of, high)]
        items = np.sort(np.concatenate((open_items, new)))
        first, last = np.maximum(start[items], low) - low, np.minimum(stop[items], high) - low
        offsets, found = _covering(first, last, high - low, limit)
        yield Piece(low, high, offsets, items[found])
        open_items = items[stop[items] > high]
        low = high


def _covering(start: Int64Array, stop: Int64Array, points: int, limit: int | None) -> tuple[Int64Array, Int64Array]:
    # A tree over the points: an interval is kept at the few nodes that make it up, and each level hands what its
    # nodes keep down to both children. A node's list is never longer than that of any point below it, so all levels
    # together handle at most twice the result and each interval's own nodes.
    bits = len(start).bit_length()
    levels = _nodes(start, stop, bits)
    kept = np.zeros(0, dtype=np.int64)
    for own in reversed(levels):
        node, item = kept >> bits << (bits + 1), kept & ((1 << bits) - 1)
        kept = np.concatenate((node | item, node | (1 << bits) | item, own))
        if limit is not None and len(kept) > limit:
            kept.sort()
            nodes = kept >> bits
            beyond = np.zeros(len(kept), np.bool_)
            np.equal(nodes[limit:], nodes[:-limit], out=beyond[limit:])  # as many of the node come before it
            kept = kept[np.flatnonzero(~beyond)]
    kept.sort()
    offsets = np.zeros(points + 1, dtype=np.int64)
    np.cumsum(np.bincount(kept >> bits, minlength=points), out=offsets[1:])
    return offsets, kept & ((1 << bits) - 1)


def _nodes(start: Int64Array, stop: Int64Array, bits: int) -> list[Int64Array]:
    """Return for each level, from the points upwards, the nodes that make up the intervals, as node << bits | item."""
    levels = []
    item = np.arange(len(start), dtype=np.int64)
    while len(item):
        first, last = np.flatnonzero(start & 1), np.flatnonzero(stop & 1)
        levels.append(
            np.concatenate(
                (
                    (start.take(first) << bits) | item.take(first),
                    ((stop.take(last) - 1) << bits) | item.take(last),
                )
            )
        )
        start, stop = (start + 1) >> 1, stop >> 1
        rest = np.flatnonzero(start < stop)
        start, stop, item = start.take(rest), stop.take(rest), item.take(rest)
    return levels
