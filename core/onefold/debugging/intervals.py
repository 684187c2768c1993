"""The window of one spine row as an interval of moments, and why an event lies outside of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from onefold.display import moment_text, span_text
from onefold.plan import AsOfJoin, TrailingMeasure
from onefold.types import format_duration

__all__ = ["Interval", "Mask", "Moments"]

Moments: TypeAlias = NDArray[np.int64]
"""When events became known, in microseconds since 1970-01-01T00:00Z."""

Mask: TypeAlias = NDArray[np.bool_]
"""For each of them, whether something is true."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The moments at which an event has to have become known to count for one spine row.

    All moments are microseconds since 1970-01-01T00:00Z.

    Args:
        at: The time of the spine row.
        start: The first moment; None: there is no first.
        end: The last moment.
        include_start: Whether an event at exactly the start counts.
        include_end: Whether an event at exactly the end counts.
        delay: How long after its time an event becomes known.
        shifts: Why the end is not the row's time; empty: it is.
        aged: Whether the start comes from a greatest age, beyond which the latest event is too old.
    """

    at: int
    start: int | None
    end: int
    include_start: bool
    include_end: bool
    delay: int
    shifts: tuple[str, ...] = ()
    aged: bool = False

    @classmethod
    def of_measure(cls, measure: TrailingMeasure, delay: int, at: int) -> Interval:
        """Return the window of a trailing measure as of a moment.

        Args:
            measure: The measure.
            delay: How long after its time an event becomes known.
            at: The moment.
        """
        window = measure.window
        end = at - (0 if window.every is None else at % window.every) - window.offset
        shifts = [f"aligned down to every={format_duration(window.every)!r}"] if window.every is not None else []
        shifts += [f"less offset={format_duration(window.offset)!r}"] if window.offset else []
        return cls(
            at,
            None if window.size is None else end - window.size,
            end,
            window.include_start,
            window.include_end,
            delay,
            tuple(shifts),
        )

    @classmethod
    def of_look_up(cls, node: AsOfJoin, at: int) -> Interval:
        """Return the moments from which an as-of join takes the latest event.

        Args:
            node: The join.
            at: The time of the spine row.
        """
        start = None if node.max_age is None else at - node.max_age
        return cls(at, start, at, True, node.include_exact, node.order.delay, aged=True)

    def before(self, known: Moments) -> Mask:
        """Return which moments lie before the start."""
        if self.start is None:
            return np.zeros(len(known), np.bool_)
        return known < self.start if self.include_start else known <= self.start

    def after(self, known: Moments) -> Mask:
        """Return which moments lie behind the end."""
        return known > self.end if self.include_end else known >= self.end

    def why_before(self, known: int) -> str:
        """Return why an event that became known before the start does not count."""
        assert self.start is not None
        if known == self.start:
            return "at exactly the window's start, which is open (include_exact moves both ends)"
        what = f"max_age={format_duration(self.end - self.start)!r}" if self.aged else "the window"
        return f"older than {what} by {span_text(self.start - known)}"

    def why_after(self, known: int) -> str:
        """Return why an event that became known behind the end does not count."""
        late = self.delay > 0 and known - self.delay < self.at
        if known == self.at and (late or self.end == self.at):
            told = "became known at exactly the row's time (time + delay)" if late else "at exactly the row's time"
            return f"{told}: as of T means strictly before T"
        if known > self.at:
            gap = span_text(known - self.at)
            if late:
                return f"became known {gap} after the row's time, because of delay={format_duration(self.delay)!r}"
            return f"{gap} after the row's time"
        if known == self.end:
            return f"at exactly the window's end, which is open; the end is the row's time {self._shifted}"
        return f"{span_text(known - self.end)} after the window's end, which is the row's time {self._shifted}"

    def lines(self) -> list[str]:
        """Return the interval and what its ends are, for people."""
        left = "(no start" if self.start is None else f"{'[' if self.include_start else '('}{moment_text(self.start)}"
        lines = [f"{left}, {moment_text(self.end)}{']' if self.include_end else ')'}"]
        if self.start is not None:
            length = format_duration(self.end - self.start)
            start = f"max_age={length!r} before the row's time" if self.aged else f"{length} before the end"
            lines.append(f"from {start}, {_said(self.include_start)}")
        end = f"up to the row's time{f' {self._shifted}' if self.shifts else ''}, {_said(self.include_end)}"
        lines.append(f"{end}{': strictly before' if not self.include_end else ' (include_exact=True)'}")
        if self.delay:
            lines.append(
                f"an event becomes known at its time + {format_duration(self.delay)} (delay): that is what counts"
            )
        return lines

    @property
    def _shifted(self) -> str:
        return ", ".join(self.shifts)


def _said(included: bool) -> str:
    return "itself included" if included else "itself not included"
