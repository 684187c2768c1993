"""Conversions in Python, of dates and timestamps as ``datetime``: as such they are the same value in all three types."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["CASTS"]

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
_NUMBER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
_WORDS = {**dict.fromkeys(("true", "t", "yes", "y", "1"), True), **dict.fromkeys(("false", "f", "no", "n", "0"), False)}


def _matched(pattern: str, text: str, target: str) -> str:
    """Return text that looks as a conversion demands.

    Raises:
        ValueError: If it does not.
    """
    if re.fullmatch(pattern, text) is None:
        raise ValueError(f"{text[:60]!r} can not be converted to {target}")
    return text


def _same(value: Any) -> Any:
    return value


CASTS: Mapping[tuple[str, str], Callable[[Any], Any]] = {
    ("int64", "float64"): float,
    ("int64", "string"): str,
    ("int64", "bool"): bool,
    ("float64", "int64"): math.trunc,
    ("bool", "int64"): int,
    ("bool", "string"): lambda value: "true" if value else "false",
    ("string", "int64"): lambda text: int(_matched("[+-]?[0-9]+", text, "int64")),
    ("string", "float64"): lambda text: float(_matched(_NUMBER, text, "float64")),
    ("string", "bool"): lambda text: _WORDS[_matched("|".join(_WORDS), text.strip(" ").lower(), "bool")],
    ("string", "date32"): lambda text: dt.datetime.fromisoformat(_matched(_DAY, text, "date32")),
    ("string", "timestamp[us]"): lambda text: dt.datetime.fromisoformat(
        _matched(f"{_DAY}[ T]{_CLOCK}", text, "timestamp[us]")
    ),
    ("date32", "string"): lambda day: day.date().isoformat(),
    ("timestamp[us]", "string"): lambda time: time.isoformat(" ", "microseconds"),
    ("timestamp[us, UTC]", "string"): lambda time: time.isoformat(" ", "microseconds") + "+00:00",
    **{
        (source, target): _same
        for source in ("date32", "timestamp[us]", "timestamp[us, UTC]")
        for target in ("date32", "timestamp[us]", "timestamp[us, UTC]")
        if source != target
    },
}
"""How a value of one type becomes one of another, those of decimals left out; ``ValueError`` where it can not."""
