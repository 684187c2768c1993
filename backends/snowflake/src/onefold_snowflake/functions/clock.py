"""Lengths of time, wall clocks and the text of timestamps, as Snowflake writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.functions.clock import rearranged
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import DATE
from onefold_snowflake.functions.epoch import from_micros, micros
from onefold_snowflake.types import TIME_FORMAT

__all__ = ["LOWERINGS"]

_ELEMENTS = {"Y": "YYYY", "m": "MM", "d": "DD", "H": "HH24", "M": "MI", "S": "SS", "f": "FF6"}


def _formats(format: str) -> list[str]:
    """Return a format in Snowflake's elements, cut where one follows another: ``MMMM`` would be the name of a month.

    Examples:
        >>> _formats("%Y-%mT%m%m")
        ['YYYY-MM"T"MM', 'MM']
    """
    parts, behind_element = [""], False
    for directive, character in re.findall(r"%(.)|([^%])", format):
        if directive and behind_element:
            parts.append("")
        parts[-1] += _ELEMENTS[directive] if directive else f'"{character}"' if character in "TZ_" else character
        behind_element = bool(directive)
    return parts


def _strftime(call: LoweredCall) -> exp.Expression:
    if "%" not in call.options["format"]:
        return render("CASE WHEN {0} IS NOT NULL THEN {format} END", call)
    formats = {f"part_{index}": text for index, text in enumerate(_formats(call.options["format"]))}
    time = "CAST({0} AS TIMESTAMP_NTZ(6))" if call.arg_types[0] == DATE else "{0}"
    text = " || ".join(f"TO_CHAR({time}, {{{name}}})" for name in formats)
    return render(text, LoweredCall(call.args, call.arg_types, call.result_type, call.types, formats))


def _parsed(call: LoweredCall) -> exp.Expression:
    """Return text in a format, put into the order of ISO 8601 and read strictly."""
    pattern, iso = rearranged(call.options["format"])
    options = {"pattern": pattern, "iso": iso}
    read = "TRY_TO_DATE({text}, 'YYYY-MM-DD')"
    if call.result_type != DATE:
        form = TIME_FORMAT if "." in iso else TIME_FORMAT.removesuffix(".FF6")
        read = f"CAST(TRY_TO_TIMESTAMP_NTZ({{text}}, '{form}') AS {{type}})"
    value = read.replace("{text}", "REGEXP_REPLACE({0}, {pattern}, {iso})")
    return render(
        f"CASE WHEN REGEXP_LIKE({{0}}, {{pattern}}) THEN {value} END",
        LoweredCall(call.args, call.arg_types, call.result_type, call.types, options),
    )


LOWERINGS: Mapping[str, Lowering] = {
    # On numbers: the sum is checked for overflow, and no calendar is involved.
    "add_duration": from_micros(f"{micros()} + {{1}}"),
    "duration_between": f"CAST({micros(1)} - {micros()} AS {{type}})",
    "local_time": "CAST(CONVERT_TIMEZONE('UTC', {zone}, {0}) AS {type})",
    "strftime": _strftime,
    "to_date": _parsed,
    "to_timestamp": _parsed,
}
