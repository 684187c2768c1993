"""Parses a statement once, with its tokens, which the gate needs beside the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlglot import Token, TokenType, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel

from onefold_snowflake_emulator.errors import syntax_error

SNOWFLAKE: Final = Dialect.get_or_raise("snowflake")
DUCKDB: Final = Dialect.get_or_raise("duckdb")

_SHORT: Final = 8192
_SCOPED: Final = re.compile(r"\bSCOPED\s+(?=TEMP)", re.IGNORECASE)


@dataclass(frozen=True)
class Parsed:
    """A statement that has been parsed.

    Attributes:
        text: The statement.
        tokens: Its tokens.
        tree: Its tree. Not to be changed: see `fresh`.
        shared: Whether the tree is kept for the next time that somebody asks.
    """

    text: str
    tokens: tuple[Token, ...]
    tree: exp.Expr
    shared: bool

    def fresh(self) -> exp.Expr:
        """Return a tree that may be changed. After that, the tree of what is not shared is not to be used."""
        return self.tree.copy() if self.shared else self.tree


def parse(text: str) -> Parsed:
    """Parse one statement.

    Args:
        text: The statement, in Snowflake's SQL.

    Returns:
        Its tokens and its tree.

    Raises:
        SqlglotError: The statement cannot be parsed.
        SnowflakeError: The text is empty or more than one statement.
    """
    # Clients ask for the columns of a statement and then run it. Long ones, with their inputs in them, are not kept.
    return _remembered(text) if len(text) <= _SHORT else _parse(text, shared=False)


@lru_cache(maxsize=64)
def _remembered(text: str) -> Parsed:
    return _parse(text, shared=True)


def _parse(text: str, *, shared: bool) -> Parsed:
    plain = _SCOPED.sub("", text)  # a temporary object that ends with the procedure that made it, or with the session
    tokens = list(_tokens(plain))
    trees = [
        tree for tree in SNOWFLAKE.parser(error_level=ErrorLevel.IMMEDIATE).parse(tokens, plain) if tree is not None
    ]
    if not trees:
        raise syntax_error("line 1 at position 0 unexpected '<EOF>'.")
    if len(trees) > 1:
        raise syntax_error("line 1: a request carries one statement (MULTI_STATEMENT_COUNT is 1).")
    return Parsed(plain, tuple(tokens), trees[0], shared)


def _tokens(text: str) -> Iterator[Token]:
    for token in SNOWFLAKE.tokenize(text):
        if token.token_type != TokenType.QDCOLON:
            yield token
            continue
        # Another dialect's cast that tries: in Snowflake's it is a placeholder that is cast.
        yield Token(TokenType.PLACEHOLDER, "?", token.line, token.col, token.start, token.start)
        yield Token(TokenType.DCOLON, "::", token.line, token.col, token.start + 1, token.end)


def render(tree: exp.Expr) -> str:
    """Return a rewritten tree as DuckDB's SQL.

    Args:
        tree: The tree. It is used up.
    """
    return DUCKDB.generator(unsupported_level=ErrorLevel.IGNORE).generate(tree, copy=False)
