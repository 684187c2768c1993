"""The words of all pages: what levels, statuses and cells are called, and text of foreign origin made fit to print."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from onefold_conformance.case.model import LEVELS
from onefold_conformance.report.model import Report

__all__ = [
    "STATUS_NAMES",
    "counted",
    "first_line",
    "headline",
    "level_name",
    "level_reached",
    "moment",
    "printable",
    "shortened",
    "span_of_time",
]

STATUS_NAMES: Mapping[str, str] = {
    "pass": "passed",
    "refused-ok": "refused as stated",
    "new": "newer than the target",
    "deviation": "known deviation",
    "fail": "failed",
    "error": "error",
    "value-instead-of-refusal": "value instead of refusal",
    "xpass": "unexpected pass",
    "not-run": "not run",
}
"""What each status is called on a page."""

# What neither XML nor HTML can hold, tabs and line ends left out.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    r"""Return a text in which what no page can hold is spelled out.

    Examples:
        >>> printable("a\x00b\ud800")
        'a\\x00b\\ud800'
    """
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shortened(text: str, length: int) -> str:
    """Return a text of at most a number of characters, or its beginning and how much is left out.

    Examples:
        >>> shortened("abcdef", 4)
        'abcd [2 characters left out]'
    """
    return text if len(text) <= length else f"{text[:length]} [{len(text) - length:,} characters left out]"


def first_line(text: str, length: int = 160) -> str:
    r"""Return the first line of a text that is not blank, cut where it is very long.

    Examples:
        >>> first_line("\n  other values\nin row 3")
        'other values'
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = lines[0] if lines else ""
    return line if len(line) <= length else f"{line[: length - 1]}…"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things in words.

    Args:
        number: How many.
        one: What one of them is called.
        many: What several are called, when that is not the same with an s.

    Examples:
        >>> counted(1, "case"), counted(1200, "case"), counted(0, "capability", "capabilities")
        ('1 case', '1,200 cases', '0 capabilities')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def span_of_time(seconds: float) -> str:
    """Return a duration for people.

    Examples:
        >>> span_of_time(0.0421), span_of_time(7.25), span_of_time(252)
        ('42 ms', '7.2 s', '4 min 12 s')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{round(seconds) // 60} min {round(seconds) % 60} s"


def moment(text: str) -> str:
    """Return an ISO 8601 instant for people; a text that is none, as it is.

    Examples:
        >>> moment("2026-11-27T22:15:30+00:00"), moment("yesterday")
        ('27 November 2026, 22:15 UTC', 'yesterday')
    """
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is not None:
        at = at.astimezone(dt.UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def level_name(level: int) -> str:
    """Return a level with its name.

    Examples:
        >>> level_name(4)
        'Level 4 · time'
    """
    return f"Level {level} · {LEVELS[level]}" if level in LEVELS else f"Level {level}"


def level_reached(report: Report) -> str:
    """Return the level of a report with its name, or that there is none."""
    return "No level" if report.level is None else level_name(report.level)


def headline(report: Report) -> str:
    """Return in one sentence how a run went."""
    counts = report.counts
    parts = [
        f"{counts[status]:,} {said}"
        for status, said in (
            ("fail", "failed"),
            ("error", "ended in an error"),
            ("value-instead-of-refusal", "gave a value instead of a refusal"),
            ("xpass", "passed unexpectedly"),
            ("not-run", "were not run"),
        )
        if counts[status]
    ]
    total = counted(len(report.cases), "case")
    if parts:
        return f"Of {total}, {' and '.join([', '.join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)}."
    deviations = f", {counted(counts['deviation'], 'known deviation')}" if counts["deviation"] else ""
    return f"{total}, no failure{deviations}."
