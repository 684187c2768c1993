"""Rounding as Spark writes it. Its own functions give integers, which hold neither 1e300 nor NaN."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.functions import FUNCTIONS as SHARED
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import Decimal

__all__ = ["LOWERINGS"]


def _round(call: LoweredCall) -> exp.Expression:
    (given,) = call.arg_types
    if isinstance(given, Decimal) and call.options["digits"] < given.scale:
        return render("CAST(ROUND({0}, {digits}) AS {type})", call)
    return render(SHARED["round"], call)


LOWERINGS: Mapping[str, Lowering] = {
    "round": _round,
    "round_half_even": "RINT({0})",
    "floor": "RINT({0}) - CASE WHEN RINT({0}) > {0} THEN 1e0 ELSE 0e0 END",
    "ceil": "RINT({0}) + CASE WHEN RINT({0}) < {0} THEN 1e0 ELSE 0e0 END",
    # From 2**52 on every float is whole.
    "trunc": "CASE WHEN ABS({0}) < 4503599627370496e0 THEN CAST(CAST({0} AS BIGINT) AS DOUBLE) ELSE {0} END",
}
