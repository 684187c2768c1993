"""Exponentially decayed sums, as Spark writes them."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering
from onefold.sql.aggregations.decay import weighted
from onefold_spark.functions import FUNCTIONS

__all__ = ["LOWERINGS"]

# An infinity stays one, however small its weight has become.
_SUM = f"SUM(CASE WHEN {FUNCTIONS['is_finite']} THEN {{0}} * {{1}} ELSE {{0}} END)"
_WEIGHT = "SUM({1})"

LOWERINGS: Mapping[str, AggregationLowering] = {
    "decayed_sum": AggregationLowering(weighted(_SUM), drops_nulls=False),
    "decayed_count": AggregationLowering(weighted(_WEIGHT), drops_nulls=False),
    "decayed_mean": AggregationLowering(weighted(f"{_SUM} / {_WEIGHT}"), drops_nulls=False),
}
