"""Results on their way back into the order of the spine.

Chunks give results for rows all over the spine. Columns of machine numbers are scattered straight into whole columns
while those fit in memory. Everything else is cut by row number into ranges, kept in memory or, beyond the limit, in
one file per range; a range is put in order when it is read.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import array_of, decimal_words, decimals_of, is_numeric_storage, numbers_of, valid_of
from onefold.kernel.options import KernelOptions
from onefold.kernel.scratch import Scratch
from onefold.kernel.segment import Int64Array

__all__ = ["Results"]

MOST_RANGES = 256
"""How many ranges, and so files, there are at most."""

_WORD = 8
"""The bytes of a machine number."""

_LINES = 1 << 11
"""Rows per step: what is turned from columns into lines stays in the processor's cache."""


class _Store(Protocol):
    names: Sequence[str]

    def write(self, rows: Int64Array, columns: Mapping[str, pa.Array]) -> None: ...

    def read(self, start: int, stop: int) -> dict[str, pa.Array]: ...


class Results:
    """The feature columns of a run; written by many threads, read when complete.

    Args:
        rows: How many rows the spine has.
        options: The memory limit, and the size of batches.
        scratch: Where files are kept.
    """

    def __init__(self, rows: int, options: KernelOptions, scratch: Scratch) -> None:
        self._rows = rows
        self._options = options
        self._scratch = scratch
        self._room = options.memory_limit
        self._stores: list[_Store] = []

    def add(self, fields: Sequence[pa.Field]) -> Sequence[_Store]:
        """Return the stores for new columns: give the results of every row to each of them."""
        added: list[_Store] = []
        whole = [field for field in fields if is_fixed(field.type)]
        size = sum(_words(field.type) * _WORD + 1 for field in whole) * self._rows
        if whole and size <= self._room * 3 // 8:  # the rest is for events, the spine, chunks, and columns of any width
            self._room -= size
            added.append(_WholeColumns(self._rows, whole))
            fields = [field for field in fields if not is_fixed(field.type)]
        if fields:
            name = f"results-{len(self._stores)}"
            added.append(_Ranges(self._rows, fields, self._options, self._scratch, name))
        self._stores += added
        return added

    def __contains__(self, name: object) -> bool:
        return any(name in store.names for store in self._stores)

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column."""
        store = next(store for store in self._stores if name in store.names)
        step = self._options.batch_rows
        parts = [store.read(start, min(start + step, self._rows))[name] for start in range(0, self._rows, step)]
        return pa.chunked_array(parts or [store.read(0, 0)[name]])

    def read(self, start: int, stop: int) -> dict[str, pa.Array]:
        """Return all columns for a run of rows."""
        columns: dict[str, pa.Array] = {}
        for store in self._stores:
            columns.update(store.read(start, stop))
        return columns


def is_fixed(dtype: pa.DataType) -> bool:
    """Whether all values of a type take the same space."""
    return is_numeric_storage(dtype) or pa.types.is_boolean(dtype) or pa.types.is_decimal(dtype)


class _WholeColumns:
    """Columns of fixed width as an array with a line for every row; threads write different rows.

    A chunk's rows are all over the spine. The values of a row lie next to each other, so that one row costs few
    accesses to memory that nobody has near, however many columns there are.
    """

    def __init__(self, rows: int, fields: Sequence[pa.Field]) -> None:
        self.names: Sequence[str] = [field.name for field in fields]
        self._types = [field.type for field in fields]
        self._places = np.cumsum([0, *(_words(dtype) for dtype in self._types)]).tolist()
        self._values = np.zeros((rows, self._places[-1]), np.uint64)
        self._null = np.zeros((rows, len(fields)), np.bool_)

    def write(self, rows: Int64Array, columns: Mapping[str, pa.Array]) -> None:
        words = [word for name in self.names for word in _as_words(columns[name])]
        valid = {place: mask for place, name in enumerate(self.names) if (mask := valid_of(columns[name])) is not None}
        for start in range(0, len(rows), _LINES):
            part = slice(start, start + _LINES)
            some = rows[part]
            lines = np.empty((len(some), len(words)), np.uint64)
            for place, word in enumerate(words):
                lines[:, place] = word[part]
            self._values[some] = lines
            if valid:
                null = np.zeros((len(some), len(self.names)), np.bool_)
                for place, mask in valid.items():
                    np.logical_not(mask[part], out=null[:, place])
                self._null[some] = null

    def read(self, start: int, stop: int) -> dict[str, pa.Array]:
        values, null = _turned(self._values[start:stop]), _turned(self._null[start:stop])
        return {
            name: _from_words(values[first:end], dtype, null[number])
            for number, (name, dtype, (first, end)) in enumerate(
                zip(self.names, self._types, pairwise(self._places), strict=True)
            )
        }


def _words(dtype: pa.DataType) -> int:
    return 2 if pa.types.is_decimal(dtype) else 1


def _as_words(column: pa.Array) -> tuple[npt.NDArray[Any], ...]:
    """Return a column as one array of 64 bits, or two for a decimal."""
    if pa.types.is_decimal(column.type):
        low, high = decimal_words(column)
        return low, high.view(np.uint64)
    numbers = numbers_of(column)
    if numbers.itemsize < _WORD:
        numbers = numbers.astype(np.int64)
    return (numbers.view(np.uint64),)


def _from_words(words: npt.NDArray[np.uint64], dtype: pa.DataType, null: npt.NDArray[np.bool_]) -> pa.Array:
    if pa.types.is_decimal(dtype):
        return decimals_of(words[0], words[1].view(np.int64), dtype, null)
    numbers: npt.NDArray[Any] = words[0].view(np.float64 if pa.types.is_floating(dtype) else np.int64)
    return array_of(numbers.astype(np.bool_) if pa.types.is_boolean(dtype) else numbers, dtype, null)


def _turned(lines: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array of lines as an array of columns."""
    columns = np.empty(lines.shape[::-1], lines.dtype)
    for start in range(0, len(lines), _LINES):
        columns[:, start : start + _LINES] = lines[start : start + _LINES].T
    return columns


