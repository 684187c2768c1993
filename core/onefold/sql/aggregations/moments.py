"""Variance, higher moments and the moments of pairs, as SQL.

All of them take arguments that are centred first (see :class:`AggregationLowering`), because engines update means
value by value, or subtract sums of powers, and lose digits when the mean is large beside the deviations.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations.call import AggregationLowering
from onefold.sql.aggregations.sums import FLOAT_SUM

__all__ = ["LOWERINGS"]

_NAN = "CAST('NaN' AS DOUBLE)"
_SPECIAL = "BOOL_OR(NOT ISFINITE({0}))"
_SPECIAL_PAIR = "BOOL_OR(NOT (ISFINITE({0}) AND ISFINITE({1})))"


def _of_one(function: str) -> AggregationLowering:
    return AggregationLowering(f"CASE WHEN {_SPECIAL} THEN {_NAN} ELSE {function}({{0}}) END", moved="centred")


def _of_two(function: str, least: int) -> AggregationLowering:
    return AggregationLowering(
        f"CASE WHEN COUNT(*) < {least} THEN NULL WHEN {_SPECIAL_PAIR} THEN {_NAN} ELSE {function}({{0}}, {{1}}) END",
        drops_nulls=False,
        moved="centred",
    )


def _standardised(power: int, value: str) -> AggregationLowering:
    """Return a moment of standardised values: from sums of powers in groups, in two passes over frames."""
    sums = ", ".join(f"'m{k}': FSUM({' * '.join(['{0}'] * k)}) / COUNT({{0}})" for k in range(1, power + 1))
    once = f"LIST_TRANSFORM([{{{{{sums}}}}}], LAMBDA __s : {value})[1]"
    return AggregationLowering(_guarded(once), moved="scaled", framed=_in_two_passes(power))


_M2 = "(__s.m2 - __s.m1 * __s.m1)"
_M3 = "(__s.m3 - 3 * __s.m1 * __s.m2 + 2 * __s.m1 * __s.m1 * __s.m1)"
_M4 = "(__s.m4 - 4 * __s.m1 * __s.m3 + 6 * __s.m1 * __s.m1 * __s.m2 - 3 * __s.m1 * __s.m1 * __s.m1 * __s.m1)"


def _in_two_passes(power: int) -> AggregationLowering:
    deviation = "(__v - __s.mean)"
    moment = "LIST_SUM(LIST_TRANSFORM(__s.v, LAMBDA __v : {})) / LEN(__s.v)"
    second = moment.format(" * ".join([deviation] * 2))
    nth = moment.format(" * ".join([deviation] * power))
    values = f"{{{{'v': LIST({{0}}), 'mean': ({FLOAT_SUM}) / COUNT({{0}})}}}}"
    value = (
        f"LIST_TRANSFORM([{values}], LAMBDA __s : ({nth}) / POW({second}, {power / 2}) - {3 if power == 4 else 0})[1]"
    )
    return AggregationLowering(_guarded(value), drops_nulls=False, moved="scaled")


def _guarded(value: str) -> str:
    return f"CASE WHEN {_SPECIAL} THEN {_NAN} WHEN MIN({{0}}) < MAX({{0}}) THEN {value} END"


LOWERINGS: Mapping[str, AggregationLowering] = {
    "var_samp": AggregationLowering("VAR_SAMP({0})", moved="centred"),
    "var_pop": _of_one("VAR_POP"),
    "stddev_samp": AggregationLowering("STDDEV_SAMP({0})", moved="centred"),
    "stddev_pop": _of_one("STDDEV_POP"),
    "skewness": _standardised(3, f"{_M3} / POW({_M2}, 1.5e0)"),
    "kurtosis": _standardised(4, f"{_M4} / ({_M2} * {_M2}) - 3"),
    "covar_samp": _of_two("COVAR_SAMP", 2),
    "covar_pop": _of_two("COVAR_POP", 1),
    # Constant sides are found by comparison: a variance computed in parts may miss zero by rounding.
    "corr": AggregationLowering(
        f"CASE WHEN COUNT(*) < 2 THEN NULL WHEN {_SPECIAL_PAIR} THEN {_NAN} "
        "WHEN MIN({0}) < MAX({0}) AND MIN({1}) < MAX({1}) "
        "THEN LEAST(GREATEST(CORR({0}, {1}), -1e0), 1e0) END",
        drops_nulls=False,
        moved="scaled",
    ),
}
