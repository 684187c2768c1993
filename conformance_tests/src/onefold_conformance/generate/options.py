"""Options of functions and aggregations, drawn from what their catalogue entries allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from onefold.plan.functions.entry import Option
from onefold.plan.functions.regex_subset import check_regex
from onefold_conformance.generate.values import TEXTS

__all__ = ["ZONES", "options", "regular_expressions"]

ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati")
"""Time zones: with and without daylight saving, with shifts of half an hour, and at the end of the range."""

_HOUR = 3_600_000_000
_PARTS = (
    "a",
    "b",
    "[a-z]",
    "[0-9]",
    "[^,]",
    ".",
    "é",
    "id=",
    "(a|b)",
    "([0-9]+)",
    "([a-z]*)",
    "(a(b)?)",
    "\\.",
    "\\$1",
)
_QUANTIFIERS = ("", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}")
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%m.%d.%Y")
_CLOCK_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y%m%dT%H%M%S", "%H:%M:%S, %d.%m.%Y")


@st.composite
def regular_expressions(draw: st.DrawFn) -> str:
    """Draw a pattern of the portable subset, often with groups."""
    pieces = draw(st.lists(st.tuples(st.sampled_from(_PARTS), st.sampled_from(_QUANTIFIERS)), min_size=1, max_size=3))
    branch = "".join(part + _fitting(part, quantifier) for part, quantifier in pieces)
    form = draw(st.sampled_from(("{}", "{}", "^{}", "{}$", "^{}$", "({})", "{}|b+")))
    return form.format(branch)


def _fitting(part: str, quantifier: str) -> str:
    """Return the quantifier where the subset has it: engines differ about repeating what matches the empty text."""
    if quantifier and check_regex(part).matches_empty:
        return "?" if quantifier == "?" else ""
    return quantifier


def _not_empty(pattern: str) -> bool:
    return not check_regex(pattern).matches_empty


@st.composite
def _extractions(draw: st.DrawFn) -> dict[str, Any]:
    pattern = draw(regular_expressions().filter(_not_empty))
    return {"pattern": pattern, "group": draw(st.integers(0, check_regex(pattern).groups))}


@st.composite
def _replacements(draw: st.DrawFn) -> dict[str, Any]:
    pattern = draw(regular_expressions().filter(_not_empty))
    groups = [f"\\{number}" for number in range(check_regex(pattern).groups + 1)]
    parts = st.sampled_from(("", "x", "<", "$1", "&", "é", *groups))
    return {"pattern": pattern, "replacement": "".join(draw(st.lists(parts, max_size=3)))}


_TOGETHER: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "regexp_extract": _extractions(),
    "regexp_replace": _replacements(),
}
"""Options that have to fit each other."""

_TEXT = st.sampled_from(TEXTS)
_SEPARATOR = st.sampled_from((",", "a", "b,", ".", "|", "$1", "é", "日", " "))
_LENGTH = st.sampled_from((0, 1, 2, 3, 5, 12))
_OPTIONS: Mapping[str, st.SearchStrategy[Any]] = {
    "characters": st.sampled_from((" ", "a", "ab", "é", "\u0301", "\n\t", "]^-", "'\\", "😀")),
    "length": _LENGTH,
    "count": _LENGTH,
    "fill": st.sampled_from(("0", " ", "é", "😀", "'", "%")),
    "start": st.sampled_from((1, 2, 3, 7, -1, -2, -5, 2**31 - 1, -(2**31) + 1)),
    "search": _SEPARATOR,
    "separator": _SEPARATOR,
    "replacement": _TEXT,
    "index": st.sampled_from((1, 2, 3, 2**31 - 1)),
    "pattern": regular_expressions(),
    "digits": st.sampled_from((0, 1, 2, -1, -2, 5, 15, -15)),
    "buckets": st.sampled_from((1, 2, 100, 2**31 - 1)),
    "every": st.sampled_from((_HOUR, 1, 420_000_000, 24 * _HOUR, 7 * 24 * _HOUR, 999_983)),
    "zone": st.sampled_from(ZONES),
    "base": st.sampled_from((2.0, 3.0, 10.0, 0.5, 1.5)),
    "n": st.sampled_from((1, 2, 3, 10_000)),
    "k": st.sampled_from((1, 2, 3, 10_000)),
    "limit": st.sampled_from((1, 2, 3, 1000, 100_000)),
    "offset": st.sampled_from((1, 2, 5, 2**31)),
    "q": st.sampled_from((0.0, 0.25, 0.5, 0.75, 0.9, 1.0, 1 / 3)),
    "half_life": st.sampled_from((_HOUR, 1_000_000, 1, 24 * _HOUR)),
}
"""The values of an option by its name, unless an entry has its own below."""

_OF_FUNCTION: Mapping[tuple[str, str], st.SearchStrategy[Any]] = {
    ("like", "pattern"): st.lists(
        st.sampled_from(("%", "_", "a", "b", "!%", "!_", "!!", "é", "1", ".", "\\", "'", "\n")), max_size=4
    ).map("".join),
    ("substring", "length"): st.sampled_from((-1, 0, 1, 2, 3, 2**31 - 1)),
    ("repeat", "count"): st.sampled_from((0, 1, 2, 3)),
    ("concat_ws", "separator"): _TEXT,
    ("list_get", "index"): st.sampled_from((1, 2, 3, -1, -2, 2**31 - 1, -(2**31) + 1)),
    ("to_date", "format"): st.sampled_from(_DATE_FORMATS),
    ("to_timestamp", "format"): st.sampled_from(_CLOCK_FORMATS),
    ("strftime", "format"): st.sampled_from((*_DATE_FORMATS, *_CLOCK_FORMATS, "%f", "%H:%M", "%Y_%Y")),
}


def options(entry: str, declared: Mapping[str, Option], fixed: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of the options of a call.

    Args:
        entry: The name of the function, aggregation or ranking.
        declared: Its options.
        fixed: Those that are decided already, because the type of the result depends on them.

    Raises:
        KeyError: If the catalogue has an option of which nothing is known here.
    """
    if entry in _TOGETHER:
        return _TOGETHER[entry]
    return st.fixed_dictionaries(
        {name: st.just(fixed[name]) if name in fixed else _of(entry, name, option) for name, option in declared.items()}
    )


def _of(entry: str, name: str, option: Option) -> st.SearchStrategy[Any]:
    if option.choices is not None:
        return st.sampled_from(option.choices)
    if option.kind is bool:
        return st.booleans()
    return _OF_FUNCTION[entry, name] if (entry, name) in _OF_FUNCTION else _OPTIONS[name]
