"""Variance, higher moments and the moments of pairs, as Snowflake writes them.

All of them take arguments that are centred first: Snowflake does not say how it computes them, and sums of powers lose
digits when the mean is large beside the deviations. For the same reason equal values are found by comparison.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering
from onefold_snowflake.types import INFINITY, NAN

__all__ = ["LOWERINGS"]

_SPECIAL = f"MAX(ABS({{0}})) >= {INFINITY}"
_SPECIAL_PAIR = f"MAX(ABS({{0}})) >= {INFINITY} OR MAX(ABS({{1}})) >= {INFINITY}"
_ZERO = "CAST(0 AS FLOAT)"


def _of_one(function: str, least: int) -> AggregationLowering:
    return AggregationLowering(
        f"CASE WHEN COUNT({{0}}) < {least} THEN NULL WHEN {_SPECIAL} THEN {NAN} "
        f"WHEN MIN({{0}}) = MAX({{0}}) THEN {_ZERO} ELSE {function}({{0}}) END",
        moved="centred",
    )


def _of_two(function: str, least: int) -> AggregationLowering:
    return AggregationLowering(
        f"CASE WHEN COUNT({{0}}) < {least} THEN NULL WHEN {_SPECIAL_PAIR} THEN {NAN} "
        f"WHEN MIN({{0}}) = MAX({{0}}) OR MIN({{1}}) = MAX({{1}}) THEN {_ZERO} ELSE {function}({{0}}, {{1}}) END",
        drops_nulls=False,
        moved="centred",
    )


def _standardised(value: str) -> AggregationLowering:
    return AggregationLowering(
        f"CASE WHEN {_SPECIAL} THEN {NAN} WHEN MIN({{0}}) < MAX({{0}}) THEN {value} END", moved="scaled"
    )


_M1, _P2, _P3, _P4 = (f"AVG({' * '.join(['{0}'] * power)})" for power in range(1, 5))
_M2 = f"({_P2} - {_M1} * {_M1})"
_M3 = f"({_P3} - 3 * {_M1} * {_P2} + 2 * {_M1} * {_M1} * {_M1})"
_M4 = f"({_P4} - 4 * {_M1} * {_P3} + 6 * {_M1} * {_M1} * {_P2} - 3 * {_M1} * {_M1} * {_M1} * {_M1})"

LOWERINGS: Mapping[str, AggregationLowering] = {
    "var_samp": _of_one("VAR_SAMP", 2),
    "var_pop": _of_one("VAR_POP", 1),
    "stddev_samp": _of_one("STDDEV_SAMP", 2),
    "stddev_pop": _of_one("STDDEV_POP", 1),
    # SKEW and KURTOSIS are those of samples.
    "skewness": _standardised(f"{_M3} / POWER({_M2}, CAST('1.5' AS FLOAT))"),
    "kurtosis": _standardised(f"{_M4} / ({_M2} * {_M2}) - 3"),
    "covar_samp": _of_two("COVAR_SAMP", 2),
    "covar_pop": _of_two("COVAR_POP", 1),
    "corr": AggregationLowering(
        f"CASE WHEN COUNT({{0}}) < 2 THEN NULL WHEN {_SPECIAL_PAIR} THEN {NAN} "
        "WHEN MIN({0}) < MAX({0}) AND MIN({1}) < MAX({1}) THEN LEAST(GREATEST(CORR({0}, {1}), -1), 1) END",
        drops_nulls=False,
        moved="scaled",
    ),
}
