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

_SCOPED: Final = re.compile(r"\bSCOPED\s+(?=TEMP)", re.IGNORECASE)


@dataclass(frozen=True)
class Parsed:
    """A statement that has been parsed.

    Attributes:
        text: The statement.
        tokens: Its tokens.
        tree: Its tree, which is shared: copy it before changing it.
    """

    text: str
    tokens: tuple[Token, ...]
    tree: exp.Expr


@lru_cache(maxsize=512)
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
    plain = _SCOPED.sub("", text)  # a temporary object that ends with the procedure that made it, or with the session
    tokens = list(_tokens(plain))
    trees = [
        tree for tree in SNOWFLAKE.parser(error_level=ErrorLevel.IMMEDIATE).parse(tokens, plain) if tree is not None
    ]
    if not trees:
        raise syntax_error("line 1 at position 0 unexpected '<EOF>'.")
    if len(trees) > 1:
        raise syntax_error("line 1: a request carries one statement (MULTI_STATEMENT_COUNT is 1).")
    return Parsed(plain, tuple(tokens), trees[0])


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
