"""From sorted (key, time) to index intervals: which rows each window holds.

In numpy, all searches of a chunk go to one sorted array of int64: the key's code and the time, packed into one number
when both fit; otherwise the time is first replaced by its rank among the chunk's times, which always fits. The compiled
search compares codes and times as they are, and passes through rows and queries side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

import numpy as np

from onefold.errors import ExchangeError
from onefold.kernel.compiled import loops
from onefold.kernel.segment import Int64Array, Interval
from onefold.plan.windows import TrailingWindow

__all__ = ["Locator", "Windows", "aligned", "earlier"]

T = TypeVar("T")

PACKED_BITS = 62
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


def earlier(times: Int64Array, by: int) -> Int64Array:
    """Return instants moved into the past by so many microseconds; they stop at the first instant of int64."""
    if by == 0:
        return times
    by = min(by, INT64_MAX)
    return np.maximum(times, INT64_MIN + by) - by


def aligned(times: Int64Array, every: int | None) -> Int64Array:
    """Return instants aligned down to a multiple of ``every`` microseconds since 1970 (floor, also before 1970).

    Examples:
        >>> aligned(np.array([-1, 0, 59, 60]), 60)
        array([-60,   0,   0,  60])
    """
    if every is None:
        return times
    back = np.mod(times, min(every, INT64_MAX))
    return np.where(times >= INT64_MIN + back, times - back, INT64_MIN)


class Locator:
    """Finds positions in rows that are sorted by (code, time).

    Args:
        codes: The code of each row's key.
        times: The instant of each row in microseconds.
        low: A code that is not above any row's or any query's.
        high: A code that is not below any.

    Raises:
        ExchangeError: If the rows are not sorted.
    """

    def __init__(self, codes: Int64Array, times: Int64Array, low: int, high: int) -> None:
        self._length = len(codes)
        self._native = loops()
        if not self._length:
            return
        if self._native is not None:
            self._codes, self._times = codes, times
            if not self._native.is_sorted(codes, times):
                raise _unsorted()
            return
        self._low = low
        self._ranks: Int64Array | None = None
        self._first, self._last = int(times.min()), int(times.max())
        steps = self._last - self._first + 3  # from one before the first to one after the last
        edge = self._first == INT64_MIN or self._last == INT64_MAX  # there is nothing before or after these
        if edge or steps.bit_length() + (high - low + 1).bit_length() > PACKED_BITS:
            self._ranks = np.unique(times)
            steps = len(self._ranks) + 1
            times = np.searchsorted(self._ranks, times)
        else:
            times = times - (self._first - 1)
        self._bits = steps.bit_length()
        self._packed = ((codes - low) << self._bits) | times
        if (self._packed[1:] < self._packed[:-1]).any():
            raise _unsorted()

    def find(self, codes: Int64Array, instants: Int64Array, side: Literal["left", "right"]) -> Int64Array:
        """Return, per query, the position after all rows of smaller keys and of its key before its instant.

        Args:
            codes: The code of each query.
            instants: The instant of each query, any int64.
            side: Whether rows at exactly the instant come after the position (``left``) or before it (``right``).
        """
        if not self._length:
            return np.zeros(len(codes), np.int64)
        if self._native is not None:
            found: Int64Array = self._native.find(self._codes, self._times, codes, instants, with_equal=side == "right")
            return found
        if self._ranks is not None:
            steps, side = np.searchsorted(self._ranks, instants, side), "left"
        else:
            # Beyond the chunk's own times all instants are alike, and the difference can not overflow.
            steps = np.clip(instants, self._first - 1, self._last + 1) - (self._first - 1)
        return np.searchsorted(self._packed, ((codes - self._low) << self._bits) | steps, side)


def _unsorted() -> ExchangeError:
    return ExchangeError(
        "The kernel was given events that are not sorted by key and time, although they were said to be."
    )


class Windows:
    """The intervals of a chunk's spine rows for any number of windows; shared ends are searched for once.

    Args:
        locator: Finds events.
        codes: The codes of the spine rows, ascending.
        times: Their instants, ascending within a code.
    """

    def __init__(self, locator: Locator, codes: Int64Array, times: Int64Array) -> None:
        self._locator = locator
        self._codes = codes
        self._times = times
        self._known: dict[object, Int64Array] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def _once(self, name: object, make: Callable[[], Int64Array]) -> Int64Array:
        if name not in self._known:
            self._known[name] = make()
        return self._known[name]

    def end(self, every: int | None, shift: int) -> Int64Array:
        """Return the instants aligned to a grid and then moved ``shift`` microseconds into the past."""
        return self._once(("end", every, shift), lambda: earlier(aligned(self._times, every), shift))

    def before(self, every: int | None, shift: int, *, include: bool) -> Int64Array:
        """Return the position after the key's last event before (or at, with ``include``) the end."""
        return self._once(
            ("before", every, shift, include),
            lambda: self._locator.find(self._codes, self.end(every, shift), "right" if include else "left"),
        )

    def start_of_key(self) -> Int64Array:
        """Return the position of the key's first event."""
        return self._once("key", lambda: self._locator.find(self._codes, np.full(len(self), INT64_MIN), "left"))

    def interval(self, window: TrailingWindow, delay: int) -> Interval:
        """Return which events a trailing window holds.

        Args:
            window: The window; its rules are stated on the events' clock.
            delay: How long after its time an event becomes known: the clock is moved instead of the events.
        """
        shift = window.offset + delay
        right = self.before(window.every, shift, include=window.include_end)
        if window.size is None:
            left = self.start_of_key()
        else:
            size, side = window.size, window.include_start
            left = self._once(
                ("after", window.every, shift, size, side),
                lambda: self._locator.find(
                    self._codes, earlier(self.end(window.every, shift), size), "left" if side else "right"
                ),
            )
            if window.closed == "neither":
                left = np.minimum(left, right)  # where both ends have stopped at the first instant of int64
        if window.last_rows is not None:
            left = np.maximum(left, right - window.last_rows)
        return Interval(left, right, self.end(window.every, shift))
