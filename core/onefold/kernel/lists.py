"""Columns of lists, put together from parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from onefold.errors import EngineError
from onefold.kernel.segment import Int64Array

__all__ = ["list_array"]

_MOST = np.iinfo(np.int32).max


def list_array(element: pa.DataType, lengths: Sequence[Int64Array], parts: Sequence[pa.Array]) -> pa.Array:
    """Return a column of lists; a list without elements is null.

    Args:
        element: The type of the elements.
        lengths: The lengths of the lists, in order, in any number of arrays.
        parts: The elements of all lists one after another, in any number of arrays.

    Raises:
        EngineError: If there are more elements than one Arrow column of lists can hold (2^31 - 1).

    Examples:
        >>> list_array(pa.int64(), [np.array([2, 0]), np.array([1])], [pa.array([1, 2]), pa.array([3])]).to_pylist()
        [[1, 2], None, [3]]
    """
    length = np.concatenate([np.zeros(0, dtype=np.int64), *lengths])
    offsets = np.zeros(len(length) + 1, dtype=np.int64)
    np.cumsum(length, out=offsets[1:])
    if offsets[-1] > _MOST:
        raise EngineError(
            f"The lists of {len(length):,} output rows hold {offsets[-1]:,} elements, more than the {_MOST:,} of one "
            "Arrow column. Keep fewer elements (a smaller n or k), or make the window shorter.",
            engine="kernel",
        )
    values = pa.concat_arrays([pa.array([], element), *parts])
    return pa.ListArray.from_arrays(
        pa.array(offsets.astype(np.int32)),
        values,
        type=pa.list_(pa.field("element", element)),
        mask=pa.array(length == 0),
    )
