r"""Patterns in text: LIKE, and the portable regular expressions, both as regular expressions of Python.

Of the portable subset only two things mean something else in Python: ``$`` also stands before a line feed at the end
(``\Z`` does not), and some characters of a class are reserved there. So every plain character is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from onefold_conformance.oracle.interface import Application, FunctionRule

__all__ = ["RULES"]


@lru_cache(maxsize=256)
def like_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return the regular expression of a LIKE pattern.

    Examples:
        >>> like_pattern("1_0!%").pattern
        '1.0%'
    """

    def part(found: re.Match[str]) -> str:
        text = found.group()
        return {"%": ".*", "_": "."}.get(text) or re.escape(text[-1])

    return re.compile(re.sub("!.|.", part, pattern, flags=re.DOTALL), re.DOTALL)


@lru_cache(maxsize=256)
def portable_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return a regular expression of the portable subset as Python understands it.

    Examples:
        >>> portable_pattern("^[|$a-z]+$").pattern
        '^[\\|\\$a-z]+\\Z'
    """
    return re.compile(re.sub(r"\[\^?(?:\\.|[^\]\\])+\]|\\.|\$", _portable_part, pattern, flags=re.DOTALL))


def _portable_part(found: re.Match[str]) -> str:
    text = found.group()
    if text == "$":
        return r"\Z"
    if text.startswith("\\"):
        return re.escape(text[1])
    opening = re.match(r"\[\^?", text)
    assert opening is not None
    inside = text[opening.end() : -1]
    return opening.group() + re.sub(r"\\?(.)", _class_part, inside, flags=re.DOTALL) + "]"


def _class_part(found: re.Match[str]) -> str:
    # A bare '-' can only be that of a range.
    return "-" if found.group() == "-" else re.escape(found.group(1))


def like(call: Application, text: str) -> bool:
    """Return whether the whole text has the form of a pattern."""
    return like_pattern(call.options["pattern"]).fullmatch(text) is not None


def regexp_matches(call: Application, text: str) -> bool:
    """Return whether a regular expression matches somewhere in the text."""
    return portable_pattern(call.options["pattern"]).search(text) is not None


def regexp_extract(call: Application, text: str) -> str | None:
    """Return the text of the first match, or of one of its groups; empty when the group took no part in it."""
    found = portable_pattern(call.options["pattern"]).search(text)
    return None if found is None else found.group(call.options["group"]) or ""


def regexp_replace(call: Application, text: str) -> str:
    """Return the text with every match replaced."""

    def replaced(found: re.Match[str]) -> str:
        return re.sub(r"\\([0-9])", lambda group: found[int(group[1])] or "", call.options["replacement"])

    return portable_pattern(call.options["pattern"]).sub(replaced, text)


RULES: Mapping[str, FunctionRule] = {
    "like": like,
    "regexp_matches": regexp_matches,
    "regexp_extract": regexp_extract,
    "regexp_replace": regexp_replace,
}
