"""Variance, higher moments and the moments of pairs, as SQL.

Where an engine has only sums of powers (skewness, kurtosis), which cancel for values far from zero, the values are
collected and the central moments computed in a second pass.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations.call import AggregationLowering
from onefold.sql.aggregations.sums import FLOAT_SUM

__all__ = ["LOWERINGS"]

_X = "CAST({0} AS DOUBLE)"
_ANY_SPECIAL = "BOOL_OR(NOT ISFINITE(CAST({0} AS DOUBLE)))"
_NAN = "CAST('NaN' AS DOUBLE)"
_SPREAD = "MIN(CAST({0} AS DOUBLE)) < MAX(CAST({0} AS DOUBLE))"


def _of_one(function: str) -> AggregationLowering:
    return AggregationLowering(f"CASE WHEN {_ANY_SPECIAL} THEN {_NAN} ELSE {function}({_X}) END")


def _standardised(power: int, less: int) -> AggregationLowering:
    """Return the mean of ((x - mean) / stddev)^power - less, in two passes over the collected values."""
    mean = FLOAT_SUM.replace("{0}", _X)
    values = f"LIST({_X})"
    # In units of the whole range, so that no power of a deviation overflows.
    deviation = "((v - s.mean) / s.range)"
    moment = "LIST_SUM(LIST_TRANSFORM(s.v, LAMBDA v : {})) / LEN(s.v)"
    second = moment.format(" * ".join([deviation] * 2))
    nth = moment.format(" * ".join([deviation] * power))
    value = f"LIST_TRANSFORM([{{{{'v': {values}, 'mean': ({mean}) / COUNT({{0}}), 'range': MAX({_X}) - MIN({_X})}}}}], LAMBDA s : ({nth}) / POW({second}, {power / 2}) - {less})[1]"
    return AggregationLowering(
        f"CASE WHEN {_ANY_SPECIAL} THEN {_NAN} WHEN {_SPREAD} THEN {value} END", drops_nulls=False
    )


def _of_two(function: str) -> AggregationLowering:
    special = "BOOL_OR(NOT (ISFINITE({0}) AND ISFINITE({1})))"
    return AggregationLowering(
        f"CASE WHEN {special} THEN CASE WHEN {function}(0e0, 0e0) IS NOT NULL THEN {_NAN} END "
        f"ELSE {function}({{0}}, {{1}}) END",
        drops_nulls=False,
    )


LOWERINGS: Mapping[str, AggregationLowering] = {
    "var_samp": AggregationLowering(f"VAR_SAMP({_X})"),
    "var_pop": _of_one("VAR_POP"),
    "stddev_samp": AggregationLowering(f"STDDEV_SAMP({_X})"),
    "stddev_pop": _of_one("STDDEV_POP"),
    "skewness": _standardised(3, 0),
    "kurtosis": _standardised(4, 3),
    "covar_samp": _of_two("COVAR_SAMP"),
    "covar_pop": _of_two("COVAR_POP"),
    # Constant sides are found by comparison: a variance computed in parts may miss zero by rounding.
    "corr": AggregationLowering(
        "CASE WHEN COUNT(*) < 2 THEN NULL "
        "WHEN BOOL_OR(NOT (ISFINITE({0}) AND ISFINITE({1}))) THEN " + _NAN + " "
        "WHEN MIN({0}) < MAX({0}) AND MIN({1}) < MAX({1}) "
        "THEN LEAST(GREATEST(CORR({0}, {1}), -1e0), 1e0) END",
        drops_nulls=False,
    ),
}
