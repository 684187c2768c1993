"""One chunk of the sorted streams: all events of some keys, and the spine rows of those keys."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar, cast

import pyarrow as pa

from onefold.errors import SourceError
from onefold.kernel.intervals import Locator, Windows
from onefold.kernel.segment import Int64Array, Segment
from onefold.kernel.ties import Ties

__all__ = ["Chunk", "DuplicateEvent"]

T = TypeVar("T")


class DuplicateEvent(SourceError):
    """Two events have one key and time although the source declares that this can not be.

    Args:
        code: The code of the key.
        time: The instant in microseconds, on the events' own clock.
    """

    def __init__(self, code: int, time: int) -> None:
        self.code = code
        self.time = time
        super().__init__(f"two events of the key with code {code} have the time {time}")


@dataclass(frozen=True)
class Chunk:
    """Events and spine rows of the same keys, both sorted by (key, time).

    Args:
        codes: The code of each event's key, ascending.
        times: The instant of each event in microseconds, ascending within a key; without any delay.
        columns: The other columns of the events, by name.
        sequence: The names of the columns that order events of one time, which they are sorted by.
        spine_codes: The code of each spine row's key, ascending.
        spine_times: The instant of each spine row, ascending within a key.
        spine_rows: The number of each spine row in the spine's own order.
    """

    codes: Int64Array
    times: Int64Array
    columns: Mapping[str, pa.Array]
    sequence: tuple[str, ...]
    spine_codes: Int64Array
    spine_times: Int64Array
    spine_rows: Int64Array

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def _locator(self) -> Locator:
        codes = [column[edge] for column in (self.codes, self.spine_codes) if len(column) for edge in (0, -1)]
        return Locator(self.codes, self.times, int(min(codes, default=0)), int(max(codes, default=0)))

    @cached_property
    def windows(self) -> Windows:
        """The index intervals of the spine rows' windows."""
        return Windows(self._locator, self.spine_codes, self.spine_times)

    @cached_property
    def ties(self) -> Ties:
        """The events that share key, time and sequence."""
        return Ties(self.codes, self.times, [self.columns[name] for name in self.sequence])

    @cached_property
    def rows(self) -> Segment:
        """All events as a segment without arguments."""
        return Segment(self.codes, self.times, (), self.ties.rank)

    def remembered(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make()`` finds out about the events, once for all parts of the chunk."""
        if name not in self._memory:
            self._memory[name] = make()
        return cast("T", self._memory[name])

    @cached_property
    def _memory(self) -> dict[Hashable, Any]:
        return {}

    def check_unique(self) -> None:
        """Raise DuplicateEvent when two events have one key and time."""
        again = self.ties.same_time
        if len(again):
            raise DuplicateEvent(int(self.codes[again[0]]), int(self.times[again[0]]))

    def part(self, start: int, stop: int) -> Chunk:
        """Return the same events with only some of the spine rows; what was found out about the events is kept."""
        part = replace(
            self,
            spine_codes=self.spine_codes[start:stop],
            spine_times=self.spine_times[start:stop],
            spine_rows=self.spine_rows[start:stop],
        )
        part.__dict__.update({name: getattr(self, name) for name in ("_locator", "_memory", "ties", "rows")})
        return part
