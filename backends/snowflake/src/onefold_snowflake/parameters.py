"""Parameters of a Snowflake session on which the meaning of statements, or the form of results, depends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["PINNED", "borrowed", "given_back"]

PINNED: Mapping[str, str | int | bool] = {
    "BINARY_INPUT_FORMAT": "HEX",
    "BINARY_OUTPUT_FORMAT": "HEX",
    "ERROR_ON_NONDETERMINISTIC_MERGE": True,
    "JSON_INDENT": 0,
    "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "ARROW_FORCE",
    "QUOTED_IDENTIFIERS_IGNORE_CASE": False,
    "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
    "TIMEZONE": "UTC",
    "WEEK_OF_YEAR_POLICY": 0,
    "WEEK_START": 1,
}
"""What is always set: the form of results, and what the author's own SQL may depend on."""

Execute = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a statement and returns its rows."""


def borrowed(execute: Execute) -> dict[str, str | None]:
    """Set all parameters in a session that belongs to somebody else.

    Args:
        execute: Runs a statement in it.

    Returns:
        The parameters that were changed, each with the value that the session had given it; None where it had none of
        its own.
    """
    found: dict[str, str | None] = {}
    for name, value, _, level, *_ in execute("SHOW PARAMETERS IN SESSION"):
        if name in PINNED and str(value).casefold() != str(PINNED[name]).casefold():
            found[name] = str(value) if level == "SESSION" else None
    for name in found:
        execute(f"ALTER SESSION SET {name} = {_constant(PINNED[name])}")
    return found


def given_back(execute: Execute, found: Mapping[str, str | None]) -> None:
    """Give changed parameters of a session the values that they had.

    Args:
        execute: Runs a statement in it.
        found: What :func:`borrowed` returned.
    """
    for name, value in found.items():
        execute(f"ALTER SESSION UNSET {name}" if value is None else f"ALTER SESSION SET {name} = {_like(name, value)}")


def _constant(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else f"'{value}'"


def _like(name: str, value: str) -> str:
    kind = PINNED[name]
    if isinstance(kind, bool):
        return value.upper()
    return value if isinstance(kind, int) else f"'{value.replace(chr(39), chr(39) * 2)}'"
