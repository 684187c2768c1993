"""Text as Spark writes it, where that is not the shared way."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.literals import lower_value
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import STRING

__all__ = ["LOWERINGS"]


def _split(call: LoweredCall) -> exp.Expression:
    # Spark takes the separator for a regular expression.
    literal = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", call.options["separator"])
    pattern = lower_value(literal, STRING, call.types)
    return render("SPLIT({0}, {1})", LoweredCall([*call.args, pattern], [], call.result_type, call.types))


LOWERINGS: Mapping[str, Lowering] = {
    "trim": "BTRIM({0}, {characters})",
    # Of two arguments, these two take the characters first.
    "ltrim": "LTRIM({characters}, {0})",
    "rtrim": "RTRIM({characters}, {0})",
    "length": "CAST(LENGTH({0}) AS {type})",
    "octet_length": "CAST(OCTET_LENGTH({0}) AS {type})",
    "starts_with": "STARTSWITH({0}, {1})",
    "ends_with": "ENDSWITH({0}, {1})",
    "position": "CAST(INSTR({0}, {1}) AS {type})",
    "split": _split,
}
