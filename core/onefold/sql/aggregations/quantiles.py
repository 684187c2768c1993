"""Quantiles as SQL: read from the sorted values, by exactly the formulas of the catalogue.

Engines' own quantile functions differ in the last bit of the interpolation, at infinities, and in how a rank such
as 0.07 * 100 is rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations.call import AggregationLowering

__all__ = ["LOWERINGS"]


def _linear(q: str) -> AggregationLowering:
    values = "LIST(CAST({0} AS DOUBLE) ORDER BY CAST({0} AS DOUBLE) ASC NULLS LAST)"
    low = "s.v[CAST(FLOOR(s.h) AS BIGINT) + 1]"
    high = "s.v[CAST(FLOOR(s.h) AS BIGINT) + 2]"
    return AggregationLowering(
        # Where h is whole, the next value must not matter: it may be missing, or infinite. Nor may two equal ones be
        # subtracted: infinities give NaN.
        f"LIST_TRANSFORM([{{{{'v': {values}, 'h': {q} * (COUNT({{0}}) - 1)}}}}], LAMBDA s : "
        f"CASE WHEN s.h = FLOOR(s.h) OR {low} = {high} THEN {low} ELSE {low} + (s.h - FLOOR(s.h)) * ({high} - {low}) END)[1]",
        drops_nulls=False,
    )


LOWERINGS: Mapping[str, AggregationLowering] = {
    "median": _linear("0.5e0"),
    "quantile": _linear("{q}"),
    "quantile_disc": AggregationLowering(
        "LIST_EXTRACT(LIST({0} ORDER BY {0} ASC NULLS LAST), CAST(GREATEST(CEIL({q} * COUNT({0})), 1) AS BIGINT))",
        drops_nulls=False,
    ),
    # Exact: the engines' sketches drop NaN and infinities.
    "approx_quantile": _linear("{q}"),
}
