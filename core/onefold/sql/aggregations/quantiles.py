"""Quantiles as SQL: read from the sorted values, by exactly the formulas of the catalogue.

Engines' own quantile functions differ in the last bit of the interpolation, at infinities, and in how a rank such
as 0.07 * 100 is rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations.call import AggregationLowering
from onefold.sql.casts import as_double
from onefold.sql.template import LoweredCall, render

__all__ = ["LOWERINGS"]


def _linear(q: str) -> AggregationLowering:
    low = "__s.v[CAST(FLOOR(__s.h) AS BIGINT) + 1]"
    high = "__s.v[CAST(FLOOR(__s.h) AS BIGINT) + 2]"
    share = "(__s.h - FLOOR(__s.h))"
    # Where h is whole, the next value must not matter: it may be missing, or infinite. Nor may two equal ones be
    # subtracted: infinities give NaN. And the difference of two finite values may be too large for a float.
    value = (
        f"CASE WHEN __s.h = FLOOR(__s.h) OR {low} = {high} THEN {low} "
        f"WHEN ISFINITE({low}) AND ISFINITE({high}) AND NOT ISFINITE({high} - {low}) "
        f"THEN {low} * (1e0 - {share}) + {high} * {share} ELSE {low} + {share} * ({high} - {low}) END"
    )

    def lowering(call: LoweredCall) -> exp.Expression:
        number = as_double(call.arg_types[0])
        values = f"LIST({number} ORDER BY {number} ASC NULLS LAST)"
        return render(
            f"LIST_TRANSFORM([{{{{'v': {values}, 'h': {q} * (COUNT({{0}}) - 1)}}}}], LAMBDA __s : {value})[1]", call
        )

    return AggregationLowering(lowering, drops_nulls=False)


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
