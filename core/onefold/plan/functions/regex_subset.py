r"""The regular expressions that mean the same on every engine, and why any other is refused.

The grammar is a subset of POSIX extended regular expressions::

    expression  = branch { "|" branch }
    branch      = { piece }
    piece       = atom [ "*" | "+" | "?" | "{n}" | "{n,}" | "{n,m}" ]  |  "^"  |  "$"
    atom        = character | "." | "[" [ "^" ] { character [ "-" character ] } "]" | "(" expression ")" | "\" special
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["RegexError", "RegexFacts", "check_regex"]

_SPECIAL = frozenset("\\^$.|?*+()[]{}")
_IN_CLASS = frozenset("\\^-[]&~")
_MOST_CHARACTERS = 1_000
_MOST_REPEATS = 1_000
_DEEPEST = 50
_RANGES = (("0", "9"), ("a", "z"), ("A", "Z"))
_COUNT = re.compile(r"\{(\d{1,4})(,(\d{0,4}))?\}")
_CLASS_LETTERS = {
    "d": "[0-9]",
    "w": "[A-Za-z0-9_]",
    "s": "[ ] with the blanks that are meant",
    "D": "[^0-9]",
    "W": "[^A-Za-z0-9_]",
    "S": "[^ ] with the blanks that are meant",
}
_CHARACTER_LETTERS = {"t": "tab", "n": "line feed", "r": "carriage return", "f": "form feed", "v": "vertical tab"}


class RegexError(ValueError):
    """A regular expression outside of the portable subset; says where and what to write instead."""


@dataclass(frozen=True, slots=True)
class RegexFacts:
    """What is known about a regular expression.

    Args:
        groups: How many groups it has.
        matches_empty: Whether it can match the empty text.
    """

    groups: int
    matches_empty: bool


def check_regex(pattern: str) -> RegexFacts:
    """Return facts about a regular expression of the portable subset.

    Raises:
        RegexError: If it is not one.

    Examples:
        >>> check_regex("^([a-z]+)=([0-9]*)$")
        RegexFacts(groups=2, matches_empty=False)
        >>> check_regex("id=(?:[0-9])")
        Traceback (most recent call last):
        onefold.plan.functions.regex_subset.RegexError: at position 5, '(?' begins flags, look-around or special groups, \
