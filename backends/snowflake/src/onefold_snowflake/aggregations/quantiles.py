"""Quantiles as Snowflake writes them: the values at some places, by exactly the formulas of the catalogue.

``PERCENTILE_CONT`` does not say how it interpolates in the last bit or beside infinities, and ``PERCENTILE_DISC`` takes the
share 0.07 for the decimal, not for the float.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations import AggregationLowering, Ranking
from onefold.sql.casts import as_double
from onefold.sql.template import LoweredCall, render
from onefold_snowflake.types import INFINITY

__all__ = ["LOWERINGS"]

_VALUES = Ranking("value", counted=True)


def _linear(q: str) -> AggregationLowering:
    before = f"FLOOR({q} * ({{2}} - 1))"
    h = f"{q} * (MAX({{2}}) - 1)"
    share = f"({h} - FLOOR({h}))"

    def lowering(call: LoweredCall) -> exp.Expression:
        number = as_double(call.arg_types[0])
        low, high = (f"MIN(CASE WHEN {{1}} = {before} + {place} THEN {number} END)" for place in (1, 2))
        # Where h is whole, the next value must not matter: it may be missing, or infinite. Nor may two equal ones be
        # subtracted: infinities give NaN. And the difference of two finite values may be too large for a float.
        return render(
            f"CASE WHEN {h} = FLOOR({h}) OR {low} = {high} THEN {low} WHEN ABS({low}) < {INFINITY} "
            f"AND ABS({high}) < {INFINITY} AND NOT ABS({high} - {low}) < {INFINITY} "
            f"THEN {low} * (1 - {share}) + {high} * {share} ELSE {low} + {share} * ({high} - {low}) END",
            call,
        )

    return AggregationLowering(lowering, drops_nulls=False, ranking=_VALUES)


LOWERINGS: Mapping[str, AggregationLowering] = {
    "median": _linear("CAST('0.5' AS FLOAT)"),
    "quantile": _linear("{q}"),
    "quantile_disc": AggregationLowering(
        "MIN(CASE WHEN {1} = GREATEST(CEIL({q} * {2}), 1) THEN {0} END)", drops_nulls=False, ranking=_VALUES
    ),
    # Exact: the sketch has no stated treatment of NaN and infinities.
    "approx_quantile": _linear("{q}"),
}
