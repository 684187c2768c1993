"""Trailing windows as users write them: lengths, lifetime, shifts, grids."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from onefold.errors import DefinitionError
from onefold.plan import TrailingWindow
from onefold.types import Duration, format_duration, parse_duration

__all__ = ["Lifetime", "WindowSpec", "lifetime", "window_specs"]


class Lifetime:
    """The type of :data:`lifetime`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "lifetime"


lifetime: Final = Lifetime()
"""The window that has no start: everything that was known before the spine's time."""


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """One window of an aggregation; which ends belong to it is decided by the view that uses it.

    Args:
        text: How it was written, for default names: ``"7d"``, ``"lifetime"``.
        size: Its length in microseconds; None for lifetime.
        offset: How far its end is shifted into the past, in microseconds.
        every: The grid that its end is aligned down to, in microseconds; None for no grid.
        last_rows: At most so many of its last rows count; None for all.
    """

    text: str
    size: int | None
    offset: int = 0
    every: int | None = None
    last_rows: int | None = None

    @property
    def suffix(self) -> str:
        """What a default name ends with, such as ``7d_offset_1d``."""
        only_rows = self.size is None and self.last_rows is not None
        parts = [] if only_rows else [self.text]
        if self.last_rows is not None:
            parts.append(f"last_{self.last_rows}_rows")
        if self.offset:
            parts.append(f"offset_{format_duration(self.offset)}")
        if self.every is not None:
            parts.append(f"every_{format_duration(self.every)}")
        return "_".join(parts)

    def window(self, *, include_exact: bool) -> TrailingWindow:
        """Return the window of the plan.

        Args:
            include_exact: Whether an event at exactly the window's end belongs to it (and then one at its start
                does not).
        """
        return TrailingWindow(
            size=self.size,
            closed="right" if include_exact else "left",
            offset=self.offset,
            every=self.every,
            last_rows=self.last_rows,
        )


def window_specs(
    windows: tuple[Duration | Lifetime, ...],
    *,
    offset: Duration | None = None,
    every: Duration | None = None,
    last_rows: int | None = None,
) -> tuple[WindowSpec, ...]:
    """Return the windows that ``over`` was given.

    Raises:
        DefinitionError: If one is no duration, is negative or zero, or there is none.

    Examples:
        >>> [spec.suffix for spec in window_specs(("90m", lifetime), offset="1d")]
        ['90m_offset_1d', 'lifetime_offset_1d']
    """
    if last_rows is not None and (type(last_rows) is not int or last_rows < 1):
        raise DefinitionError(f"last_rows is a whole number above zero, not {last_rows!r}.")
    if not windows and last_rows is not None:
        windows = (lifetime,)
    if not windows:
        raise DefinitionError(
            "over(...) takes at least one window, such as over('1d', '7d') or over(of.lifetime); "
            "over(last_rows=10) takes the last ten rows."
        )
    shift = 0 if offset is None else parse_duration(offset, what="offset", zero=True)
    grid = None if every is None else parse_duration(every, what="grid (every)")
    specs = []
    for window in windows:
        if isinstance(window, Lifetime):
            specs.append(WindowSpec("lifetime", None, shift, grid, last_rows))
            continue
        size = parse_duration(window, what="window")
        text = format_duration(size) if isinstance(window, dt.timedelta) else window.replace(" ", "").lstrip("+")
        specs.append(WindowSpec(text, size, shift, grid, last_rows))
    return tuple(specs)
