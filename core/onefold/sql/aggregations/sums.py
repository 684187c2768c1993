"""Counts, sums, means, and the logical sums, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations.call import AggregationLowering
from onefold.sql.casts import as_double
from onefold.sql.template import LoweredCall, render
from onefold.types import FLOAT64, Decimal

__all__ = ["FLOAT_SUM", "LOWERINGS"]

# The compensated sum loses its value at an infinity (inf - inf), where the plain one is right.
FLOAT_SUM = "CASE WHEN ISFINITE(FSUM({0})) THEN FSUM({0}) ELSE SUM({0}) END"
"""The sum of floats: compensated, so that it is within a few units in the last place whatever the order of the rows."""


def _count(call: LoweredCall) -> exp.Expression:
    return render("COUNT({0})" if call.args else "COUNT(*)", call)


def _sum(call: LoweredCall) -> exp.Expression:
    # Integers and decimals are summed in 128 bits; the cast raises an error where the result does not fit.
    return render(FLOAT_SUM if call.arg_types[0] == FLOAT64 else "CAST(SUM({0}) AS {type})", call)


def _mean(call: LoweredCall) -> exp.Expression:
    (dtype,) = call.arg_types
    summed = Decimal(38, dtype.scale) if isinstance(dtype, Decimal) else dtype
    total = f"({FLOAT_SUM})" if dtype == FLOAT64 else as_double(summed, "SUM({0})")
    return render(f"{total} / NULLIF(COUNT({{0}}), 0)", call)


LOWERINGS: Mapping[str, AggregationLowering] = {
    "count": AggregationLowering(_count),
    "sum": AggregationLowering(_sum),
    "mean": AggregationLowering(_mean),
    "any": AggregationLowering("BOOL_OR({0})"),
    "all": AggregationLowering("BOOL_AND({0})"),
}
