"""Events that share key, time and sequence: found once for a chunk, and put in the order of their values on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from onefold.kernel.buffers import valid_of
from onefold.kernel.codes import encode
from onefold.kernel.segment import Int64Array

__all__ = ["Ties", "ordinals"]


def ordinals(column: pa.Array) -> Int64Array:
    """Return integers in the order of a column's values: nulls smallest (-1), NaN greatest.

    Examples:
        >>> ordinals(pa.array(["b", None, "a", "b"]))
        array([ 1, -1,  0,  1])
    """
    if pa.types.is_nested(column.type):
        return _nested_ordinals(column)
    valid = valid_of(column)
    if valid is None:
        return encode(column).codes
    result = np.full(len(column), -1, np.int64)
    result[valid] = encode(column.drop_null()).codes
    return result


def _nested_ordinals(column: pa.Array) -> Int64Array:
    """Rank lists and structs element by element; only ever needed for rows that nothing else tells apart."""
    keys = [_comparable(value) for value in column.to_pylist()]
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], np.int64)


def _comparable(value: Any) -> tuple[Any, ...]:
    if value is None:
        return (0,)
    if isinstance(value, dict):
        return (1, *map(_comparable, value.values()))
    if isinstance(value, list):
        return (1, *map(_comparable, value))
    return (2,) if value != value else (1, value)  # noqa: PLR0124 - NaN is greatest


class Ties:
    """The ties among rows sorted by (code, time, sequence).

    Args:
        codes: The code of each row's key.
        times: The instant of each row.
        sequence: The sequence columns, first the most significant.
    """

    def __init__(self, codes: Int64Array, times: Int64Array, sequence: Sequence[pa.Array]) -> None:
        new = np.empty(len(codes), np.bool_)
        new[:1] = True
        np.not_equal(times[1:], times[:-1], out=new[1:])
        new[1:] |= codes[1:] != codes[:-1]
        self.same_time = np.flatnonzero(~new)
        """The rows with the key and time of the row before."""
        if sequence and len(self.same_time):
            tied = np.union1d(self.same_time, self.same_time - 1)
            index = pa.array(tied)
            differs = np.zeros(len(tied) - 1, np.bool_)
            for column in sequence:
                value = ordinals(column.take(index))
                differs |= value[1:] != value[:-1]
            new[tied[1:][differs]] = True
        self._new = new
        self._rank: Int64Array | None = None
        later = np.flatnonzero(~new)
        self._tied = np.union1d(later, later - 1) if len(later) else later

    @property
    def any(self) -> bool:
        """Whether two rows share key, time and sequence."""
        return len(self._tied) > 0

    @property
    def rank(self) -> Int64Array:
        """The position of each row's (key, time, sequence), equal for ties."""
        if self._rank is None:
            self._rank = np.cumsum(self._new) - 1 if self.any else np.arange(len(self._new), dtype=np.int64)
        return self._rank

    def order(self, columns: Sequence[pa.Array]) -> Int64Array | None:
        """Return the rows with ties in the order of values, ascending, nulls first; None when nothing moves.

        Args:
            columns: What to order by, first the most significant.
        """
        if not self.any or not columns:
            return None
        index = pa.array(self._tied)
        values = [ordinals(column.take(index)) for column in columns]
        sort = np.lexsort([*reversed(values), self.rank[self._tied]])
        if np.array_equal(sort, np.arange(len(sort))):
            return None
        order = np.arange(len(self._new), dtype=np.int64)
        order[self._tied] = self._tied[sort]
        return order
