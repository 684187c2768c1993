"""Mutants of LIKE and of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.wrong import function
from onefold_conformance.oracle.functions.pattern import like_pattern, portable_pattern
from onefold_conformance.oracle.interface import Application, FunctionRule

__all__ = ["MUTANTS"]

_Compile = Callable[[str], "re.Pattern[str]"]

_FUNCTIONS = ("regexp_matches", "regexp_extract", "regexp_replace")


def _replacement(found: re.Match[str], text: str) -> str:
    return re.sub(r"\\([0-9])", lambda group: found[int(group[1])] or "", text)


def _with(of: str, compiled: _Compile) -> FunctionRule:
    """The rule of a function with another way from a pattern to a regular expression."""

    def rule(call: Application, text: str) -> bool | str | None:
        pattern = compiled(call.options["pattern"])
        if of == "regexp_replace":
            return pattern.sub(lambda found: _replacement(found, call.options["replacement"]), text)
        found = pattern.search(text)
        if of == "regexp_matches":
            return found is not None
        return None if found is None else found.group(call.options["group"]) or ""

    return rule


@lru_cache(maxsize=256)
def _flagged(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(portable_pattern(pattern).pattern, flags)


def _end_before_a_line_feed(pattern: str) -> re.Pattern[str]:
    return re.compile(portable_pattern(pattern).pattern.replace(r"\Z", "$"))


def _ends_of_lines(pattern: str) -> re.Pattern[str]:
    return re.compile(portable_pattern(pattern).pattern.replace(r"\Z", "$"), re.MULTILINE)


def _classes_with_line_feeds(pattern: str) -> re.Pattern[str]:
    """A negated class matches no line feed."""
    return re.compile(portable_pattern(pattern).pattern.replace("[^", r"[^\n"))


def _point_without_line_ends(pattern: str) -> re.Pattern[str]:
    """A point matches none of the ends of lines of Unicode."""
    return re.compile(
        re.sub(
            r"\\.|\[[^]]*\]|\.",
            lambda m: "[^\n\r\x85\u2028\u2029]" if m[0] == "." else m[0],
            portable_pattern(pattern).pattern,
        )
    )


def _escapes_ignored(pattern: str) -> re.Pattern[str]:
    """A backslash is dropped, so that what stands behind it has its special meaning."""
    plain = re.sub(r"\\([.])", r"\1", pattern)
    try:
        return portable_pattern(plain)
    except re.error:
        return portable_pattern(pattern)


@lru_cache(maxsize=256)
def _lazy(pattern: str) -> re.Pattern[str]:
    """Quantifiers match as little as they can."""
    text = portable_pattern(pattern).pattern
    return re.compile(re.sub(r"(\\.|\[(?:\\.|[^\]\\])+\])|([*+?]|\{[0-9,]+\})", lambda m: m[1] or m[2] + "?", text))


class _Bytes:
    """A pattern over bytes, of which a point or class matches one."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(portable_pattern(pattern).pattern.encode())

    def search(self, text: str) -> re.Match[bytes] | None:
        return self._pattern.search(text.encode())


def _matches_bytes(call: Application, text: str) -> bool:
    return _Bytes(call.options["pattern"]).search(text) is not None


def _extracts_bytes(call: Application, text: str) -> str | None:
    found = _Bytes(call.options["pattern"]).search(text)
    return None if found is None else (found.group(call.options["group"]) or b"").decode("utf-8", "replace")


def _replaces_bytes(call: Application, text: str) -> str:
    def replaced(found: re.Match[bytes]) -> bytes:
        def group(name: re.Match[str]) -> str:
            return (found[int(name[1])] or b"").decode("utf-8", "replace")

        return re.sub(r"\\([0-9])", group, call.options["replacement"]).encode()

    return re.sub(portable_pattern(call.options["pattern"]).pattern.encode(), replaced, text.encode()).decode(
        "utf-8", "replace"
    )


def _anchored(call: Application, text: str) -> bool:
    return portable_pattern(call.options["pattern"]).fullmatch(text) is not None


def _at_the_beginning(call: Application, text: str) -> bool:
    return portable_pattern(call.options["pattern"]).match(text) is not None


def _extract(change: Callable[[re.Pattern[str], str, int], str | None]) -> FunctionRule:
    return lambda call, text: change(portable_pattern(call.options["pattern"]), text, call.options["group"])


def _no_match_is_empty(pattern: re.Pattern[str], text: str, group: int) -> str:
    found = pattern.search(text)
    return "" if found is None else found[group] or ""


