"""Boolean logic as Snowflake writes it."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "and": "{* AND }",
    "or": "{* OR }",
    "not": "NOT {0}",
    "xor": "{0} <> {1}",
}
