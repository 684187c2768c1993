"""Exponentially decayed sums, as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations import AggregationLowering, LoweredAggregate
from onefold.sql.template import LoweredCall, Lowering, render
from onefold_snowflake.types import INFINITY

__all__ = ["LOWERINGS"]


def _weighted(text: str) -> Lowering:
    """Return the lowering of a text in which ``{0}`` is the value and ``{1}`` the weight."""

    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call, LoweredAggregate)
        assert call.age is not None
        age = LoweredCall([call.age], call.arg_types, call.result_type, call.types, call.options)
        weight = render("POWER(CAST(2 AS FLOAT), -({0} / CAST({half_life} AS FLOAT)))", age)
        value: exp.Expression = render("CAST({0} AS FLOAT)", call) if call.args else exp.Literal.number(1)
        arguments = LoweredCall([value, weight], call.arg_types, call.result_type, call.types, call.options)
        return render(text, arguments)

    return lowering


# An infinity stays one, however small its weight has become.
_SUM = f"SUM(CASE WHEN ABS({{0}}) < {INFINITY} THEN {{0}} * {{1}} ELSE {{0}} END)"
_WEIGHT = "SUM({1})"

LOWERINGS: Mapping[str, AggregationLowering] = {
    "decayed_sum": AggregationLowering(_weighted(_SUM), drops_nulls=False),
    "decayed_count": AggregationLowering(_weighted(_WEIGHT), drops_nulls=False),
    "decayed_mean": AggregationLowering(_weighted(f"{_SUM} / {_WEIGHT}"), drops_nulls=False),
}
