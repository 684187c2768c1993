"""Nulls as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "coalesce": "COALESCE({*})",
    "nullif": "NULLIF({0}, {1})",
    "nan_to_null": "CASE WHEN NOT ISNAN({0}) THEN {0} END",
}
