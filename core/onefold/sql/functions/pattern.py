"""Patterns in text, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "like": "{0} LIKE {pattern} ESCAPE '!'",
    "regexp_matches": "REGEXP_MATCHES({0}, {pattern})",
    "regexp_extract": ("CASE WHEN REGEXP_MATCHES({0}, {pattern}) THEN REGEXP_EXTRACT({0}, {pattern}, {group}) END"),
    "regexp_replace": "REGEXP_REPLACE({0}, {pattern}, {replacement}, 'g')",
}
