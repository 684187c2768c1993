"""Variance, higher moments and the moments of pairs, as Spark writes them.

Spark updates means value by value, which is accurate enough for arguments that are centred first.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering
from onefold_spark.functions import FUNCTIONS

__all__ = ["LOWERINGS"]

_NAN = "CAST('NaN' AS DOUBLE)"
_FINITE = FUNCTIONS["is_finite"]
_SPECIAL = f"BOOL_OR(NOT ({_FINITE}))"
_SPECIAL_PAIR = f"BOOL_OR(NOT ({_FINITE} AND {str(_FINITE).replace('{0}', '{1}')}))"


def _of_one(function: str) -> AggregationLowering:
    return AggregationLowering(f"CASE WHEN {_SPECIAL} THEN {_NAN} ELSE {function}({{0}}) END", moved="centred")


def _of_two(function: str, least: int) -> AggregationLowering:
    return AggregationLowering(
        f"CASE WHEN COUNT(*) < {least} THEN NULL WHEN {_SPECIAL_PAIR} THEN {_NAN} ELSE {function}({{0}}, {{1}}) END",
        drops_nulls=False,
        moved="centred",
    )


def _standardised(function: str) -> AggregationLowering:
    return AggregationLowering(
        f"CASE WHEN {_SPECIAL} THEN {_NAN} WHEN MIN({{0}}) < MAX({{0}}) THEN {function}({{0}}) END", moved="scaled"
    )


LOWERINGS: Mapping[str, AggregationLowering] = {
    "var_samp": AggregationLowering("VAR_SAMP({0})", moved="centred"),
    "var_pop": _of_one("VAR_POP"),
    "stddev_samp": AggregationLowering("STDDEV_SAMP({0})", moved="centred"),
    "stddev_pop": _of_one("STDDEV_POP"),
    "skewness": _standardised("SKEWNESS"),
    "kurtosis": _standardised("KURTOSIS"),
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
