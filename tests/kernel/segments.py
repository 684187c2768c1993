"""Segments and windows made by hand, and the values of each window as plain Python lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from tests.kernel.values import same

from onefold.kernel.segment import Aggregator, Interval, Segment

__all__ = ["Case", "cases", "random_case"]


@dataclass(frozen=True)
class Case:
    """A segment, some intervals over it, and what each window of each interval holds."""

    segment: Segment
    intervals: tuple[Interval, ...]

    def run(self, aggregator: Aggregator, **options: Any) -> list[list[Any]]:
        """Run an aggregation, check the shape and type of what it returns, and return plain values."""
        results = aggregator(self.segment, self.intervals, options)
        assert len(results) == len(self.intervals)
        for result, interval in zip(results, self.intervals, strict=True):
            assert isinstance(result, pa.Array)
            assert len(result) == len(interval)
            result.validate(full=True)
        return [result.to_pylist() for result in results]

    def windows(self) -> list[list[tuple[Any, ...]]]:
        """Return for each window its end, its times, and the values of each argument."""
        times = self.segment.times.tolist()
        args = [arg.to_pylist() for arg in self.segment.args]
        return [
            [
                (end, times[left:right], *(arg[left:right] for arg in args))
                for left, right, end in zip(
                    interval.left.tolist(), interval.right.tolist(), interval.end.tolist(), strict=True
                )
            ]
            for interval in self.intervals
        ]

    def expect(self, oracle: Callable[..., Any]) -> list[list[Any]]:
        """Return the oracle's value for each window; it gets the values of each argument."""
        return [[oracle(*window[2:]) for window in interval] for interval in self.windows()]


def random_case(
    args: Sequence[Sequence[Any]],
    types: Sequence[pa.DataType],
    *,
    keys: Sequence[int],
    times: Sequence[int],
    spine: Sequence[tuple[int, int]],
    sizes: Sequence[int | None],
) -> Case:
    """Return rows sorted as the kernel sorts them, and for each size the windows ``[E - size, E)``.

    Args:
        args: The values of each argument.
        types: Their types.
        keys: The key of each row.
        times: The time of each row.
        spine: The key and end of each output row.
        sizes: The length of each window; None is from the beginning.
    """
    rows = sorted(zip(keys, times, *args, strict=True), key=lambda row: (row[0], row[1], *map(_sortable, row[2:])))
    columns = list(zip(*rows, strict=True)) if rows else [()] * (2 + len(args))
    rank = np.cumsum([i > 0 and rows[i][:2] != rows[i - 1][:2] for i in range(len(rows))], dtype=np.int64)
    segment = Segment(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        tuple(pa.array(column, dtype) for column, dtype in zip(columns[2:], types, strict=True)),
        rank,
    )
    moments = [row[:2] for row in rows]
    ends = sorted(spine)
    intervals = []
    for size in sizes:
        right = [sum(moment < end for moment in moments) for end in ends]
        start = [(key, -(10**30) if size is None else end - size) for key, end in ends]
        left = [sum(moment < begin for moment in moments) for begin in start]
        intervals.append(
            Interval(
                np.array(left, dtype=np.int64),
                np.array(right, dtype=np.int64),
                np.array([end for _, end in ends], dtype=np.int64),
            )
        )
    return Case(segment, tuple(intervals))


def _sortable(value: Any) -> tuple[bool, Any]:
    return (same(value) == "NaN", 0 if same(value) == "NaN" else value)


@st.composite
def cases(draw: st.DrawFn, *values: st.SearchStrategy[Any], types: Sequence[pa.DataType], most: int = 25) -> Case:
    """Draw a few rows of a few keys at a few times, and windows that begin and end at and beside them."""
    size = draw(st.integers(0, most))
    column = st.integers(0, 12)
    return random_case(
        [draw(st.lists(value, min_size=size, max_size=size)) for value in values],
        types,
        keys=draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)),
        times=draw(st.lists(column, min_size=size, max_size=size)),
        spine=draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 15)), max_size=12)),
        sizes=draw(st.lists(st.one_of(st.none(), st.integers(1, 12)), min_size=1, max_size=3)),
    )
