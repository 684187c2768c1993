"""Lengths of time, wall clocks of zones, and the text of timestamps."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping

import polars as pl

from onefold.types import DATE
from onefold_polars.expressions.lowering import LoweredCall, Lowering, always, wall_clock
from onefold_polars.expressions.numbers import checked

__all__ = ["LOWERINGS"]

_DIGITS = {
    "Y": "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})",
    "m": "[0-9]{2}",
    "d": "[0-9]{2}",
    "H": "(?:[01][0-9]|2[0-3])",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]",
    "f": "[0-9]{6}",
}
"""What stands for each directive; Polars itself takes other digits, signs and leap seconds too."""


def _native(form: str) -> str:
    """Return a format as Polars writes it, whose bare %f has nine digits."""
    return form.replace("%f", "%6f")


def _add_duration(call: LoweredCall) -> pl.Expr:
    value, microseconds = call.args
    return checked(operator.add, value.to_physical(), microseconds).cast(call.dtype)


def _duration_between(call: LoweredCall) -> pl.Expr:
    start, end = call.args
    return checked(operator.sub, end.to_physical(), start.to_physical())


def _local_time(call: LoweredCall) -> pl.Expr:
    return call.args[0].dt.convert_time_zone(call.options["zone"]).dt.replace_time_zone(None)


def _strftime(call: LoweredCall) -> pl.Expr:
    (value,), (dtype,) = call.args, call.arg_types
    clock = value.cast(pl.Datetime("us")) if dtype == DATE else wall_clock(value, dtype)
    return clock.dt.strftime(_native(call.options["format"]))


def _parsed(call: LoweredCall) -> pl.Expr:
    (text,), form = call.args, call.options["format"]
    pattern = "".join(
        _DIGITS[directive] if directive else re.escape(character)
        for directive, character in re.findall(r"%(.)|([^%])", form)
    )
    formed = pl.when(text.str.contains(f"^{pattern}$")).then(text)
    if call.result_type == DATE:
        return formed.str.to_date(_native(form), strict=False)
    return formed.str.to_datetime(_native(form), strict=False, time_unit="us")


LOWERINGS: Mapping[str, Lowering] = {
    "add_duration": Lowering(_add_duration, can_fail=always),
    "duration_between": Lowering(_duration_between, can_fail=always),
    "local_time": Lowering(_local_time),
    "strftime": Lowering(_strftime),
    "to_date": Lowering(_parsed),
    "to_timestamp": Lowering(_parsed),
}
