"""Patterns in text as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render

__all__ = ["LOWERINGS"]


def _extract(call: LoweredCall) -> exp.Expression:
    # Groups are numbered from 1; without "e" it is the whole match.
    group = ", 1, 1, 'e', {group}" if call.options["group"] else ""
    found = f"COALESCE(REGEXP_SUBSTR({{0}}, {{pattern}}{group}), '')"
    return render(f"CASE WHEN REGEXP_INSTR({{0}}, {{pattern}}) > 0 THEN {found} END", call)


LOWERINGS: Mapping[str, Lowering] = {
    "like": "{0} LIKE {pattern} ESCAPE '!'",
    # REGEXP_LIKE would be about the whole text.
    "regexp_matches": "REGEXP_INSTR({0}, {pattern}) > 0",
    "regexp_extract": _extract,
    "regexp_replace": "REGEXP_REPLACE({0}, {pattern}, {replacement})",
}
