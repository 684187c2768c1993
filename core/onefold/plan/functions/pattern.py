"""Patterns in text: LIKE, and the regular expressions that mean the same on every engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from onefold.errors import PlanError
from onefold.plan.functions.entry import Example, Function, Option
from onefold.plan.functions.regex_subset import RegexError, check_regex
from onefold.plan.functions.signature import sig
from onefold.types import STRING, DataType

__all__ = ["FUNCTIONS"]


def _pattern_problem(pattern: str) -> str | None:
    try:
        check_regex(pattern)
    except RegexError as error:
        return str(error)
    return None


def _like_problem(pattern: str) -> str | None:
    if re.fullmatch(r"(?:[^!]|![!%_])*", pattern, re.DOTALL):
        return None
    return "'!' stands before '%', '_' or '!' to mean that character itself; write '!!' for a single '!'."


def _without_empty_matches(pattern: str, what: str) -> int:
    facts = check_regex(pattern)
    if facts.matches_empty:
        raise PlanError(
            f"The pattern {pattern!r:.80} matches the empty text, and engines differ in where they {what} that. "
            "Demand at least one character, such as with '+' instead of '*'."
        )
    return facts.groups


def _extracted(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    groups = _without_empty_matches(options["pattern"], "find")
    if options["group"] > groups:
        raise PlanError(
            f"The pattern {options['pattern']!r:.80} has {groups} groups, so there is no group {options['group']}."
        )
    return STRING


def _replaced(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    groups = _without_empty_matches(options["pattern"], "replace")
    used = [int(number) for number in re.findall(r"\\(\d)", options["replacement"])]
    if used and max(used) > groups:
        raise PlanError(
            f"The pattern {options['pattern']!r:.80} has {groups} groups, so the replacement can not use \\{max(used)}."
        )
    return STRING


def _replacement_problem(text: str) -> str | None:
    if re.fullmatch(r"(?:[^\\]|\\\d)*", text, re.DOTALL):
        return None
    return "a backslash stands before the number of a group, such as \\1, or 0 for the whole match."


_PATTERN = Option(
    str,
    (
        "A regular expression of the portable subset: characters, '.', classes such as [a-z0-9_] and [^,], "
        "groups, '|', '^', '$', and the greedy quantifiers * + ? {n} {n,} {n,m}. A backslash stands before a "
        "character with a special meaning to mean that character; \\d, \\w, \\s, \\b, look-around, lazy quantifiers, "
        "flags and references to groups do not mean the same everywhere and are refused."
    ),
    check=_pattern_problem,
)

FUNCTIONS = (
    Function(
        name="like",
        family="string",
        signatures=(sig("(string) -> bool"),),
        description=(
            "Whether the whole text has the form of a pattern, in which '%' stands for any text, also an empty one, "
            "and '_' for one code point. '!' before one of the three means the character itself. Upper and lower "
            "case differ."
        ),
        example=Example(
            (("string", ("100%", "100", "1é0%", "", None)),), (True, False, True, False, None), {"pattern": "1_0!%"}
        ),
        options={"pattern": Option(str, "The pattern; '!' escapes '%', '_' and '!'.", check=_like_problem)},
        substrait="like",
    ),
    Function(
        name="regexp_matches",
        family="regex",
        signatures=(sig("(string) -> bool"),),
        description=(
            "Whether a regular expression matches somewhere in the text; write '^' and '$' for the whole text. '.' is "
            "any character but a line feed, '$' only the very end of the text. Classes are about code points."
        ),
        example=Example(
            (("string", ("ab12", "ab", "x-1\n", "", None)),), (True, False, True, False, None), {"pattern": "[0-9]"}
        ),
        options={"pattern": _PATTERN},
    ),
    Function(
        name="regexp_extract",
        family="regex",
        signatures=(sig("(string) -> string", _extracted),),
        description=(
            "The text of the first match of a regular expression, or of one of its groups; null when there is no "
            "match (some engines give an empty text), empty when the group took no part in it. The pattern must not "
            "match the empty text."
        ),
        example=Example(
            (("string", ("id=42;id=7", "id=", "", None)),),
            ("42", None, None, None),
            {"pattern": "id=([0-9]+)", "group": 1},
        ),
        can_be_null=True,
        options={
            "pattern": _PATTERN,
            "group": Option(
                int,
                "Which group, from 1 in the order of their opening parentheses; 0 for the whole match.",
                0,
                check=lambda value: None if 0 <= value <= 9 else "groups are numbered from 1 to 9; 0 is the match.",
            ),
        },
        substrait="regexp_match_substring",
    ),
    Function(
        name="regexp_replace",
        family="regex",
        signatures=(sig("(string) -> string", _replaced),),
        description=(
            "The text with every match of a regular expression, from left to right without overlap, replaced. In the "
            "replacement \\1 to \\9 stand for the groups and \\0 for the whole match, so that \\10 is the first group and "
            "a 0. The pattern must not match the empty text."
        ),
        example=Example(
            (("string", ("a1b22", "ab", "", None)),),
            ("a<1>b<22>", "ab", "", None),
            {"pattern": "([0-9]+)", "replacement": "<\\1>"},
        ),
        options={
            "pattern": _PATTERN,
            "replacement": Option(str, "What each match is replaced with.", check=_replacement_problem),
        },
        substrait="regexp_replace",
    ),
)
