"""A workload: how a case is made of a scale, a seed and windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.cases import Case, Window, parse_windows
from benchmarks.suites.scales import Scale

__all__ = ["DEFAULT_WINDOWS", "Setting", "Workload", "so_many"]

DEFAULT_WINDOWS: Final = "1h,1d,7d,30d,90d,lifetime"

_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run of the command says about all workloads.

    Args:
        scale: How large.
        folder: Where generated data is kept.
        seed: Of the data.
        windows: The windows, of which each workload takes as many as it is about.
        unique: Whether tools may be told that no key has two events at one time (which is so).
    """

    scale: Scale
    folder: Path
    seed: int = 1
    windows: tuple[Window, ...] = parse_windows(DEFAULT_WINDOWS)
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Workload:
    """Something to compute.

    Args:
        name: Its name.
        title: What it is, for readers.
        case: Makes the case, and the data unless it is there.
        scales: Where it makes sense.
        warm_ups: How often each process does the job before the clock starts.
        patience: After how many times onefold's own seconds another tool is stopped, if that is before the time-out.
    """

    name: str
    title: str
    case: Callable[[Setting], Case]
    scales: tuple[str, ...] = ("T", "S", "M", "L")
    warm_ups: int = 0
    patience: float = 10.0


def so_many(windows: tuple[Window, ...], count: int) -> tuple[Window, ...]:
    """Return so many windows: the first ones, or these and others of lengths between the shortest and the longest.

    Examples:
        >>> [window.name for window in so_many(parse_windows("1h,4h,lifetime"), 4)]
        ['1h', '4h', 'lifetime', '7200s']
    """
    found = list(windows[:count])
    lengths = {window.micros for window in windows if window.micros is not None} or {_DAY, 90 * _DAY}
    shortest, longest = min(lengths), max(*lengths, 2 * min(lengths))
    missing = count - len(found)
    for number in range(missing):
        share = (number + 1) / (missing + 1)
        seconds = round(shortest ** (1 - share) * longest**share / 1_000_000)
        while seconds * 1_000_000 in lengths:
            seconds += 1
        lengths.add(seconds * 1_000_000)
        found.append(Window(f"{seconds}s", seconds * 1_000_000))
    return tuple(found)
