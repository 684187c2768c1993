"""Text as Snowflake writes it; its lengths and positions count code points."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render

__all__ = ["LOWERINGS"]

_SMALL = "abcdefghijklmnopqrstuvwxyz"


def _concat_ws(call: LoweredCall) -> exp.Expression:
    # CONCAT_WS would be null beside one null.
    parts = " || ".join(f"COALESCE({{separator}} || {{{index}}}, '')" for index in range(len(call.args)))
    return render(f"SUBSTR({parts}, {len(call.options['separator']) + 1})", call)


def _substring(call: LoweredCall) -> exp.Expression:
    start, length = call.options["start"], call.options["length"]
    if start > 0:
        return render("SUBSTR({0}, {start})" if length < 0 else "SUBSTR({0}, {start}, {length})", call)
    # From the end, Snowflake gives nothing when the text is too short; here places before the text are only empty.
    missing = f"GREATEST({-start} - LENGTH({{0}}), 0)"
    if length < 0:
        return render(f"RIGHT({{0}}, {-start})", call)
    return render(f"LEFT(RIGHT({{0}}, {-start}), GREATEST({length} - {missing}, 0))", call)


LOWERINGS: Mapping[str, Lowering] = {
    "upper": f"TRANSLATE({{0}}, '{_SMALL}', '{_SMALL.upper()}')",
    "lower": f"TRANSLATE({{0}}, '{_SMALL.upper()}', '{_SMALL}')",
    "trim": "TRIM({0}, {characters})",
    "ltrim": "LTRIM({0}, {characters})",
    "rtrim": "RTRIM({0}, {characters})",
    "length": "CAST(LENGTH({0}) AS {type})",
    "octet_length": "CAST(OCTET_LENGTH({0}) AS {type})",
    "concat": "{* || }",
    "concat_ws": _concat_ws,
    "substring": _substring,
    "left": "LEFT({0}, {count})",
    "right": "RIGHT({0}, {count})",
    "lpad": "LPAD({0}, {length}, {fill})",
    "rpad": "RPAD({0}, {length}, {fill})",
    "replace": "REPLACE({0}, {search}, {replacement})",
    "starts_with": "STARTSWITH({0}, {1})",
    "ends_with": "ENDSWITH({0}, {1})",
    "contains": "CONTAINS({0}, {1})",
    "position": "CAST(CHARINDEX({1}, {0}) AS {type})",
    "split_part": "SPLIT_PART({0}, {separator}, {index})",
    "split": "SPLIT({0}, {separator})",
    "repeat": "REPEAT({0}, {count})",
}