def _group_without_part_is_null(pattern: re.Pattern[str], text: str, group: int) -> str | None:
    found = pattern.search(text)
    return None if found is None else found[group]


def _whole_match(pattern: re.Pattern[str], text: str, group: int) -> str | None:
    found = pattern.search(text)
    return None if found is None else found[0]


def _first_group_by_default(pattern: re.Pattern[str], text: str, group: int) -> str | None:
    found = pattern.search(text)
    return None if found is None else found[1 if group == 0 and pattern.groups else group] or ""


def _groups_from_zero(pattern: re.Pattern[str], text: str, group: int) -> str | None:
    found = pattern.search(text)
    return None if found is None else found[group + 1 if 0 < group < pattern.groups else group] or ""


def _last_match(pattern: re.Pattern[str], text: str, group: int) -> str | None:
    found = list(pattern.finditer(text))
    return found[-1][group] or "" if found else None


def _longest_match(pattern: re.Pattern[str], text: str, group: int) -> str | None:
    """The longest alternative at the first place, as POSIX has it, where that is found by trying all ends."""
    first = pattern.search(text)
    if first is None:
        return None
    for end in range(len(text), first.end(), -1):
        longer = pattern.fullmatch(text[:end], first.start())
        if longer is not None:
            return longer[group] or ""
    return first[group] or ""


def _replace(change: Callable[[re.Pattern[str], str, str], str | None]) -> FunctionRule:
    return lambda call, text: change(portable_pattern(call.options["pattern"]), call.options["replacement"], text)


def _by_dollar(pattern: re.Pattern[str], replacement: str, text: str) -> str:
    """Groups are written with a dollar, and a backslash takes the special meaning away."""

    def replaced(found: re.Match[str]) -> str:
        def part(special: re.Match[str]) -> str:
            if special[1] is None:
                return str(special[2])
            return (found[int(special[1])] or "") if int(special[1]) <= pattern.groups else ""

        return re.sub(r"\$([0-9])|\\(.)", part, replacement)

    return pattern.sub(replaced, text)


def _like(form: Callable[[str], str], flags: int = re.DOTALL) -> FunctionRule:
    """LIKE with another form of its pattern."""
    return lambda call, text: re.fullmatch(form(call.options["pattern"]), text, flags) is not None


def _like_form(pattern: str, escape: str | None = "!", one: str = ".", many: str = ".*") -> str:
    tokens = re.findall(f"{re.escape(escape)}.|." if escape else ".", pattern, re.DOTALL)
    return "".join({"%": many, "_": one}.get(token) or re.escape(token[-1]) for token in tokens)


def _like_bytes(call: Application, text: str) -> bool:
    pattern = like_pattern(call.options["pattern"]).pattern.encode()
    return re.fullmatch(pattern, text.encode(), re.DOTALL) is not None


def _unescaped(pattern: str, text: str) -> bool:
    """LIKE by a regular expression in which plain points, stars and the like keep their meaning."""
    form = "".join(
        {"%": ".*", "_": "."}.get(token) or (re.escape(token[-1]) if token.startswith("!") else token)
        for token in re.findall("!.|.", pattern, re.DOTALL)
    )
    try:
        return re.fullmatch(form, text, re.DOTALL) is not None
    except re.error:
        return like_pattern(pattern).fullmatch(text) is not None


_WAYS: dict[str, tuple[str, _Compile]] = {
    "ignores-case": ("ignores case", lambda pattern: _flagged(pattern, re.IGNORECASE)),
    "point-matches-line-feed": ("lets a point match a line feed", lambda pattern: _flagged(pattern, re.DOTALL)),
    "end-before-a-line-feed": ("lets $ stand before a line feed at the end", _end_before_a_line_feed),
    "ends-of-lines": ("lets ^ and $ stand at the ends of lines", _ends_of_lines),
    "class-without-line-feed": ("lets a negated class match no line feed", _classes_with_line_feeds),
    "point-without-line-ends": ("lets a point match no end of a line of Unicode", _point_without_line_ends),
    "escape-ignored": ("takes an escaped point for any character", _escapes_ignored),
}

_TOKENS = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|[*+?()]|\{[0-9]+(?:,[0-9]*)?\}|.", re.DOTALL)
"""The parts of a regular expression: escapes, classes, quantifiers, parentheses, and all else."""


