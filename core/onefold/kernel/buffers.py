"""The buffers of Arrow arrays as numpy arrays, and back, without copies where that is possible."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.segment import Int64Array

__all__ = ["array_of", "bools_of", "decimal_words", "decimals_of", "is_numeric_storage", "numbers_of", "valid_of"]


def is_numeric_storage(dtype: pa.DataType) -> bool:
    """Whether values of a type are machine integers or doubles: int64, float64, dates and timestamps."""
    return bool(
        pa.types.is_integer(dtype)
        or pa.types.is_floating(dtype)
        or pa.types.is_timestamp(dtype)
        or pa.types.is_date32(dtype)
    )


def numbers_of(array: pa.Array) -> npt.NDArray[Any]:
    """Return the values of a column of machine numbers or bools as numpy holds them (dates: int32 days).

    The values under nulls are arbitrary: look at :func:`valid_of`.
    """
    if pa.types.is_boolean(array.type):
        return bools_of(array)
    numpy_type = _storage(array.type)
    buffer = array.buffers()[1]
    if buffer is None or not len(array):
        return np.zeros(len(array), numpy_type)
    return np.frombuffer(buffer, numpy_type, count=len(array), offset=array.offset * numpy_type.itemsize)


def bools_of(array: pa.Array) -> npt.NDArray[np.bool_]:
    """Return a bool column as numpy bools; nulls are false."""
    values = _bits(array.buffers()[1], array.offset, len(array))
    valid = valid_of(array)
    return values if valid is None else values & valid


def valid_of(array: pa.Array) -> npt.NDArray[np.bool_] | None:
    """Return which values are not null, or None when all are."""
    if not array.null_count:
        return None
    if pa.types.is_null(array.type):
        return np.zeros(len(array), np.bool_)
    return _bits(array.buffers()[0], array.offset, len(array))


def _bits(buffer: pa.Buffer | None, offset: int, length: int) -> npt.NDArray[np.bool_]:
    if buffer is None or not length:
        return np.zeros(length, np.bool_)
    first = offset // 8
    data = np.frombuffer(buffer, np.uint8, count=(offset + length + 7) // 8 - first, offset=first)
    return np.unpackbits(data, bitorder="little").view(np.bool_)[offset % 8 : offset % 8 + length]


def array_of(values: npt.NDArray[Any], dtype: pa.DataType, null: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Return an Arrow column of machine numbers or bools.

    Args:
        values: The values, in the storage type of ``dtype``.
        dtype: The Arrow type.
        null: Where the column is null; None for nowhere.
    """
    validity = None
    if null is not None and null.any():
        validity = pa.py_buffer(np.packbits(~null, bitorder="little"))
    if pa.types.is_boolean(dtype):
        data = pa.py_buffer(np.packbits(values, bitorder="little"))
    else:
        data = pa.py_buffer(np.ascontiguousarray(values, _storage(dtype)))
    return pa.Array.from_buffers(dtype, len(values), [validity, data])


def decimal_words(array: pa.Array) -> tuple[npt.NDArray[np.uint64], Int64Array]:
    """Return the low and the high 64 bits of the unscaled integers of a decimal128 column."""
    buffer = array.buffers()[1]
    if buffer is None or not len(array):
        return np.zeros(len(array), np.uint64), np.zeros(len(array), np.int64)
    words = np.frombuffer(buffer, np.uint64, count=2 * len(array), offset=16 * array.offset)
    return np.ascontiguousarray(words[::2]), np.ascontiguousarray(words[1::2]).view(np.int64)


def decimals_of(
    low: npt.NDArray[np.uint64], high: Int64Array, dtype: pa.DataType, null: npt.NDArray[np.bool_] | None = None
) -> pa.Array:
    """Return a decimal128 column from the words of its unscaled integers."""
    words = np.empty((len(low), 2), np.uint64)
    words[:, 0] = low
    words[:, 1] = high.view(np.uint64)
    validity = None
    if null is not None and null.any():
        validity = pa.py_buffer(np.packbits(~null, bitorder="little"))
    return pa.Array.from_buffers(dtype, len(low), [validity, pa.py_buffer(words)])


def _storage(dtype: pa.DataType) -> np.dtype[Any]:
    if pa.types.is_timestamp(dtype):
        return np.dtype(np.int64)
    if pa.types.is_date32(dtype):
        return np.dtype(np.int32)
    storage: np.dtype[Any] = np.dtype(dtype.to_pandas_dtype())
    return storage
