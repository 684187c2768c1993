"""Values, moments, lengths of time and tables as plain text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

__all__ = ["GAP", "moment_text", "span_text", "text_table", "value_text"]

GAP = "…"
"""What stands in a table where rows are left out."""

MOST = 60
"""Longer values are cut to so many characters, unless more are asked for."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND = 1_000_000
_UNITS = (("d", 86_400 * _SECOND), ("h", 3_600 * _SECOND), ("m", 60 * _SECOND))


def moment_text(micros: int) -> str:
    """Return an instant for people.

    Args:
        micros: Microseconds since 1970-01-01T00:00Z.

    Examples:
        >>> moment_text(0), moment_text(1_500_000)
        ('1970-01-01 00:00:00Z', '1970-01-01 00:00:01.500000Z')
        >>> moment_text(-(10**18))
        'before the year 1'
    """
    try:
        return value_text(_EPOCH + dt.timedelta(microseconds=micros))
    except OverflowError:
        return "before the year 1" if micros < 0 else "after the year 9999"


def span_text(micros: int) -> str:
    """Return a length of time for people, to the microsecond.

    Args:
        micros: Microseconds, not negative.

    Examples:
        >>> span_text(3 * 3_600_000_000), span_text(90_061_500_000), span_text(1)
        ('3h', '1d 1h 1m 1.5s', '0.000001s')
    """
    parts = []
    for unit, length in _UNITS:
        if micros >= length:
            parts.append(f"{micros // length}{unit}")
            micros %= length
    if micros or not parts:
        seconds = f"{micros // _SECOND}.{micros % _SECOND:06}".rstrip("0").rstrip(".")
        parts.append(f"{seconds}s")
    return " ".join(parts)


def value_text(value: Any, *, most: int = MOST) -> str:
    """Return a value of a row for people.

    Args:
        value: What Arrow gives as Python.
        most: How many characters are shown at most.

    Examples:
        >>> value_text(None), value_text("UA"), value_text(True), value_text([1.5, None])
        ('null', 'UA', 'true', '[1.5, null]')
    """
    text = _text(value)
    return text if len(text) <= most else f"{text[: most - 1]}{GAP}"


def text_table(
    names: Sequence[str], rows: Sequence[Sequence[Any]], *, gap: int | None = None, most: int = MOST
) -> list[str]:
    """Return the lines of a table: a header and a line for each row, numbers to the right.

    Args:
        names: The names of the columns.
        rows: The values.
        gap: The position before which rows are left out; None: all are there.
        most: How many characters of a value are shown at most.

    Examples:
        >>> for line in text_table(["user", "amount"], [["ann", 5.0], ["bo", 12.5]]):
        ...     print(line)
        user  amount
        ann      5.0
        bo      12.5
    """
    cells = [[_line(value_text(value, most=most)) for value in row] for row in rows]
    widths = [max([len(_line(name)), *(len(row[column]) for row in cells)]) for column, name in enumerate(names)]
    numeric = numeric_columns(len(names), rows)
    lines = [
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in [[_line(name) for name in names], *cells]
    ]
    if gap is not None:
        lines.insert(gap + 1, GAP)
    return lines


def numeric_columns(count: int, rows: Sequence[Sequence[Any]]) -> list[bool]:
    """Return for each column whether it holds numbers and nothing else but nulls.

    Args:
        count: How many columns there are.
        rows: The values.
    """
    found = []
    for column in range(count):
        values = [row[column] for row in rows if row[column] is not None]
        found.append(
            bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        )
    return found


def _line(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        text = value.replace(tzinfo=None).isoformat(sep=" ")
        return text if value.tzinfo is None else f"{text}Z"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_text(item)}' for name, item in value.items())}}}"
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return str(value)
