"""Parameters of a Snowflake session on which the meaning of statements, or the form of results, depends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["PINNED", "borrowed", "given_back"]

PINNED: Mapping[str, str | int | bool] = {
    "BINARY_INPUT_FORMAT": "HEX",
    "BINARY_OUTPUT_FORMAT": "HEX",
    "ERROR_ON_NONDETERMINISTIC_MERGE": True,
    "ERROR_ON_NONDETERMINISTIC_UPDATE": True,
    "JSON_INDENT": 0,
    "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "ARROW_FORCE",
    "QUOTED_IDENTIFIERS_IGNORE_CASE": False,
    "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
    "TIMEZONE": "UTC",
    "WEEK_OF_YEAR_POLICY": 0,
    "WEEK_START": 1,
}
"""What is always set. Statements that are written here depend on none but the fourth, sixth and seventh of them; the
author's own SQL may depend on all."""

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
    if found:
        execute(f"ALTER SESSION SET {' '.join(f'{name} = {_constant(PINNED[name])}' for name in found)}")
    return found


def given_back(execute: Execute, found: Mapping[str, str | None]) -> None:
    """Give changed parameters of a session the values that they had.

    Args:
        execute: Runs a statement in it.
        found: What :func:`borrowed` returned.
    """
    own = {name: value for name, value in found.items() if value is not None}
    if own:
        execute(
            f"ALTER SESSION SET {' '.join(f'{name} = {_like(PINNED[name], value)}' for name, value in own.items())}"
        )
    if others := [name for name in found if name not in own]:
        execute(f"ALTER SESSION UNSET {', '.join(others)}")


def _constant(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else f"'{value}'"


def _like(kind: str | int | bool, value: str) -> str:
    if isinstance(kind, bool):
        return value.upper()
    return value if isinstance(kind, int) else f"'{value.replace(chr(39), chr(39) * 2)}'"
