"""The small decisions of the relations: each in one method, so that a mutant overrides one of them."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Sequence
from typing import Any, Literal

from onefold.plan import SortKey, TrailingWindow
from onefold.types import DataType, List, Struct
from onefold_conformance.oracle.values import Row, Value, order_key

__all__ = ["How", "Rules"]

How = Literal["inner", "left", "full", "semi", "anti", "cross"]
"""The kinds of joins."""


@functools.total_ordering
class _Backwards:
    """A sort key in the opposite order."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Backwards) and bool(self.key == other.key)

    def __lt__(self, other: _Backwards) -> bool:
        return bool(other.key < self.key)

    __hash__ = None  # type: ignore[assignment]


class Rules:
    """What the relations do where a wrong engine does something else."""

    # -- conditions, nulls, equality

    def holds(self, condition: Value) -> bool:
        """Return whether a condition is true; null is not."""
        return condition is True

    def takes_part(self, args: Sequence[Value], *, keep_nulls: bool) -> bool:
        """Return whether a row with these arguments is aggregated; with a null among them only where nulls are kept."""
        return keep_nulls or all(arg is not None for arg in args)

    def has_age(self, age: int | None) -> bool:
        """Return whether a row is weighed by its age; one without a time has none, and weighs nothing."""
        return age is not None

    def has_secondary_key(self, key: Value) -> bool:
        """Return whether a row counts for a secondary key; null is none."""
        return key is not None

    def no_groups(self, groups: list[Value]) -> Value:
        """Return the value of an aggregation by a secondary key; null when there is no key."""
        return groups or None

    def identity(self, value: Value, dtype: DataType) -> Hashable:
        """Return what tells values apart in groups, distinct rows and partitions; null is a value, NaN is one."""
        return None if value is None else (order_key(value, dtype),)

    def keys_match(self, left: Sequence[Value], right: Sequence[Value], types: Sequence[DataType]) -> bool:
        """Return whether keys are equal: null is equal to nothing, NaN to NaN."""
        return all(
            a is not None and b is not None and order_key(a, dtype) == order_key(b, dtype)
            for a, b, dtype in zip(left, right, types, strict=True)
        )

    # -- order

    def ascending(self, value: Value, dtype: DataType) -> tuple[Any, ...]:
        """Return the key by which ties are settled: ascending, nulls first; lists and structs item by item."""
        if value is None:
            return (0,)
        if isinstance(dtype, List):
            return (1, [self.ascending(item, dtype.element) for item in value])
        if isinstance(dtype, Struct):
            return (1, [self.ascending(value[name], field) for name, field in dtype.fields])
        return (1, order_key(value, dtype))

    def placed(self, value: Value, dtype: DataType, key: SortKey) -> tuple[Any, ...]:
        """Return the key by which rows are sorted: nulls at the stated end, whatever the direction."""
        if value is None:
            return (0,) if key.nulls == "first" else (2,)
        return (1, _Backwards(order_key(value, dtype)) if key.descending else order_key(value, dtype))

    def sequence(self, value: Value, dtype: DataType) -> tuple[Any, ...]:
        """Return the key by which events of one time are ordered: the sequence ascending, nulls first."""
        return self.ascending(value, dtype)

    # -- time

    def known_at(self, time: int, delay: int) -> int:
        """Return when an event becomes known: at its time plus the delay."""
        return time + delay

    def is_known(self, known_at: int, at: int, *, include_exact: bool) -> bool:
        """Return whether an event is known as of an instant: strictly before it, or also at it."""
        return known_at < at or (include_exact and known_at == at)

    def too_old(self, age: int, max_age: int | None) -> bool:
        """Return whether the latest event is not used; one of exactly the greatest age still is."""
        return max_age is not None and age > max_age

    def window_end(self, at: int, window: TrailingWindow) -> int:
        """Return the end of a window: the instant aligned down to the grid, also before 1970, less the offset."""
        return (at if window.every is None else at // window.every * window.every) - window.offset

    def window_start(self, end: int, window: TrailingWindow) -> int | None:
        """Return the start of a window; None for a lifetime."""
        return None if window.size is None else end - window.size

    def is_inside(self, known_at: int, start: int | None, end: int, window: TrailingWindow) -> bool:
        """Return whether an event is in a window; ``closed`` says which ends belong to it."""
        before_end = known_at < end or (window.include_end and known_at == end)
        after_start = start is None or known_at > start or (window.include_start and known_at == start)
        return before_end and after_start

    def last_rows(self, events: Sequence[Any], count: int) -> Sequence[Any]:
        """Return the last events of a window; they are counted before conditions and nulls leave any out."""
        return events[-count:]

    def bucket(self, known_at: int, every: int) -> int:
        """Return the start of the bucket of an instant: a floor, also before 1970."""
        return known_at // every * every

    # -- joins and sets

    def keeps_left(self, how: How, *, matched: bool) -> bool:
        """Return whether a left row comes out by itself: alone, or because it is all that the join gives."""
        return {"left": not matched, "full": not matched, "semi": matched, "anti": not matched}.get(how, False)

    def keeps_right(self, how: How, *, matched: bool) -> bool:
        """Return whether a right row comes out alone."""
        return how == "full" and not matched

    def gives_pairs(self, how: How) -> bool:
        """Return whether the pairs of rows that match come out."""
        return how not in ("semi", "anti")

    def union_row(self, row: Row, names: Sequence[str]) -> Row:
        """Return a row of any input of a union in the columns of the first: they are matched by name."""
        return {name: row[name] for name in names}

    def kept(self, rows: Sequence[Row], keep: Literal["first", "last"]) -> Row:
        """Return which of the rows of one key is kept, of rows in their order."""
        return rows[0] if keep == "first" else rows[-1]

    def limited(self, rows: Sequence[Row], count: int, offset: int) -> Sequence[Row]:
        """Return at most so many rows, after skipping some."""
        return rows[offset : offset + count]

    def elements(self, items: Value) -> Sequence[Value]:
        """Return the elements for which a row of a list comes out; none for a null or empty list."""
        return items or ()

    # -- windows over rows

    def rows_frame(self, position: int, rows: int, start: int | None, end: int | None) -> range:
        """Return the positions of a frame that counts rows, both ends included and cut at the partition's."""
        first = 0 if start is None else max(0, position + start)
        last = rows - 1 if end is None else min(rows - 1, position + end)
        return range(first, last + 1)

    def in_distance(self, value: int, current: int, start: int | None, end: int | None) -> bool:
        """Return whether an order value is in a frame that measures distances, both ends included."""
        return (start is None or value >= current + start) and (end is None or value <= current + end)

    def default_frame(self, position: int, peers: range) -> range:
        """Return the positions that an aggregation sees without a frame: all up to the last peer."""
        return range(peers.stop)

    def rank(self, peers: range) -> int:
        """Return the position of the first peer, from 1."""
        return peers.start + 1

    def dense_rank(self, keys_before: int) -> int:
        """Return the number of different keys up to this one, from how many there are before it."""
        return keys_before + 1

    def percent_rank(self, peers: range, rows: int) -> float:
        """Return (rank - 1) / (rows - 1); 0 for a single row."""
        return (self.rank(peers) - 1) / (rows - 1) if rows > 1 else 0.0

    def cume_dist(self, peers: range, rows: int) -> float:
        """Return the share of rows up to and including the last peer."""
        return peers.stop / rows

    def shifted(self, position: int, rows: int, offset: int) -> int | None:
        """Return the position so many rows further, for lag (negative) and lead; None outside of the partition."""
        return position + offset if 0 <= position + offset < rows else None
