"""The grammar: sqlglot's, which follows the standard, with functions left as they are written."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

from sqlglot import expressions as exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.parsers.base import BaseParser
from sqlglot.tokenizer_core import Token, TokenType

from onefold.sql_authoring.text import START, SqlText

__all__ = ["NULLS_STATED", "parsed"]

NULLS_STATED = "nulls_stated"
"""Under which key of the ``meta`` of a sort key it is noted that ``NULLS FIRST`` or ``NULLS LAST`` was written."""

_STANDARD_FORMS = ("CAST", "TRY_CAST", "EXTRACT", "SUBSTRING", "TRIM")
"""The functions whose arguments the standard writes with words between them."""

_WHOLE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|(?!/\*)[^'"]""", re.DOTALL)
"""Text, a name in quotes, a comment, or any other character."""

_Node = TypeVar("_Node", bound=exp.Expr)


class _Parser(BaseParser):
    """The parser: every function stays the name that was written, so that :mod:`functions` alone says what it means."""

    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        **{name: parse for name, parse in BaseParser.FUNCTION_PARSERS.items() if name in _STANDARD_FORMS},
        "POSITION": lambda self: self._parse_position(),
    }

    def expression(self, instance: _Node, token: Token | None = None, comments: list[str] | None = None) -> _Node:
        """Note where each node stands, for errors."""
        built = super().expression(instance, token, comments)
        if self._prev is not None:
            built.meta.setdefault(START, self._prev.start)
        return built

    def _parse_position(self, haystack_first: bool = False) -> Any:
        """Leave POSITION with a comma a call by name: which of the two is searched depends on the database."""
        arguments = self._parse_csv(self._parse_bitwise)
        if len(arguments) == 1 and self._match(TokenType.IN):
            return self.expression(exp.StrPosition(this=self._parse_bitwise(), substr=arguments[0]))
        return self.expression(exp.Anonymous(this="position", expressions=arguments))

    def _parse_types(self, *args: Any, **options: Any) -> exp.Expr | None:
        """Note where each type stands."""
        token = self._curr
        found = super()._parse_types(*args, **options)
        if isinstance(found, exp.DataType) and token is not None:
            found.meta.setdefault(START, token.start)
        return found

    def _parse_ordered(self, parse_method: Any = None) -> exp.Ordered | None:
        """Note whether the place of nulls was written down: the parser fills in a default of its own."""
        key = super()._parse_ordered(parse_method)
        if key is not None and self._index >= 2:
            key.meta[NULLS_STATED] = self._tokens[self._index - 2].text.upper() == "NULLS"
        return key


class _Grammar(Dialect):
    """The dialect of :func:`onefold.sql`."""

    parser_class = _Parser


def parsed(query: SqlText) -> exp.Expr:
    """Return the syntax tree of one query.

    Raises:
        SqlError: If the text is no query, or several.
    """
    grammar = _Grammar()
    try:
        tokens = grammar.tokenize(query.text)
        _check_tokens(query, tokens)
        found = [tree for tree in grammar.parser().parse(tokens, query.text) if tree is not None]
    except TokenError as error:
        raise query.error("This quote or comment has no end.", _open_at(query.text)) from error
    except ParseError as error:
        first = error.errors[0]
        word = first.get("highlight") or ""
        missing = "missing" in str(first.get("description"))
        message = (
            f"Something is missing behind {word!r}."
            if missing and word
            else f"{word!r} is not expected here. Is a word before it misspelt?"
            if word
            else "The query ends too early."
        )
        raise query.error(message, _offset(query.text, first) - len(word)) from error
    if not found:
        raise query.error("There is no query. Write a SELECT.", 0)
    if len(found) > 1:
        raise query.error("These are several statements. Write one SELECT.", found[1])
    return found[0]


def _open_at(text: str) -> int:
    """Return where the quote or comment begins that does not end."""
    place = 0
    while found := _WHOLE.match(text, place):
        place = found.end()
    return place


def _offset(text: str, error: dict[str, Any]) -> int:
    """Return the position behind the word that a syntax error is about; the parser counts lines and columns from 1."""
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: error["line"] - 1]) + int(error["col"])


def _check_tokens(query: SqlText, tokens: list[Token]) -> None:
    """Refuse what is no query, and what the parser would read as something else without a word."""
    if tokens and tokens[0].token_type not in (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN):
        raise query.error("This is no query. Write a SELECT.", tokens[0].start)
    for token, after in pairwise(tokens):
        adjacent = token.end + 1 == after.start
        if adjacent and token.token_type == TokenType.NUMBER and after.token_type in (TokenType.VAR, TokenType.NUMBER):
            raise query.error(
                f"{token.text + after.text!r} is no number. Write digits, with a point or an exponent: 1000, 1.5, 1e3.",
                token.start,
            )
        if token.token_type == TokenType.COMMA and after.token_type in (TokenType.FROM, TokenType.R_PAREN):
            raise query.error("Nothing follows this comma. Leave it out.", token.start)
        if token.token_type == TokenType.SELECT and after.token_type == TokenType.ALL:
            raise query.error(
                "SELECT gives all rows by itself: leave ALL out. The aggregation is written bool_and(x).", after.start
            )
        if adjacent and token.text == after.text == "{":
            raise query.error(
                "Templates such as {{ ... }} are not filled in. Write the SQL itself, or make it with Python.",
                token.start,
            )
