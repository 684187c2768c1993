"""Variance, higher moments, and the moments of pairs; all within rounding of the two-pass formulas.

NaN or an infinity among the values gives NaN whatever the others are; only too few values come before that and give null.
Equal values have exactly the variance 0.
"""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial
from onefold.plan.functions.signature import sig

__all__ = ["AGGREGATIONS"]

_ONE = (sig("(int64) -> float64"), sig("(float64) -> float64"), sig("(decimal) -> float64"))
_TWO = (sig("(float64, float64) -> float64"),)
_MOMENTS = (Partial("count", "count"), Partial("mean", "mean"), Partial("var_pop", "var_pop"))
_MERGE = (
    "Counts, means and second central moments are combined by the parallel formula of Chan, Golub and LeVeque (1979)."
)
_NAN = " Whole numbers and decimals count as float64. NaN or an infinity among the values gives NaN."

AGGREGATIONS = (
    Aggregation(
        name="var_samp",
        family="moments",
        signatures=_ONE,
        description="The sample variance, sum (x - mean)^2 / (n - 1); null for fewer than two values." + _NAN,
        example=AggregationExample((("float64", (1.0, 2.0, 4.0, None, 5.0)),), 10.0 / 3.0),
        partial=_MOMENTS,
        merge=_MERGE,
    ),
    Aggregation(
        name="var_pop",
        family="moments",
        signatures=_ONE,
        description="The population variance, sum (x - mean)^2 / n; 0 for one value." + _NAN,
        example=AggregationExample((("float64", (1.0, 2.0, 4.0, None, 5.0)),), 2.5),
        partial=_MOMENTS,
        merge=_MERGE,
    ),
    Aggregation(
        name="stddev_samp",
        family="moments",
        signatures=_ONE,
        description="The square root of the sample variance; null for fewer than two values." + _NAN,
        example=AggregationExample((("float64", (1.0, 3.0)),), 2.0**0.5),
        partial=_MOMENTS,
        merge=_MERGE,
    ),
    Aggregation(
        name="stddev_pop",
        family="moments",
        signatures=_ONE,
        description="The square root of the population variance; 0 for one value." + _NAN,
        example=AggregationExample((("float64", (1.0, 3.0)),), 1.0),
        partial=_MOMENTS,
        merge=_MERGE,
    ),
    Aggregation(
        name="skewness",
        family="moments",
        signatures=_ONE,
        description=(
            "The population skewness m3 / m2^1.5 with central moments m (no bias correction); null when all values "
            "are equal." + _NAN
        ),
        example=AggregationExample((("float64", (1.0, 1.0, 4.0)),), 0.7071067811865475),
    ),
    Aggregation(
        name="kurtosis",
        family="moments",
        signatures=_ONE,
        description=(
            "The population excess kurtosis m4 / m2^2 - 3 with central moments m (no bias correction); null when all "
            "values are equal." + _NAN
        ),
        example=AggregationExample((("float64", (1.0, 1.0, 4.0)),), -1.5),
    ),
    Aggregation(
        name="covar_samp",
        family="moments",
        signatures=_TWO,
        description=(
            "The sample covariance, sum (x - mean x)(y - mean y) / (n - 1), over pairs without a null; null for fewer "
            "than two pairs." + _NAN
        ),
        example=AggregationExample((("float64", (1.0, 2.0, 3.0)), ("float64", (2.0, 4.0, 6.0))), 2.0),
    ),
    Aggregation(
        name="covar_pop",
        family="moments",
        signatures=_TWO,
        description="The population covariance over pairs without a null; 0 for one pair." + _NAN,
        example=AggregationExample((("float64", (1.0, 3.0)), ("float64", (2.0, 6.0))), 2.0),
    ),
    Aggregation(
        name="corr",
        family="moments",
        signatures=_TWO,
        description=(
            "Pearson's correlation over pairs without a null, clamped to [-1, 1]; null for fewer than two pairs or "
            "when one side is constant." + _NAN
        ),
        example=AggregationExample((("float64", (1.0, 2.0, 3.0)), ("float64", (2.0, 4.0, 6.0))), 1.0),
    ),
)
