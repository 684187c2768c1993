"""Lengths of time, wall clocks and the text of timestamps, as SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.functions.epoch import wall_clock
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import TIMESTAMP_UTC

__all__ = ["LOWERINGS", "rearranged"]

_DIGITS = {
    "Y": "(000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])",
    "m": "([0-9][0-9])",
    "d": "([0-9][0-9])",
    "H": "([01][0-9]|2[0-3])",
    "M": "([0-5][0-9])",
    "S": "([0-5][0-9])",
    "f": "([0-9][0-9][0-9][0-9][0-9][0-9])",
}


def _add_duration(call: LoweredCall) -> exp.Expression:
    # On numbers, not with an interval: the sum is checked for overflow, and no calendar is involved.
    make = "MAKE_TIMESTAMPTZ" if call.result_type == TIMESTAMP_UTC else "MAKE_TIMESTAMP"
    return render(f"{make}(EPOCH_US({{0}}) + {{1}})", call)


def _strftime(call: LoweredCall) -> exp.Expression:
    return render(f"STRFTIME({wall_clock(call)}, {{format}})", call)


def rearranged(format: str) -> tuple[str, str]:
    r"""Return the pattern of text in a format, and its groups in the order of ISO 8601.

    Examples:
        >>> print(rearranged("%d.%m.%Y")[1])
        \3-\2-\1
    """
    pattern, order = "", []
    for directive, character in re.findall(r"%(.)|([^%])", format):
        pattern += _DIGITS[directive] if directive else f"[{character}]".replace("[-]", "-")
        order += [directive] if directive else []
    iso = "%Y-%m-%d" + (" %H:%M:%S" if "H" in order else "") + (".%f" if "f" in order else "")
    return f"^{pattern}$", re.sub("%(.)", lambda match: f"\\{order.index(match.group(1)) + 1}", iso)


def _parsed(call: LoweredCall) -> exp.Expression:
    """Return text in a format, put into the order of ISO 8601 and read strictly."""
    pattern, iso = rearranged(call.options["format"])
    options = {"pattern": pattern, "iso": iso}
    return render(
        "CASE WHEN REGEXP_MATCHES({0}, {pattern}) THEN TRY_CAST(REGEXP_REPLACE({0}, {pattern}, {iso}) AS {type}) END",
        LoweredCall(call.args, call.arg_types, call.result_type, call.types, options),
    )


LOWERINGS: Mapping[str, Lowering] = {
    "add_duration": _add_duration,
    "duration_between": "EPOCH_US({1}) - EPOCH_US({0})",
    "local_time": "TIMEZONE({zone}, {0})",
    "strftime": _strftime,
    "to_date": _parsed,
    "to_timestamp": _parsed,
}
