"""Which events of a key enter the value of one spine row, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.debugging.intervals import Interval, Mask, Moments
from onefold.display import span_text
from onefold.plan import AsOfJoin, Column, Expression, TrailingMeasure

__all__ = ["AFTER", "BEFORE", "ENTERED", "Classifier", "LookUp", "Trailing"]

ENTERED = "entered"
BEFORE = "before the window"
AFTER = "after its end"
BEYOND = "beyond the last rows"
WHERE = "filtered by where="
NO_KEY = "without a secondary key"
NULL = "with a null value"
OLDER = "older than the row taken"
TIED = "of its time"


class Classifier(Protocol):
    """Puts the events of a key into classes; it is given them from the latest to the earliest."""

    @property
    def interval(self) -> Interval:
        """The moments at which an event has to have become known."""
        ...

    @property
    def reads(self) -> tuple[Expression, ...]:
        """What is computed of each event, in the order in which events of one time and sequence are sorted by it."""
        ...

    def classes(self, known: Moments, sequence: Sequence[pa.Array], values: Sequence[pa.Array]) -> dict[str, Mask]:
        """Return the classes of the next events.

        Args:
            known: When each became known.
            sequence: The columns that order events of one time.
            values: What ``reads`` gave.
        """
        ...

    def why(self, what: str, known: int) -> str:
        """Return why an event of a class does not enter."""
        ...


class Trailing:
    """The classes of events for a trailing measure.

    Args:
        measure: The measure.
        interval: Its window.
    """

    def __init__(self, measure: TrailingMeasure, interval: Interval) -> None:
        self.interval = interval
        self._measure = measure
        call = measure.call
        self.reads = (*call.args, *(part for part in (call.by, call.where) if part is not None))
        self._inside = 0

    def classes(self, known: Moments, sequence: Sequence[pa.Array], values: Sequence[pa.Array]) -> dict[str, Mask]:
        """Return the classes of the next events."""
        call, window = self._measure.call, self._measure.window
        found = {BEFORE: self.interval.before(known), AFTER: self.interval.after(known)}
        rest = ~(found[BEFORE] | found[AFTER])

        def leave_out(what: str, mask: Mask) -> None:
            nonlocal rest
            found[what] = rest & mask
            rest = rest & ~mask

        if window.last_rows is not None:
            positions = self._inside + np.cumsum(rest)
            self._inside += int(np.count_nonzero(rest))
            leave_out(BEYOND, positions > window.last_rows)
        parts = list(values)
        if call.where is not None:
            leave_out(WHERE, ~_mask(pc.fill_null(parts.pop(), False)))
        if call.by is not None:
            leave_out(NO_KEY, _mask(pc.is_null(parts.pop())))
        if parts and call.options.get("nulls") != "keep":
            leave_out(NULL, np.logical_or.reduce([_mask(pc.is_null(part)) for part in parts]))
        return {ENTERED: rest, **found}

    def why(self, what: str, known: int) -> str:
        """Return why an event of a class does not enter."""
        if what == BEFORE:
            return self.interval.why_before(known)
        if what == AFTER:
            return self.interval.why_after(known)
        if what == BEYOND:
            return f"not one of the last {self._measure.window.last_rows} rows of the window (counted before all else)"
        if what == WHERE:
            return "filtered by where= (false or null)"
        if what == NO_KEY:
            return "the secondary key of by= is null"
        named = " (its secondary key appears all the same)" if self._measure.call.by is not None else ""
        return f"null value: skipped{named}"


class LookUp:
    """The classes of events for an as-of join: one enters at most.

    Args:
        node: The join.
        interval: The moments from which it takes the latest event.
    """

    def __init__(self, node: AsOfJoin, interval: Interval) -> None:
        self.interval = interval
        self.reads = tuple(Column(name=name) for name in dict.fromkeys(taken.column for taken in node.columns))
        self._latest: tuple[int, list[Any]] | None = None
        self._taken = False

    def classes(self, known: Moments, sequence: Sequence[pa.Array], values: Sequence[pa.Array]) -> dict[str, Mask]:
        """Return the classes of the next events."""
        none = np.zeros(len(known), np.bool_)
        after = self.interval.after(known)
        rest = ~after
        entered, tied = none.copy(), none.copy()
        if self._latest is None and rest.any():
            first = int(np.argmax(rest))
            self._latest = int(known[first]), [column[first] for column in sequence]
            self._taken = not self.interval.before(known[first : first + 1])[0]
            entered[first] = self._taken
        if self._latest is not None and self._taken:
            tied = rest & ~entered & (known == self._latest[0])
        before = none if self._taken else rest
        return {ENTERED: entered, AFTER: after, BEFORE: before, TIED: tied, OLDER: rest & ~entered & ~tied & ~before}

    def why(self, what: str, known: int) -> str:
        """Return why an event of a class does not enter."""
        if what == AFTER:
            return self.interval.why_after(known)
        if what == BEFORE:
            return self.interval.why_before(known)
        if what == TIED:
            return "the same time as the row taken, which is greater by its sequence or else by its attributes"
        assert self._latest is not None
        return f"older than the row taken by {span_text(self._latest[0] - known)}"


def _mask(values: pa.Array) -> Mask:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.bool_)
