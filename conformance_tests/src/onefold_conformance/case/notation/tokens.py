"""Reading the text of expressions piece by piece."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from onefold.errors import ConfigurationError
from onefold.types import DataType, parse_type

__all__ = ["Reader", "quoted"]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[+-]?(?:inf\b|nan\b|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))
  | (?P<text>'(?:[^'\\]|\\.)*')
  | (?P<column>`(?:[^`]|``)+`)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>[()\[\],:=])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: its kind (number, text, column, name, mark or end), and what stands there."""

    kind: str
    text: str


class Reader:
    """Reads a text token by token.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def peek(self) -> Token:
        """Return the next token without taking it."""
        return self._token()[0]

    def take(self, mark: str | None = None) -> Token:
        """Take the next token; with a mark or word, it has to be that one.

        Raises:
            ConfigurationError: If something else stands there.
        """
        token, place = self._token()
        if mark is not None and token.text != mark:
            raise self.error(f"expected {mark!r}")
        self.place = place
        return token

    def takes(self, mark: str) -> bool:
        """Take a mark or word if it comes next, and return whether it did."""
        token, place = self._token()
        if token.text == mark and token.kind in ("mark", "name"):
            self.place = place
            return True
        return False

    def take_type(self) -> DataType:
        """Take the text form of a portable type.

        Raises:
            ConfigurationError: If there is none.
        """
        start, depth = self.place, 0
        while self.place < len(self.text):
            char = self.text[self.place]
            if depth == 0 and char in ",)" and self.text[start : self.place].strip():
                break
            if depth == 0 and char == "]":
                break
            depth += (char in "<([") - (char in ">)]")
            self.place += 1
        try:
            return parse_type(self.text[start : self.place].strip())
        except ValueError as error:
            raise self.error(str(error)) from None

    def end(self) -> None:
        """Check that nothing is left.

        Raises:
            ConfigurationError: If something is.
        """
        if self.peek().kind != "end":
            raise self.error("expected nothing more")

    def error(self, problem: str) -> ConfigurationError:
        """Return the error about what stands at the present place."""
        return ConfigurationError(f"{problem} at {self.text[self.place :][:30]!r} in {self.text!r:.200}")

    def _token(self) -> tuple[Token, int]:
        if not self.text[self.place :].strip():
            return Token("end", ""), len(self.text)
        match = _TOKEN.match(self.text, self.place)
        if match is None or match.lastgroup is None:
            raise self.error("can not read what stands")
        return Token(match.lastgroup, match[match.lastgroup]), match.end()


def quoted(text: str) -> str:
    """Return text between single quotes, escaped so that :func:`unquoted` reads it back."""
    return "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def unquoted(token: str) -> str:
    """Return the text that a quoted token stands for."""
    inner = token[1:-1].replace("\\'", "'")
    escaped = re.sub(r'(\\.)|"', lambda match: match[1] or '\\"', inner, flags=re.DOTALL)
    found: str = json.loads(f'"{escaped}"')
    return found
