"""The names of the functions that Snowflake documents."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

FUNCTIONS: Final = frozenset(
    files("onefold_snowflake_emulator.sql").joinpath("functions.txt").read_text("utf-8").split()
)
"""The names, in upper case. Names only: what a function takes and answers is another matter."""
