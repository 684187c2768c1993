"""Text as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import BINARY

__all__ = ["LOWERINGS"]

_SMALL = "abcdefghijklmnopqrstuvwxyz"


def _substring(call: LoweredCall) -> exp.Expression:
    if call.options["length"] < 0:
        return render("SUBSTRING({0}, {start})", call)
    return render("SUBSTRING({0}, {start}, {length})", call)


def _octet_length(call: LoweredCall) -> exp.Expression:
    # In text, bytes are counted by another function of the dialect.
    name = "OCTET_LENGTH" if call.arg_types[0] == BINARY else "STRLEN"
    return exp.Anonymous(this=name, expressions=[call.args[0]])


LOWERINGS: Mapping[str, Lowering] = {
    "upper": f"TRANSLATE({{0}}, '{_SMALL}', '{_SMALL.upper()}')",
    "lower": f"TRANSLATE({{0}}, '{_SMALL.upper()}', '{_SMALL}')",
    "trim": "TRIM({0}, {characters})",
    "ltrim": "LTRIM({0}, {characters})",
    "rtrim": "RTRIM({0}, {characters})",
    "length": "LENGTH({0})",
    "octet_length": _octet_length,
    "concat": "{* || }",
    "concat_ws": "CONCAT_WS({separator}, {*})",
    "substring": _substring,
    "left": "LEFT({0}, {count})",
    "right": "RIGHT({0}, {count})",
    "lpad": "LPAD({0}, {length}, {fill})",
    "rpad": "RPAD({0}, {length}, {fill})",
    "replace": "REPLACE({0}, {search}, {replacement})",
    "starts_with": "STARTS_WITH({0}, {1})",
    "ends_with": "ENDS_WITH({0}, {1})",
    "contains": "CONTAINS({0}, {1})",
    "position": "STRPOS({0}, {1})",
    "split_part": "SPLIT_PART({0}, {separator}, {index})",
    "split": "STRING_SPLIT({0}, {separator})",
    "repeat": "REPEAT({0}, {count})",
}
