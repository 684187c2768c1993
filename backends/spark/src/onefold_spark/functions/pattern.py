"""Patterns in text as Spark writes them: the portable regular expressions in Java's dialect."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render

__all__ = ["LOWERINGS", "java_pattern", "java_replacement"]

_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_ONLY_HERE = {".": r"[^\n]", "$": r"\z"}


def java_pattern(pattern: str) -> str:
    r"""Return a regular expression of the portable subset as Java reads it.

    To Java, ``.`` is no line end of any kind, and ``$`` stands before a line end at the end as well.

    Examples:
        >>> java_pattern(r"^a.[.$]\.$")
        '^a[^\\n][.$]\\.\\z'
    """
    return _PIECE.sub(lambda piece: _ONLY_HERE.get(piece.group(), piece.group()), pattern)


def java_replacement(text: str) -> str:
    r"""Return what a match is replaced with as Java reads it: groups are ``$1``, and no digit belongs to one by chance.

    Examples:
        >>> java_replacement(r"\10 = 5$")
        '$1\\0 = 5\\$'
    """

    def written(match: re.Match[str]) -> str:
        group, digit, dollar = match.groups()
        if dollar:
            return r"\$"
        return f"${group}\\{digit}" if digit else f"${group}"

    return re.sub(r"\\(\d)(\d)?|(\$)", written, text)


def _matching(text: str) -> Lowering:
    """Return the lowering of a template whose pattern and replacement are in Java's dialect."""

    def lowering(call: LoweredCall) -> exp.Expression:
        options = {**call.options, "pattern": java_pattern(call.options["pattern"])}
        if "replacement" in options:
            options["replacement"] = java_replacement(options["replacement"])
        return render(text, LoweredCall(call.args, call.arg_types, call.result_type, call.types, options))

    return lowering


LOWERINGS: Mapping[str, Lowering] = {
    "regexp_matches": _matching("REGEXP_LIKE({0}, {pattern})"),
    "regexp_extract": _matching(
        "CASE WHEN REGEXP_LIKE({0}, {pattern}) THEN REGEXP_EXTRACT({0}, {pattern}, {group}) END"
    ),
    "regexp_replace": _matching("REGEXP_REPLACE({0}, {pattern}, {replacement})"),
}