class _Ranges:
    """Columns of any type, cut into ranges of rows; what does not fit in memory goes to one file per range."""

    def __init__(
        self, rows: int, fields: Sequence[pa.Field], options: KernelOptions, scratch: Scratch, name: str
    ) -> None:
        step = options.batch_rows
        self.names: Sequence[str] = [field.name for field in fields]
        self._schema = pa.schema([pa.field("row", pa.int64()), *fields])
        self._span = step * max(1, -(-rows // (step * MOST_RANGES)))
        self._room = options.memory_limit // 8
        self._scratch = scratch
        self._name = name
        self._held: list[list[pa.RecordBatch]] = [[] for _ in range(-(-rows // self._span) or 1)]
        self._size = 0
        self._spilled: set[int] = set()
        self._lock = threading.Lock()
        self._last: tuple[int, pa.RecordBatch] | None = None

    def write(self, rows: Int64Array, columns: Mapping[str, pa.Array]) -> None:
        batch = pa.record_batch([pa.array(rows), *(columns[name] for name in self.names)], schema=self._schema)
        place = rows // self._span
        order = np.argsort(place, kind="stable")
        batch = batch.take(pa.array(order))
        ranges, starts = np.unique(place[order], return_index=True)
        stops = np.append(starts[1:], len(rows))
        with self._lock:
            for number, start, stop in zip(ranges, starts, stops, strict=True):
                self._held[number].append(batch.slice(start, stop - start))
            self._size += batch.nbytes
            if self._size > self._room:
                self._spill()

    def _spill(self) -> None:
        for number, batches in enumerate(self._held):
            if batches:
                self._scratch.append(self._file(number), batches)
                batches.clear()
                self._spilled.add(number)
        self._size = 0

    def _file(self, number: int) -> str:
        return f"{self._name}-{number}.arrows"

    def read(self, start: int, stop: int) -> dict[str, pa.Array]:
        parts: list[pa.RecordBatch] = []
        at = start
        while at < stop or not parts:
            number = min(at // self._span, len(self._held) - 1)
            batch = self._range(number)
            first = number * self._span
            parts.append(batch.slice(at - first, stop - at))
            at = first + self._span
        joined = parts[0] if len(parts) == 1 else pa.concat_batches(parts)
        return {name: joined.column(name) for name in self.names}

    def _range(self, number: int) -> pa.RecordBatch:
        """Return a range in the order of its rows."""
        if self._last is None or self._last[0] != number:
            self._last = None
            kept = self._scratch.read(self._file(number)) if number in self._spilled else ()
            batches = [*kept, *self._held[number]]
            batch = pa.concat_batches(batches) if batches else pa.RecordBatch.from_pylist([], self._schema)
            place = np.empty(batch.num_rows, np.int64)
            place[numbers_of(batch.column(0)) - number * self._span] = np.arange(batch.num_rows)
            self._last = number, batch.take(pa.array(place))
        return self._last[1]
