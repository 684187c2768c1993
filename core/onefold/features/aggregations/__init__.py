"""The builders of aggregations, and the windows that they run over."""

from onefold.features.aggregations.builder import AggExpr, Feature, aggregate
from onefold.features.aggregations.decay import decayed_count, decayed_mean, decayed_sum
from onefold.features.aggregations.distinct import (
    approx_count_distinct,
    count_distinct,
    first_distinct,
    last_distinct,
)
from onefold.features.aggregations.extremes import max, max_n, min, min_n
from onefold.features.aggregations.frequencies import histogram, mode, top_k
from onefold.features.aggregations.moments import corr, covar, kurtosis, skewness, std, var
from onefold.features.aggregations.order import collect, first, last
from onefold.features.aggregations.quantiles import approx_quantile, median, quantile, quantile_disc
from onefold.features.aggregations.sums import all, any, count, mean, sum
from onefold.features.aggregations.windows import Lifetime, WindowSpec, lifetime

__all__ = [
    "AggExpr",
    "Feature",
    "Lifetime",
    "WindowSpec",
    "aggregate",
    "all",
    "any",
    "approx_count_distinct",
    "approx_quantile",
    "collect",
    "corr",
    "count",
    "count_distinct",
    "covar",
    "decayed_count",
    "decayed_mean",
    "decayed_sum",
    "first",
    "first_distinct",
    "histogram",
    "kurtosis",
    "last",
    "last_distinct",
    "lifetime",
    "max",
    "max_n",
    "mean",
    "median",
    "min",
    "min_n",
    "mode",
    "quantile",
    "quantile_disc",
    "skewness",
    "std",
    "sum",
    "top_k",
    "var",
]
