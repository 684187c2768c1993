"""Quantiles as Spark writes them: read from the sorted values, by exactly the formulas of the catalogue.

Spark's own functions differ in the last bit of the interpolation.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering
from onefold_spark.functions import FUNCTIONS

__all__ = ["LOWERINGS"]


def _is_finite(value: str) -> str:
    return str(FUNCTIONS["is_finite"]).replace("{0}", value)


def _linear(q: str) -> AggregationLowering:
    # GET counts from 0, and gives null for any place that a list has not, also where there are no values.
    low = "GET(__s.v, CAST(FLOOR(__s.h) AS INT))"
    high = "GET(__s.v, CAST(FLOOR(__s.h) AS INT) + 1)"
    share = "(__s.h - FLOOR(__s.h))"
    # Where h is whole, the next value must not matter: it may be missing, or infinite. Nor may two equal ones be
    # subtracted: infinities give NaN. And the difference of two finite values may be too large for a float.
    value = (
        f"CASE WHEN __s.h = FLOOR(__s.h) OR {low} = {high} THEN {low} "
        f"WHEN {_is_finite(low)} AND {_is_finite(high)} AND NOT ({_is_finite(f'({high} - {low})')}) "
        f"THEN {low} * (1e0 - {share}) + {high} * {share} ELSE {low} + {share} * ({high} - {low}) END"
    )
    parts = f"'v', SORT_ARRAY(COLLECT_LIST(CAST({{0}} AS DOUBLE))), 'h', {q} * (COUNT({{0}}) - 1)"
    return AggregationLowering(f"TRANSFORM(ARRAY(NAMED_STRUCT({parts})), __s -> {value})[0]")


LOWERINGS: Mapping[str, AggregationLowering] = {
    "median": _linear("0.5e0"),
    "quantile": _linear("{q}"),
    "quantile_disc": AggregationLowering(
        "TRY_ELEMENT_AT(SORT_ARRAY(COLLECT_LIST({0})), CAST(GREATEST(CEIL({q} * COUNT({0})), 1) AS INT))"
    ),
    # Exact: a sketch drops NaN and infinities.
    "approx_quantile": _linear("{q}"),
}
