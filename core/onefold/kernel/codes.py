"""Values as small integers: equal values get equal codes, and the order of the codes is that of the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from onefold.kernel.buffers import is_numeric_storage, numbers_of
from onefold.kernel.segment import Int64Array, Segment

__all__ = ["Repeats", "ValueCodes", "encode", "repeats", "value_codes"]

_SAMPLE = 4096
"""Rows looked at to guess whether values repeat a lot."""


@dataclass(frozen=True, slots=True)
class ValueCodes:
    """A column as codes.

    Args:
        codes: For each row, the position of its value among ``values``.
        values: The different values, ascending: numbers and instants by size with NaN last, strings and binaries by
            bytes, false before true.
    """

    codes: Int64Array
    values: pa.Array


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which rows of a segment hold one value of one key.

    Args:
        order: The rows sorted by value, then position. The rows of one value and key are together and ascending.
        starts: Where in ``order`` the rows of each (value, key) start, and the number of rows after the last one.
        next: For each row, the next row with the same value and key; the number of rows where there is none.
    """

    order: Int64Array
    starts: Int64Array
    next: Int64Array


def value_codes(segment: Segment, arg: int = 0) -> ValueCodes:
    """Return the codes of an argument without nulls; worked out once for a segment."""
    return segment.shared(("value codes", arg), lambda: encode(segment.args[arg]))


def repeats(segment: Segment, arg: int = 0) -> Repeats:
    """Return which rows repeat a value of their key; worked out once for a segment."""
    return segment.shared(("repeats", arg), lambda: _repeats(segment, value_codes(segment, arg).codes))


def _repeats(segment: Segment, codes: Int64Array) -> Repeats:
    size = len(codes)
    shift = size.bit_length()  # codes are below the number of rows: both fit
    packed = (codes << shift) | np.arange(size, dtype=np.int64)
    packed.sort()
    order = packed & ((1 << shift) - 1)
    packed >>= shift
    keys = segment.keys.take(order)
    # Rows are sorted by key, so that sorting by value and position puts those of one key next to each other.
    same = packed[1:] == packed[:-1]
    same &= keys[1:] == keys[:-1]
    after = np.full(size, size, dtype=np.int64)
    np.copyto(after[:-1], order[1:], where=same)
    following = np.empty(size, dtype=np.int64)
    following[order] = after
    starts = np.concatenate((np.zeros(min(size, 1), np.int64), np.flatnonzero(~same) + 1, np.array([size])))
    return Repeats(order, starts, following)


def encode(array: pa.Array) -> ValueCodes:
    """Return a column without nulls, of any ordered type, as codes."""
    if not is_numeric_storage(array.type):
        return _encode_by_hash(array, array.type)
    numbers = numbers_of(array)
    if numbers.dtype.kind == "f":
        numbers = numbers + 0.0  # -0.0 becomes 0.0
    sample = numbers[:: max(1, len(numbers) // _SAMPLE)]
    if len(np.unique(sample)) * 4 < len(sample):
        return _encode_by_hash(pa.array(numbers), array.type)
    return _encode_by_sort(array, numbers)


def _encode_by_sort(array: pa.Array, numbers: npt.NDArray[Any]) -> ValueCodes:
    order = np.argsort(numbers)
    ascending = numbers[order]
    new = np.empty(len(numbers), dtype=np.bool_)
    new[:1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    if ascending.dtype.kind == "f":
        new[1:] &= ~np.isnan(ascending[:-1])  # NaN comes last, and is one value
    codes = np.empty(len(numbers), dtype=np.int64)
    codes[order] = np.cumsum(new) - 1
    return ValueCodes(codes, array.take(pa.array(order[new])))


def _encode_by_hash(array: pa.Array, dtype: pa.DataType) -> ValueCodes:
    encoded = array.dictionary_encode()
    by_value = pc.array_sort_indices(encoded.dictionary).to_numpy()
    places = np.empty(len(by_value), dtype=np.int64)
    places[by_value] = np.arange(len(by_value))
    indices = encoded.indices.to_numpy(zero_copy_only=False)
    return ValueCodes(places[indices], encoded.dictionary.take(pa.array(by_value)).cast(dtype))
