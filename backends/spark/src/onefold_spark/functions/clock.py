"""Lengths of time, wall clocks and the text of timestamps, as Spark writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.functions.clock import rearranged
from onefold.sql.template import LoweredCall, Lowering, render
from onefold_spark.functions.epoch import from_micros, micros
from onefold_spark.functions.pattern import java_pattern, java_replacement

__all__ = ["LOWERINGS"]

_LETTERS = {"Y": "yyyy", "m": "MM", "d": "dd", "H": "HH", "M": "mm", "S": "ss", "f": "SSSSSS"}


def _add_duration(call: LoweredCall) -> exp.Expression:
    return render(from_micros(f"{micros(call)} + {{1}}", call.result_type), call)


def _duration_between(call: LoweredCall) -> exp.Expression:
    return render(f"{micros(call, 1)} - {micros(call)}", call)


def _formats(format: str) -> list[str]:
    """Return a format in Java's letters, cut where a part follows itself: ``yyyyyyyy`` would be a year of 8 digits.

    Examples:
        >>> _formats("%Y-%mT%m%m")
        ["yyyy-MM'T'MM", 'MM']
    """
    parts, before = [""], ""
    for directive, character in re.findall(r"%(.)|([^%])", format):
        if directive and directive == before:
            parts.append("")
        parts[-1] += _LETTERS[directive] if directive else f"'{character}'" if character.isalpha() else character
        before = directive
    return [part.replace("''", "") for part in parts]  # between two letters it would be read as a quote


def _strftime(call: LoweredCall) -> exp.Expression:
    formats = {f"part_{index}": text for index, text in enumerate(_formats(call.options["format"]))}
    text = " || ".join(f"DATE_FORMAT({{0}}, {{{name}}})" for name in formats)
    return render(text, LoweredCall(call.args, call.arg_types, call.result_type, call.types, formats))


def _parsed(call: LoweredCall) -> exp.Expression:
    """Return text in a format, put into the order of ISO 8601 and read strictly."""
    pattern, iso = rearranged(call.options["format"])
    options = {"pattern": java_pattern(pattern), "iso": java_replacement(iso)}
    return render(
        "CASE WHEN REGEXP_LIKE({0}, {pattern}) THEN TRY_CAST(REGEXP_REPLACE({0}, {pattern}, {iso}) AS {type}) END",
        LoweredCall(call.args, call.arg_types, call.result_type, call.types, options),
    )


LOWERINGS: Mapping[str, Lowering] = {
    "add_duration": _add_duration,
    "duration_between": _duration_between,
    "local_time": "CONVERT_TIMEZONE('UTC', {zone}, CAST({0} AS TIMESTAMP_NTZ))",
    "strftime": _strftime,
    "to_date": _parsed,
    "to_timestamp": _parsed,
}
