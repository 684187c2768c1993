"""Windows: the events before an instant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["LIFETIME", "Window", "parse_windows"]

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Window:
    """The events before an instant T: ``[T - length, T)``, or all before T.

    Args:
        name: As in column names, such as ``7d`` or ``lifetime``.
        micros: The length in microseconds; None for lifetime.
    """

    name: str
    micros: int | None


LIFETIME: Final = Window("lifetime", None)


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
            windows.append(Window(name, int(found[1]) * _UNITS[found[2]] * 1_000_000))
        elif name == LIFETIME.name:
            windows.append(LIFETIME)
        else:
            raise ValueError(f"{name!r} is no window: write a number of s, m, h or d, such as 7d, or lifetime")
    if len({window.micros for window in windows}) < len(windows):
        raise ValueError(f"{text!r} names a window twice")
    return tuple(windows)