which not every engine has.
    """
    if len(pattern) > _MOST_CHARACTERS:
        raise RegexError(f"it has {len(pattern):,} characters; at most {_MOST_CHARACTERS:,} are allowed.")
    parser = _Parser(pattern)
    empty, _ = parser.expression(depth=0)
    if parser.at < len(pattern):
        raise parser.error("')' closes no group; write \\) for the character.")
    return RegexFacts(parser.groups, empty)


class _Parser:
    """Recursive descent; each method returns whether its part can match nothing, and how often it is repeated."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.groups = 0

    def error(self, message: str, at: int | None = None) -> RegexError:
        return RegexError(f"at position {(self.at if at is None else at) + 1}, {message}")

    def peek(self, ahead: int = 0) -> str:
        return self.pattern[self.at + ahead : self.at + ahead + 1]

    def expression(self, depth: int) -> tuple[bool, int]:
        if depth > _DEEPEST:
            raise self.error(f"groups are nested more than {_DEEPEST} deep.")
        empty, repeats = self.branch(depth)
        while self.peek() == "|":
            self.at += 1
            other_empty, other_repeats = self.branch(depth)
            empty, repeats = empty or other_empty, max(repeats, other_repeats)
        return empty, repeats

    def branch(self, depth: int) -> tuple[bool, int]:
        empty, repeats, start = True, 1, self.at
        while (char := self.peek()) and char not in "|)":
            if char in "^$":
                self.at += 1
                if self.peek() and self.peek() in "*+?{":
                    raise self.error(f"{char!r} can not be repeated.")
                continue
            piece_empty, piece_repeats = self.piece(depth)
            empty, repeats = empty and piece_empty, max(repeats, piece_repeats)
        if self.at == start:
            raise self.error("there is nothing to match here; engines differ about empty alternatives and groups.")
        return empty, repeats

    def piece(self, depth: int) -> tuple[bool, int]:
        empty, repeats = self.atom(depth)
        char = self.peek()
        least, most = 1, 1
        if char and char in "*+?":
            self.at += 1
            least = 1 if char == "+" else 0
        elif char == "{":
            least, most = self.count()
        else:
            return empty, repeats
        if self.peek() == "?":
            raise self.error(
                "a '?' after a quantifier makes it lazy, which not every engine has; use a class such as [^,]*."
            )
        if self.peek() and self.peek() in "*+{":
            raise self.error("a quantifier can not follow another; put the part in a group.")
        if empty and char != "?":
            raise self.error("the repeated part matches the empty text, and engines differ about that.")
        if repeats * most > _MOST_REPEATS:
            raise self.error(f"nested counts multiply to more than {_MOST_REPEATS:,}.")
        return empty or least == 0, repeats * most

    def count(self) -> tuple[int, int]:
        found = _COUNT.match(self.pattern, self.at)
        if found is None:
            raise self.error("a count is written {n}, {n,} or {n,m}; write \\{ for the character.")
        least = int(found.group(1))
        most = int(found.group(3)) if found.group(3) else least
        if most < least or max(least, most) > _MOST_REPEATS or (most == 0 and found.group(2) != ","):
            raise self.error(f"the count {found.group()} is empty, reversed or above {_MOST_REPEATS:,}.")
        self.at = found.end()
        return least, max(most, 1)

    def atom(self, depth: int) -> tuple[bool, int]:
        char = self.peek()
        if char == "(":
            return self.group(depth)
        if char == "[":
            self.character_class()
        elif char == "\\":
            self.escape(_SPECIAL)
        elif char in "*+?{":
            raise self.error(f"{char!r} has nothing to repeat; write \\{char} for the character.")
        elif char in "]}":
            raise self.error(f"{char!r} closes nothing; write \\{char} for the character.")
        else:
            self.at += 1
        return False, 1

    def group(self, depth: int) -> tuple[bool, int]:
        opened = self.at
        self.at += 1
        if self.peek() == "?":
            raise self.error("'(?' begins flags, look-around or special groups, which not every engine has.")
        self.groups += 1
        result = self.expression(depth + 1)
        if self.peek() != ")":
            raise self.error("this group is not closed.", opened)
        self.at += 1
        return result

    def escape(self, allowed: frozenset[str]) -> str:
        char = self.peek(1)
        if char in allowed and char:
            self.at += 2
            return char
        if not char:
            raise self.error("a backslash ends the pattern; write \\\\ for the character.")
        if char in _CLASS_LETTERS:
            hint = f"means other characters on other engines; write {_CLASS_LETTERS[char]}."
        elif char in _CHARACTER_LETTERS:
            hint = f"is not known everywhere; put the character itself ({_CHARACTER_LETTERS[char]}) into the pattern."
        elif char.isdigit():
            hint = "would refer to a group, which not every engine can."
        else:
            hint = (
                "does not mean the same everywhere; a backslash only stands before a character with a special meaning."
            )
        raise self.error(f"'\\{char}' {hint}")

    def character_class(self) -> None:
        opened = self.at
        self.at += 1
        if self.peek() == "^":
            self.at += 1
        if self.peek() == "]":
            raise self.error("an empty class; write \\] for the character.")
        while (char := self.peek()) != "]":
            if not char:
                raise self.error("this class is not closed.", opened)
            if char == "[" and self.peek(1) in {":", ".", "="}:
                raise self.error("named classes mean other characters on other engines; list them, such as [A-Za-z].")
            first = self.class_character()
            if self.peek() == "-" and self.peek(1) not in {"]", ""}:
                self.at += 1
                last = self.class_character()
                if not any(low <= first <= last <= high for low, high in _RANGES):
                    raise self.error(
                        f"the range {first}-{last} is not within 0-9, a-z or A-Z; list the characters.", opened
                    )
            elif self.peek() == "-":
                raise self.error("write \\- for the character '-'.")
        self.at += 1

    def class_character(self) -> str:
        char = self.peek()
        if char == "\\":
            return self.escape(_IN_CLASS | _SPECIAL)
        if char in _IN_CLASS:
            raise self.error(f"write \\{char} for the character {char!r} in a class.")
        self.at += 1
        return char
