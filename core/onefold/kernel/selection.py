"""The rows that take part in a measure: those for which its condition is true and whose arguments are not null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.kernel.buffers import bools_of, valid_of
from onefold.kernel.segment import Int64Array, Interval, Segment

__all__ = ["Selection", "select"]


@dataclass(frozen=True, eq=False)
class Selection:
    """The rows that take part in some measures.

    Args:
        segment: The rows.
        before: How many of them come before each of all rows; None when all rows take part.
    """

    segment: Segment
    before: Int64Array | None

    def inside(self, interval: Interval) -> Interval:
        """Return windows over all rows as windows over these rows."""
        if self.before is None:
            return interval
        return Interval(self.before.take(interval.left), self.before.take(interval.right), interval.end)


class _KeptRows(Segment):
    """Some rows of a segment, whose keys, times and ranks are read only when an aggregation asks for them."""

    def __init__(self, rows: Segment, kept: Int64Array, args: tuple[pa.Array, ...]) -> None:
        self.__dict__.update(_rows=rows, _kept=kept, args=args, cache={}, window_cache=WeakKeyDictionary())

    def __len__(self) -> int:
        return len(self.__dict__["_kept"])

    def __getattr__(self, name: str) -> Any:
        """Read one of the arrays, once."""
        if name not in ("keys", "times", "rank"):
            raise AttributeError(name)
        self.__dict__[name] = array = getattr(self.__dict__["_rows"], name).take(self.__dict__["_kept"])
        return array


def select(
    rows: Segment,
    args: Sequence[pa.Array],
    where: pa.Array | None,
    *,
    keep_nulls: bool = False,
    order: Int64Array | None = None,
) -> Selection:
    """Return the rows that take part in a measure.

    Args:
        rows: All rows, without arguments.
        args: The arguments of all rows.
        where: The condition, for all rows; None for all.
        keep_nulls: Whether rows with a null argument take part.
        order: The places of rows that are taken instead of each row, where ties are put in order; such rows have the
            same key, time and rank.
    """
    masks = [] if where is None else [bools_of(where)]
    if not keep_nulls:
        masks += [mask for mask in map(valid_of, args) if mask is not None]
    mask: npt.NDArray[np.bool_] | None = np.logical_and.reduce(masks) if masks else None
    if mask is not None and order is not None:
        mask = mask[order]
    if mask is None or mask.all():
        if order is not None:
            args = [arg.take(pa.array(order)) for arg in args]
        return Selection(Segment(rows.keys, rows.times, tuple(args), rows.rank), None)
    kept = np.flatnonzero(mask)
    index = pa.array(kept if order is None else order[kept])
    before = np.zeros(len(mask) + 1, np.int64)
    np.cumsum(mask, out=before[1:])
    return Selection(_KeptRows(rows, kept, tuple(arg.take(index) for arg in args)), before)