def _changed(change: Callable[[str], str]) -> _Compile:
    """The regular expression with each part changed; where it is none any more, the right one."""

    def compiled(pattern: str) -> re.Pattern[str]:
        right = portable_pattern(pattern)
        try:
            return re.compile("".join(change(part) for part in _TOKENS.findall(right.pattern)))
        except re.error:
            return right

    return compiled


def _counts(part: str) -> tuple[int, str] | None:
    found = re.fullmatch(r"\{([0-9]+)(,?[0-9]*)\}", part)
    return None if found is None else (int(found[1]), found[2])


def _exact_is_least(part: str) -> str:
    counts = _counts(part)
    return f"{{{counts[0]},}}" if counts and not counts[1] else part


def _least_is_exact(part: str) -> str:
    counts = _counts(part)
    return f"{{{counts[0]}}}" if counts and counts[1] == "," else part


def _one_less(part: str) -> str:
    counts = _counts(part)
    most = counts and counts[1].removeprefix(",")
    return f"{{{counts[0]},{max(counts[0], int(most) - 1)}}}" if counts and most else part


def _at_least_one(part: str) -> str:
    counts = _counts(part)
    return f"{{{max(1, counts[0])}{counts[1]}}}" if counts else part


def _at_most_255(part: str) -> str:
    return re.sub("[0-9]+", lambda m: str(min(255, int(m[0]))), part) if _counts(part) else part


def _possessive(part: str) -> str:
    return part + "+" if part in ("*", "+", "?") or _counts(part) else part


