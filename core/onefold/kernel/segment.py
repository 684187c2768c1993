"""What every aggregation of the kernel works on: rows sorted by key and time, and index intervals into them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Aggregator", "Int64Array", "Interval", "Segment"]

Int64Array: TypeAlias = npt.NDArray[np.int64]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Segment:
    """The rows that take part in one measure, of whole keys, sorted by (key, time, sequence, value).

    Rows whose ``where`` is not true are gone, and so are rows with a null argument (unless the measure keeps
    nulls): apart from that option, ``args`` hold no nulls. Rows with equal (key, time, sequence) are in the order of
    their values for order-sensitive aggregations; for the others they are in any order.

    Args:
        keys: The code of each row's key, ascending; one code per distinct key.
        times: The instant of each row in microseconds, ascending within a key.
        args: The argument columns in portable Arrow types, each as long as ``keys``; empty for ``count()``.
        rank: The position of each row's (time, sequence) among those of the segment: equal for rows that only
            their values tell apart, ascending.
        shared: What aggregations over this segment have worked out and others can use again (the order of the
            values, prefix sums), by names of their own. It lives as long as the segment.
    """

    keys: Int64Array
    times: Int64Array
    args: tuple[pa.Array, ...]
    rank: Int64Array
    cache: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    window_cache: WeakKeyDictionary[Interval, dict[Hashable, Any]] = field(
        default_factory=WeakKeyDictionary, repr=False
    )

    def __len__(self) -> int:
        return len(self.keys)

    def shared(self, name: Hashable, make: Callable[[], T], *, interval: Interval | None = None) -> T:
        """Return what ``make()`` gives, computed once for all aggregations over this segment.

        Args:
            name: What it is, such as ``"prefix of the squares"``; the same for everybody who wants the same.
            make: Computes it from the segment (and the interval) alone.
            interval: The windows that it belongs to; it is then forgotten together with them.
        """
        known = self.cache if interval is None else self.window_cache.setdefault(interval, {})
        if name not in known:
            known[name] = make()
        return cast("T", known[name])


@dataclass(frozen=True, eq=False)
class Interval:
    """For each output row, the rows ``left <= i < right`` of a segment that its window holds.

    Output rows are in an order in which ``left`` and ``right`` never fall (they are sorted by key, then time), and
    ``left <= right``. An empty window has ``left == right``.

    Args:
        left: The first row of each window.
        right: The row after the last one of each window.
        end: The instant at which each window ends, in microseconds: what ages are measured from.
    """

    left: Int64Array
    right: Int64Array
    end: Int64Array

    def __len__(self) -> int:
        return len(self.left)


Aggregator: TypeAlias = Callable[[Segment, Sequence[Interval], Mapping[str, Any]], list[pa.Array]]
"""Computes one aggregation over all windows at once: one array per interval, each as long as that interval, in the
portable Arrow type of the result. Time is at most n log n in rows plus windows, whatever their lengths."""
