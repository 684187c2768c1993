"""Windows in time, frames over rows, and sort keys."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from onefold.errors import PlanError
from onefold.plan.node import Part
from onefold.types import MAX_DURATION, format_duration

__all__ = ["INT64_MAX", "Closed", "Frame", "SortKey", "TrailingWindow"]

INT64_MAX = 2**63 - 1

Closed = Literal["left", "right", "both", "neither"]
"""Which ends of a window belong to it."""


class TrailingWindow(Part):
    """The events before an instant T that a trailing aggregate sees.

    The window ends at E = T, or T aligned down to a multiple of ``every`` since 1970-01-01T00:00Z, less ``offset``.
    It starts at E - ``size``; without a size it has no start (lifetime). ``closed`` says which ends belong to it:
    ``left`` is ``E - size <= t < E``, the default; ``right`` is ``E - size < t <= E``. All lengths are microseconds, and
    at most 10,000 years.

    Args:
        size: The length; None for lifetime.
        closed: Which ends belong to the window.
        offset: How far the end is shifted into the past.
        every: The grid to which T is aligned down (floor, also before 1970); None for no grid.
        last_rows: When given, only the last so many of those events count (whatever ``where`` says of them).
    """

    size: int | None = Field(default=None, gt=0, le=MAX_DURATION)
    closed: Closed = "left"
    offset: int = Field(default=0, ge=0, le=MAX_DURATION)
    every: int | None = Field(default=None, gt=0, le=MAX_DURATION)
    last_rows: int | None = Field(default=None, gt=0, le=INT64_MAX)

    @property
    def include_start(self) -> bool:
        """Whether an event exactly at the start belongs to the window."""
        return self.closed in ("left", "both")

    @property
    def include_end(self) -> bool:
        """Whether an event exactly at the end belongs to the window."""
        return self.closed in ("right", "both")

    def __str__(self) -> str:
        size = "lifetime" if self.size is None else format_duration(self.size)
        left, right = "[" if self.include_start else "(", "]" if self.include_end else ")"
        text = f"{left}{size}{right}" if self.size is not None else f"{size}{right}"
        if self.offset:
            text += f" offset {format_duration(self.offset)}"
        if self.every is not None:
            text += f" every {format_duration(self.every)}"
        if self.last_rows is not None:
            text += f" last {self.last_rows} rows"
        return text


class SortKey(Part):
    """A column to order by; where nulls go is always stated.

    Args:
        column: The column's name.
        descending: Greatest first.
        nulls: ``"first"`` or ``"last"``, whatever the direction.
    """

    column: str
    descending: bool = False
    nulls: Literal["first", "last"] = "last"

    def __str__(self) -> str:
        return f"{self.column}{' desc' if self.descending else ''} nulls {self.nulls}"


class Frame(Part):
    """The rows around a row that a window measure sees, within its partition.

    Args:
        unit: ``"rows"`` counts rows; ``"range"`` measures the distance in the one ascending order key
            (microseconds for timestamps, days for dates), so that rows with equal keys are always together.
        start: Distance from the current row to the first row of the frame, negative before it; None: unbounded.
        end: Distance to the last row of the frame, inclusive; None: unbounded.
    """

    unit: Literal["rows", "range"] = "rows"
    start: int | None = Field(default=None, ge=-INT64_MAX, le=INT64_MAX)
    end: int | None = Field(default=0, ge=-INT64_MAX, le=INT64_MAX)

    @model_validator(mode="after")
    def _ordered(self) -> Frame:
        if self.start is not None and self.end is not None and self.start > self.end:
            raise PlanError(f"The frame starts at {self.start}, after its end at {self.end}. Swap them.")
        return self
