"""What is computed: the measures and the windows, under the column names that every tool writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["DEFAULT_WINDOWS", "MEASURES", "WORKLOADS", "Case", "Window", "parse_windows"]

MEASURES: Final = ("count", "sum", "mean", "stddev", "min", "max", "last")
"""``count`` counts events, those without an amount included; all others are over the amounts that are not null."""

WORKLOADS: Final[dict[str, tuple[str, ...]]] = {
    "sums": ("count", "sum", "mean", "stddev"),
    "all": MEASURES,
}

DEFAULT_WINDOWS: Final = "1h,1d,7d,30d,90d,lifetime"

_UNITS: Final = {"s": ("SECOND", 1), "m": ("MINUTE", 60), "h": ("HOUR", 3600), "d": ("DAY", 86_400)}


@dataclass(frozen=True, slots=True)
class Window:
    """The events before an instant T: ``[T - length, T)``, or all before T.

    Args:
        name: As in column names, such as ``7d`` or ``lifetime``.
        micros: The length in microseconds; None for lifetime.
    """

    name: str
    micros: int | None

    @property
    def interval(self) -> str | None:
        """The length as an SQL interval, such as ``INTERVAL 7 DAY``; None for lifetime."""
        if self.micros is None:
            return None
        return f"INTERVAL {self.name[:-1]} {_UNITS[self.name[-1]][0]}"


@dataclass(frozen=True, slots=True)
class Case:
    """One job for one tool: which files, which columns, where the result goes.

    Args:
        events: The Parquet file of events: ``entity_id``, ``ts``, ``amount`` and columns that nobody asks for.
        spine: The Parquet file of spine rows: ``row`` (0, 1, 2, ...), ``entity_id``, ``ts``.
        output: A path for the result (Parquet: one file or a directory): ``row`` and ``<measure>_<window>``.
        measures: Some of :data:`MEASURES`.
        windows: The windows, all of them for each measure.
        unique: Whether the tool may be told that no entity has two events at one time (which is so).
    """

    events: str
    spine: str
    output: str
    measures: tuple[str, ...]
    windows: tuple[Window, ...]
    unique: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the computed columns."""
        return tuple(f"{measure}_{window.name}" for window in self.windows for measure in self.measures)


def parse_windows(text: str) -> tuple[Window, ...]:
    """Return the windows of a list such as ``1h,7d,lifetime``.

    Raises:
        ValueError: If one is neither a whole number of s, m, h or d, nor ``lifetime``, or is there twice.

    Examples:
        >>> parse_windows("1h,lifetime")
        (Window(name='1h', micros=3600000000), Window(name='lifetime', micros=None))
    """
    windows = []
    for name in (part.strip() for part in text.split(",")):
        found = re.fullmatch(r"([1-9][0-9]*)([smhd])", name)
        if found:
            windows.append(Window(name, int(found[1]) * _UNITS[found[2]][1] * 1_000_000))
        elif name == "lifetime":
            windows.append(Window(name, None))
        else:
            raise ValueError(f"{name!r} is no window: write a number of s, m, h or d, such as 7d, or lifetime")
    if len({window.name for window in windows}) < len(windows):
        raise ValueError(f"{text!r} names a window twice")
    return tuple(windows)
