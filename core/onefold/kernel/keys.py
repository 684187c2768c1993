"""The keys of a spine as dense integers, so that rows are compared by one number.

Engines are given the codes with the keys, and join them to the events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefold.kernel.segment import Int64Array

__all__ = ["SpineKeys", "key_codes"]


@dataclass(frozen=True, slots=True)
class SpineKeys:
    """The keys of a spine.

    Args:
        codes: The code of each row's key, 0 and up; -1 for a row with a null in its key, which matches nothing.
        first: For each code, the first row that has it: where the key's values can be read.
    """

    codes: Int64Array
    first: Int64Array


def key_codes(columns: Sequence[pa.ChunkedArray]) -> SpineKeys:
    """Return a code for each distinct combination of key values.

    Args:
        columns: The key columns, of any ordered types, all of one length. NaN is one value.

    Returns:
        The codes, in the order in which the keys come first.

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
    return SpineKeys(codes, first)


def _column_codes(column: pa.ChunkedArray) -> Int64Array:
    if not len(column):
        return np.zeros(0, np.int64)
    encoded = column.dictionary_encode()  # all chunks share one table of values
    indices = pa.chunked_array([chunk.indices for chunk in encoded.chunks])
    codes: Int64Array = indices.fill_null(-1).to_numpy().astype(np.int64)
    return codes
