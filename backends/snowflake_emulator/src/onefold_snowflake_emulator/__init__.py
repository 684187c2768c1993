"""A server that speaks Snowflake's wire protocol over DuckDB, for developing and trying out without an account."""

from onefold_snowflake_emulator.emulator import Emulator
from onefold_snowflake_emulator.log import Statement

__all__ = ["Emulator", "Statement"]
