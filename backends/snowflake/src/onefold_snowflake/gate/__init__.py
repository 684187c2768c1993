"""The check of generated statements before they are sent."""

from onefold_snowflake.gate.check import check_statement

__all__ = ["check_statement"]
