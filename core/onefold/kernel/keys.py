"""The keys of a spine as dense integers, so that the sorted streams are compared by one number.

Engines are given the codes with the keys, join them to the events and sort by them. Only where the key is a single
machine number is that not worth a join: the events are then sorted by the key itself, and coded as they arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefold.errors import ExchangeError
from onefold.kernel.buffers import is_numeric_storage, numbers_of
from onefold.kernel.segment import Int64Array

__all__ = ["KeyCoder", "SpineKeys", "key_codes", "sorted_as_numbers"]


@dataclass(frozen=True, slots=True)
class SpineKeys:
    """The keys of a spine.

    Args:
        codes: The code of each row's key, 0 and up; -1 for a row with a null in its key, which matches nothing.
        first: For each code, the first row that has it: where the key's values can be read.
    """

    codes: Int64Array
    first: Int64Array


def sorted_as_numbers(dtypes: Sequence[pa.DataType]) -> bool:
    """Whether keys of these types are one integer, whose order is the same for every engine and for numpy."""
    return len(dtypes) == 1 and is_numeric_storage(dtypes[0]) and not pa.types.is_floating(dtypes[0])


def key_codes(columns: Sequence[pa.ChunkedArray]) -> SpineKeys:
    """Return a code for each distinct combination of key values.

    Args:
        columns: The key columns, of any ordered types, all of one length. NaN is one value.

    Returns:
        The codes; where :func:`sorted_as_numbers`, ascending with the key.

    Examples:
        >>> keys = key_codes([pa.chunked_array([["a", "b", None, "a"]]), pa.chunked_array([[1, 1, 1, 1]])])
        >>> keys.codes, keys.first
        (array([ 0,  1, -1,  0]), array([0, 1]))
    """
    codes = _column_codes(columns[0])
    for column in columns[1:]:
        other = _column_codes(column)
        # Codes are below the number of rows, so that a pair of them fits in int64 with room to spare.
        pair = codes * np.int64(int(other.max(initial=0)) + 1) + other
        known = (codes >= 0) & (other >= 0)
        codes = _column_codes(pa.chunked_array([pa.array(pair, mask=~known)]))
    rows = np.flatnonzero(codes >= 0)
    first = np.zeros(int(codes.max(initial=-1)) + 1, np.int64)
    first[codes[rows[::-1]]] = rows[::-1]  # the last write wins, and that is the first row
    if sorted_as_numbers([column.type for column in columns]):
        order = np.argsort(numbers_of(columns[0].take(pa.array(first)).combine_chunks()))
        place = np.full(len(first) + 1, -1, np.int64)  # the last place is that of the code -1
        place[order] = np.arange(len(first))
        codes, first = place[codes], first[order]
    return SpineKeys(codes, first)


class KeyCoder:
    """Gives the codes of events that are sorted by a key which is one integer.

    Args:
        keys: The distinct keys of the spine, ascending; the place of a key is its code.
    """

    def __init__(self, keys: pa.Array) -> None:
        self._keys = numbers_of(keys)

    def __call__(self, column: pa.Array) -> pa.Array:
        """Return the codes of the keys of consecutive events.

        Raises:
            ExchangeError: If a key is not one of the spine's.
        """
        keys = numbers_of(column)
        new = np.flatnonzero(keys[1:] != keys[:-1]) + 1
        starts = np.concatenate(([0], new)) if len(keys) else new
        found = keys[starts]
        codes = np.minimum(np.searchsorted(self._keys, found), len(self._keys) - 1)
        if column.null_count or not np.array_equal(self._keys[codes], found):
            raise ExchangeError("The stream of sorted events has keys that the spine does not have.")
        return pa.array(np.repeat(codes, np.diff(np.append(starts, len(keys)))))


def _column_codes(column: pa.ChunkedArray) -> Int64Array:
    if not len(column):
        return np.zeros(0, np.int64)
    encoded = column.dictionary_encode()  # all chunks share one table of values
    indices = pa.chunked_array([chunk.indices for chunk in encoded.chunks])
    codes: Int64Array = indices.fill_null(-1).to_numpy().astype(np.int64)
    return codes
