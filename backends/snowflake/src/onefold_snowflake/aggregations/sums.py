"""Counts, sums, means, and the logical sums, as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations import AggregationLowering
from onefold.sql.casts import as_double
from onefold.sql.template import LoweredCall, render
from onefold.types import FLOAT64, INT64, Decimal
from onefold_snowflake.types import within_64_bits

__all__ = ["LOWERINGS"]


def _count(call: LoweredCall) -> exp.Expression:
    # COUNT(1), because a condition goes around the argument, and a range has no COUNT(*).
    return render("COUNT({0})" if call.args else "COUNT(1)", call)


def _sum(call: LoweredCall) -> exp.Expression:
    (dtype,) = call.arg_types
    if dtype == INT64:
        return render(within_64_bits("SUM({0})"), call)
    return render("SUM({0})" if dtype == FLOAT64 else "CAST(SUM({0}) AS {type})", call)


def _mean(call: LoweredCall) -> exp.Expression:
    (dtype,) = call.arg_types
    summed = Decimal(38, dtype.scale) if isinstance(dtype, Decimal) else dtype
    total = "SUM({0})" if dtype == FLOAT64 else as_double(summed, "SUM({0})")
    return render(f"{total} / NULLIF(COUNT({{0}}), 0)", call)


LOWERINGS: Mapping[str, AggregationLowering] = {
    "count": AggregationLowering(_count),
    "sum": AggregationLowering(_sum),
    "mean": AggregationLowering(_mean),
    # BOOLOR_AGG and BOOLAND_AGG take no frames.
    "any": AggregationLowering("MAX(CAST({0} AS NUMBER(1, 0))) = 1"),
    "all": AggregationLowering("MIN(CAST({0} AS NUMBER(1, 0))) = 1"),
}
