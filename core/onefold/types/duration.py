"""Durations as users write them, as whole microseconds."""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeAlias

from onefold.errors import DefinitionError

__all__ = ["MAX_DURATION", "Duration", "format_duration", "parse_duration"]

Duration: TypeAlias = str | dt.timedelta
"""A length of time: text such as ``"1h"``, ``"7d"``, ``"1d12h"``, or a ``timedelta``."""

_UNITS = {
    "w": 604_800_000_000,
    "d": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
    "ms": 1_000,
    "us": 1,
}
_PART = re.compile(r"([0-9]{1,18}) ?(w|d|h|ms|us|m|s)")
_WHOLE = re.compile(rf"([+-]?) ?((?:{_PART.pattern} ?)+)")
MAX_DURATION = 10_000 * 366 * _UNITS["d"]
"""The longest duration, 10,000 leap years in microseconds: no difference of two dates is longer, and sums of a few fit int64."""


def parse_duration(value: Duration, *, what: str = "duration", zero: bool = False) -> int:
    """Return a duration in whole microseconds.

    Args:
        value: Text made of numbers and units (``w d h m s ms us``; a day is always 24 hours), or a ``timedelta``.
        what: What the duration is, for the error message, such as ``"window"``.
        zero: Whether zero is allowed.

    Returns:
        Microseconds, above zero (or zero when allowed).

    Raises:
        DefinitionError: If the value is not a duration, is negative, or is zero where that is not allowed.

    Examples:
        >>> parse_duration("1h30m")
        5400000000
        >>> parse_duration(dt.timedelta(days=7)) == parse_duration("7d")
        True
    """
    if isinstance(value, dt.timedelta):
        micros = value // dt.timedelta(microseconds=1)
    elif isinstance(value, str):
        whole = _WHOLE.fullmatch(value.strip())
        if whole is None:
            raise DefinitionError(
                f"{value!r:.80} is not a {what}. Write numbers with units, such as '1h', '7d', '30m' or '1d12h' "
                f"(units: {', '.join(_UNITS)}), or give a datetime.timedelta."
            )
        micros = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(whole[2]))
        micros = -micros if whole[1] == "-" else micros
    else:
        raise DefinitionError(
            f"A {what} is text such as '7d' or a datetime.timedelta, not {type(value).__name__} ({value!r})."
        )
    if micros < 0:
        raise DefinitionError(
            f"The {what} {value!r} is negative. Windows always reach into the past: write it positive."
        )
    if micros == 0 and not zero:
        raise DefinitionError(f"The {what} {value!r} is empty. Give a length above zero.")
    if micros > MAX_DURATION:
        raise DefinitionError(f"The {what} {value!r} is longer than 10,000 years.")
    return micros


def format_duration(micros: int) -> str:
    """Return microseconds as the shortest text that :func:`parse_duration` reads back.

    Examples:
        >>> format_duration(5_400_000_000)
        '90m'
        >>> format_duration(7 * 86_400_000_000)
        '7d'
    """
    if micros == 0:
        return "0s"
    for unit in ("d", "h", "m", "s", "ms", "us"):
        if micros % _UNITS[unit] == 0:
            return f"{micros // _UNITS[unit]}{unit}"
    raise AssertionError("every whole number of microseconds is a multiple of 1us")
