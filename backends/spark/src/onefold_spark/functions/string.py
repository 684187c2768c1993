"""Text as Spark writes it, where that is not the shared way. Spark counts in 32 bits, the catalogue in 64."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.literals import lower_value
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import STRING

__all__ = ["LOWERINGS"]

_MOST = 2**31 - 1


def _fitting(number: int) -> int:
    """Return a number of characters in 32 bits: no text is longer."""
    return max(-_MOST, min(number, _MOST))


def _substring(call: LoweredCall) -> exp.Expression:
    start, length = _fitting(call.options["start"]), _fitting(call.options["length"])
    return render(f"SUBSTRING({{0}}, {start})" if length < 0 else f"SUBSTRING({{0}}, {start}, {length})", call)


def _split_part(call: LoweredCall) -> exp.Expression:
    return render(f"SPLIT_PART({{0}}, {{separator}}, {_fitting(call.options['index'])})", call)


def _split(call: LoweredCall) -> exp.Expression:
    # Spark takes the separator for a regular expression.
    literal = re.sub(r"([^\w\s])", r"\\\1", call.options["separator"], flags=re.ASCII)
    pattern = lower_value(literal, STRING, call.types)
    return render("SPLIT({0}, {1})", LoweredCall([*call.args, pattern], [], call.result_type, call.types))


LOWERINGS: Mapping[str, Lowering] = {
    "trim": "BTRIM({0}, {characters})",
    # Of two arguments, these two take the characters first.
    "ltrim": "LTRIM({characters}, {0})",
    "rtrim": "RTRIM({characters}, {0})",
    "length": "CAST(LENGTH({0}) AS {type})",
    "octet_length": "CAST(OCTET_LENGTH({0}) AS {type})",
    "substring": _substring,
    "starts_with": "STARTSWITH({0}, {1})",
    "ends_with": "ENDSWITH({0}, {1})",
    "position": "CAST(INSTR({0}, {1}) AS {type})",
    "split_part": _split_part,
    "split": _split,
}