def _class(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda part: change(part) if part.startswith("[") else part


def _class_without(signs: str) -> Callable[[str], str]:
    """Classes without some signs; one that has no other matches nothing."""

    def without(part: str) -> str:
        opening = "[^" if part.startswith("[^") else "["
        inside = re.sub(rf"\\?[{signs}]", "", part[len(opening) : -1])
        return f"{opening}{inside}]" if inside else "(?!)"

    return _class(without)


_FEATURES: dict[str, tuple[str, Callable[[str], str]]] = {
    "plus-is-star": ("lets a plus match nothing", lambda part: "*" if part == "+" else part),
    "star-is-plus": ("lets a star match at least once", lambda part: "+" if part == "*" else part),
    "question-mark-is-once": ("lets a question mark match exactly once", lambda part: "{1}" if part == "?" else part),
    "question-mark-is-star": ("lets a question mark match any number", lambda part: "*" if part == "?" else part),
    "exact-is-least": ("takes an exact count for the least", _exact_is_least),
    "least-is-exact": ("takes the least count for an exact one", _least_is_exact),
    "one-less": ("takes the greatest count for one less", _one_less),
    "at-least-one": ("takes a count of 0 for 1", _at_least_one),
    "at-most-255": ("cuts counts to 255", _at_most_255),
    "gives-nothing-back": ("gives back nothing that a quantifier has taken", _possessive),
    "without-groups": ("drops the parentheses of groups", lambda part: "" if part in ("(", ")") else part),
    "first-way-only": ("never tries another alternative of a group", lambda part: "(?>" if part == "(" else part),
    "digits-of-unicode": ("takes 0-9 for all digits of Unicode", _class(lambda part: part.replace("0-9", r"\d"))),
    "class-without-blanks": ("ignores blanks in classes", _class_without(r" \t\n")),
    "class-of-ascii": ("ignores letters beyond ASCII in classes", _class_without("\\u0080-\\U0010ffff")),
    "class-without-signs": ("ignores signs in classes", _class_without(r"""^$.*+?|(){},;:%_'\"\[\]""")),
}  # fmt: skip


MUTANTS: tuple[Mutant, ...] = (
    *(function(of, name, f"In {of} {how}.", _with(of, compiled)) for of in _FUNCTIONS for name, (how, compiled) in _WAYS.items()),
    *(function(of, "lazy", f"Matches as little as possible in {of}.", _with(of, _lazy)) for of in ("regexp_extract", "regexp_replace")),
    function("regexp_matches", "in-bytes", "Lets a point or class match a byte in regexp_matches.", _matches_bytes),
    function("regexp_extract", "in-bytes", "Lets a point or class match a byte in regexp_extract.", _extracts_bytes),
    function("regexp_replace", "in-bytes", "Lets a point or class match a byte in regexp_replace.", _replaces_bytes),
    function("regexp_matches", "whole-text", "Matches the whole text only.", _anchored),
    function("regexp_matches", "at-the-beginning", "Matches at the beginning of the text only.", _at_the_beginning),
    function("regexp_extract", "no-match-is-empty", "Returns empty text when there is no match.", _extract(_no_match_is_empty)),
    function("regexp_extract", "absent-group-is-null", "Returns null for a group that took no part in the match.", _extract(_group_without_part_is_null)),
    function("regexp_extract", "group-ignored", "Returns the whole match whatever the group.", _extract(_whole_match)),
    function("regexp_extract", "first-group-by-default", "Returns the first group where the whole match is asked for.", _extract(_first_group_by_default)),
    function("regexp_extract", "groups-from-zero", "Counts groups from 0.", _extract(_groups_from_zero)),
    function("regexp_extract", "last-match", "Returns the last match.", _extract(_last_match)),
    function("regexp_extract", "longest-alternative", "Takes the longest alternative instead of the first.", _extract(_longest_match)),
    function("regexp_replace", "first-only", "Replaces the first match only.", _replace(lambda p, r, text: p.sub(lambda m: _replacement(m, r), text, count=1))),
    function("regexp_replace", "groups-by-dollar", "Writes groups with a dollar in the replacement.", _replace(_by_dollar)),
    function("regexp_replace", "groups-are-text", "Takes groups in the replacement for plain text.", _replace(lambda p, r, text: p.sub(lambda m: r, text))),
    function("regexp_replace", "whole-match-is-text", "Takes \\0 in the replacement for plain text.", _replace(lambda p, r, text: p.sub(lambda m: "\\0".join(_replacement(m, part) for part in r.split("\\0")), text))),
    function("regexp_replace", "two-digits", "Takes two digits for the number of a group.", _replace(lambda p, r, text: p.sub(lambda m: re.sub(r"\\([0-9]{1,2})", lambda g: (m[int(g[1])] or "") if int(g[1]) <= p.groups else "", r), text))),
    function("regexp_replace", "no-match-is-null", "Returns null when there is no match in regexp_replace.", _replace(lambda p, r, text: p.sub(lambda m: _replacement(m, r), text) if p.search(text) else None)),
    function("like", "ignores-case", "Ignores case in LIKE.", _like(_like_form, re.DOTALL | re.IGNORECASE)),
    function("like", "one-byte", "Lets _ stand for a byte in LIKE.", _like_bytes),
    function("like", "without-line-feeds", "Lets % and _ stand for no line feed in LIKE.", _like(_like_form, 0)),
    function("like", "without-escape", "Knows no escape in LIKE.", _like(lambda p: _like_form(p, escape=None))),
    function("like", "backslash-escapes", "Takes a backslash for an escape in LIKE too.", _like(lambda p: _like_form(re.sub(r"\\([%_\\])", r"!\1", p)))),
    function("like", "not-empty", "Lets % stand for no empty text in LIKE.", _like(lambda p: _like_form(p, many=".+"))),
    function("like", "optional-one", "Lets _ stand for no code point too in LIKE.", _like(lambda p: _like_form(p, one=".?"))),
    function("like", "brackets", "Takes brackets for a set of characters in LIKE.", _like(lambda p: re.sub(r"\\\[([^]]+)\\\]", r"[\1]", _like_form(p)))),
    function("like", "somewhere", "Finds the pattern anywhere in the text.", lambda call, text: like_pattern(call.options["pattern"]).search(text) is not None),
    function("like", "ignores-blanks-at-the-end", "Ignores blanks at the end of the text in LIKE.", lambda call, text: like_pattern(call.options["pattern"]).fullmatch(text.rstrip(" ")) is not None or like_pattern(call.options["pattern"]).fullmatch(text) is not None),
    function("like", "special-characters", "Takes special characters of regular expressions for what they mean there.", lambda call, text: _unescaped(call.options["pattern"], text)),
    function("like", "cuts-at-255", "Cuts text to 255 characters in LIKE.", lambda call, text: like_pattern(call.options["pattern"]).fullmatch(text[:255]) is not None),
    *(function("regexp_matches", name, f"In regexp_matches {how}.", _with("regexp_matches", _changed(change))) for name, (how, change) in _FEATURES.items()),
    function("regexp_replace", "ampersand", "Takes & in the replacement for the whole match.", _replace(lambda p, r, text: p.sub(lambda m: _replacement(m, r.replace("&", "\\0")), text))),
    function("regexp_replace", "doubles-quotes", "Doubles quotes in the replacement.", _replace(lambda p, r, text: p.sub(lambda m: _replacement(m, r.replace("'", "''")), text))),
)  # fmt: skip
"""Wrong patterns."""
