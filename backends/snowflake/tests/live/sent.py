"""What a case sends to Snowflake: the texts of its statements, and the hash by which its result is known."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from snowflake.connector.cursor import SnowflakeCursor

__all__ = ["key_of", "recorded"]

_NOT_OF_THE_CASE = re.compile(r"(PUT|REMOVE|DROP|CREATE TEMPORARY STAGE|ALTER SESSION|SHOW)\b|SELECT CURRENT_")
"""What moves files and tidies up, or belongs to the session."""

_OF_THE_RUN = re.compile(r'"(input_(?:[^"]|"")*)_\d+"|(ONEFOLD_|input_written_|/)[0-9A-Fa-f]{32}\b')
"""Names that are numbered or drawn in each run."""


@contextlib.contextmanager
def recorded() -> Iterator[list[str]]:
    """Give the list of the statements that this process sends from now on."""
    texts: list[str] = []
    execute = SnowflakeCursor.execute

    def noted(self: SnowflakeCursor, command: str, *args: Any, **options: Any) -> Any:
        texts.append(command)
        return execute(self, command, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SnowflakeCursor, "execute", noted)
        yield texts


def key_of(texts: Iterable[str]) -> str:
    """Return the hash of statements: of their texts, but for the names that are drawn or numbered in each run.

    Args:
        texts: The statements, in any order: some are sent at once.

    Returns:
        The SHA-256 in hexadecimal digits. What sends nothing that a case is about has a hash too.
    """
    kept = sorted(_settled(text) for text in texts if not _NOT_OF_THE_CASE.match(text))
    return hashlib.sha256("\n;\n".join(kept).encode()).hexdigest()


def _settled(text: str) -> str:
    names: dict[str, str] = {}

    def settled(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"{found[1] or found[2]}#{len(names)}")

    return _OF_THE_RUN.sub(settled, text)
