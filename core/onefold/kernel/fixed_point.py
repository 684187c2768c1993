"""Doubles as multiples of one power of two, cut into limbs whose prefix sums fit in int64."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Int64Array

__all__ = [
    "BLOCK",
    "SparsePrefix",
    "dense_limbs",
    "exponents",
    "limb_width",
    "positions_prefix",
    "prefix_sums",
    "wide_limbs",
]

BLOCK = 1 << 15
"""Rows per step: temporaries stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class SparsePrefix:
    """Prefix sums of values that are zero nearly everywhere."""

    positions: Int64Array
    prefix: Int64Array

    def take(self, index: Int64Array) -> Int64Array:
        """Return the sums of the values before each row."""
        return self.prefix.take(np.searchsorted(self.positions, index, "left"))


def limb_width(terms: int) -> int:
    """Return the bits of a limb, so that a sum of so many terms stays below 2**62."""
    width = min(50, 62 - max(terms, 1).bit_length())
    if width < 31:
        raise OverflowError(f"{terms} values are too many for one exact sum.")
    return width


def prefix_sums(values: Int64Array) -> Int64Array:
    """Return the sum before each row, and the sum of all."""
    prefix = np.empty(len(values) + 1, np.int64)
    prefix[0] = 0
    np.cumsum(values, out=prefix[1:])
    return prefix


def positions_prefix(mask: npt.NDArray[np.bool_]) -> SparsePrefix:
    """Return how many rows of a mask are true before each row."""
    positions = np.flatnonzero(mask)
    return SparsePrefix(positions, np.arange(len(positions) + 1, dtype=np.int64))


def exponents(columns: list[Float64Array]) -> tuple[int, int]:
    """Return exponents ``low, high``: all values are multiples of 2**low, and below 2**high in magnitude."""
    least, most, whole = np.inf, 0.0, True
    for column in columns:
        for start in range(0, len(column), BLOCK):
            size = np.abs(column[start : start + BLOCK])
            most = max(most, float(size.max()))
            whole = whole and bool(np.array_equal(size, np.trunc(size)))
            size[size == 0.0] = np.inf
            least = min(least, float(size.min()))
    if most == 0.0:
        return 0, 0
    low = max(int(np.frexp(least)[1]) - 53, -1074)
    return (max(low, 0) if whole else low), int(np.frexp(most)[1])


def dense_limbs(columns: list[Float64Array], width: int, low: int, count: int) -> list[Int64Array]:
    """Return the prefix sums of every limb, split off from the top by truncation, which is exact."""
    length = len(columns[0])
    limbs = [np.zeros(length + 1, np.int64) for _ in range(count)]
    rest, piece = np.empty((2, BLOCK))
    whole = np.empty(BLOCK, np.int64)
    for start in range(0, length, BLOCK):
        stop = min(start + BLOCK, length)
        size = stop - start
        for number, column in enumerate(columns):
            rest[:size] = column[start:stop]
            for k in reversed(range(count)):
                scale = 2.0 ** (low + k * width)
                np.multiply(rest[:size], 1.0 / scale, out=piece[:size])
                if k:
                    np.trunc(piece[:size], out=piece[:size])
                np.copyto(whole[:size], piece[:size], casting="unsafe")
                if k:
                    piece[:size] *= scale
                    rest[:size] -= piece[:size]
                into = limbs[k][start + 1 : stop + 1]
                if len(columns) == 1:
                    whole[0] += limbs[k][start]
                    np.cumsum(whole[:size], out=into)
                else:
                    into += whole[:size]
                    if number == len(columns) - 1:
                        into[0] += limbs[k][start]
                        np.cumsum(into, out=into)
    return limbs


def wide_limbs(columns: list[Float64Array], width: int, low: int) -> Iterator[tuple[int, Int64Array | SparsePrefix]]:
    """Yield the prefix sums of the limbs that are not empty; a value reaches into at most four of them."""
    length = len(columns[0])
    values = np.concatenate(columns)
    rows = np.tile(np.arange(length), len(columns))
    rows, values = rows[values != 0.0], values[values != 0.0]
    top = (np.frexp(values)[1].astype(np.int64) - 1 - low) // width  # the limb of the leading bit
    order = np.argsort(top, kind="stable")
    rows, values, top = rows[order], values[order], top[order]
    for k in range(int(top[-1]) + 1):
        # 53 bits reach at most `-(-52 // width)` limbs down
        start, stop = np.searchsorted(top, [k, k - (-52 // width) + 1], "left")
        if start == stop:
            continue
        above = np.ldexp(values[start:stop], -(low + (k + 1) * width))
        piece = np.ldexp(above - np.trunc(above), width)
        limb = np.trunc(piece).astype(np.int64)
        kept = np.flatnonzero(limb)
        if not len(kept):
            continue
        where = rows[start:stop][kept]
        if len(kept) * 4 > length:
            dense = np.zeros(length + 1, np.int64)
            np.add.at(dense, where + 1, limb[kept])
            yield k, np.cumsum(dense)
        else:
            sort = np.argsort(where, kind="stable")
            yield k, SparsePrefix(where[sort], prefix_sums(limb[kept][sort]))
